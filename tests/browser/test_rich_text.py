"""Rich text in the real editor: the Insert menu by keyboard, what comes from Word and Google Docs, pictures."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.publishing.content_files import read_text
from portal.publishing.markup import normalized
from portal.publishing.prose import from_markdown
from tests.xss_corpus import VECTORS

from .axe import WCAG, violations
from .conftest import PHONE, ROOT
from .desk import add_to, press, rich_text, told
from .test_desk_pages import DJANGO
from .test_editing import DRAFT, SUBMIT

pytestmark = pytest.mark.browser

#: As Word puts it on the clipboard: conditional remarks, marks of lists typed as text, styles of its own.
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm; mso-pagination:widow-orphan;} --></style></head>
<body lang=EN-US style='tab-interval:36.0pt'><!--StartFragment--><h1>What to watch for<o:p></o:p></h1>
<p class=MsoNormal><span style='mso-ansi-language:EN-US'>Call if you have <b style='mso-bidi-font-weight:normal'>fever</b> or a “new”
cough&nbsp;– at any hour.<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>Fever<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]>above 38&nbsp;°C<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;
</span></span></span><![endif]>A cough<o:p></o:p></p>
<h2>Then<o:p></o:p></h2>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Call.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<table class=MsoTableGrid border=1 style='mso-yfti-tbllook:1184'><thead><tr style='mso-yfti-irow:0'><td width=208
style='width:155.8pt'><p class=MsoNormal>Sign<o:p></o:p></p></td></tr></thead><tr><td><p class=MsoNormal>Fever<o:p></o:p></p></td></tr></table>
<p class=MsoNormal><a href="https://www.cancer.gov/" style='mso-style-priority:99'>NCI</a><o:p></o:p></p><!--EndFragment--></body></html>"""  # noqa: E501
FROM_WORD = (
    "<h3>What to watch for</h3><p>Call if you have <strong>fever</strong> or a “new” cough – at any hour.</p>"
    "<ul><li><p>Fever</p><ul><li><p>above 38 °C</p></li></ul></li><li><p>A cough</p></li></ul>"
    "<h4>Then</h4><ol><li><p>Call.</p></li></ol>"
    '<table><tbody><tr><th scope="col"><p>Sign</p></th></tr><tr><td><p>Fever</p></td></tr></tbody></table>'
    '<p><a href="https://www.cancer.gov/">NCI</a></p>'
)
DOCS = """<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><h2 dir="ltr" style="line-height:1.38"><span
style="font-size:16pt;font-weight:400">From Docs</span></h2><p dir="ltr"><span style="font-weight:400">Plain, </span><span
style="font-weight:700">bold</span><span style="font-style:italic"> and italic.</span></p><br /><ul><li dir="ltr" aria-level="1"><p
dir="ltr" role="presentation"><span>One</span></p></li></ul></b><br class="Apple-interchange-newline">"""  # noqa: E501
FROM_DOCS = "<h3>From Docs</h3><p>Plain, <strong>bold</strong><em> and italic.</em></p><ul><li><p>One</p></li></ul>"
PASTE = """(text, [type, pasted]) => {
  const data = new DataTransfer()
  if (type === "file") data.items.add(new File([pasted], "scan.png", { type: "image/png" }))
  else data.setData(type, pasted)
  text.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
}"""

