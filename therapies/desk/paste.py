"""What somebody copied from a web page, taken apart: title, description, date and address, in any mix of lines."""

import datetime
import re
from collections.abc import Callable, Iterator
from itertools import chain, pairwise
from typing import Any

from ..fda import cells, novel, sentences
from ..fda import rows as accelerated_rows
from ..fda.act_days import OF_YEAR
from ..fda.records import Notice

ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
LABEL = re.compile(
    r"^(?:title|subject|webpage|description|date|address|link|url|for immediate release)\s*:\s*", re.IGNORECASE
)
#: A line with the day of a release: "Issued: 22 November 2022, London", "July 1, 2021 4:30 pm ET".
DATED = re.compile(
    rf"(?:(?:for immediate release|published|issued|released|fda roundup)\b\W*)?({sentences.DATE.pattern})"
    r"(?:,? (?:at )?\d{1,2}:\d\d.{0,12}|, (?-i:[A-Z])[\w ,]{2,25})?",
    re.IGNORECASE,
)
#: Where and when a release was written, parted from its text: "TARRYTOWN, N.Y., Sept. 28, 2018 /PRNewswire/ --".
PLACED = re.compile(
    rf"[A-Z][\w.,& -]{{2,80}}?[,–—-] ?(?P<when>{sentences.DATE.pattern})(?: ?[/(][\w ]{{3,25}}[/)])?[ .–—-]*"
)
#: A day that another site gives its own page, which may repeat what FDA did before: FDA writes the month first.
DAY_FIRST = re.compile(r"\d{1,2} [A-Z][a-z]{2,8} \d{4}")
#: A title that runs into its text, where a copy lost what parts them.
RUN_IN = re.compile(rf"^([^.\n]{{5,250}}[^\s.:;,]) (?=On (?:{sentences.DATE.pattern}), )", re.MULTILINE)
TODAY = re.compile(r"\btoday\b", re.IGNORECASE)
#: How a mail marks the lines of another that it answers.
QUOTED = re.compile(r"^(?:> ?)+", re.MULTILINE)
#: What stands at the foot of a page of a letter and at the head of the next, in the middle of a sentence.
PAGE_NUMBER = re.compile(r"Page \d{1,3}(?: of \d{1,3})?(?: ?[–—-] .{3,80})?|Reference ID: ?\d{5,9}", re.IGNORECASE)
PAGE_EDGE = re.compile(
    rf"{PAGE_NUMBER.pattern}|(?:BLA|NDA|STN:?|BL) ?#?(?:BL ?)?\d[\d/S., -]{{4,30}}"
    r"|U\.?S\.? Food (?:and|&) Drug Administration|Silver Spring,? MD \d{5}|www\.fda\.gov",
    re.IGNORECASE,
)
#: The number of a letter, which some bear at the edges of their pages alone.
NUMBER_AT_EDGE = re.compile(r"(?:BLA|NDA) ?#?\d{5,6}\b.*")
#: The marks of Markdown, in which programs copy a page: links, headings, bold words.
LINKED = re.compile(r"!?\[([^\[\]\n]{1,400})\]\((?:https?:|/|#|mailto:|javascript:)(?:[^()\n]|\([^()\n]*\)){0,600}\)")
MARKS = re.compile(r"^[ \t]*(?:[*+-] )?#{1,6} +|\*\*", re.MULTILINE)
#: Above a short message: who wrote it, and when.
SENT = re.compile(rf"[^\n]{{0,60}} [·•] (?P<when>{sentences.DATE.pattern})")
#: The day on which a page was put up. It tells the year of "On June 12, the FDA approved …", and nothing else.
POSTED = re.compile(rf"^\[?Posted:?(?: on)? (?P<when>{sentences.DATE.pattern})\]?\s*$", re.MULTILINE | re.IGNORECASE)
#: What a sentence ends with that goes on with a day, "the letter dated", or that a copy cut off: "were evaluated for".
BEFORE_A_DAY = re.compile(
    r"[a-z] (?:dated|received|on|of|since|by|until|from|before|after|for|with|the|an?|to|in|than|and|or)$"
)
#: What stands around the text on FDA's pages, and is no part of it.
AROUND = re.compile(
    r"^(?:[*+•-] )?(?:share|post|linkedin|email|print|\[?posted .{0,40}|content current as of:?"
    r"|(?:from|sent|to|cc|reply-to): .*|resources? for you|skip to .{0,40}|u\.?s\.? flag"
    r"|(?:u\.?s\.? flag )?an official website of the united states government"
    r"|u\.s\. food and drug administration|here[’']s how you know.{0,20}|search|menu|tweet"
    r"|[\w ,&()/-]{3,60} \| (?:approved drugs|drugs|cancer accelerated approvals|fda)|regulated product\(s\))$",
    re.I,
)
#: The menus above and below every page of FDA, each item a line. Some begin with FDA's name, as a title does.
SITE = re.compile(
    r"(?:[*+•-] )?(?:submit search|search fda|featured|contact fda|fda guidance documents"
    r"|recalls, market withdrawals,? and safety alerts|press announcements|warning letters|advisory committees"
    r"|en español|products|food|drugs|medical devices|radiation-emitting products|vaccines, blood,? (?:and|&) biologics"
    r"|animal (?:and|&) veterinary|cosmetics|tobacco products|topics|about fda|combination products"
    r"|regulatory information|emergency preparedness|international programs|news and events"
    r"|training and continuing education|inspections/compliance|science and research|information for|consumers"
    r"|patients|industry|health professionals|federal, state(?: and|,) local officials"
    r"|drug approvals and databases|development & approval process \| drugs"
    r"|follow fda(?: on .{1,20})?|(?:follow|subscribe to) (?:the )?fda .{1,30}|contact number.{0,40}"
    r"|fda (?:archive|organization|basics|voices|newsroom)|accessibility|visitor information|privacy"
    r"|website policies(?: ?/ ?privacy)?|no fear act|vulnerability disclosure policy|nondiscrimination|foia"
    r"|hhs\.gov|usa\.gov|careers)",
    re.I,
)
#: The way through FDA's site, as a browser copies it: "1. Home", "2. Drugs" …
CRUMB = re.compile(r"\d{1,2}\. \S")
#: The same in one line.
WAY = re.compile(r"Home (?:[/>»|\u203a]|(?:Drugs|News & Events|About FDA|Vaccines, Blood & Biologics)\b) ?\S")
#: The day that stands under it is the page's.
CURRENT = re.compile(r"content current as of:?$", re.IGNORECASE)
#: The same in one line, with links to other pages behind it, or the end of a release.
BELOW = re.compile(
    r"(?:\bContent current as of:? \d{1,2}/\d{1,2}/\d{4}\b|(?<=\s)### |\bRelated Information\b|\bInquiries Media\b).*",
    re.IGNORECASE,
)
#: A whole page that lost its line ends: it begins with FDA's banner, and its text with the bar to share it or the day.
BANNER = re.compile(
    r"(?:U\.?S\.? flag |\W )?(?:an official website of|skip to |home [\w>/»|&]|u\.?s\.? food (?:&|and) drug)",
    re.IGNORECASE,
)
SHARE = re.compile(r"\bShare (?:Post|Tweet)[\w ]{0,60}? Print (?:More )?")
BODY = re.compile(
    rf"{SHARE.pattern}"
    rf"|(?=\bOn (?:{sentences.DATE.pattern}), (?:the )?(?:U\.? ?S\.? )?"
    r"(?:FDA|Food and Drug Administration)\b(?! began))"
)
#: Links beside the text of FDA's pages on cancer drugs, which a copy runs together or puts a line each. A page that is
#: a table has the name of one of its kinds; only a menu names several.
LISTS = r"(?:Ongoing|Verified Clinical Benefit|Withdrawn|Other) \| Cancer Accelerated Approvals"
MENU = re.compile(
    r"(?:\b(?:Resources for Information \| Approved Drugs|Oncology \(Cancer\) ?/ ?Hematologic Malignancies Approval"
    rf" Notifications)\s+(?:[•*·+-]\s)?){{0,2}}\b{LISTS}(?:\s+(?:[•*·+-]\s)?{LISTS})+",
    re.IGNORECASE,
)
#: A row of FDA's table of notices. Of several each keeps its day, which a description may lack.
ROW = re.compile(rf"^([^\t\n]+)\t([^\t\n]+)\t((?:{sentences.DATE.pattern}))[ \t\r]*$", re.MULTILINE)
#: The day of a release within a line, where a copy lost the line ends around it.
RELEASE = re.compile(rf"(?<=\w) (For Immediate Release:? (?:{sentences.DATE.pattern})) (?=[A-Z])")
#: A row of a table as a chat or a file with commas writes it: bars between its cells, or quotation marks around them.
BARS = re.compile(r"^\| ?([^\n]*\S) ?\|[ \r]*$", re.MULTILINE)
RULED = re.compile(r"^(?=[^\n]*--)[ :|-]++$\n?", re.MULTILINE)
QUOTED_CELLS = re.compile(r'^"((?:[^"\n]|"")*"(?:,"(?:[^"\n]|"")*"){1,9})[ \r]*$', re.MULTILINE)
#: The end of an item of FDA's list of approvals: its link, and its day.
LISTED = re.compile(
    rf"\bMore Information(?:\d{{0,3}}\.?|\.\d{{1,3}}) \(?(?:{sentences.DATE.pattern})\)?\.?\s*$", re.IGNORECASE
)
TITLE_AT_MOST = 250
#: A line that reports what FDA did: an item of a list, and no title unless it stands first.
REPORTS = re.compile(
    r"(?:U\.?S\.? )?(?:FDA|Food and Drug Administration) (?:(?:has|today) )?"
    r"(?:approved|granted|announced|converted|withdrew|expanded|issued)\b",
    re.IGNORECASE,
)
#: Above links to other pages, each with its own day.
RELATED = re.compile(r"(?:related|more|recent|latest) (?:articles|content|news|stories|posts|videos)", re.IGNORECASE)
#: How a line begins and ends that a mail did not break.
BEGINS = re.compile(r"[ •·*|]|[–-](?![a-z])")
ENDS = re.compile(rf"[:;?!|]$|{sentences.SHORT}\.$")
#: How a line begins that goes on with the one before: a sentence broken by a list has no full stop either.
GOES_ON = re.compile(r"[•·*–-]\s|\(?[a-z]|\([A-Z]|\d+ (?:mg|mcg|mL)\b")


