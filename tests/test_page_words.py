"""What a public page says, line by line, and what a change alters in it."""

import re

import pytest

from portal.publishing.page_words import altered, lines

PAGE = """<!doctype html><html><head><title>Olaratumab</title><style>p { color: red }</style></head><body>
<p class="preview">Preview.</p><header><a href="/">Immunotherapy</a></header>
<main><h1>Olaratumab</h1><p>It is an <em>anti</em>body<span class="visually-hidden"> (said)</span>.</p>
<section><h2>Uses</h2><h3>Sarcoma</h3><ul><li>Approved <time>October 19, 2016</time></li><li>Withdrawn</li></ul>
</section><dl><div><dt>Sold</dt><dd>Yes</dd></div></dl><table><tr><th>Day</th><td>One</td><td>Two</td></tr></table>
<svg><text>drawn</text></svg></main><footer><div>Not advice.</div></footer></body></html>"""


def test_each_line_has_its_place_and_what_nobody_sees_is_left_out():
    assert [tuple(line) for line in lines(PAGE)] == [
        ("Title of the page", "Olaratumab"),
        ("Top of the page", "Immunotherapy"),
        ("Olaratumab", "Olaratumab"),
        ("Olaratumab", "It is an antibody."),
        ("Uses", "Uses"),
        ("Uses: Sarcoma", "Sarcoma"),
        ("Uses: Sarcoma", "Approved October 19, 2016"),
        ("Uses: Sarcoma", "Withdrawn"),
        ("Olaratumab", "Sold: Yes"),
        ("Olaratumab", "Day One Two"),
        ("Bottom of the page", "Not advice."),
    ]


def marked(html: str, tag: str) -> str:
    return " ".join(re.findall(rf"<{tag}><span[^>]*>[^<]*</span>(.*?)<span", html, re.S))


@pytest.mark.parametrize(
    ("old", "new", "place", "removed", "added"),
    [
        ("October 19", "October 20", "Uses: Sarcoma", "19", "20"),
        ("<li>Withdrawn</li>", "", "Uses: Sarcoma", "Withdrawn", ""),
        ("<dd>Yes</dd>", "<dd>No longer</dd>", "Olaratumab", "Yes", "No longer"),
        ("Not advice.", "Not advice.</div><div>Ask.", "Bottom of the page", "", "Ask."),
    ],
)
def test_only_the_lines_that_change_are_shown_each_with_its_place_and_marks(old, new, place, removed, added):
    (passage,) = altered(PAGE, PAGE.replace(old, new))
    assert passage.place == place
    assert [marked(passage.before, "del"), marked(passage.after, "ins")] == [removed, added]
    assert "<ins>" not in passage.before and "<del>" not in passage.after


def test_markup_that_nobody_sees_is_no_change():
    assert altered(PAGE, PAGE.replace("<section>", '<section id="a">').replace("(said)", "(other)")) == []
    assert altered("", "") == []


def test_words_of_a_page_are_escaped():
    (passage,) = altered("<p>One</p>", "<p>One &lt;script&gt;</p>")
    assert "<script>" not in passage.after and "&lt;" in passage.after
