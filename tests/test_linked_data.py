"""What pages tell machines: in the words of schema.org, the same as people read, and nothing that can run."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils.html import strip_tags

from faq.models import Question
from portal.pages.models import SiteSettings
from portal.publishing import actions
from portal.publishing.linked_data import block, node
from portal.publishing.models import Edition, MedicalCredential
from therapies.models import ApprovalEvent, Therapy

from .public import EXAMPLES, FACTS, FIXED

pytestmark = pytest.mark.django_db
KNOWN = json.loads((Path(__file__).parent / "schema_org.json").read_text())
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)
#: What a plain string may stand for.
LITERALS = {"Text", "URL", "Date", "DateTime", "CssSelectorType", "Integer", "Number"}


def told_by(client, address: str) -> dict[str, Any]:
    page = client.get(address).content.decode()
    (found,) = BLOCK.findall(page)
    return json.loads(found)


def words_of(client, address: str) -> str:
    page = client.get(address).content.decode()
    return " ".join(
        html.unescape(strip_tags(re.sub(r"<head>.*?</head>|</(p|li|h\d|td|th)>", " ", page, flags=re.S))).split()
    )


def kinds(of: Any) -> list[str]:
    return of if isinstance(of, list) else [of]


def above(kind: str) -> set[str]:
    return {kind, *(one for parent in KNOWN["types"][kind] for one in above(parent))}


def wrong(node: dict[str, Any], at: str = "") -> Iterator[str]:
    """What schema.org does not know of a node, and of all inside it."""
    its = {name for kind in kinds(node["@type"]) for name in (above(kind) if kind in KNOWN["types"] else ())}
    yield from (f"{at}: no type {kind}" for kind in kinds(node["@type"]) if kind not in KNOWN["types"])
    for name, value in node.items():
        if name in ("@type", "@context", "@id"):
            continue
        if name not in KNOWN["properties"] or its.isdisjoint(KNOWN["properties"][name]["of"]):
            yield f"{at}: {node['@type']} has no {name}"
            continue
        holds = set(KNOWN["properties"][name]["holds"])
        for one in kinds(value):
            if isinstance(one, dict):
                fits = not holds.isdisjoint(kind for k in kinds(one["@type"]) for kind in above(k))
                yield from wrong(one, f"{at}.{name}")
            else:
                member = str(one).removeprefix("https://schema.org/")
                known = {kind for k in KNOWN["members"].get(member, ()) for kind in above(k)}
                fits = not holds.isdisjoint(known | LITERALS if member == str(one) else known)
            if not fits or one in ("", [], {}):
                yield f"{at}.{name}: {one!r} is none of {sorted(holds)}"


def test_the_vocabulary_finds_what_is_wrong():
    bad = {"@type": "Drug", "name": "x", "possibleTreatment": "y", "drugClass": node("Person", name="z")}
    assert len(list(wrong(bad))) == 2 and list(wrong({"@type": "Nothing"}))
    assert list(wrong({"@type": "MedicalWebPage", "specialty": "https://schema.org/Nothing"}))


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    "address", ["/", "/faq/", "/glossary/", "/approvals/", "/about/", "/data/", "/data/api/", *FACTS, *EXAMPLES]
)
def test_a_page_says_what_it_is_in_known_words(client, address):
    told = told_by(client, address)
    assert not list(wrong(told)) and told["url"] == f"http://testserver{address}"
    page = client.get(address).content.decode()
    assert f"<title>{html.escape(told['name'], quote=False)} ·" in html.unescape(page).replace("&", "&amp;")
    steps = kinds(told.get("breadcrumb", {}).get("itemListElement", []))
    crumbs = re.search(r'<nav class="crumbs".*?</nav>', page)
    shown = re.findall(r'href="([^"]*)"', crumbs[0]) if crumbs else []
    assert [step["item"]["@id"] for step in steps[:-1]] == [f"http://testserver{at}" for at in shown]


@pytest.mark.slow
def test_every_page_says_what_it_is_in_known_words(client):
    from .public import addresses

    pages = [at for at in addresses() if at.endswith("/")]
    assert len(pages) > 200 > len(FIXED)
    assert {at: found for at in pages if (found := list(wrong(told_by(client, at))))} == {}


def test_a_drug_is_told_as_its_page_tells_it(client):
    drug = told_by(client, "/therapies/idecabtagene-vicleucel/")["mainEntity"]
    read = words_of(client, "/therapies/idecabtagene-vicleucel/")
    assert drug["@type"] == "Drug" and drug["name"] == "Idecabtagene vicleucel" and drug["proprietaryName"] == "Abecma"
    assert drug["warning"] in read and drug["mechanismOfAction"][:60] in read and drug["description"] in read
    assert drug["legalStatus"]["name"] == "FDA approved"
    assert drug["drugClass"]["url"].startswith("http://testserver/therapies/types/")
    assert all(name in read for name in kinds(drug["alternateName"]))


def test_a_warning_that_nobody_confirmed_is_told_as_not_confirmed(client):
    therapy = Therapy.objects.published().get(slug="pembrolizumab")
    therapy.facts.filter(kind="boxed-warning").delete()
    warning = told_by(client, "/therapies/pembrolizumab/")["mainEntity"]["warning"]
    assert warning in words_of(client, "/therapies/pembrolizumab/")


def test_what_ended_is_no_treatment_and_what_is_early_says_so(client):
    assert told_by(client, "/therapies/olaratumab/")["mainEntity"]["legalStatus"]["name"] == "FDA approval withdrawn"
    sarcoma = Therapy.objects.get(slug="olaratumab").indications.first().cancer.get_absolute_url()
    for address in (sarcoma, "/cancers/melanoma/", "/cancers/lung-cancer/"):
        told = kinds(told_by(client, address)["mainEntity"].get("possibleTreatment", []))
        status = {one["url"].split("/")[-2]: one["legalStatus"]["name"] for one in told}
        assert "olaratumab" not in status and set(status.values()) <= {"FDA approved", "FDA accelerated approval"}
        for slug, name in status.items():
            uses = Therapy.objects.get(slug=slug).indications.in_force()
            regular = ApprovalEvent.objects.filter(indication__in=uses, kind__in=("approval", "converted"))
            assert name == "FDA accelerated approval" or regular.exists()
    melanoma = told_by(client, "/cancers/melanoma/")["mainEntity"]["possibleTreatment"]
    assert "FDA accelerated approval" in {one["legalStatus"]["name"] for one in melanoma}


def test_a_past_day_and_a_page_that_is_not_there_tell_of_no_drug(client):
    assert "mainEntity" not in told_by(client, "/therapies/pembrolizumab/?on=2019-02-28")
    assert not BLOCK.search(client.get("/therapies/nothing/").content.decode())


def test_a_site_and_its_publisher_have_one_name_on_every_page(client):
    told = [
        told_by(client, at) for at in ("/", "/about/", "/data/api/", "/search/", "/trials/", "/therapies/nivolumab/")
    ]
    assert {one["isPartOf"]["@id"] for one in told} == {"http://testserver/#site"}
    assert {one["publisher"]["@id"] for one in told} == {"http://testserver/#publisher"}
    site = told[1]["mainEntity"]
    assert (site["@type"], site["@id"]) == ("WebSite", told[0]["isPartOf"]["@id"])
    assert site["publisher"]["name"] == told[0]["publisher"]["name"]
    assert (told[2]["mainEntity"]["@type"], told[3]["@type"]) == ("WebAPI", "SearchResultsPage")


def test_only_a_text_that_a_professional_read_has_a_reviewer(client, published, question, editor, reviewer):
    assert not {"lastReviewed", "reviewedBy"} & told_by(client, "/therapies/pembrolizumab/").keys()
    words = {"question": "Is this new?", "in_short": "Yes.", "answer": "<p>It is.</p>"}
    edition = published(question, **words)
    assert not {"lastReviewed", "reviewedBy"} & told_by(client, question.get_absolute_url()).keys()
    MedicalCredential.objects.create(user=reviewer, shown_as="A. Doctor, MD")
    actions.review_unchanged(Edition.objects.get(pk=edition.pk), by=reviewer)
    told = told_by(client, question.get_absolute_url())
    assert told["reviewedBy"] == {"@type": "Person", "name": "A. Doctor, MD"} and told["lastReviewed"]


def test_questions_are_told_with_the_answers_that_the_page_shows(client):
    told = told_by(client, "/faq/")
    assert len(told["mainEntity"]) == Question.objects.published().count() and "FAQPage" in told["@type"]
    read = words_of(client, "/faq/")
    assert all(one["acceptedAnswer"]["text"] in read and one["name"] in read for one in told["mainEntity"])


def test_no_text_ends_the_block(client):
    evil = "</script><script>alert(1)</script><!-- & \u2028"
    SiteSettings.objects.filter(pk=1).update(organization=evil)
    assert told_by(client, "/about/")["publisher"]["name"] == evil
    assert "<" not in BLOCK.findall(block([node("Thing", name=evil)]))[0]


def test_the_home_page_tells_little(client):
    assert len(BLOCK.findall(client.get("/").content.decode())[0].encode()) < 900
