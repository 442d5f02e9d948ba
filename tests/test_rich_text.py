"""Rich text: what may stand in it, where its links may lead, and what the Insert menu offers."""

import re
import time
from collections import Counter
from html import unescape

import nh3
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.forms import ModelForm, modelform_factory
from django.http import QueryDict
from django.utils.http import urlencode
from hypothesis import given, settings
from hypothesis import strategies as some

from faq.models import Question
from portal.pages.models import TakePartLink, Term
from portal.publishing import actions, coach, destinations, diff, prose
from portal.publishing.drafts import DraftForm, of_kind
from portal.publishing.links import allowed, is_private
from portal.publishing.markup import ATTRIBUTES, TAGS, as_typed, normalized
from portal.publishing.models import Edition, SavedDraft, Source, Status
from portal.publishing.parts import Passage, RichText, Words
from portal.publishing.rooms import Declaration

from .conftest import ANSWER
from .forms import filled
from .xss_corpus import VECTORS

pytestmark = pytest.mark.django_db
AnswerForm: type[ModelForm] = modelform_factory(Edition, form=of_kind(DraftForm, Question), fields=["change_note"])


def form(**typed: str) -> ModelForm:
    return AnswerForm(QueryDict(urlencode(ANSWER | typed)), instance=Edition(page=Question.objects.first()))


# One spelling ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kept",
    [
        "<h3>A heading</h3><p>Words.</p><h4>A lower one</h4>",
        "<ul><li><p>One</p><ol><li><p>Two</p></li></ol></li></ul>",
        '<ol start="5" type="a"><li><p>five</p></li></ol>',
        '<p><strong>Bold</strong>, <em>slanted</em>,<br><a href="/cancers/" title="All">linked</a>.</p>',
        "<p>2 × 10<sup>6</sup> cells, H<sub>2</sub>O</p>",
        '<p dir="rtl">שלום</p>',
        '<table><caption>Signs &amp; doses</caption><tbody><tr><th colspan="2" scope="col"><p>Head</p></th></tr>'
        "<tr><td><p>a</p></td><td><p></p></td></tr></tbody></table>",
    ],
)
def test_what_the_editor_writes_stays_as_it_is(kept):
    assert normalized(kept) == kept


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Words alone, <b>a</b> and <i>b</i>", "<p>Words alone, <strong>a</strong> and <em>b</em></p>"),
        ("<p>  One \n line<br> and  another <br></p>", "<p>One line<br>and another</p>"),
        ("<h1>Too high</h1><h5>Too low</h5>", "<h3>Too high</h3><h4>Too low</h4>"),
        ("<div>One</div><div>Two</div>", "<p>One</p><p>Two</p>"),
        ("<p>One</p><p></p><h3> </h3><p>&nbsp;</p><p>Two</p>", "<p>One</p><p>Two</p>"),
        ("<ul><li>One</li><ul><li>Two</li></ul><li></li></ul>",
         "<ul><li><p>One</p><ul><li><p>Two</p></li></ul></li></ul>"),
        ("<p><strong><a href='/x/'>a</a></strong><em></em></p>", '<p><a href="/x/"><strong>a</strong></a></p>'),
        ("<p><a>x</a></p>", "<p>x</p>"),
        ('<ol start="1" type="1" data-type="decimal"><li>x</li></ol>', "<ol><li><p>x</p></li></ol>"),
        ("<p dir=ltr lang=en title=x>One</p>", "<p>One</p>"),
    ],
)  # fmt: skip
def test_everything_else_is_spelled_as_the_editor_would_write_it(typed, stored):
    assert normalized(typed) == stored


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("<thead><tr><td>A</td></tr></thead><tr><td>b</td></tr>", '<th scope="col">A</th>|<td>b</td>'),
        ('<tr><th scope="row">A</th><th scope="onclick" colspan="999">b</th></tr>', '<th scope="row">A</th><th>b</th>'),
        ('<tr><td colspan="1" rowspan="x" width="9" style="x">a</td></tr>', "<td>a</td>"),
        ("<tr><td>a</td><td>b</td></tr><tr><td>c</td></tr>", "<td>a</td><td>b</td>|<td>c</td><td></td>"),
        ('<tr><td rowspan="9">a</td></tr><tr><td>b</td></tr>',
         '<td rowspan="2">a</td><td></td>|<td>b</td>'),
        ('<tr><td>a</td><td rowspan="2">b</td></tr><tr><td colspan="2">c</td></tr>',
         '<td>a</td><td rowspan="2">b</td>|<td>c</td>'),
    ],
    ids=["head", "scope", "spans", "short row", "beyond the end", "over another"],
)  # fmt: skip
def test_a_table_is_a_full_grid(typed, rows):
    written = re.sub("(?<=[>])([^<>]*)(?=</t[hd])", r"<p>\1</p>", f"<tr>{rows.replace('|', '</tr><tr>')}</tr>")
    assert normalized(f"<table>{typed}</table>") == f"<table><tbody>{written}</tbody></table>"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ('<td colspan="1">', ""),
        ("<table><tr></tr></table>", ""),
        ("<p>A dose of <s>5 mg</s> <del>6 mg</del> <ins>10 mg</ins></p>", "<p>A dose of 10 mg</p>"),
        ('<p class="MsoNormal" style="mso-x:y">Word<o:p></o:p><!--[if mso]>no<![endif]--></p>', "<p>Word</p>"),
        (f"<table><tr><td colspan=99>Few words{'<tr>' * 99}</table>", "<p>Few words</p>"),
    ],
)
def test_what_a_page_has_no_place_for_is_dropped(typed, stored):
    assert normalized(typed) == stored


