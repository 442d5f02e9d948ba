"""Rich text: what may stand in it, where its links may lead, and what the Insert menu offers."""

import re
from collections import Counter
from html import unescape

import nh3
import pytest
from django.forms import ModelForm, modelform_factory
from django.http import QueryDict
from django.utils.http import urlencode
from hypothesis import given, settings
from hypothesis import strategies as some

from faq.models import Question
from portal.publishing import actions, coach, diff, prose
from portal.publishing.markup import ATTRIBUTES, TAGS, as_typed, normalized
from portal.publishing.models import Edition, SavedDraft
from portal.publishing.page_forms import DraftForm, of_kind
from portal.publishing.parts import Passage, RichText, Words

from .conftest import ANSWER
from .machine import steps_in_the_time_of
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


@pytest.mark.slow
@given(HTML)
@settings(max_examples=300)
def test_a_normalized_text_is_normal_and_holds_nothing_but_what_a_text_may_hold(html):
    stored = normalized(html)
    assert normalized(stored) == stored == as_typed(stored)
    assert nh3.clean(stored, tags=TAGS, attributes={"*": set(), **ATTRIBUTES}, link_rel=None) == stored


@pytest.mark.slow
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
def test_a_hostile_text_is_normalized_in_a_moment_and_does_not_grow(hostile):
    assert len(normalized(hostile)) < 10 * len(hostile)
    assert steps_in_the_time_of(lambda: normalized(hostile)) < 600


@pytest.mark.slow
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
    assert coach.blocks_of(Passage(RichText("answer"), text)) == ["2 × 10⁶ CD8⁺ cells, CO₂"]
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


# Whatever somebody types -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile",
    [f"[[a:{' ' * 1000}.", "<" * 20_000, "[[" * 10_000, f"[[a: {'b ' * 10_000}", '<"' * 10_000, "<p> " * 5_000],
    ids=["spaces in a figure", "brackets", "figures", "words in a figure", "quotes", "paragraphs"],
)
def test_a_hostile_text_is_read_in_a_moment_and_stays_in_the_form(hostile):
    typed = form(**dict.fromkeys(("question", "in_short", "answer", "onward_label", "onward_address"), hostile))

    def read():
        assert not typed.is_valid()
        assert typed.has_changed() and str(typed)
        assert prose.plain(hostile) is not None and prose.render(hostile) is not None

    assert steps_in_the_time_of(read) < 130
    assert all(typed[name].value() for name in ("question", "in_short", "onward_address"))


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