def taken_apart(pasted: str, today: datetime.date) -> Notice:
    """The parts of a notice. What could not be told apart is its description, which alone is read."""
    address, date, rest = "", None, list[str]()
    is_behind = False  # links to other pages, whose days are not this one's
    pasted = QUOTED.sub("", MARKS.sub("", LINKED.sub(r"\1", pasted)))
    pasted = _rejoined(_without_page_breaks(_with_tabs(pasted)))
    pasted = MENU.sub(lambda menu: "\n" if "\n" in menu[0] else " ", pasted)
    for line in (LABEL.sub("", line) for line in _lines(pasted) if not _is_around(line)):
        if ADDRESS.fullmatch(line):
            address = address or _read(cells.address, line) or line  # one with a hidden character the form will refuse
        elif (day := _day(line, today)) and rest and BEFORE_A_DAY.search(rest[-1]):
            rest[-1] = f"{rest[-1]} {line}"
        elif day and is_behind:
            continue
        elif day:
            date = date or (None if DAY_FIRST.fullmatch(line) and not TODAY.search(pasted) else day)
        elif line:
            is_behind = is_behind or bool(len(rest) > 1 and RELATED.fullmatch(line))
            rest.append(line)
    if title := _title(rest):
        rest.remove(title)
        rest = [line for line in rest if not (line.startswith("Home ") and line.endswith(title))]  # the way to the page
    return Notice(1, title, "\n".join(rest), date or _listed(pasted, today) or _posted(pasted, today), address)


