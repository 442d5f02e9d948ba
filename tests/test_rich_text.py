"""Rich text: what may stand in it, where its links may lead, and what the Insert menu offers."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.forms import ModelForm, modelform_factory
from django.http import QueryDict
from django.utils.http import urlencode

from faq.models import Question
from portal.pages.models import TakePartLink, TermEdition
from portal.publishing import actions, prose
from portal.publishing.drafts import DraftForm, unspelled
from portal.publishing.links import allowed
from portal.publishing.models import Source

from .conftest import ANSWER

pytestmark = pytest.mark.django_db
FIELDS = [*Edition.TEXT, "change_note"]
AnswerForm: type[ModelForm] = modelform_factory(Edition, form=DraftForm, fields=FIELDS)


def form(**typed: str) -> ModelForm:
    return AnswerForm(QueryDict(urlencode(ANSWER | typed)), instance=Edition(page=Question.objects.first()))


# What may stand in it ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "kept",
    [
        "<h3>A heading</h3><p>Words.</p><h4>A lower one</h4>",
        "<ul><li><p>One</p><ol><li><p>Two</p></li></ol></li></ul>",
        '<ol start="4"><li><p>Four</p></li></ol>',
        '<p><strong>Bold</strong>, <em>slanted</em>,<br><a href="/cancers/" title="All">linked</a>.</p>',
        '<table><tbody><tr><th colspan="2" scope="col"><p>Head</p></th></tr><tr><td><p>a</p></td></tr></tbody></table>',
    ],
)
def test_headings_lists_links_and_tables_stay_as_they_are(kept):
    assert prose.ProseField.sanitised(kept) == kept


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("<h1>Too high</h1>", "Too high"),
        ('<td colspan="1">', ""),
        ('<table><tr><td colspan="1" rowspan="x" width="9" style="x">a</td></tr></table>',
         "<table><tbody><tr><td>a</td></tr></tbody></table>"),
        ('<table><tr><th scope="onclick" colspan="999">a</th></tr></table>',
         "<table><tbody><tr><th>a</th></tr></tbody></table>"),
        ("<p>One</p><p></p><h3> </h3><p>Two</p>", "<p>One</p><p>Two</p>"),
        ('<p class="MsoNormal" style="mso-x:y">Word<o:p></o:p><!--[if mso]>no<![endif]--></p>', "<p>Word</p>"),
    ],
)  # fmt: skip
def test_what_a_page_has_no_place_for_is_dropped(typed, stored):
    assert prose.ProseField.sanitised(typed) == stored


def test_what_the_editor_spells_in_its_own_way_is_no_change():
    shipped = prose.from_markdown("### Signs\n\n- One\n- Two\n\nCall.")
    assert unspelled(shipped) == unspelled("<h3>Signs</h3><ul><li>One</li><li>Two</li></ul><p>Call.</p>")
    theirs = "<table><thead><tr><th scope='col'>A</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>"
    ours = '<table><tbody><tr><th colspan="1" rowspan="1"><p>A</p></th></tr><tr><td><p>b</p></td></tr></tbody></table>'
    assert unspelled(theirs) == unspelled(ours)
    assert unspelled('<ol data-type="decimal"><li><p>x</p></li></ol>') == unspelled("<ol><li>x</li></ol>")
    assert unspelled("<h3>Signs</h3>") != unspelled("<h4>Signs</h4>")


def test_a_wide_table_scrolls_by_itself_and_can_be_reached_by_keyboard():
    shown = prose.render("<table><tbody><tr><td>a</td></tr></tbody></table>")
    assert shown.startswith('<div class="table" role="group" aria-label="Table" tabindex="0"><table>')
    assert shown.endswith("</table></div>")


# Links -----------------------------------------------------------------------------------------

GOOD = ["https://www.cancer.gov/", "mailto:team@example.org", "tel:+1-800-555-0100", "/cancers/", "/faq/types/#sources"]
BAD = [
    "", "http://www.cancer.gov/", "www.cancer.gov", "//evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example", "https://", "https://fda.gov@evil.example/", "https:\\\\evil.example", "javascript:alert(1)",
    "java\tscript:alert(1)",
    "JaVaScRiPt:alert(1)", "\x01javascript:alert(1)", "data:text/html,x", "vbscript:x", "blob:https://a/b",
    "file:///etc/passwd",
    "/a b", "https://a.example/\u202e", "https://a.example/\n", "#top", "ftp://a.example/",
]  # fmt: skip


@pytest.mark.parametrize("address", GOOD)
def test_links_lead_out_by_https_mail_and_telephone_or_to_a_page_here(address):
    assert allowed(address)
    assert prose.ProseField.sanitised(f'<p><a href="{address}">x</a></p>') == f'<p><a href="{address}">x</a></p>'
    assert form(answer=f'<p><a href="{address}">x</a></p>', onward_address=address).is_valid()


@pytest.mark.parametrize("address", BAD)
def test_other_links_are_refused_with_a_sentence_and_die_on_every_other_road(address, editor):
    assert not allowed(address)
    filled = form(answer=f'<p>See <a href="{address}">the list</a>.</p>')
    assert "the list" in str(filled.errors["answer"]) and "Begin it with https://" in str(filled.errors["answer"])
    if (typed := address.strip()) and not allowed(typed):
        assert "Begin it with https://" in str(form(onward_address=typed).errors["onward_address"])
    assert prose.ProseField.sanitised(f'<p><a href="{address}">x</a></p>') == "<p><a>x</a></p>"
    link = TakePartLink.objects.first()
    TakePartLink.objects.filter(pk=link.pk).update(address=address)
    link.refresh_from_db()
    assert link.address == ""


def test_a_refused_link_names_itself_and_what_was_typed_stays():
    filled = form(answer='<p>See <a href="http://old.example/">the <em>old</em> list</a>.</p>')
    assert filled.errors["answer"] == [
        "The link “the old list” leads to “http://old.example/”. Begin it with https:// (or mailto: or tel:), "
        "or with / for a page of this site."
    ]
    assert "href=&quot;http://old.example/&quot;" in str(filled["answer"])


def test_a_source_may_stand_at_http_and_nowhere_else():
    source = Source.objects.create(title="x", url="http://www.fda.gov/old")
    source.full_clean()
    for refused in ("javascript:alert(1)", "/cancers/", "ftp://a.example/"):
        with pytest.raises(ValidationError, match="no address that readers can follow"):
            Source(title="y", url=refused).full_clean()
        source.url = refused
        source.save()
        source.refresh_from_db()
        assert source.url == ""


# Figures and the Insert menu ---------------------------------------------------------------------


def test_a_figure_is_filled_in_between_tags_and_never_inside_one():
    html = '<p><a href="/x/" title="[[as-of]] &quot;>[[as-of]]">[[approved-therapies: 2019-02-28]]</a></p>'
    assert prose.render(html) == html.replace("[[approved-therapies: 2019-02-28]]", "46")


@pytest.mark.parametrize(
    "broken", ["[[as-of", "[[as-of]", "[[<strong>as-of</strong>]]", "[[as-of: [[as-of]]]]", "[[ ]]"]
)
def test_brackets_that_are_no_figure_are_refused(broken):
    assert "There is no figure called" in str(form(answer=f"<p>{broken}</p>").errors["answer"])
    assert "There is no figure called" in str(
        form(in_short=broken.replace("<strong>", "").replace("strong", "")).errors
    )


def test_a_line_that_shows_no_figures_refuses_them():
    assert "Figures are for running text." in str(form(question="Are there [[approved-therapies]]?").errors["question"])


def test_the_other_words_for_a_term_take_no_figures(desk, editor):
    assert TermEdition.QUOTING == ("in_short",)
    page = desk(editor).get("/admin/pages/term/add/").content.decode()
    assert page.count("data-insert=") == 1 and re.search(r'name="editions-0-in_short"[^>]*data-insert', page)


def test_the_insert_menu_says_in_plain_words_what_there_is_and_what_readers_see_now(desk, editor):
    response = desk(editor).get("/admin/publishing/picture/insertions/")
    offered = {line["text"]: line for line in response.json()["insertions"]}
    assert "no-store" in response.headers["Cache-Control"]
    assert offered["[[approved-therapies]]"]["label"] == "Number of therapies approved today"
    melanoma = offered["[[therapies-for: melanoma]]"]
    assert (melanoma["group"], melanoma["label"]) == ("Number of therapies approved for a cancer", "Melanoma")
    assert melanoma["now"] == prose.Figures().resolve("therapies-for", "melanoma")
    assert offered["[[first-approval: pembrolizumab]]"]["now"] == "September 4, 2014"


def test_everything_that_the_menu_offers_can_be_inserted(db):
    texts = [line.text for line in prose.Figures().menu()]
    assert len(texts) > 200 and prose.unknown_figures(" ".join(texts)) == []
    in_menu = {match["name"] for text in texts for match in prose.FIGURE.finditer(text)}
    assert {name for name, (_, figure) in prose._names.items() if figure.label} == in_menu


def test_rooms_may_suggest_words_of_their_own(monkeypatch):
    monkeypatch.setattr(prose, "_suggested", [lambda: [prose.Insertion("T cell", "T cell", "A word of the glossary")]])
    assert prose.Insertion("T cell", "T cell", "A word of the glossary") in prose.Figures().menu()


def test_the_menu_asks_few_queries_and_readers_cannot_open_it(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        prose.Figures().menu()
    assert client.get("/admin/publishing/picture/insertions/").status_code == 302


def test_the_menu_comes_to_every_running_text_of_a_form_and_to_no_title(desk, editor):
    page = desk(editor).get("/admin/faq/question/add/").content.decode()
    assert page.count('data-insert="/admin/publishing/picture/insertions/"') == 1
    assert '"Insert":{"address":"/admin/publishing/picture/insertions/"}' in page.replace("&quot;", '"')


# Roads -------------------------------------------------------------------------------------------


def test_every_road_of_the_orm_cleans_what_it_writes(editor):
    question, dirty, clean = Question.objects.first(), "<p onclick=x>A<script>b</script></p>", "<p>A</p>"
    edition = actions.start_draft(question, by=editor)
    edition.words["answer"] = dirty
    roads = {
        "save": lambda: edition.save(),
        "update": lambda: Edition.objects.filter(pk=edition.pk).update(answer=dirty),
        "bulk_update": lambda: Edition.objects.bulk_update([edition], ["answer"]),
        "save_draft": lambda: actions.save_draft(edition, by=editor, answer=dirty),
    }
    for road, write in roads.items():
        Edition.objects.filter(pk=edition.pk).update(answer="<p>before</p>")
        write()
        assert Edition.objects.values_list("answer", flat=True).get(pk=edition.pk) == clean, road
    edition.pk = None
    Edition.objects.filter(page=question, created_by=editor).delete()
    Edition.objects.bulk_create([edition])
    assert Edition.objects.values_list("answer", flat=True).get(page=question, created_by=editor) == clean
