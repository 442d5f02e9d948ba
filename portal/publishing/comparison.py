"""What one edition of a page changes in another: each part of its words, and its sources."""

from collections import Counter
from typing import NamedTuple

from .diff import Difference, plain, rich
from .models import Edition, SavedDraft, Source
from .parts import passages


class ComparedPart(NamedTuple):
    label: str
    rich: bool
    difference: Difference


class Comparison(NamedTuple):
    """What ``new`` changes in ``old``, for ``templates/publishing/_diff.html``."""

    fields: list[ComparedPart]
    sources: list[tuple[str, Source]]  # each with "added", "removed" or "kept"

    @property
    def changed(self) -> bool:
        return any(field.difference.changed for field in self.fields) or self.sources_changed

    @property
    def sources_changed(self) -> bool:
        return any(verb != "kept" for verb, _ in self.sources)

    @property
    def sources_summary(self) -> str:
        counted = Counter(verb for verb, _ in self.sources)
        return ", ".join(f"{counted[verb]} {verb}" for verb in ("added", "removed", "kept") if counted[verb]) or "none"


def compare(old: Edition | SavedDraft | None, new: Edition | SavedDraft) -> Comparison:
    """Part by part and source by source. Without ``old`` everything in ``new`` is added. A save keeps no sources."""
    before = old.words if old else {}
    fields = [
        ComparedPart(part.title, part.is_rich, (rich if part.is_rich else plain)(before.get(part.name, ""), text))
        for part, text in passages(new.parts, new.words)
    ]
    saves = isinstance(old, SavedDraft) or isinstance(new, SavedDraft)
    cited, now = (list(one.sources.all()) if isinstance(one, Edition) and not saves else [] for one in (old, new))
    found = [("kept" if source in cited else "added", source) for source in now]
    return Comparison(fields, found + [("removed", source) for source in cited if source not in now])
