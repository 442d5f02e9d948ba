"""What the roof gives away: the words of the glossary."""

from portal.publishing.open_data.declaring import BOOLEAN, ID, LIST, DataField, DataTable

from .models import Term

TABLES = (
    DataTable(
        name="terms",
        title="Glossary",
        one="term",
        about="One word that the glossary explains. The explanation is among the texts of pages.",
        model=Term,
        rows=lambda on: Term.objects.published(),
        has_history=False,
        address="term",
        fields=(
            ID,
            DataField(
                "name", "As it stands inside a sentence.", derived=True, read=lambda term: term.live.words["name"]
            ),
            DataField("also", "Other words for it.", LIST, derived=True, read=lambda term: term.others),
            DataField("linked", "Whether texts link to it where they use it first.", BOOLEAN),
        ),
    ),
)
