"""The page of a cancer: one row a treatment, in the order and the words of a reader."""

import re
from collections import Counter
from datetime import date

import pytest
from django.utils.html import escape

from portal.publishing.templatetags.publishing import listed
from therapies import reading, timeline
from therapies.models import ApprovalEvent, Cancer, EarlierTerms, Indication, Therapy

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(10)]
Stage = Indication.Stage


def page_of(client, slug: str) -> str:
    return re.sub(r"\s+", " ", client.get(f"/cancers/{slug}/").content.decode())  # where its lines end says nothing


def test_a_use_is_told_in_plain_words_and_its_medical_terms_are_folded(client):
    use = Indication.objects.get(therapy__slug="cemiplimab", stage=Stage.SURGERY)
    Indication.objects.filter(pk=use.pk).update(plainly="For a plain reason")
    page = page_of(client, use.cancer.slug)
    assert "(Libtayo): For a plain reason</p>" in page
    assert f">In medical terms, with sources</summary> <p>{use.setting}</p>" in page


def test_for_whom_a_decision_changed_a_use_is_folded_and_the_decision_stays_in_sight(client):
    rows = re.findall(r'<li class="use".*?</li>', page_of(client, "melanoma"), flags=re.S)
    changed = [row for row in rows if "Before that, the approved use was “" in row]
    assert len(changed) > 3
    for row in changed:
        before, folded, after = re.fullmatch(r"(.*)(<details.*</details>)(.*)", row, flags=re.S).groups()
        assert "with changes and sources</summary>" in folded
        assert "Before that" not in before + after
        assert re.search("(Expanded|Narrowed|Confirmed) .*<time", after)


def test_a_use_that_nobody_put_in_plain_words_yet_keeps_its_medical_terms_in_sight(client):
    use = Indication.objects.get(therapy__slug="cemiplimab", stage=Stage.SURGERY)
    Indication.objects.filter(pk=use.pk).update(plainly="")
    assert f"(Libtayo): {use.setting}</p>" in page_of(client, use.cancer.slug)


def test_a_row_links_its_drugs_and_tests_and_folds_a_source_for_each_decision(client):
    rows = re.findall(r'<li class="use".*?</li>', page_of(client, "lymphoma"), flags=re.S)
    assert len(rows) > 30
    for row in rows:
        folded = re.search(r'<details class="terms">(.*?)</details>', row, flags=re.S)[1]
        decisions = row.split('class="when"')[1].partition("</p>")[0].count("<time")
        assert folded.count("<p>") - ("In medical terms" in folded) == decisions > 0
        for address in re.findall('href="([^"]+)"', row.replace(folded, "")):
            assert address.startswith(("/therapies/", "/biomarkers/", "#m-"))


def test_a_row_names_a_kind_of_cancer_only_where_its_own_words_do_not(client):
    def tagged(page):
        rows = re.findall(r'<p class="setting"[^>]*>(.*?)</p> <p class="tags"[^>]*>([^.<]*)\.', page_of(client, page))
        return {kind: setting for setting, kind in rows}

    assert "Non-small cell lung cancer" not in tagged("lung-cancer")
    skin = tagged("skin-cancer")
    assert "squamous cell skin cancer" in skin["Cutaneous squamous cell carcinoma"]


def test_two_drugs_that_fda_allowed_together_are_one_row_that_names_both(client):
    page = page_of(client, "liver-cancer")
    row = r"<strong>Durvalumab</strong></a> \(Imfinzi\) with <a [^>]+><strong>tremelimumab</strong></a> \(Imjudo\): "
    assert len(re.findall(row, page)) == 1
    assert "<strong>Tremelimumab</strong>" not in page


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (["chemotherapy"], "chemotherapy"),
        (["carboplatin", "paclitaxel"], "carboplatin and paclitaxel"),
        (["bevacizumab", "paclitaxel", "carboplatin"], "bevacizumab, paclitaxel, and carboplatin"),
        (["etoposide", "carboplatin or cisplatin"], "etoposide, plus carboplatin or cisplatin"),
        (
            ["trastuzumab", "fluoropyrimidine and platinum chemotherapy"],
            "trastuzumab, plus fluoropyrimidine and platinum chemotherapy",
        ),
        (["paclitaxel, with or without bevacizumab"], "paclitaxel, with or without bevacizumab"),
    ],
)
def test_partners_are_written_as_people_write_them(names, written):
    assert listed(names) == written


