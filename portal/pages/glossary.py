"""Links from texts to the terms of the glossary, made when a text is read.

What counts as a section is one rich text: the part of a page that an editor writes in one
field and that stands under one heading. In each of them the first use of a term links, and
no later one. Nothing links inside a link or a heading, or on the page that explains the term.

The terms are read once and kept in the process. ``state`` tells, inside a query that every
page makes anyway, which terms are published; only when that changes are they read again. So
a term that is published, revised or withdrawn anywhere shows at the next request.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from html.parser import HTMLParser

from django.db.models import CharField, Expression, StringAgg, Subquery, TextField, Value
from django.db.models.functions import MD5, Cast, Coalesce, Concat
from django.utils.html import format_html

from portal.publishing.models import Edition
from portal.publishing.prose import Insertion

from .models import Term, forms_of


@dataclass(frozen=True)
class Entry:
    """A term as texts need it."""

    slug: str
    address: str
    name: str
    say: str
    in_short: str
    forms: tuple[str, ...]
    further: str  # the page of this site that tells more, if there is one


def read() -> list[Entry]:
    found = []
    for term in Term.objects.published().filter(linked=True):
        words = term.live.words
        told = (words["name"], words["say"], words["in_short"], tuple(term.forms), words["onward_address"])
        found.append(Entry(term.slug, term.get_absolute_url(), *told))
    return found


def words() -> list[str]:
    """Every word that the glossary explains to readers, those that no text links included."""
    live = Edition.objects.live().of_kind(Term).order_by().values_list("words", flat=True)
    return [form for words in live for form in forms_of(words["name"], words["also"])]


def insertions() -> list[Insertion]:
    """Lines of the editor's Insert menu: the word itself, which then links when the text is read."""
    found = [term.live.words for term in Term.objects.published().filter(linked=True)]
    found.sort(key=lambda words: words["name"].lower())
    group = "A word that the glossary explains"
    return [Insertion(words["name"], words["name"], group, words["in_short"]) for words in found]


@cache  # building it takes longer than asking it
def state() -> Expression:
    """SQL for a short text that is another one whenever ``read`` would give something else.

    Editions are never rewritten once they are public, so address and moment of publication tell one from another.
    Their order is the database's own: if that changes, the terms are read once more than needed.
    """
    linked = Edition.objects.live().of_kind(Term).filter(page__term__linked=True)
    one = Concat("page__slug", Cast("published_at", CharField()), output_field=CharField())
    all_of_them = linked.order_by().values(whole=Value(1)).annotate(all=StringAgg(one, Value(" ")))
    return MD5(Coalesce(Subquery(all_of_them.values("all")), Value(""), output_field=TextField()))


_kept: tuple[str, "Glossary"] | None = None


def of(state: str) -> "Glossary":
    """The glossary in a state: the one that this process keeps, or a fresh one."""
    global _kept
    kept = _kept
    if kept is None or kept[0] != state:
        kept = _kept = (state, Glossary(read()))
    return kept[1]


class Glossary:
    """A set of terms, and the texts that it has linked already."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        forms = [(form, entry) for entry in entries for form in entry.forms]
        forms.sort(key=lambda pair: len(pair[0]), reverse=True)  # of two that begin alike, the longer one comes first
        self.entries = [entry for _, entry in forms]  # in the order of the pattern's groups
        words = "|".join(f"({pattern(form)})" for form, _ in forms)
        # A figure is stepped over. A word counts only if it is a whole one: not in “anti-PD-1”, not in “&amp;”.
        self.words = re.compile(rf"\[\[[^\]]*\]\]|(?<![\w&-])(?:{words})(?![\w-])") if forms else None
        self.link = lru_cache(maxsize=2048)(self._link)

    def _link(self, html: str, here: str) -> tuple[str, tuple[Entry, ...]]:
        """A stored text with links, and the terms that it links to. ``here`` is the page on which it stands."""
        if self.words is None:
            return html, ()
        linking = _Linking(self, here)
        linking.feed(html)
        linking.close()
        return "".join(linking.out), tuple(linking.met)


def pattern(form: str) -> str:
    """A regular expression for a form of a term, its plural included.

    Case counts in an abbreviation (“NK”, “CAR”, “PD-1”), not in an ordinary word. A space or hyphen
    that does not break is one like any other; but “T-cell” is not “T cell”, or it would link in the
    name of a lymphoma.
    """
    *words, last = re.split(r"([\s-]+)", form)
    first = (r"(?:\s|&nbsp;)" if word.isspace() else "[-\u2011]" if word[0] == "-" else _word(word) for word in words)
    return "".join(first) + _word(last, plural=True)


def _word(word: str, plural: bool = False) -> str:
    exact = bool(re.search(r"[A-Z].*[A-Z]|[a-z].*[A-Z]|\d", word)) or (len(word) == 1 and word.isupper())
    stem, ending = word, ""
    if plural and exact:
        ending = "" if word[-1].isdigit() else "s?"
    elif plural:
        for end, both in ENDINGS:
            if re.search(end, word):
                stem, ending = re.sub(end, "", word), both
                break
    escaped = re.escape(stem).replace("'", "['’]").replace("’", "['’]")
    return f"{escaped}{ending}" if exact else f"(?i:{escaped}{ending})"


#: How an ordinary word ends, and how it may end in the plural.
ENDINGS = (
    (r"sis$", "s[ie]s"),  # metastasis, metastases
    (r"(?<=[^aeiou])y$", "(?:y|ies)"),  # antibody, antibodies
    (r"(?:(?<=s)|(?<=x)|(?<=ch)|(?<=sh))$", "(?:es)?"),  # virus, viruses
    (r"$", "s?"),
)


class _Linking(HTMLParser):
    """Walks through the tokens of a text and links the first use of each term."""

    SILENT = frozenset(("a", "button", "h1", "h2", "h3", "h4", "h5", "h6"))

    def __init__(self, glossary: Glossary, here: str) -> None:
        super().__init__(convert_charrefs=False)
        self.glossary, self.here = glossary, here
        self.out: list[str] = []
        self.met: dict[Entry, None] = {}
        self.silent = 0
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.flush()
        self.out.append(self.get_starttag_text() or "")
        self.silent += tag in self.SILENT

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.flush()
        self.out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self.flush()
        self.out.append(f"</{tag}>")
        self.silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_entityref(self, name: str) -> None:
        self.text.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.text.append(f"&#{name};")

    def close(self) -> None:
        super().close()
        self.flush()

    def flush(self) -> None:
        text, self.text = "".join(self.text), []
        if text and self.glossary.words and not self.silent:
            text = self.glossary.words.sub(self.linked, text)
        self.out.append(text)

    def linked(self, match: re.Match) -> str:
        if match.lastindex is None:  # a figure
            return match[0]
        entry = self.glossary.entries[match.lastindex - 1]
        if entry in self.met or self.here in (entry.address, entry.further):
            return match[0]
        self.met[entry] = None
        # The word joiner keeps the mark on the line of its word. The text is HTML already, so it is not escaped again.
        return f'<a class="term" href="{entry.address}">{match[0]}</a>\u2060' + format_html(
            '<button type="button" class="means" popovertarget="term-{}" aria-label="What “{}” means"></button>',
            entry.slug,
            entry.name,
        )
