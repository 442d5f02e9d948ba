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
from functools import cache, lru_cache
from typing import NamedTuple

from django.db.models import CharField, Expression, StringAgg, Subquery, TextField, Value
from django.db.models.functions import MD5, Cast, Coalesce, Concat
from django.utils.html import format_html

from portal.publishing.folding import by_name
from portal.publishing.models import Edition
from portal.publishing.prose import TAG, Insertion

from .models import Term, forms_of


class Entry(NamedTuple):
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
    group = "A word that the glossary explains"
    found = sorted(read(), key=lambda entry: by_name(entry.name))
    return [Insertion(entry.name, entry.name, group, entry.in_short) for entry in found]


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


@lru_cache(maxsize=1)
def of(state: str) -> "Glossary":
    """The glossary in a state: the one that this process keeps, or a fresh one."""
    return Glossary(read())


#: Tags within which nothing links.
SILENT = re.compile(r"</?(?:a|h[1-6])\b")


class Glossary:
    """A set of terms, and the texts that it has linked already."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        forms = [(form, entry) for entry in entries for form in entry.forms]
        forms.sort(key=lambda pair: len(pair[0]), reverse=True)  # of two that begin alike, the longer one comes first
        self.entries = [entry for _, entry in forms]  # in the order of the pattern's groups
        words = "|".join(f"({pattern(form)})" for form, _ in forms)
        # Tags and figures are stepped over. A word counts only if it is whole: not in “anti-PD-1”, not in “&amp;”.
        whole = rf"{TAG}|\[\[[^\]]*\]\]|(?<![\w&-])(?:{words})(?![\w-])"
        self.words = re.compile(whole) if forms else None
        self.link = lru_cache(maxsize=2048)(self._link)

    def _link(self, html: str, here: str) -> tuple[str, tuple[Entry, ...]]:
        """A stored text with links, and the terms that it links to. ``here`` is the page on which it stands."""
        met: dict[Entry, None] = {}
        silent = 0  # links and headings that are open

        def linked(match: re.Match) -> str:
            nonlocal silent
            if match.lastindex is None:
                if SILENT.match(match[0]):
                    silent += -1 if match[0].startswith("</") else 1
                return match[0]
            entry = self.entries[match.lastindex - 1]
            if silent or entry in met or here in (entry.address, entry.further):
                return match[0]
            met[entry] = None
            # One stop for the Tab key: the mark opens what leads to the page, too. The text is HTML, not escaped again.
            return f'<a class="term" href="{entry.address}" tabindex="-1">{match[0]}</a>' + format_html(
                '<button type="button" class="means" popovertarget="term-{}" aria-label="What “{}” means"></button>',
                entry.slug,
                entry.name,
            )

        return (self.words.sub(linked, html) if self.words else html), tuple(met)


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
        stem, ending = next((re.sub(end, "", word), both) for end, both in ENDINGS if re.search(end, word))
    escaped = re.escape(stem).replace("'", "['’]").replace("’", "['’]")
    return f"{escaped}{ending}" if exact else f"(?i:{escaped}{ending})"


#: How an ordinary word ends, and how it may end in the plural.
ENDINGS = (
    (r"sis$", "s[ie]s"),  # metastasis, metastases
    (r"(?<=[^aeiou])y$", "(?:y|ies)"),  # antibody, antibodies
    (r"(?:(?<=s)|(?<=x)|(?<=ch)|(?<=sh))$", "(?:es)?"),  # virus, viruses
    (r"$", "s?"),
)
