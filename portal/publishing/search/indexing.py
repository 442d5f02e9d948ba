"""The index: what the search reads of each page that readers see. Verbs write it in their own transaction."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import CharField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from .. import rooms
from ..models import Change, Page, SearchEntry
from ..parts import IN_SHORT
from ..prose import without_markup
from ..rooms import PageKind
from .words import keys, written

#: A sentence with a live number is found by its words, but not quoted: it would show a code.
CODE = re.compile(r"\[\[[^\]]*\]\]")
SENTENCE = re.compile(r"(?<=[.?!:])\s+(?=[A-Z“\d])")
BLOCK = re.compile(r"</(?:p|li|h3|h4|caption|td|th)>|<br>")
COMPARED = ("kind", "address", "title", "names", "heads", "lead", "body", "text")
TITLE, OTHER = "name", "other name"


def refresh(pages: Iterable[Page]) -> None:
    """Write the rows of some pages as readers see them now, and take away those of pages that they do not see."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for page in pages:
        by_kind[page.page_kind].add(page.pk)
    kinds = {kind.model._meta.label_lower: kind for kind in rooms.page_kinds()}
    for label, wanted in by_kind.items():
        if label in kinds:
            _store([*_of_kind(kinds[label], wanted)], SearchEntry.objects.filter(page__in=wanted))


def follow(change: Change, row: Any) -> None:
    """After a change was applied to a row: write the pages that it is, or that it belongs to, now and before."""
    found = list(_told_by(row))
    for name, value in change.before.items():
        model: Any = change.governed._meta.get_field(name).related_model
        if model and issubclass(model, Page):
            keys_ = value if isinstance(value, list) else [value]
            found += model._default_manager.filter(pk__in=[key for key in keys_ if isinstance(key, int)])
    refresh(found)


def _told_by(row: Any) -> Iterator[Page]:
    """The page that a row is, and those that show its name; or the pages that it points to."""
    if isinstance(row, Page):
        yield row
        for field, rows in row.pointing():
            if issubclass(field.model, Page):
                yield from rows
    else:
        for field in row._meta.fields:
            if field.related_model and issubclass(field.related_model, Page) and (page := getattr(row, field.name)):
                yield page


def rebuild() -> int:
    """Write every row that is not as it should be; answer how many were not."""
    return _store(_everything(), SearchEntry.objects.all())


def faults() -> list[str]:
    """Where the index and the pages do not agree."""
    stored = {entry.address: entry for entry in SearchEntry.objects.all()}
    wanted = {entry.address: entry for entry in _everything()}
    told = [f"{address} can be found, and isn’t there" for address in sorted(stored.keys() - wanted.keys())]
    told += [f"{address} can’t be found" for address in sorted(wanted.keys() - stored.keys())]
    both = sorted(wanted.keys() & stored.keys())
    return told + [f"{one} is found by other words than it has" for one in both if not _same(wanted[one], stored[one])]


def _everything() -> list[SearchEntry]:
    pages = [entry for kind in rooms.page_kinds() for entry in _of_kind(kind, None)]
    asked = rooms.asked_with()
    lists = {name: (words, *asked.get(name, ())) for name, words in rooms.fixed_addresses().items()}
    fixed = (_entry("", reverse(name), [(TITLE, one) for one in words], [], None) for name, words in lists.items())
    return [*pages, *fixed]


def _same(one: SearchEntry, other: SearchEntry) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in (*COMPARED, "page_id"))


def _store(wanted: list[SearchEntry], stored: Any) -> int:
    """Let the stored rows be those that are wanted."""
    there = {entry.address: entry for entry in stored}
    fitting = {entry.address for entry in wanted if entry.address in there and _same(entry, there[entry.address])}
    gone = {address: entry.pk for address, entry in there.items() if address not in fitting}
    fresh = [entry for entry in wanted if entry.address not in fitting]
    SearchEntry.objects.filter(pk__in=gone.values()).delete()
    SearchEntry.objects.bulk_create(fresh, batch_size=200)
    return len({*gone, *(entry.address for entry in fresh)})


def _of_kind(kind: PageKind, wanted: Collection[int] | None) -> Iterator[SearchEntry]:
    """The rows of the pages of a kind; of some of them if their keys are given. Two queries at most."""
    columns = {f"found_by_{n}": Cast(column, CharField()) for n, column in enumerate(kind.found_by)}
    rows = kind.model.objects.published().named().annotate(**columns)
    pages = list(rows if wanted is None else rows.filter(pk__in=wanted))
    beside = defaultdict(list)
    if pages and kind.also_found_by:
        for key, sort, value in kind.also_found_by([page.pk for page in pages]):
            beside[key].append((sort, value))
    for page in pages:
        title = page.title_of(page.live.words)
        lines = [line for name in columns for line in (getattr(page, name) or "").splitlines() if line.strip()]
        others = [(OTHER, line) for line in lines if line != title]
        names = [(TITLE, title), *others, *(one for one in beside[page.pk] if one[0])]
        texts = [value for sort, value in beside[page.pk] if not sort]
        yield _entry(kind.model._meta.label_lower, page.get_absolute_url(), names, texts, page)


def _entry(kind: str, address: str, names: list[tuple[str, str]], texts: Iterable[str], page: Any) -> SearchEntry:
    lead: list[str] = []
    body, quoted = [*texts], []
    for part in page.parts if page else ():
        if not (text := page.live.words.get(part.name, "")) or (part.is_line and not part.is_rich):
            continue
        lines = [without_markup(block) for block in BLOCK.split(text)] if part.is_rich else text.splitlines()
        plain = [line for line in lines if line]
        (lead if part.name == IN_SHORT.name else body).extend(CODE.sub(" ", line) for line in plain)
        body.append(part.title)
        sentences = [sentence for line in plain for sentence in SENTENCE.split(line)]
        if part.is_rich or part.name == IN_SHORT.name:  # other words for a term are no sentences
            quoted += [sentence for sentence in sentences if not CODE.search(sentence)]
    told = dict.fromkeys((sort, name.strip()) for sort, name in names if name.strip())
    # What people ask a page with is no name word by word: “stomach pain” says little of a tumor in the stomach.
    asked_with = [one for place, one in enumerate(told) if page and place and one[0] == TITLE]
    return SearchEntry(
        page_id=page.pk if page else None,
        kind=kind,
        address=address,
        title=names[0][1][:300],
        names=[[sort, name, *keys(name)] for sort, name in told],
        heads=_joined(name for sort, name in told if (sort, name) not in asked_with),
        lead=_joined([*lead, *(name for _, name in asked_with)]),
        body=_joined(body),
        text="\n".join(quoted),
        written_at=timezone.now(),
    )


def _joined(texts: Iterable[str]) -> str:
    return " ".join(word for text in texts for word in written(text))