WORDS = some.sampled_from(["fever", " ", " a  rash\n", "&nbsp;", "&lt;b&gt;", "&amp;", "10", "[[as-of]]", "\u202e"])
OPENINGS = some.sampled_from(
    [
        *("p", "p dir=rtl", "h1", "h3", "h4", "ul", "ol type=a start=3", "li", "div", "blockquote", "span", "strong"),
        *("b", "em", "sup", "sub", "a href=/x/", "a href=http://x.example/", "a", "table", "thead", "tr", "caption"),
        *("td", "th scope=row", "td colspan=3", "td rowspan=2", "td colspan=2 rowspan=9"),
    ]
)
ELEMENTS = some.recursive(
    some.lists(WORDS, max_size=3).map("".join),
    lambda inner: some.builds(
        lambda opening, parts: f"<{opening}>{'<br>'.join(parts)}</{opening.split()[0]}>",
        OPENINGS,
        some.lists(inner, max_size=4),
    ),
    max_leaves=25,
)
HTML = some.lists(ELEMENTS | some.sampled_from(VECTORS), max_size=4).map("".join)


@given(HTML)
@settings(max_examples=300)
def test_a_normalized_text_is_normal_and_holds_nothing_but_what_a_text_may_hold(html):
    stored = normalized(html)
    assert normalized(stored) == stored == as_typed(stored)
    assert nh3.clean(stored, tags=TAGS, attributes={"*": set(), **ATTRIBUTES}, link_rel=None) == stored


@given(ELEMENTS)
@settings(max_examples=300)
def test_no_word_is_lost(html):
    def letters(text: str) -> Counter[str]:
        return Counter("".join(unescape(re.sub("<[^>]*>", "", text)).split()))

    assert letters(normalized(html)) == letters(html)


@pytest.mark.slow
@pytest.mark.parametrize(
    "hostile",
    ["<" * 200_000, "<b>" * 50_000, "<p>a" * 50_000, "<table><tr><td>" * 5_000,
     "<table>" + "<tr><td colspan=99 rowspan=99>x" * 20_000, "<td colspan=99>" * 20_000],
    ids=["brackets", "bold", "paragraphs", "nested tables", "cells over cells", "wide"],
)  # fmt: skip
def test_a_hostile_text_is_normalized_in_seconds_and_does_not_grow(hostile):
    start = time.process_time()
    assert len(normalized(hostile)) < 10 * len(hostile)
    assert time.process_time() - start < 5


def test_an_untouched_text_is_equal_letter_for_letter(desk, editor):
    """Every shipped text goes to the browser as it is stored, and comes back unchanged."""
    editions = Edition.objects.live().select_related("page")
    stored = [edition.words[part.name] for edition in editions for part in edition.parts if part.is_rich]
    assert len(stored) > 10 and all(normalized(text) == text for text in stored)
    edition = Edition.objects.live().of_kind(Question).first()
    page = desk(editor).get(f"/admin/faq/question/{edition.page_id}/change/")
    shown = next(f for f in page.context["inline_admin_formsets"]).formset.forms[0]
    answer = edition.words["answer"]
    assert shown["answer"].value() == answer
    assert not shown.fields["answer"].has_changed(answer, shown["answer"].value())
    assert shown.fields["answer"].has_changed(answer, f"{answer}<p>More.</p>")