#: Lines as people copy them from plain text, an e-mail or a PDF.
PLAIN = {
    "E. coli infection is common.": "<p>E. coli infection is common.</p>",
    "C. difficile\nJ. Allison": "<p>C. difficile</p><p>J. Allison</p>",
    "1. One\n2. Two": "<p>1. One</p><p>2. Two</p>",
    "- One\n* Two\n# Three": "<p>- One</p><p>* Two</p><p># Three</p>",
    "CYP2C19 *2/*3 and **x** and _y_": "<p>CYP2C19 *2/*3 and **x** and _y_</p>",
}
#: What is pasted from other programs, and what the text then holds.
RICH = {
    "<p>A dose of 2 × 10<sup>6</sup> CAR T cells per kg</p>": "<p>A dose of 2 × 10<sup>6</sup> CAR T cells per kg</p>",
    '<p>H<span style="vertical-align:sub">2</span>O</p>': "<p>H<sub>2</sub>O</p>",
    '<ol start="5" type="a"><li>five</li></ol>': '<ol start="5" type="a"><li><p>five</p></li></ol>',
    '<ol><li style="list-style-type:upper-roman">one</li></ol>': '<ol type="I"><li><p>one</p></li></ol>',
    '<p class=MsoListParagraph style="mso-list:l1 level1 lfo1"><span style="mso-list:Ignore">c)</span> third</p>': (
        '<ol start="3" type="a"><li><p>third</p></li></ol>'
    ),
    "<style>@list l1:level1 {mso-level-number-format:roman-lower}</style><p class=MsoListParagraph "
    'style="mso-list:l1 level1 lfo1"><span style="mso-list:Ignore">v.</span> fifth</p>': (
        '<ol start="5" type="i"><li><p>fifth</p></li></ol>'
    ),
    '<table><caption>Doses</caption><tr><th scope="row">Adults</th><td align="right">5</td></tr></table>': (
        '<table><caption>Doses</caption><tbody><tr><th scope="row"><p>Adults</p></th>'
        "<td><p>5</p></td></tr></tbody></table>"
    ),
    '<div dir="rtl"><p>שלום</p><p dir="ltr">Hello</p></div>': '<p dir="rtl">שלום</p><p>Hello</p>',
}
#: What is pasted, what the text then holds, and what the person is told.
LOST = {
    "<p><s>withdrawn dose 5 mg</s> 10 mg; <del>old</del> <ins>new</ins></p>": ("10 mg; new", "crossed-out text"),
    '<p class=MsoNormal>5<span class=msoDel><del cite="mailto:a">0</del></span> mg<span '
    'style="display:none;mso-hide:all"> secret</span></p>': ("5 mg", "crossed-out text and hidden text"),
    '<p>See<img src="/a.png"><img src="/b.png"> <u>this</u></p>': ("See this", "2 pictures and underlining"),
    '<p>Fever<a style="mso-footnote-id:ftn1" href="#_ftn1">[1]</a></p><div style="mso-element:footnote-list">'
    '<p><a href="#_ftnref1">[1]</a> Note.</p></div>': ("Fever", "1 footnote"),
    '<p>Fever<sup><a href="#ftnt1">[1]</a></sup><sup><a href="#cmnt1">[a]</a></sup></p><div><p><a href="#ftnt_ref1">'
    '[1]</a> Note.</p></div><div><p><a href="#cmnt_ref1">[a]</a> Hm.</p></div>': ("Fever", "1 footnote and 1 comment"),
    '<p><span style="color:#C00000">Call</span> <a href="#top">us</a></p>': (
        "Call us",
        "1 link that works only where it came from and colors or highlighting",
    ),
    '<p style="color: rgb(33, 33, 33)"><span style="background-color: rgb(255, 255, 255)">A web page</span></p>': (
        "A web page",
        "",
    ),
}


def written(page: Page) -> str:
    return page.locator("textarea[name$=answer]").input_value()


def new_question(page: Page, question: str) -> None:
    page.goto("/admin/faq/question/add/")
    page.get_by_role("button", name="Insert a live number").wait_for()
    page.get_by_label("Topic").select_option("How it works")
    page.get_by_label("Question", exact=False).last.fill(question)
    page.get_by_label("In short").fill("Yes.")


@pytest.fixture
def pasted(staff):
    """Pastes into an empty text; answers what it then holds, and what the person is told."""
    editor = staff("editor")
    new_question(editor, "Was this pasted?")
    text = rich_text(editor, "Answer")
    text.click()

    def paste(content: str, kind: str = "text/html") -> tuple[str, str]:
        text.evaluate("(text) => text.editor.commands.setContent('')")
        text.evaluate(PASTE, [kind, content])
        return written(editor), editor.locator(".paste-note").inner_text()

    return paste


def test_what_is_pasted_from_other_programs_comes_clean_and_keeps_what_it_means(pasted):
    found = {content: pasted(content) for content in [WORD, DOCS, *RICH]}
    assert found == {content: (kept, "") for content, kept in {WORD: FROM_WORD, DOCS: FROM_DOCS, **RICH}.items()}


