"""Sentences that a fact may make untrue. What to look for is told by the rooms; here it is found in what readers see.

It only points: whether a sentence is untrue is for a person to say.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.apps import apps

from . import sentences
from .models import OPEN, Contradiction, Fact, Page

FEWEST = 4  # words; less is a heading, which claims nothing


class Names:
    """The names of one thing, as whole words. On the ``pages`` about it, a sentence need not name it."""

    def __init__(self, names: Iterable[str], pages: Iterable[tuple[str, int]] = ()) -> None:
        several = {" ".join(name.split()) for name in names} - {""}
        self.names, self.pages = frozenset(several), frozenset(pages)
        self.pattern = whole_words(several)
        # What the first word of a name begins with: looking for it costs next to nothing.
        self.hints = {re.split(r"[\W_]", name.lower(), maxsplit=1)[0] for name in several}

    def may_stand_in(self, lowered: str) -> bool:
        return any(hint in lowered for hint in self.hints)


class Search(NamedTuple):
    """Sentences that name every one of some things, with a claim beside them. Without claims, naming is enough."""

    named: tuple[Names, ...]
    claims: tuple[re.Pattern, ...]


class Suspect(NamedTuple):
    page: Page
    part: str
    text: str
    why: str  # the words that made it one

    @property
    def key(self) -> tuple[str, int]:
        return self.page._meta.label_lower, self.page.pk


type Find = Callable[[Fact], Iterable[Search] | None]
_finders: list[Find] = []


def offer(find: Find) -> None:
    """Tell, in ``AppConfig.ready``, what a change of a fact may make untrue: searches, the closest first."""
    _finders.append(find)


def suspects(fact: Fact) -> list[Suspect]:
    """Sentences that readers see and that this fact may make untrue, those that say most of it first."""
    searches = [search for find in _finders for search in find(fact) or ()]
    if not searches:
        return []
    found: list[list[Suspect]] = [[] for _ in searches]
    for edition in sentences.editions():
        key = edition.page._meta.label_lower, edition.page.pk
        lowered = "\n".join(edition.words().values()).lower()
        here = [
            (rank, search)
            for rank, search in enumerate(searches)
            if all(key in names.pages or names.may_stand_in(lowered) for names in search.named)
        ]
        for sentence in sentences.of(edition) if here else ():
            for rank, search in here:
                if words := _matched(search, key, sentence.text):
                    why = ", ".join(f"“{word}”" for word in words)
                    found[rank].append(Suspect(*sentence, why=why))
                    break
    return list(dict.fromkeys(one for rank in found for one in rank))


def _matched(search: Search, page: tuple[str, int], text: str) -> list[str]:
    """The words that make a sentence suspect: names, then claims. Empty when it is none."""
    words: list[str] = []
    rest, lowered = text, text.lower()
    for names in search.named:
        if hit := names.may_stand_in(lowered) and names.pattern.search(text):
            words.append(hit[0])
            rest = names.pattern.sub(" ", rest)  # “first” in a name claims nothing
        elif page not in names.pages:
            return []
    claims = [hit[0] for pattern in search.claims if (hit := pattern.search(rest))]
    apart = [one for one in dict.fromkeys(claims) if not any(one != other and one in other for other in claims)]
    claimed = claims or not search.claims
    return [*words, *apart] if claimed and len(text.split()) >= FEWEST else []


def whole_words(names: Iterable[str]) -> re.Pattern:
    """A pattern of names as whole words, the longest first. Short capitals count as they are written."""
    exact: list[str] = []
    loose: list[str] = []
    for name in {" ".join(name.split()) for name in names} - {""}:
        (exact if len(name) <= 5 and name.upper() == name else loose).append(name)
    several = [
        (f"(?i:{'|'.join(map(_spelled, sorted(loose, key=len, reverse=True)))})" if loose else ""),
        "|".join(map(re.escape, sorted(exact, key=len, reverse=True))),
    ]
    alternatives = "|".join(filter(None, several)) or r"(?!)"
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?!\w)")


def _spelled(name: str) -> str:
    """A name with a blank or a hyphen where it has either, and its plain plural."""
    words = r"[\s\u00a0-]+".join(map(re.escape, re.split(r"[\s-]+", name)))
    return words + ("s?" if name[-1:].isalpha() and len(name) > 5 else "")


# Tasks -----------------------------------------------------------------------------------


class Task(NamedTuple):
    row: Contradiction
    page: Any  # a Page that knows how it is ``called``
    has_draft: bool  # somebody writes a new text of the page


def open_tasks(page: Page | None = None) -> list[Task]:
    """What nobody has settled and still stands before readers, page by page."""
    rows = Contradiction.objects.filter(settled_at=None).select_related("raised_by")
    if page is not None:
        rows = rows.filter(kind=page._meta.label_lower, row=page.pk)
    return standing(list(rows))


def standing(rows: list[Contradiction]) -> list[Task]:
    """Those of the rows whose sentence readers still see where it was. One query a kind of page."""
    if not rows:
        return []
    now: dict[tuple[str, int, str, str], Any] = {}
    for sentence in sentences.published({(row.kind, row.row) for row in rows}):
        now[sentence.page._meta.label_lower, sentence.page.pk, sentence.part, sentence.text] = sentence.page
    writing = _with_drafts(set(now.values()))
    tasks = []
    for row in rows:
        if (page := now.get((row.kind, row.row, row.part, row.sentence))) is not None:
            tasks.append(Task(row, page, page in writing))
    return sorted(tasks, key=lambda task: (task.row.kind, task.page.called.lower(), task.row.row, task.row.pk))


def _with_drafts(pages: set[Any]) -> set[Page]:
    """Those of the pages on which somebody writes. One query a kind of page."""
    by_kind: dict[Any, dict[int, Page]] = {}
    for page in pages:
        by_kind.setdefault(page.editions.model, {})[page.pk] = page
    return {
        here[key]
        for model, here in by_kind.items()
        for key in model._default_manager.filter(status__in=OPEN, page__in=list(here)).values_list("page", flat=True)
    }


def page_of(kind: str, row: int) -> Page | None:
    """A page by kind and key; None where there is none."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return None
    return model._default_manager.filter(pk=row).first() if issubclass(model, Page) else None