def test_partners_are_written_alike_in_rows_in_the_list_of_approvals_and_in_feeds(client):
    use = Indication.objects.in_force().filter(therapy__slug="pembrolizumab", stage=Stage.FIRST)
    use = use.order_by("-events__date").first()  # a feed tells the newest
    EarlierTerms.objects.filter(event__indication=use).delete()
    Indication.objects.filter(pk=use.pk).update(combination="pemetrexed; carboplatin; radiation")
    written = "pemetrexed, carboplatin, and radiation"
    assert f"Together with {written}." in client.get("/therapies/pembrolizumab/").content.decode()
    assert f"together with {written}</p>" in client.get("/approvals/?year=all").content.decode()
    assert f"Given with: {written}." in client.get("/feeds/therapies/pembrolizumab.atom").content.decode()


def test_a_row_names_another_cancer_than_the_one_of_the_page_alone(client):
    for slug, kinds in (("bladder-cancer", True), ("urothelial-carcinoma", False)):
        page = page_of(client, slug)
        rows = page[page.index('id="approved"') : page.index('id="trials"')]
        assert 'id="withdrawn"' in rows and f'href="/cancers/{slug}/"' not in rows
        assert bool(re.search('<p class="tags"[^>]*>Urothelial carcinoma [(]advanced[)]. ', rows)) is kinds


def test_a_row_says_of_an_approved_use_that_its_therapy_is_no_longer_sold(client):
    def told(page: str) -> list[bool]:
        rows = re.findall(r'<li class="use[" ].*?</li>', page, re.S)
        return [
            "No longer sold for this use in the US." in row for row in rows if "Ofatumumab" in row or "Rituximab" in row
        ]

    page = page_of(client, "chronic-lymphocytic-leukemia")
    assert sorted(told(page)) == [False, *[True] * 4], "only of ofatumumab, which FDA did not withdraw"
    past = client.get("/therapies/ofatumumab/").content.decode()
    assert "No longer sold for this use in the US." not in past[past.index('id="uses"') :], "its own page says so once"
    sheet = client.post("/my-visit/", {"cancer": "chronic-lymphocytic-leukemia"}).content.decode()
    assert sheet.count("No longer sold for this use in the US.") >= 4


REGISTRY = re.compile(
    r"FIGO|at first|since (?:19|20)|conversion|original use|wild-type|metastatic|refractory|unresectable|[;()]|\.$",
    re.I,
)


def test_every_shipped_use_is_put_in_plain_words_of_its_own():
    seen = Counter()
    for row in Indication.objects.values_list("plainly", "combination", "therapy", "cancer"):
        assert 6 <= len(row[0].split()) <= 25 and not REGISTRY.search(row[0]), row[0]
        seen[row] += 1
    assert [row for row, number in seen.items() if number > 1] == []
    for plainly in EarlierTerms.objects.values_list("plainly", flat=True):
        assert 6 <= len(plainly.split()) <= 25 and not REGISTRY.search(plainly), plainly


def test_plain_words_leave_the_partners_to_the_line_below_them():
    """“With lenvatinib, as the first treatment … Together with lenvatinib.” says it twice."""
    twice = []
    for model in (Indication, EarlierTerms):
        for use in model.objects.exclude(combination=""):
            words = {word for name in use.partners for word in re.findall(r"[a-z]{5,}", name.lower())}
            given = re.findall(r"\bwith (?!faulty|[\w-]+ed )([\w -]+)", use.plainly.lower())
            twice += [use.plainly for told in given if words & set(told.split())]
    assert twice == []


