"""What people get wrong: claims that readers check themselves by, and the answers that each leads to."""

import pytest
from django.urls import resolve

from faq.models import Belief, Question
from portal.publishing import coach
from portal.publishing.parts import passages

pytestmark = pytest.mark.django_db


def test_every_claim_opens_to_a_word_for_its_verdict_and_leads_to_its_page(client):
    page = client.get("/know/").content.decode()
    claims = list(Belief.objects.published())
    assert len(claims) >= 10 and {claim.verdict for claim in claims} == set(Belief.Verdict)
    assert page.count("<summary><q>") == len(claims)
    assert page.count("<strong>This is not true") == sum(claim.verdict == "not-true" for claim in claims)
    assert "<form" not in page.partition('id="check"')[2].partition("</main>")[0]  # nothing to send, nothing to count
    assert all(f'href="{claim.get_absolute_url()}"' in page for claim in claims)


def test_every_claim_says_who_found_it_rests_on_read_sources_and_leads_to_a_page_of_ours(client):
    for claim in Belief.objects.published():
        words, sources = claim.live.words, list(claim.live.sources.all())
        assert len(words["documented"]) > 80 and sources and all(source.read_on for source in sources)
        assert resolve(words["onward_address"]) and client.get(words["onward_address"]).status_code == 200


def test_claims_read_easily(client):
    for claim in Belief.objects.published():
        reading = coach.read(passages(Belief.PARTS, claim.live.words))
        assert reading.grade <= 8, (claim.slug, reading.grade)


def test_a_page_tells_the_verdict_who_found_it_and_that_nobody_reviewed_it(client):
    page = client.get("/know/always-mild/").content.decode()
    assert "This is not true" in page and "105 people" in page
    assert "has not yet been reviewed by a medical professional" in page and 'href="/faq/side-effects/"' in page


def test_a_claim_that_is_true_is_not_called_wrong_above_its_verdict(client):
    page = client.get("/know/any-organ/").content.decode()
    above = page.partition("</h1>")[0].partition("<h1")[0]
    assert "This is true" in page and above.endswith('<p class="say">True or not?</p>\n')


def test_readers_find_the_claims_from_the_home_page_the_questions_and_the_search(client):
    assert all('href="/know/"' in client.get(address).content.decode() for address in ("/", "/faq/"))
    found = client.get("/search/", {"q": "side effects always mild"}).content.decode()
    assert 'href="/know/always-mild/"' in found


def test_machines_are_told_a_claim_only_with_its_verdict(client):
    page = client.get("/know/always-mild/").content.decode()
    assert '"name":"True or not? Every side effect of immunotherapy' in page
    assert '"acceptedAnswer":{"@type":"Answer","text":"This is not true. Many' in page


def test_an_answer_leads_back_to_the_claims_about_it(client):
    page = client.get("/faq/side-effects/").content.decode()
    assert 'href="/know/always-mild/"' in page


def test_a_claim_that_somebody_drafts_is_nowhere(client, editor):
    from portal.publishing import actions

    claim = Belief.objects.create(slug="drafted")
    draft = actions.start_draft(claim, by=editor)
    actions.save_draft(draft, by=editor, claim="Secret claim.", onward_address="/faq/side-effects/")
    assert Question.objects.exists() and client.get("/know/drafted/").status_code == 404
    assert not any(b"Secret claim" in client.get(at).content for at in ("/know/", "/faq/side-effects/", "/sitemap.xml"))
