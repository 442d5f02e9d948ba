"""Two texts as one: every word of both is in it, and what differs is marked in place."""

import re
from html import unescape

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.publishing import diff, markup
from portal.publishing.diff import plain, rich

from .machine import steps_in_the_time_of

SAID = re.compile(r'<span class="visually-hidden">.*?</span>')
TAG = re.compile(r"<[^>]*>")


def seen(html: str) -> str:
    """A difference without what only screen readers say."""
    return SAID.sub("", html)


def words(html: str) -> str:
    """The letters of a text. Where one word ends and the next begins is tried by example."""
    return "".join(unescape(TAG.sub(" ", html)).split())


def before(html: str) -> str:
    return re.sub(r"<ins>.*?</ins>", "", seen(html), flags=re.S)


def after(html: str) -> str:
    return re.sub(r"<del>.*?</del>", "", seen(html), flags=re.S)


TABLE = "<table><tbody><tr><td>a</td><td>{}</td></tr></tbody></table>"
CASES = [
    # Words
    ("<p>Fever is common.</p>", "<p>Fever is common.</p>", "<p>Fever is common.</p>"),
    ("<p>Fever is common.</p>", "<p>Fever is rare.</p>", "<p>Fever is <del>common</del><ins>rare</ins>.</p>"),
    ("<p>Call soon.</p>", "<p>Call your team soon.</p>", "<p>Call <ins>your team</ins> soon.</p>"),
    ("<p>Hello there</p>", "<p>Hello there, friend</p>", "<p>Hello there<ins>, friend</ins></p>"),
    # A number, a figure and a hyphenated word are one word
    ("<p>Give 0.5 mg now.</p>", "<p>Give 5 mg now.</p>", "<p>Give <del>0.5</del> <ins>5</ins> mg now.</p>"),
    (
        "<p>There are [[approved-therapies: 2019-02-28]] now.</p>",
        "<p>There are [[approved-therapies]] now.</p>",
        "<p>There are <del>[[approved-therapies: 2019-02-28]]</del> <ins>[[approved-therapies]]</ins> now.</p>",
    ),
    ("<p>a T-cell b</p>", "<p>a T cell b</p>", "<p>a <del>T-cell</del> <ins>T cell</ins> b</p>"),
    # White space is no change, but parting a word is
    ("<p>a  b,\n c</p>", "<p>a b , c</p>", "<p>a b , c</p>"),
    ("<p>not<em>able</em> it</p>", "<p>not <em>able</em> it</p>", None),
    # A word or two in common are no island between two long changes
    (
        "<p>Stay. Your team watches for signs, as the nurse explains. End.</p>",
        "<p>Stay. Ask people looking for anything unusual in the morning. End.</p>",
        None,
    ),
    # Formats and links
    ("<p>a word</p>", "<p>a <strong>word</strong></p>", "<p>a <del>word</del><ins><strong>word</strong></ins></p>"),
    (
        '<p>See <a href="https://a.gov/">the label</a> now.</p>',
        '<p>See <a href="https://b.gov/">the label</a> now.</p>',
        '<p>See <del><a href="https://a.gov/">the label</a></del> '
        '<ins><a href="https://b.gov/">the label</a></ins> now.</p>',
    ),
    # Paragraphs, lists, cells
    ("<p>One.</p>", "<p>One.</p><p>Two is new.</p>", "<p>One.</p><p><ins>Two is new.</ins></p>"),
    (
        "<p>A moves down.</p><p>B stays here.</p>",
        "<p>B stays here.</p><p>A moves down.</p>",
        "<p><ins>B stays here.</ins></p><p>A moves down.</p><p><del>B stays here.</del></p>",
    ),
    (
        "<ul><li><p>One fish</p></li><li><p>Two fish</p></li></ul>",
        "<ul><li><p>Two red fish</p></li></ul>",
        "<ul><li><p><del>One fish</del></p></li><li><p>Two <ins>red</ins> fish</p></li></ul>",
    ),
    ("", "<p>All is new.</p>", "<p><ins>All is new.</ins></p>"),
    ("<p>All is gone.</p>", "", "<p><del>All is gone.</del></p>"),
]


@pytest.mark.parametrize(("old", "new", "shown"), CASES)
def test_words_that_differ_are_marked_in_place(old, new, shown):
    found = rich(old, new)
    if shown is not None:
        assert seen(found.html).replace("</del> <ins>", "</del><ins>") == shown.replace("</del> <ins>", "</del><ins>")
    assert (words(before(found.html)), words(after(found.html))) == (words(old), words(new))
    assert found.changed == ("<ins>" in found.html or "<del>" in found.html)


@pytest.mark.parametrize("number", range(len(CASES)))
def test_the_result_is_what_the_sanitiser_would_leave(number):
    found = rich(*CASES[number][:2]).html
    tags = markup.TAGS | {"ins", "del", "span"}
    assert nh3.clean(found, tags=tags, attributes={"a": {"href"}, "span": {"class"}}, link_rel=None) == found


def test_an_island_of_little_words_is_no_rest_between_changes():
    old, new, _ = next(case for case in CASES if case[0].startswith("<p>Stay. Your"))
    assert seen(rich(old, new).html).count("<del>") == 1