def test_raised_digits_stay_raised_where_a_text_loses_its_tags():
    text = "<p>2 × 10<sup>6</sup> CD8<sup>+</sup> cells, CO<sub>2</sub></p>"
    assert prose.plain(text) == "2 × 10⁶ CD8⁺ cells, CO₂"
    assert coach.plain(Passage(RichText("answer"), text)) == ["2 × 10⁶ CD8⁺ cells, CO₂"]
    changed = diff.rich("<p>106 cells</p>", "<p>10<sup>6</sup> cells</p>")
    assert changed.changed and "<sup>6</sup>" in changed.html


def test_a_wide_table_scrolls_by_itself_and_can_be_reached_by_keyboard():
    shown = prose.render("<table><tbody><tr><td>a</td></tr></tbody></table>")
    assert shown.startswith(
        '<div class="table stacks" role="group" aria-label="Table" tabindex="0"><table role="table">'
    )
    assert shown.endswith("</table></div>")
    assert 'tabindex="0"><table dir="rtl" role="table">' in prose.render('<table dir="rtl"><tbody></tbody></table>')


def labels(*rows: str) -> list[tuple[str, str, str]]:
    """Role, label and words of each cell of a table as readers get it."""
    shown = prose.render(f"<table><tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>")
    cells = re.findall(r'<t[hd][^>]* role="(\w+)"(?: data-label="([^"]*)")?>(.*?)</t[hd]>', shown)
    return [(role, label, re.sub("<[^>]+>", "", words)) for role, label, words in cells]


def test_each_cell_of_a_table_carries_the_heading_of_its_column_for_phones():
    assert labels(
        '<th><p>Drug</p></th><th><p>How “often”</p></th><th><p>&lt; 1 &amp; "x"</p></th>',
        "<th><p>a</p></th><td><p>b</p></td><td><p>c</p></td>",
        "<td><p>d</p></td><td><p></p></td><td><p>f</p></td>",
    ) == [
        ("columnheader", "", "Drug"),
        ("columnheader", "", "How “often”"),
        ("columnheader", "", '&lt; 1 &amp; "x"'),
        ("rowheader", "", "a"),
        ("cell", "How “often”", "b"),
        ("cell", "&lt; 1 &amp; &quot;x&quot;", "c"),
        ("cell", "Drug", "d"),
        ("cell", "", ""),
        ("cell", "&lt; 1 &amp; &quot;x&quot;", "f"),
    ]


def test_cells_that_span_do_not_put_the_others_under_a_wrong_heading():
    found = labels(
        '<th rowspan="2">Sign</th><th colspan="2">Dose</th>',
        "<th>Week 1</th><th>Later</th>",
        '<td rowspan="2">a</td><td>b</td><td>c</td>',
        "<td>d</td><td>e</td>",
        '<td>f</td><td colspan="2">g</td>',
    )
    by_words = {words: label for role, label, words in found if role == "cell"}
    assert by_words.pop("a") == by_words.pop("f") == "Sign" and by_words.pop("g") == ""
    assert by_words == {"b": "Dose, Week 1", "c": "Dose, Later", "d": "Dose, Week 1", "e": "Dose, Later"}


def test_a_table_without_headings_or_with_nothing_else_gets_no_labels():
    assert labels("<td>a</td><td>b</td>") == [("cell", "", "a"), ("cell", "", "b")]
    assert {role for role, *_ in labels("<th>a</th><th>b</th>")} == {"rowheader"}


def test_a_table_in_a_cell_keeps_to_its_own_headings():
    inner = "<table><tbody><tr><th>X</th></tr><tr><td>x</td></tr></tbody></table>"
    shown = prose.render(f"<table><tbody><tr><th>A</th></tr><tr><td>{inner}</td></tr></tbody></table>")
    assert shown.count('data-label="X"') == shown.count('data-label="A"') == 1
    assert '<td role="cell" data-label="X">x</td>' in shown