def test_plain_text_never_becomes_a_list_a_heading_or_a_format(pasted):
    assert {text: pasted(text, "text/plain") for text in PLAIN} == {text: (kept, "") for text, kept in PLAIN.items()}


def test_what_is_lost_in_pasting_is_said_beside_the_editor(pasted):
    for content, (kept, named) in LOST.items():
        html, note = pasted(content)
        assert re.sub("<[^>]*>", "", html) == kept
        assert note.startswith(f"Pasted without {named}. Check that the text still says" if named else "")
    assert note == "" and "Insert" in pasted("<p><img src='/a.png'></p>")[1]
    assert pasted("not really", "file")[1].startswith("You can’t paste a file into a text.")


def test_what_is_said_of_a_paste_is_a_status_that_everybody_can_read(staff):
    editor = staff("editor")
    new_question(editor, "Was something lost?")
    rich_text(editor, "Answer").click()
    rich_text(editor, "Answer").evaluate(PASTE, ["text/html", next(iter(LOST))])
    expect(editor.get_by_role("status").filter(has_text="Pasted without")).to_be_visible()
    editor.emulate_media(reduced_motion="reduce")
    assert violations(editor, tags=WCAG, without=DJANGO) == []


SHAPES = [
    "<p>2 × 10<sup>6</sup>, H<sub>2</sub>O<br><strong>a<em>b</em></strong> &nbsp; &amp; &lt;</p>",
    '<p><strong><a href="/x/" title="&quot;a&quot; < b">a</a>b</strong><a href="/x/"><sup>c</sup></a></p>',
    '<ol start="5" type="a" dir="rtl"><li><ul><li>a</li></ul></li><li><h3>b</h3></li></ol>',
    '<p dir="rtl">a</p><h3 dir="rtl">b</h3><ul dir="rtl"><li>c</li></ul>',
    '<table dir="rtl"><caption>A &amp; b</caption><thead><tr><td colspan="2">c</td></tr></thead>'
    '<tr><th scope="row" rowspan="2">d</th><td>e<ul><li>f</li></ul></td></tr><tr><td></td></tr></table>',
    "<table><tr><td>a<td rowspan=9>b<tr><td>c<td>d<tr></table>",
    "<table><tr><td>a<table><tr><td>b</table></table>",
]
WRITTEN = """(text, texts) => texts.map((html) => {
  text.editor.commands.setContent(html)
  text.editor.commands.insertContentAt(text.editor.state.doc.content.size, "<p>x</p>") // so that it looks at it again
  return text.editor.getHTML().replace(/<p>x<\\/p>$/, "")
})"""


def test_the_editor_writes_every_text_as_it_is_stored(staff):
    """Both sides of the one spelling: shipped texts, every shape that a text can take, and hostile ones."""
    files = [
        path for room in ("faq", "immune", "portal", "therapies") for path in (ROOT / room).rglob("content/**/*.md")
    ]
    shipped = [part for path in files for part in read_text(path)[1].values()]
    texts = [*map(from_markdown, shipped), *map(normalized, SHAPES), *filter(None, map(normalized, VECTORS))]
    assert len(texts) > 600
    editor = staff("editor")
    new_question(editor, "Is this untouched?")
    again = rich_text(editor, "Answer").evaluate(WRITTEN, texts)
    assert [pair for pair in zip(texts, again, strict=True) if pair[0] != pair[1]] == []


def test_a_lettered_list_shows_its_letters_to_whoever_writes_and_whoever_reads(staff):
    editor = staff("editor")
    new_question(editor, "Which letter?")
    rich_text(editor, "Answer").click()
    rich_text(editor, "Answer").evaluate(PASTE, ["text/html", '<ol start="5" type="a"><li>five</li></ol>'])
    expect(rich_text(editor, "Answer").locator("ol li")).to_have_css("list-style-type", "lower-alpha")
    press(editor, DRAFT)
    editor.goto(editor.get_by_role("link", name="Preview the draft").get_attribute("href"))
    expect(editor.locator("main ol li", has_text="five")).to_have_css("list-style-type", "lower-alpha")


