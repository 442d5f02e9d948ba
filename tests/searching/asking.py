"""What a search finds, and the names that it should know."""

from portal.publishing.search.finding import find
from therapies.fact_kinds import SEARCHED
from therapies.models import Therapy, TherapyFact


def addresses(typed: str, **how: bool) -> list[str]:
    return [match.entry.address for match in find(typed, **how).matches]


def therapy_names() -> list[tuple[str, str, str]]:
    """Kind, name and address, for every name that a fact gives a published therapy."""
    pages = {page.pk: page.get_absolute_url() for page in Therapy.objects.published()}
    facts = TherapyFact.objects.filter(kind__in=SEARCHED, therapy__in=pages).values_list("kind", "value", "therapy")
    found = [(kind, one.strip(), pages[key]) for kind, value, key in facts for one in value.split(";")]
    return found + [("name", page.name, pages[page.pk]) for page in Therapy.objects.published()]
