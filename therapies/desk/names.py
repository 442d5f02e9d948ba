"""Finding one of ours by whatever name somebody typed."""

import difflib
from functools import cached_property

from ..compare.ours import OurRecords, OurTherapy, read_our_records
from ..fda import cells
from ..fda.records import Application
from ..models import Biomarker, Cancer, Therapy, TherapyClass


class NamesOfOurs:
    """Every name of therapies and cancers, read once for a request, in a fixed number of queries."""

    @cached_property
    def ours(self) -> OurRecords:
        return read_our_records()

    @cached_property
    def therapies(self) -> dict[str, Therapy]:
        return {therapy.slug: therapy for therapy in Therapy.objects.order_by("name")}

    @cached_property
    def cancers(self) -> dict[str, Cancer]:
        return {cancer.slug: cancer for cancer in Cancer.objects.order_by("name")}

    @cached_property
    def biomarkers(self) -> list[Biomarker]:
        return list(Biomarker.objects.order_by("name"))

    @cached_property
    def classes(self) -> list[TherapyClass]:
        return list(TherapyClass.objects.select_related("family").order_by("family__order", "order"))

    # Therapies

    @cached_property
    def therapy_names(self) -> dict[str, str]:
        """Every name as it is written, with the therapy's own beside it."""
        found = {known.name: "" for known in self.ours.therapies.values()}
        for known in self.ours.therapies.values():
            for alias in known.aliases:
                found.setdefault(alias, known.name)
        return dict(sorted(found.items(), key=lambda pair: pair[0].casefold()))

    def called(self, written: str) -> list[Therapy]:
        """The therapies that go by this name: none, one, or several."""
        found = {known.slug for known in self.ours.by_name.get(cells.key(written), [])}
        return [self.therapies[slug] for slug in sorted(found)]

    def therapy(self, written: str) -> Therapy | None:
        found = self.called(written)
        return found[0] if len(found) == 1 else None

    def alike(self, written: str) -> list[Therapy]:
        """Therapies of which this name seems to be a biosimilar, a new form or a further brand."""
        known = self.ours.within(written, (written,)) + self.ours.by_biosimilar.get(cells.key(written), [])
        return [self.therapies[slug] for slug in dict.fromkeys(one.slug for one in known)]

    def near_therapies(self, written: str) -> list[str]:
        return _near(written, self.therapy_names)

    def holder(self, number: Application) -> list[OurTherapy]:
        """Whose application this is, forms included."""
        return [*self.ours.by_application.get(number, []), *self.ours.by_form.get(number, [])]

    # Cancers

    @cached_property
    def cancer_names(self) -> dict[str, str]:
        found: dict[str, str] = {cancer.name: "" for cancer in self.cancers.values()}
        for cancer in self.cancers.values():
            for name in (cancer.plain_name, *cancer.synonyms.splitlines()):
                if name.strip():
                    found.setdefault(name.strip(), cancer.name)
        return dict(sorted(found.items(), key=lambda pair: pair[0].casefold()))

    @cached_property
    def _cancer_keys(self) -> dict[str, Cancer]:
        by_name = {cancer.name: cancer for cancer in self.cancers.values()}
        keys = {cells.key(name): by_name[owner or name] for name, owner in self.cancer_names.items()}
        return keys | {cells.key(name): cancer for name, cancer in by_name.items()}

    def cancer(self, written: str) -> Cancer | None:
        return self._cancer_keys.get(cells.key(written))

    def near_cancers(self, written: str) -> list[str]:
        return _near(written, self.cancer_names)


def _near(written: str, names: dict[str, str]) -> list[str]:
    keys = {cells.key(name): name for name in names}
    wanted = cells.key(written)
    held = [key for key in keys if len(wanted) > 3 and (key.startswith(wanted) or wanted in key.split())]
    close = difflib.get_close_matches(wanted, keys, n=4, cutoff=0.65)
    return [keys[key] for key in dict.fromkeys([*close, *held])][:4]