@pytest.fixture
def wide(monkeypatch):
    """Texts with headings and tables, whether or not editors may write them today."""
    cleaner = nh3.Cleaner(tags={*diff.BLOCKS, "strong", "em", "a", "br"}, attributes={"a": {"href"}}, link_rel=None)
    monkeypatch.setattr(diff, "normalized", cleaner.clean)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        # A row keeps its columns, even where all the words of a cell are others
        (TABLE.format("fever"), TABLE.format("a rash"), TABLE.format("<del>fever</del><ins>a rash</ins>")),
        ("<h3>Fever</h3>", "<h3>Fever and rash</h3>", "<h3>Fever <ins>and rash</ins></h3>"),
        # A paragraph that becomes a heading is a change
        ("<p>Fever</p>", "<h3>Fever</h3>", "<p><del>Fever</del></p><h3><ins>Fever</ins></h3>"),
        (
            "<ul><li>a b c<ul><li>d</li></ul></li></ul>",
            "<ul><li>a b c<ul><li>d</li><li>e</li></ul></li></ul>",
            "<ul><li>a b c<ul><li>d</li><li><ins>e</ins></li></ul></li></ul>",
        ),
        ("<p>a<br>b c d</p>", "<p>a b c d</p>", "<p>a<del><br></del>b c d</p>"),
    ],
)
def test_headings_tables_and_nested_lists_stay_what_they_are(wide, old, new, shown):
    assert seen(rich(old, new).html).replace(" <del><br></del>", "<del><br></del>") == shown


def test_marks_are_said_to_those_who_do_not_see_them():
    found = rich("<p>Fever is common.</p>", "<p>Fever is rare.</p>").html
    assert ">removed: </span>common<" in found and ">added: </span>rare<" in found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("one two", "one two", "unchanged"),
        ("", "", "unchanged"),
        ("", "one", "1 word added"),
        ("one", "one two", "1 word added"),
        ("one two three", "one", "2 words removed"),
        ("one two three", "one four", "1 word added, 2 removed"),
        ("one two", "one, two", "formatting changed, no words"),
    ],
)
def test_a_line_sums_up_what_changed(old, new, said):
    assert plain(old, new).summary == said


def test_plain_text_is_escaped():
    found = plain("a <b>", "a <script>alert(1)</script>").html
    assert "<script" not in found and "&lt;" in found


def test_stored_markup_that_was_never_cleaned_does_not_run():
    for evil in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<p><a href="javascript:x">y</a></p>'):
        found = rich(evil, f"<p>Now {evil}</p>").html
        assert not re.search(r"script|onerror|<img", found), evil


# For any text ------------------------------------------------------------------------------

WORDS = some.sampled_from(
    ["fever", "rash", "the", "may", "5", "0.5", "[[as-of]]", "&amp;", "&lt;b&gt;", "T-cell", ",", "."]
)
LINES = some.lists(
    some.tuples(some.sampled_from(["{}", "<strong>{}</strong>", '<a href="https://a.gov/">{}</a>']), WORDS), max_size=9
).map(lambda found: " ".join(form.format(word) for form, word in found))
PARAGRAPHS = LINES.map("<p>{}</p>".format)
LISTS = some.lists(LINES, max_size=4).map(lambda items: f"<ul>{''.join(f'<li><p>{i}</p></li>' for i in items)}</ul>")
TEXTS = some.lists(PARAGRAPHS | LISTS, max_size=5).map("".join)


@given(TEXTS, TEXTS)
@settings(max_examples=150, deadline=None, database=None)
@pytest.mark.slow
def test_without_one_mark_any_text_is_the_old_one_and_without_the_other_the_new_one(old, new):
    found = rich(old, new)
    assert (words(before(found.html)), words(after(found.html))) == (words(old), words(new))
    assert found.html.count("<ins>") + found.html.count("<del>") > 0 or words(old) == words(new)
    tags = markup.TAGS | {"ins", "del", "span"}
    assert nh3.clean(found.html, tags=tags, attributes={"a": {"href"}, "span": {"class"}}, link_rel=None) == found.html


# However long ------------------------------------------------------------------------------


def steps(old: str, new: str) -> float:
    taken = steps_in_the_time_of(lambda: rich(old, new))
    found = rich(old, new).html
    assert (words(before(found)), words(after(found))) == (words(old), words(new))
    return taken


def of(number: int, every: int, *, other: int = 0) -> str:
    """A text of so many words in paragraphs of a length, one word in seven another one if asked."""
    found = [f"w{i * i % 397}{'x' * (bool(other) and i % other == 0)}" for i in range(number)]
    return "".join(f"<p>{' '.join(found[i : i + every])}.</p>" for i in range(0, number, every))


@pytest.mark.slow
def test_two_long_pages_are_compared_in_a_moment():
    assert min(steps(of(2000, 60), of(2000, 60, other=7)) for _ in range(2)) < 25


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (of(9000, 9000), of(9000, 9000, other=7)),
        (of(20_000, 1), of(20_000, 1, other=2)),
        (of(60_000, 50), of(60_000, 50, other=7)),
        ("<p>a</p>" * 9000, "<p>a</p><p>b</p>" * 4500),
        ("<ul><li>" * 3000 + "x", "<ul><li>" * 3000 + "y"),
    ],
    ids=["one paragraph", "a word a paragraph", "very long", "all alike", "very deep"],
)
def test_a_hostile_text_does_not_hang(old, new):
    assert steps(old, new) < 600
