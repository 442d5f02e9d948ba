"""What no form of ours sends, such as words where a key belongs. It gets a clear answer, and writes nothing."""

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import BadRequest, FieldError
from django.db import connection
from django.http import Http404, HttpResponse

from faq.models import Question
from portal.pages.senseless import Senseless
from portal.publishing.models import AuditEntry, Change, Edition

from .forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(4)]


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
        "/admin/auth/user/?username__iregex=(a%2B)%2B%24",
        "/account/login/code/?next=https://%5B::1",
    ],
)
def test_words_for_a_key_in_an_address_are_answered_by_a_page_that_says_so(desk, administrator, address):
    response = desk(administrator).get(address)
    assert response.status_code == 400 and "We couldn’t read that request" in response.content.decode()


@pytest.mark.parametrize("value", ["words", "9" * 30])
def test_what_cannot_be_read_leaves_the_words_beside_it_on_the_page(desk, administrator, value):
    staff, question = desk(administrator), Question.objects.get(slug="types")
    address = f"/admin/faq/question/{question.pk}/change/"
    sent = filled(staff.get(address)) | {"_save": "Save", "csrfmiddlewaretoken": "one"}
    sent |= {"editions-0-in_short": "Words of an hour.", "editions-0-sources": value}
    response = staff.post(address, sent)
    assert response.status_code in (200, 400) and "Words of an hour." in response.content.decode()


def test_a_search_of_a_thousand_words_is_none(desk, administrator):
    staff = desk(administrator)
    assert staff.get("/admin/publishing/auditentry/", {"q": "word " * 50}).status_code == 200
    assert staff.get("/admin/publishing/auditentry/", {"q": "word " * 1000}).status_code == 400


def test_a_form_of_tags_that_never_end_is_shown_again(client):
    """Django refuses to take them out, and the page that says so would have taken them out."""
    typed = {"csrfmiddlewaretoken": "one", "notice": "<a " * 12_000 + "words <b>of an hour</b>"}
    response = client.post("/desk/record/", typed)
    assert response.status_code == 403 and "words of an hour" in response.content.decode()


def fails(request):
    """How an error that a library raised over a value is answered."""
    with pytest.raises((ValueError, OverflowError, FieldError)) as raised:
        Question.objects.get(**{request.GET.get("by", "pk"): request.GET["value"]})
    return Senseless(lambda request: HttpResponse()).process_exception(request, raised.value)


def test_only_what_was_sent_and_could_not_be_read_is_the_fault_of_whoever_sent_it(rf):
    with pytest.raises(BadRequest):
        fails(rf.get("/", {"value": "words"}))
    assert fails(rf.get("/", {"value": "1", "by": "slug__nonsense"})) is None


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL compares any number")
@pytest.mark.parametrize(("value", "by"), [("9" * 30, "pk"), ("9999", "editions__published_at__year")])
def test_nothing_is_where_a_number_is_too_large(rf, value, by):
    with pytest.raises(Http404):
        fails(rf.get("/", {"value": value, "by": by}))


def test_an_error_of_our_own_over_a_sent_value_stays_an_error(rf):
    request, ours = rf.get("/", {"value": "words"}), {}
    exec(compile("def read(value): return int(value)", f"{settings.BASE_DIR}/portal/reading.py", "exec"), ours)  # noqa: S102
    with pytest.raises(ValueError, match="invalid literal") as raised:
        ours["read"]("words")
    assert Senseless(lambda request: HttpResponse()).process_exception(request, raised.value) is None


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
