"""What no form of ours sends, such as words where a key belongs. It gets a clear answer, and writes nothing."""

from urllib.parse import urlencode

import pytest
from django.contrib import admin

from faq.models import Question
from portal.publishing.models import AuditEntry, Change, Edition

from .forms import filled

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("field", ["editions-0-sources", "therapies", "topic"])
@pytest.mark.parametrize("value", ["words", ["1", "words"], "NUL\x00", "9" * 30])
def test_words_for_a_key_in_the_form_of_a_page_change_nothing(desk, administrator, field, value):
    staff, question = desk(administrator), Question.objects.get(slug="types")
    sent = filled(staff.get(f"/admin/faq/question/{question.pk}/change/"))
    before = [model.objects.count() for model in (AuditEntry, Change, Edition)]
    sent |= {"_save": "Save", "_why": "Why.", "editions-0-change_note": "Another.", field: value}
    response = staff.post(f"/admin/faq/question/{question.pk}/change/", sent)
    assert response.status_code in (200, 400, 404)
    assert [model.objects.count() for model in (AuditEntry, Change, Edition)] == before


@pytest.mark.parametrize(
    "address",
    [
        "/admin/therapies/cancer/add/?parent=words",
        "/admin/faq/question/add/?therapies=1,words",
        "/admin/publishing/source/?id__range=1",
        "/admin/publishing/medicalcredential/add/?user=words",
    ],
)
def test_words_for_a_key_in_an_address_are_answered_by_a_page_that_says_so(desk, administrator, address):
    response = desk(administrator).get(address)
    assert response.status_code == 400 and "We couldn’t read that request" in response.content.decode()


@pytest.mark.slow
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("term", ["x", "%00", "%ff"])
def test_no_relation_breaks_the_search_for_rows_from_either_side(desk, administrator, term):
    staff = desk(administrator)
    for model in admin.site._registry:
        for field in [*(field.name for field in model._meta.get_fields()), "nonsense"]:
            asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}
            response = staff.get(f"/admin/autocomplete/?{urlencode(asked)}&term={term}")
            assert response.status_code in (200, 400, 403, 404), asked


def test_no_screen_holds_a_copy_of_the_options_that_all_screens_share():
    """A search for people through such a copy left every form of a page broken until the next start."""
    for model, screen in admin.site._registry.items():
        assert getattr(screen.opts, "_options", screen.opts) is model._meta
