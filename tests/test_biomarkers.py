"""The list of test results: grouped by what the test looks for, each with the names that a report may use."""

import re

import pytest
from django.utils.html import escape

from therapies.models import Biomarker

pytestmark = pytest.mark.django_db


def groups(client) -> dict[str, str]:
    """The HTML of each group by its heading."""
    page = client.get("/biomarkers/").content.decode()
    return dict(re.findall(r"<section>\s*<h2[^>]*>([^<]+)</h2>(.*?)</section>", page, flags=re.S))


def test_each_test_result_stands_once_in_the_group_of_what_the_test_looks_for(client):
    found = groups(client)
    assert list(found) == Biomarker.Kind.labels
    for page in Biomarker.objects.published():
        holding = [kind for kind, html in found.items() if f'href="{page.get_absolute_url()}"' in html]
        assert holding == [page.get_kind_display()]


def test_a_group_without_a_page_is_not_there(client):
    Biomarker.objects.filter(kind=Biomarker.Kind.TISSUE).update(kind=Biomarker.Kind.PROTEIN)
    assert Biomarker.Kind.TISSUE.label not in groups(client)


@pytest.mark.parametrize(("slug", "name"), [("msi-h-dmmr", "MSI-H"), ("ctdna-mrd", "ctDNA"), ("pd-l1", "CPS")])
def test_a_reader_finds_the_words_of_the_report(client, slug, name):
    page = Biomarker.objects.get(slug=slug)
    row = groups(client)[page.get_kind_display()].partition(f"{escape(page.name)}</a>")[2].partition("</li>")[0]
    assert re.search(rf"\b{name}\b", row)