def _is_around(line: str) -> bool:
    return bool(AROUND.match(line) or SITE.fullmatch(line))


def _listed(pasted: str, today: datetime.date) -> datetime.date | None:
    """The day at the end of the one item of a list that this is."""
    listed = LISTED.search(pasted[-80:]) if pasted.lower().count("more information") == 1 else None
    return sentences.day(listed, today) if listed else None


def _posted(pasted: str, today: datetime.date) -> datetime.date | None:
    """The one day that the text tells without its year, in the year in which it was put up or the one before."""
    found, told = POSTED.search(pasted), {one["day"] for one in OF_YEAR.finditer(pasted)}
    posted = sentences.day(found, today) if found else None
    years = (posted.year, posted.year - 1) if posted and len(told) == 1 else ()
    days = (_read(cells.day, f"{next(iter(told))}, {year}", posted) for year in years)
    return next((day for day in days if day and posted and day <= posted), None)


def _day(line: str, today: datetime.date) -> datetime.date | None:
    """The day of a line that tells nothing else."""
    dated = DATED.fullmatch(line) or SENT.fullmatch(line) or PLACED.fullmatch(line)
    return sentences.day(dated, today) if dated else _read(cells.day, line, today) if len(line) <= 30 else None


def _lines(pasted: str) -> Iterator[str]:
    """The lines and cells that may tell something."""
    is_way = is_current = False
    text = RUN_IN.sub(r"\1\n", RELEASE.sub(r"\n\1\n", _with_headings(pasted)))
    whole = (" ".join(line.split()) for line in re.split(r"[\n\t\r]+", text))
    for line in chain.from_iterable(map(_without_banner, whole)):
        is_way = bool(re.fullmatch(r"(?:1\. )?Home", line) or (is_way and CRUMB.match(line)))
        if line and not is_way and not WAY.match(line) and not (is_current and len(line) <= 30):
            yield line
        is_current = bool(CURRENT.match(line)) or (is_current and not line)