def test_a_table_gets_its_caption_from_the_menu(staff):
    editor = staff("editor")
    new_question(editor, "Which doses?")
    rich_text(editor, "Answer").click()
    editor.get_by_role("button", name="Insert table").click()
    editor.get_by_role("button", name="Caption of the table").click()
    editor.get_by_label("Caption", exact=True).fill("Doses by age")
    editor.get_by_role("button", name="Set caption").click()
    expect(rich_text(editor, "Answer").locator("caption")).to_have_text("Doses by age")
    assert written(editor).startswith("<table><caption>Doses by age</caption><tbody><tr><th>")


# Links -----------------------------------------------------------------------------------------


def test_a_link_chooses_a_page_of_this_site_by_name_and_by_keyboard(staff):
    editor = staff("editor")
    new_question(editor, "Where do I read on?")
    text = rich_text(editor, "Answer")
    add_to(text, "Read about ")
    text.press("Control+k")
    dialog = editor.get_by_role("dialog", name="Link")
    expect(dialog.get_by_role("status")).to_have_text(re.compile(r"\d{3} pages"))
    editor.keyboard.type("MÉLANOMA")
    expect(dialog.get_by_role("status")).to_have_text(re.compile(r"^\d pages"))
    expect(dialog.get_by_label("Address")).to_have_value("/cancers/melanoma/")
    editor.emulate_media(reduced_motion="reduce")
    assert violations(editor, tags=WCAG, without=DJANGO) == []
    editor.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    editor.keyboard.type(" today")
    assert written(editor) == '<p>Read about <a href="/cancers/melanoma/">Melanoma</a> today</p>'

    editor.get_by_role("button", name="Choose a page").press("Enter")
    expect(dialog.get_by_role("status")).to_have_text(re.compile(r"\d{3} pages"))
    editor.keyboard.type("glossary")
    editor.keyboard.press("ArrowDown")
    expect(dialog.get_by_label("Pages")).to_be_focused()
    editor.keyboard.press("Enter")
    expect(editor.get_by_label("Related link, address")).to_have_value("/glossary/")
    expect(editor.get_by_label("Related link, address")).to_be_focused()


def test_links_that_readers_cannot_open_are_named_at_submission_and_the_draft_is_kept(staff):
    editor = staff("editor")
    new_question(editor, "Does this lead anywhere?")
    text = rich_text(editor, "Answer")
    text.click()
    links = '<p><a href="/cancers/no-such-cancer/">one</a>, <a href="https://wiki.internal/">two</a></p>'
    text.evaluate("(text, html) => text.editor.commands.setContent(html, { emitUpdate: true })", links)
    press(editor, SUBMIT)
    expect(told(editor)).to_contain_text("Your draft is saved but not submitted, because readers cannot open 2 links.")
    expect(told(editor)).to_contain_text("“one” leads to /cancers/no-such-cancer/, but this site has no page there")
    expect(told(editor)).to_contain_text("“two” leads to https://wiki.internal/, which nobody outside")
    assert written(editor) == links
    press(editor, DRAFT)
    expect(told(editor)).to_contain_text("You didn’t change anything")


def test_figures_come_from_a_menu_by_keyboard_and_readers_see_the_number(staff):
    editor = staff("editor")
    new_question(editor, "How many for melanoma?")
    text = rich_text(editor, "Answer")
    add_to(text, "For melanoma: ")
    editor.get_by_role("button", name="Insert a live number").focus()
    editor.keyboard.press("Enter")
    dialog = editor.get_by_role("dialog", name="Insert")
    expect(dialog.get_by_label("What", exact=True)).to_be_focused()
    expect(dialog.get_by_role("status")).to_contain_text("Readers see now:")
    editor.keyboard.type("Number of therapies approved for")
    editor.keyboard.press("Tab")
    editor.keyboard.type("Melanoma")
    expect(dialog.get_by_role("status")).to_have_text(re.compile(r"Readers see now: \d+"))
    number = re.search(r"\d+", dialog.get_by_role("status").inner_text())[0]
    editor.emulate_media(reduced_motion="reduce")
    assert violations(editor, tags=WCAG, without=DJANGO) == []
    dialog.get_by_role("button", name="Insert", exact=True).press("Enter")
    expect(dialog).to_have_count(0)
    expect(text).to_contain_text("For melanoma: [[therapies-for: melanoma]]")
    expect(text.locator(".token-now").last).to_have_text(number)
    assert "token" not in written(editor)

    editor.locator(".insert-button", has_text="Insert").press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("Readers see now:")
    dialog.get_by_label("What", exact=True).select_option("Date through which facts are checked")
    dialog.get_by_role("button", name="Insert", exact=True).press("Enter")
    expect(editor.get_by_label("In short")).to_be_focused()
    expect(editor.get_by_label("In short")).to_have_value("Yes.[[as-of]]")

    press(editor, DRAFT)
    editor.goto(editor.get_by_role("link", name="Preview the draft").get_attribute("href"))
    expect(editor.locator("main")).to_contain_text(f"For melanoma: {number}")