def test_a_heading_of_a_hundred_lines_is_not_repeated_in_every_row():
    rows = ["<td>x</td>"] * 1000
    assert len(str(labels("<th>" + "word " * 1000 + "</th>", *rows))) < 100_000


# Links -----------------------------------------------------------------------------------------

GOOD = ["https://www.cancer.gov/", "mailto:team@example.org", "tel:+1-800-555-0100", "/cancers/", "/faq/types/#sources"]
BAD = [
    "", "http://www.cancer.gov/", "www.cancer.gov", "//evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example", "https://", "https://fda.gov@evil.example/", "https:\\\\evil.example", "javascript:alert(1)",
    "java\tscript:alert(1)",
    "JaVaScRiPt:alert(1)", "\x01javascript:alert(1)", "data:text/html,x", "vbscript:x", "blob:https://a/b",
    "file:///etc/passwd", "https://[::1", "https://a.example:x/",
    "/a b", "https://a.example/\u202e", "https://a.example/\n", "#top", "ftp://a.example/",
]  # fmt: skip


@pytest.mark.parametrize("address", GOOD)
def test_links_lead_out_by_https_mail_and_telephone_or_to_a_page_here(address):
    assert allowed(address)
    assert normalized(f'<p><a href="{address}">x</a></p>') == f'<p><a href="{address}">x</a></p>'
    assert form(answer=f'<p><a href="{address}">x</a></p>', onward_address=address).is_valid()


@pytest.mark.parametrize("address", BAD)
def test_other_links_are_refused_with_a_sentence_and_die_on_every_other_road(address, editor):
    assert not allowed(address)
    filled = form(answer=f'<p>See <a href="{address}">the list</a>.</p>')
    assert "the list" in str(filled.errors["answer"]) and "Begin it with https://" in str(filled.errors["answer"])
    if (typed := address.strip()) and not allowed(typed):
        assert "Begin it with https://" in str(form(onward_address=typed).errors["onward_address"])
    assert normalized(f'<p><a href="{address}">x</a></p>') == "<p>x</p>"
    link = TakePartLink.objects.first()
    TakePartLink.objects.filter(pk=link.pk).update(address=address)
    link.refresh_from_db()
    assert link.address == ""


def test_a_refused_link_names_itself_and_what_was_typed_stays():
    filled = form(answer='<p>See <a href="http://old.example/">the <em>old</em> list</a>.</p>')
    assert filled.errors["answer"] == [
        "The link “the old list” leads to “http://old.example/”. Begin it with https:// (or mailto: or tel:), "
        "or with / for a page on this site."
    ]
    assert "href=&quot;http://old.example/&quot;" in str(filled["answer"])


def test_a_source_may_stand_at_http_and_nowhere_else():
    source = Source.objects.create(title="x", url="http://www.fda.gov/old")
    source.full_clean()
    for refused in ("javascript:alert(1)", "/cancers/", "ftp://a.example/"):
        with pytest.raises(ValidationError, match="isn’t a link that readers can open"):
            Source(title="y", url=refused).full_clean()
        source.url = refused
        source.save()
        source.refresh_from_db()
        assert source.url == ""


# Before a review ---------------------------------------------------------------------------------