#: What FDA says about the order, for uses that neither open a treatment nor repeat one.
PLACED = {
    "sipuleucel-t--prostate-cancer--castrate-resistant-metastatic": Stage.LATER,  # "hormone refractory"
    "blinatumomab--acute-lymphoblastic-leukemia--mrd-positive-remission": Stage.LATER,  # "in complete remission"
    "blinatumomab--acute-lymphoblastic-leukemia--consolidation-ph-negative": Stage.SUPPORT,  # a phase of chemotherapy
    "denosumab--bone-metastases--solid-tumors": Stage.SUPPORT,
    "denosumab--bone-metastases--multiple-myeloma": Stage.SUPPORT,
    "orca-t--blood-cancer--matched-donor-transplant": Stage.SUPPORT,
}


@pytest.mark.parametrize("use", PLACED)
def test_a_use_that_nobody_can_have_as_the_first_treatment_stands_elsewhere(use):
    therapy, code = use.split("--", 1)
    assert Indication.objects.get(therapy__slug=therapy, code=code).stage == PLACED[use]


def test_no_use_without_an_order_tells_of_treatment_before_it():
    before = re.compile(r"\bafter (?!surgery)|despite|remission|didn’t respond|bone problems|transplant")
    found = Indication.objects.filter(stage=Stage.ANY).exclude(code="chronic-myeloid-leukemia--chronic-phase")
    assert [use.plainly for use in found if before.search(use.plainly)] == []


def test_the_uses_stand_under_their_point_of_treatment_and_the_newest_decision_leads(client):
    page = page_of(client, "melanoma")
    headings = [str(stage.label) for stage in Stage if f"<h3>{stage.label}</h3>" in page]
    assert re.findall(r"<h3>(.*?)</h3>", page[: page.index('id="about"')])[: len(headings)] == headings
    for group in re.findall(r'<section class="group" id="(?!children).*?</section>', page, re.S):
        days = [re.findall(r'<time datetime="(.*?)"', row) for row in group.split('<li class="use')[1:]]
        newest = [max(f"{day}-31"[:10] for day in several) for several in days]  # of a month, its end
        assert newest == sorted(newest, reverse=True)


def test_the_page_begins_with_its_contents_and_what_is_approved(client):
    page = page_of(client, "bladder-cancer")
    places = [page.index(f'id="{name}"') for name in ("approved", "about", "withdrawn", "trials", "numbers", "sources")]
    assert places == sorted(places)
    contents = page[page.index('class="on-page"') : places[0]]
    links = re.findall(r'href="#(.*?)"', contents)
    assert {Stage.FIRST, Stage.SURGERY, Stage.LATER, "about", "withdrawn", "trials", "sources"} <= set(links)
    assert [name for name in links if f'id="{name}"' not in page] == []


def test_uses_for_children_are_gathered_and_lead_to_their_rows(client):
    page = page_of(client, "melanoma")
    group = page[page.index('id="children"') : page.index('id="about"')]
    links = re.findall(r'<a href="#(use-\d+)"', group)
    named = [row for row in re.findall(r'<li class="use".*?</li>', page, re.S) if "Children’s use included" in row]
    assert len(links) == len(named) > 3 and all(f'id="{link}"' in "".join(named) for link in links)
    assert "Ipilimumab with nivolumab</a>: For people 12 and older" in group


@pytest.mark.parametrize(("slug", "said"), [("neuroblastoma", "every use above"), ("prostate-cancer", "")])
def test_no_list_for_children_repeats_a_page_or_stands_empty(client, slug, said):
    page = page_of(client, slug)
    assert ('id="children"' in page) is bool(said) and said in page and 'href="#use-' not in page


def test_every_date_of_the_page_has_its_source_in_the_list_also_one_that_is_not_on_the_web(client):
    page = page_of(client, "non-small-cell-lung-cancer")
    listed_there = page[page.index("Sources of the dates") :]
    found = timeline.uses(reading.events().filter(indication__cancer__slug="non-small-cell-lung-cancer"), date.today())
    titles = {event.source.title for use in found for event in use.events}
    assert len(titles) > 3 and [title for title in titles if escape(title) not in listed_there] == []
    assert "Each date above" not in page