def test_a_refused_link_is_named_and_stays_in_the_editor(staff):
    editor = staff("editor")
    new_question(editor, "Is there an old list?")
    text = rich_text(editor, "Answer")
    add_to(text, "old list")
    text.press("Shift+Home")
    editor.get_by_role("button", name="insert link").click()
    editor.get_by_label("Address", exact=True).fill("http://old.example/")
    editor.get_by_role("button", name="Set link").click()
    press(editor, DRAFT)
    expect(editor.locator("#content")).to_contain_text("The link “old list” leads to “http://old.example/”.")
    expect(text.get_by_role("link", name="old list")).to_have_attribute("href", "http://old.example/")


def test_a_picture_is_uploaded_put_into_a_text_and_shown(staff):
    editor = staff("editor")
    editor.goto("/admin/publishing/picture/add/")
    assert violations(editor, tags=WCAG, without=DJANGO) == []
    editor.get_by_label("File").set_input_files(ROOT / "docs" / "picture.png")
    editor.get_by_label("Description").fill("Life lines of a therapy")
    editor.get_by_label("Credit and license").fill("The portal’s contributors, BSD")
    press(editor, "Save")
    expect(told(editor)).to_contain_text("Life lines of a therapy")
    assert violations(editor, tags=WCAG, without=DJANGO) == []

    new_question(editor, "May I see it?")
    text = rich_text(editor, "Answer")
    add_to(text, "Look at this.")
    editor.get_by_role("button", name="Insert a live number").click()
    dialog = editor.get_by_role("dialog", name="Insert")
    dialog.get_by_label("What", exact=True).select_option("A picture")
    dialog.get_by_label("Which one").select_option("Life lines of a therapy")
    dialog.get_by_role("button", name="Insert", exact=True).click()
    expect(text.get_by_role("img", name="Life lines of a therapy")).to_be_visible()
    press(editor, DRAFT)
    editor.set_viewport_size(PHONE)
    editor.goto(editor.get_by_role("link", name="Preview the draft").get_attribute("href"))
    shown = editor.get_by_role("figure").get_by_role("img", name="Life lines of a therapy")
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("(image) => image.naturalWidth > 0 && image.currentSrc.endsWith('.webp')")
    assert editor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(editor, tags=WCAG) == []


def test_a_wide_table_stacks_its_rows_inside_the_page_of_a_phone(staff):
    editor = staff("editor")
    new_question(editor, "Is there a wide table?")
    rich_text(editor, "Answer").click()
    cells = "".join(f"<td>Column {n} of the table</td>" for n in range(8))
    rich_text(editor, "Answer").evaluate(
        PASTE, ["text/html", f"<h2>Signs</h2><table><thead><tr>{cells}</tr></thead><tr>{cells}</tr></table>"]
    )
    press(editor, DRAFT)
    editor.set_viewport_size(PHONE)
    editor.goto(editor.get_by_role("link", name="Preview the draft").get_attribute("href"))
    table = editor.get_by_role("group", name="Table")
    assert table.evaluate("(box) => box.scrollWidth <= box.clientWidth")
    assert editor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(editor.get_by_role("columnheader")).to_have_count(8)
    assert violations(editor, tags=WCAG) == []