PRIVATE = [
    "https://localhost/", "https://localhost./x", "https://127.0.0.1/", "https://127.1/", "https://0x7f.0.0.1/",
    "https://2130706433/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://10.1.2.3/", "https://172.16.0.1/",
    "https://192.168.1.1:8443/x", "https://169.254.169.254/", "https://[fd00::1]/", "https://intranet/",
    "https://wiki.internal/", "https://printer.local/", "https://files.lan/", "HTTPS://WIKI.CORP/", "https://0.0.0.0/",
    "https://%6cocalhost/", "https://\uff4cocalhost/",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_within_one_network_is_told_from_one_that_all_can_open(address):
    assert is_private(address)


@pytest.mark.parametrize(
    "address",
    [*GOOD, "https://8.8.8.8/", "https://[2606:4700::1111]/", "https://local.example.org/", "https://a.homes/"],
)
def test_an_address_that_all_can_open_is_not_private(address):
    assert not is_private(address)


CLOSED_ADDRESSES = ["/admin/", "/admin", "/admin/faq/question/1/change/", "/desk/files/", "/account/login/",
                    "/review/abc/", "/%61dmin/", "https://portal.example/admin/"]  # fmt: skip
MISSING = ["/cancers/no-such-cancer/", "/no-such-room/", "/faq/not-yet-published/", "/x/../admin/",
           "/therapies/types/x/", "https://portal.example/cancers/none/"]  # fmt: skip
OPEN_TO_ALL = ["/", "/faq/a-new-question/",
               "/cancers/", "/cancers/melanoma/", "/cancers/melanoma", "/cancers/melanoma/?a=b#c",
               "/about/#privacy", "/feeds/approvals.atom", "/sitemap.xml", "mailto:team@example.org", "tel:911", "https://www.fda.gov/",
               "https://portal.example/glossary/"]  # fmt: skip


@pytest.fixture
def here(settings):
    settings.SITE_ADDRESS = "https://portal.example"


@pytest.mark.parametrize(
    ("addresses", "why"),
    [
        (CLOSED_ADDRESSES, "which is not open to readers."),
        (MISSING, "but this site has no page there that readers can see."),
        (PRIVATE, "which nobody outside your own network can open."),
    ],
    ids=["closed", "missing", "private"],
)
def test_links_that_readers_cannot_open_are_named_at_submission_and_nothing_is_lost(
    here, addresses, why, question, editor
):
    Question.objects.create(topic=question.topic, slug="not-yet-published")
    text = "".join(f'<p><a href="{address}">a word</a></p>' for address in addresses)
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, **ANSWER | {"answer": text, "onward_address": addresses[0]})
    with pytest.raises(actions.Refused) as refusal:
        actions.submit(draft, by=editor)
    said = str(refusal.value)
    assert said.startswith(
        f"Your draft is saved but not submitted, because readers cannot open {len(addresses) + 1} links."
    )
    assert all(f"“a word” leads to {address}, {why}" in said for address in addresses)
    assert f"“Related link, address” leads to {addresses[0]}, {why}" in said
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT and draft.words["answer"] == text


def test_links_that_readers_can_open_are_let_through(here, question, editor, published):
    text = "".join(f'<p><a href="{address}">x</a></p>' for address in OPEN_TO_ALL)
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, **ANSWER | {"answer": text, "onward_address": "/faq/"})
    assert actions.submit(draft, by=editor).status == Status.IN_REVIEW


def test_the_address_that_a_page_had_before_still_counts(question, editor, reviewer, published, administrator):
    published(question, **ANSWER)
    actions.confirm(actions.move(question, "its-new-name", by=administrator).pending, by=reviewer)
    other = actions.start_draft(Question.objects.published().exclude(pk=question.pk).first(), by=editor)
    actions.save_draft(other, by=editor, answer='<p><a href="/faq/a-new-question/">x</a></p>', change_note="A link.")
    assert actions.submit(other, by=editor).status == Status.IN_REVIEW


def test_the_desk_says_so_and_keeps_every_word(desk, editor, question):
    client, address = desk(editor), f"/admin/faq/question/{question.pk}/change/"
    words = {f"editions-0-{name}": text for name, text in ANSWER.items()}
    words["editions-0-onward_address"] = "/faq/none/"
    page = client.post(address, filled(client.get(address), **words, _submit="1"), follow=True).content.decode()
    assert "“Related link, address” leads to /faq/none/, but this site has no page there" in page
    assert "It was written today." in page and 'value="/faq/none/"' in page
    assert question.open_edition().status == Status.DRAFT


def test_published_pages_are_offered_by_name_and_drafts_are_not(desk, data_editor, question, editor, client):
    actions.save_draft(actions.start_draft(question, by=editor), by=editor, **ANSWER)
    offered = desk(data_editor).get("/admin/publishing/picture/pages/").json()["pages"]
    assert {"name": "Melanoma", "kind": "Cancer", "address": "/cancers/melanoma/"} in offered
    assert {"name": "Glossary", "kind": "", "address": "/glossary/"} in offered
    names = [page["name"] for page in offered]
    assert names == sorted(names, key=str.casefold) and "Is this new?" not in names
    assert all(client.get(page["address"]).status_code == 200 for page in offered[::12])
    assert client.get("/admin/publishing/picture/pages/").status_code == 302


def test_pages_are_found_in_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        destinations.places()


