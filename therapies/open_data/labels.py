"""FDA’s labels that somebody read, and whether each is accounted for."""

from functools import cached_property
from typing import Any

from portal.publishing.kept import OfContent
from portal.publishing.open_data.declaring import BOOLEAN, DATE, DataField, DataTable, Day, public, told
from portal.publishing.prose import Figures

from ..compare.label_records import label_accounts
from ..models import DrugLabel, Therapy
from .columns import THERAPY


class CompleteLabels(OfContent):
    """As the page about freshness counts them. Every label is held against every use, so it is done once for all."""

    @cached_property
    def keys(self) -> set[int | None]:
        return {account.label.key for account in label_accounts(settled=True) if account.is_complete}


def _learn_accounts(rows: list[Any], on: Day) -> None:
    complete = Figures().provider(CompleteLabels).keys
    for row in rows:
        row.is_accounted = row.pk in complete


LABELS = DataTable(
    name="labels",
    title="FDA’s labels",
    one="label",
    about="The newest version of one label that somebody read line by line and held against the uses here.",
    model=DrugLabel,
    rows=lambda on: DrugLabel.objects.current().filter(therapy__in=public(Therapy)),
    learn=_learn_accounts,
    has_history=False,
    is_whole=False,
    fields=(
        DataField("id", "FDA’s set id, the same in every version of the label.", column="set_id", unique=True),
        THERAPY,
        DataField("brand", "The brand."),
        DataField("application", "The number of the FDA application.", required=False),
        DataField("version", "The day from which the version holds.", DATE, column="effective"),
        DataField("scope", "Whose label it is.", one_of=told(DrugLabel.Scope.choices), narrows=True),
        DataField(
            "accounted",
            "Whether each use on it is here, and each use here is on it or has a known reason not to be.",
            BOOLEAN,
            column="is_accounted",
        ),
    ),
)