def test_what_an_expansion_added_is_told_in_plain_words_too():
    found = timeline.uses(reading.events(), date.today())
    steps = [step for use in found for step in use.story]
    told = [step.event.note for step in steps if step.word == timeline.WIDENED and step.event.note]
    assert len(told) >= 10
    ours = re.compile(r"supplement|subcutaneous|label of|decided|widened|candidates|\bS\d|\d{4}-\d\d", re.I)
    assert [note for note in told if ours.search(note) or len(note.split()) > 15] == []


def test_a_test_result_is_not_repeated_in_each_row_of_its_own_page(client):
    page = client.get("/biomarkers/msi-h-dmmr/").content.decode()
    assert page.count('<li class="use') > 5 and 'Needs a test: <a href="/biomarkers/msi-h-dmmr/' not in page
    assert 'href="/biomarkers/msi-h-dmmr/"' in client.get("/cancers/colorectal-cancer/").content.decode()


def use(therapy: str, combination: str = "", **given) -> timeline.Use:
    owner = Therapy(pk=ord(therapy), name=therapy)
    told = {"pk": given.pop("pk", 1), "stage": given.pop("stage", "first")}
    indication = Indication(therapy=owner, cancer_id=1, combination=combination, **told)
    event = ApprovalEvent(date=date(given.pop("year", 2020), 1, 1), kind="approval")
    return timeline.Use(indication, [event], date(2026, 1, 1))


def test_the_order_does_not_hang_on_keys_which_differ_where_a_site_was_upgraded(client):
    def told() -> list[str]:
        return re.findall(r"<strong>[^<]*</strong>|<p>[^<]*</p>", page_of(client, "breast-cancer"))

    before = told()
    use = Indication.objects.get(therapy__slug="pertuzumab", code__endswith="--first-line-with-trastuzumab-deruxtecan")
    events, tests, code = list(use.events.all()), list(use.biomarkers.all()), use.code
    Indication.objects.filter(pk=use.pk).update(code="as-it-was")
    use.pk, use.short_id = None, ""
    use.save()
    use.biomarkers.set(tests)
    ApprovalEvent.objects.filter(pk__in=[event.pk for event in events]).update(indication=use)
    assert use.code == code and told() == before


@pytest.mark.parametrize(
    "other",
    [
        use("b", "A; chemotherapy"),
        use("b", "a", stage="later"),
        use("b", "a", year=2021),
        use("A", "b", pk=2),
    ],
)
def test_another_partner_line_or_day_is_another_row(other):
    assert len(timeline.regimens([use("A", "b"), other])) == 2


def test_names_of_partners_match_in_any_order_and_case():
    rows = timeline.regimens([use("A", "B; carboplatin"), use("b", "Carboplatin; a")])
    assert [row.others for row in rows] == [["carboplatin"]]


@pytest.mark.slow
def test_no_cancer_lists_a_row_twice_and_each_with_a_first_treatment_says_so(client):
    first = Indication.objects.in_force().filter(stage=Stage.FIRST)
    for cancer in Cancer.objects.published():
        page = page_of(client, cancer.slug)
        approved = page[page.index('id="approved"') : page.index('id="trials"')]
        told = re.findall(r'<li class="use[^>]*>(.*?)</li>', approved, re.S)
        rows = Counter(re.sub(r"\s+", " ", row) for row in told)
        assert [row for row, number in rows.items() if number > 1] == [], cancer.slug
        if first.filter(cancer=cancer).exists():
            assert "<h3>As the first treatment</h3>" in approved, cancer.slug


def test_how_to_hear_of_new_approvals_is_said_in_words(client):
    page = page_of(client, "melanoma").partition('id="follow"')[2].partition("</section>")[0]
    assert "feed reader" in page and 'href="/feeds/cancers/melanoma.atom"' in page and "<form" not in page