# Whatever somebody types -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile",
    [f"[[a:{' ' * 1000}.", "<" * 20_000, "[[" * 10_000, f"[[a: {'b ' * 10_000}", '<"' * 10_000, "<p> " * 5_000],
    ids=["spaces in a figure", "brackets", "figures", "words in a figure", "quotes", "paragraphs"],
)
def test_a_hostile_text_is_read_in_a_moment_and_stays_in_the_form(hostile):
    start = time.process_time()
    words = dict.fromkeys(("question", "in_short", "answer", "onward_label", "onward_address"), hostile)
    typed = form(**words)
    judged = typed.is_valid(), typed.has_changed(), str(typed)
    assert prose.plain(hostile) is not None and prose.render(hostile) is not None
    assert time.process_time() - start < 2
    assert not judged[0] and all(typed[name].value() for name in ("question", "in_short", "onward_address"))


# Figures and the Insert menu ---------------------------------------------------------------------


def test_a_figure_is_filled_in_between_tags_and_never_inside_one():
    html = '<p><a href="/x/" title="[[as-of]] &quot;>[[as-of]]">[[approved-therapies: 2019-02-28]]</a></p>'
    assert prose.render(html) == html.replace("[[approved-therapies: 2019-02-28]]", "46")


@pytest.mark.parametrize(
    "broken", ["[[as-of", "[[as-of]", "[[<strong>as-of</strong>]]", "[[as-of: [[as-of]]]]", "[[ ]]"]
)
def test_brackets_that_are_no_figure_are_refused(broken):
    assert "There is no live number called" in str(form(answer=f"<p>{broken}</p>").errors["answer"])
    assert "There is no live number called" in str(
        form(in_short=broken.replace("<strong>", "").replace("strong", "")).errors
    )


def test_a_line_that_shows_no_figures_refuses_them():
    assert "Live numbers don’t work in this field." in str(
        form(question="Are there [[approved-therapies]]?").errors["question"]
    )


def test_the_other_words_for_a_term_take_no_figures(desk, editor):
    assert [part.name for part in Term.PARTS if part.quotes and not part.is_rich] == ["in_short"]
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
    assert {name for name, (_, figure) in prose.quotable().items() if figure.label} == in_menu


def test_rooms_may_suggest_words_of_their_own(monkeypatch):
    told = Declaration(insertions=lambda: [prose.Insertion("T cell", "T cell", "A word of the glossary")])
    monkeypatch.setattr(apps.get_app_config("faq"), "declared", told)
    assert prose.Insertion("T cell", "T cell", "A word of the glossary") in prose.Figures().menu()


def test_the_menu_asks_few_queries_and_readers_cannot_open_it(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        prose.Figures().menu()
    assert client.get("/admin/publishing/picture/insertions/").status_code == 302


def test_the_editor_brings_the_styles_that_it_needs_in_the_admin(desk, editor):
    assert "django_prose_editor/overrides.css" in desk(editor).get("/admin/faq/question/add/").content.decode()


def test_the_menu_comes_to_every_running_text_of_a_form_and_to_no_title(desk, editor):
    page = desk(editor).get("/admin/faq/question/add/").content.decode()
    assert page.count('data-insert="/admin/publishing/picture/insertions/"') == 1
    assert '"Insert":{"address":"/admin/publishing/picture/insertions/"}' in page.replace("&quot;", '"')


# Roads -------------------------------------------------------------------------------------------


def test_every_road_of_the_verbs_cleans_what_it_writes(question, editor, reviewer):
    """Words reach the table through these alone: tests/test_publishing.py holds that nothing else is taken."""
    dirty, clean = "<p onclick=x>A<script>b</script></p>", "<p>A</p>"

    def stored() -> str:
        return Edition.objects.order_by("-pk").first().words["answer"]

    shipped = Question.objects.get(slug="types")
    actions.ship(shipped, text={"question": "Q", "in_short": "S", "answer": dirty}, sources=[])
    assert stored() == clean
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, **ANSWER | {"answer": dirty})
    assert stored() == clean and draft.saves.first().words["answer"] == clean
    old = Words(draft.words | {"answer": dirty})  # as it was cleaned by the rules of another day
    save = SavedDraft.objects.create(edition=draft, words=old, by=editor)
    actions.bring_back(save, by=editor)
    assert stored() == clean
    Edition.objects.filter(pk=draft.pk).update(words=old)
    draft.refresh_from_db()
    actions.discard(draft, by=editor)
    actions.restore(draft, by=editor)
    assert stored() == clean
