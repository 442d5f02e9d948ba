"""Finding one of ours by whatever name somebody typed."""

import difflib
from collections.abc import Iterable
from functools import cached_property

from ..compare.ours import OurRecords, OurTherapy, read_our_records
from ..fda import cells
from ..fda.naming import spellings
from ..fda.records import Application
from ..models import Biomarker, Cancer, Therapy, TherapyClass


class NamesOfOurs:
    """Every name of therapies and cancers, read once for a request, in a fixed number of queries."""

    @cached_property
    def ours(self) -> OurRecords:
        return read_our_records()

    @cached_property
    def therapies(self) -> dict[str, Therapy]:
        return {therapy.slug: therapy for therapy in Therapy.objects.all()}

    @cached_property
    def cancers(self) -> dict[str, Cancer]:
        return {cancer.slug: cancer for cancer in Cancer.objects.all()}

    @cached_property
    def biomarkers(self) -> list[Biomarker]:
        return list(Biomarker.objects.all())

    @cached_property
    def classes(self) -> list[TherapyClass]:
        return list(TherapyClass.objects.select_related("family").order_by("family__order", "order"))

    # Therapies

    @cached_property
    def therapy_names(self) -> dict[str, OurTherapy]:
        """Whose each name is, as it is written; a therapy's own before what others are called."""
        known = self.ours.therapies.values()
        return _sorted([*((one.name, one) for one in known), *((name, one) for one in known for name in one.aliases)])

    def called(self, written: str) -> list[Therapy]:
        """The therapies that go by this name: none, one, or several."""
        found = {known.slug for known in self.ours.by_name.get(cells.key(written), [])}
        return [self.therapies[slug] for slug in sorted(found)]

    def alike(self, written: str) -> list[Therapy]:
        """Therapies of which this name seems to be a biosimilar, a new form or a further brand."""
        known = self.ours.within(written, (written,)) + self.ours.by_biosimilar.get(cells.key(written), [])
        return [self.therapies[slug] for slug in dict.fromkeys(one.slug for one in known)]

    def holder(self, number: Application) -> list[OurTherapy]:
        """Whose application this is, forms included."""
        return [*self.ours.by_application.get(number, []), *self.ours.by_form.get(number, [])]

    # Cancers

    @cached_property
    def cancer_names(self) -> dict[str, Cancer]:
        several = self.cancers.values()
        further = [(spelled, one) for one in several for name in one.names for spelled in spellings(name.strip())]
        return _sorted([*((one.name, one) for one in several), *(pair for pair in further if pair[0])])

    @cached_property
    def _cancer_keys(self) -> dict[str, Cancer]:
        own = {cells.key(cancer.name): cancer for cancer in self.cancers.values()}
        return {cells.key(name): cancer for name, cancer in self.cancer_names.items()} | own

    def cancer(self, written: str) -> Cancer | None:
        return self._cancer_keys.get(cells.key(written))


def _sorted[Named](pairs: list[tuple[str, Named]]) -> dict[str, Named]:
    """Of a name that stands there twice the first."""
    first: dict[str, Named] = {}
    for name, owner in pairs:
        first.setdefault(name, owner)
    return dict(sorted(first.items(), key=lambda pair: pair[0].casefold()))


def near(written: str, names: Iterable[str]) -> list[str]:
    """The names that somebody may have meant."""
    keys = {cells.key(name): name for name in names}
    wanted = cells.key(written)
    held = [key for key in keys if len(wanted) > 3 and (key.startswith(wanted) or wanted in key.split())]
    close = difflib.get_close_matches(wanted, keys, n=4, cutoff=0.65)
    return [keys[key] for key in dict.fromkeys([*close, *held])][:4]