def _without_page_breaks(pasted: str) -> str:
    """A letter without what parts its pages."""
    kept, edge, numbers = list[str](), list[str](), list[str]()
    for line in (*pasted.splitlines(), "\n"):
        if PAGE_EDGE.fullmatch(line.strip()) or (edge and not line.strip() and line != "\n"):
            edge.append(line)
            continue
        if not any(PAGE_NUMBER.fullmatch(one.strip()) for one in edge):
            kept += edge
        else:
            numbers += filter(NUMBER_AT_EDGE.fullmatch, map(str.strip, edge))
            while kept and not kept[-1].strip():
                kept.pop()
        edge = []
        kept.append(line)
    text = "\n".join(kept[:-1])
    return text if not numbers or re.search(r"(?:BLA|NDA|BL) ?#?\d", text) else f"{text}\n\n{numbers[0]}"


def _with_tabs(pasted: str) -> str:
    """A table with tabs between its cells, as a browser copies it."""
    pasted = BARS.sub(lambda row: re.sub(r" ?\| ?", "\t", row[1]), RULED.sub("", pasted))
    return QUOTED_CELLS.sub(lambda row: row[1][:-1].replace('","', "\t").replace('""', '"'), pasted)


def _rejoined(pasted: str) -> str:
    """Without the line ends of a mail, which breaks a line where the next word has no room any more."""
    lines = [line.rstrip() for line in pasted.splitlines()]
    width = max((len(line) for line in lines if " " in line), default=0)  # an address may be as long as it is
    if not 50 <= width <= 100 or "\t" in pasted:
        return pasted
    broken = [
        bool(one and two and not BEGINS.match(two) and not ENDS.search(one))
        and not (one.startswith("    ") or DATED.match(two))
        and len(one) + 1 + len(two.split(maxsplit=1)[0]) > width
        for one, two in zip(lines, [*lines[1:], ""], strict=True)
    ]
    small = sum(is_end and following[0].islower() for is_end, following in zip(broken, lines[1:], strict=False))
    if small < 2 and not (small and any(map(all, pairwise(broken)))):
        return pasted
    return "".join(f"{line}{' ' if is_end else '\n'}" for line, is_end in zip(lines, broken, strict=True))


def _without_banner(line: str) -> list[str]:
    """Title and text of a page that came as one line. FDA's pages name their title twice above the text."""
    if len(line) <= TITLE_AT_MOST:
        return [line]
    line = BELOW.sub("", line)
    body = BODY.search(line) if BANNER.match(line) else None
    if not body:  # without the banner there is the title alone above the bar
        return [part.strip() for part in SHARE.split(line, maxsplit=1)]
    above = line[: body.start()].split()
    twice = (n for n in range(4, 41) if above[-n:] == above[-2 * n : -n])
    return [*(" ".join(above[-n:]) for n in twice), line[body.end() :].strip()]


def _with_headings(pasted: str) -> str:
    """The rows of a table under their headings: each day with what its column is of."""
    if len(ROW.findall(pasted)) > 1:
        return ROW.sub(_with_its_day, pasted)
    if rows := list(accelerated_rows.spread(pasted)) or list(novel.spread(pasted)):
        return "\n".join(rows)
    lines = [line for line in pasted.splitlines() if line.strip()]
    headings, row = [line.split("\t") for line in (*lines, "", "")[:2]]
    if len(headings) < 3 or len(headings) != len(row) or not any("date" in name.lower() for name in headings):
        return pasted
    told = [f"{name}: {cell}" if "date" in name.lower() else cell for name, cell in zip(headings, row, strict=True)]
    return "\n".join([*told, *lines[2:]])


def _with_its_day(row: re.Match[str]) -> str:
    """Title and description of a row, the description with the day."""
    title, description, day = row[1], row[2], row[3]
    begins = re.match(r"(?:The )?(?:U\.?S\.? )?(?:FDA|Food and Drug Administration)\b", description)
    return f"{title}\nOn {day}, {description}" if begins else f"{title}\n{description}"


def _read(reader: Callable[..., Any], *given: Any) -> Any:
    """What a reader of cells makes of a line; None where it is nothing of the kind."""
    try:
        return reader(*given)
    except cells.Bad:
        return None


def _title(lines: list[str]) -> str:
    """A line without an end of sentence, beside a longer text: FDA's titles begin with its name."""
    if len(lines) < 2:
        return ""
    whole = [line for line, following in zip(lines, [*lines[1:], ""], strict=True) if not GOES_ON.match(following)]
    short = [line for line in whole if len(line) <= TITLE_AT_MOST and not line.endswith((".", ":", ";"))]
    named = [line for line in short if re.match(r"(?:U\.?S\.? )?(?:FDA|Food and Drug Administration) \S", line)]
    named = [line for line in named if line == lines[0] or not REPORTS.match(line)]
    first = [line for line in short if line == lines[0]]
    return next(iter([*named, *first]), "")
