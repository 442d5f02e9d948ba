"""Rich text in the real editor: the Insert menu by keyboard, what comes from Word and Google Docs, pictures."""

import re

import pytest
from playwright.sync_api import Page, expect

from .axe import WCAG, violations
from .conftest import PHONE, ROOT
from .desk import add_to, press, rich_text, told
from .test_desk_pages import DJANGO
from .test_editing import DRAFT

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
    "<table><tbody><tr><th><p>Sign</p></th></tr><tr><td><p>Fever</p></td></tr></tbody></table>"
    '<p><a href="https://www.cancer.gov/">NCI</a></p>'
)
DOCS = """<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><h2 dir="ltr" style="line-height:1.38"><span
style="font-size:16pt;font-weight:400">From Docs</span></h2><p dir="ltr"><span style="font-weight:400">Plain, </span><span
style="font-weight:700">bold</span><span style="font-style:italic"> and italic.</span></p><br /><ul><li dir="ltr" aria-level="1"><p
dir="ltr" role="presentation"><span>One</span></p></li></ul></b><br class="Apple-interchange-newline">"""  # noqa: E501
FROM_DOCS = "<h3>From Docs</h3><p>Plain, <strong>bold</strong><em> and italic.</em></p><ul><li><p>One</p></li></ul>"
PASTE = """(text, html) => {
  const data = new DataTransfer(); data.setData("text/html", html)
  text.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
}"""

SCROLLED = """async (box) => {
  for (let frames = 0; frames < 200 && !box.scrollLeft; frames++) await new Promise(requestAnimationFrame)
  return box.scrollLeft
}"""


def written(page: Page) -> str:
    html = page.locator("textarea[name$=answer]").input_value()
    return html.replace(' data-type="decimal"', "").replace(' colspan="1"', "").replace(' rowspan="1"', "")


def new_question(page: Page, question: str) -> None:
    page.goto("/admin/faq/question/add/")
    page.get_by_role("button", name="Insert a figure").wait_for()
    page.get_by_label("Topic").select_option("How it works")
    page.get_by_label("Question", exact=False).last.fill(question)
    page.get_by_label("In short").fill("Yes.")


@pytest.mark.parametrize(("pasted", "clean"), [(WORD, FROM_WORD), (DOCS, FROM_DOCS)], ids=["Word", "Google Docs"])
def test_what_is_pasted_comes_clean(staff, pasted, clean):
    editor = staff("editor")
    new_question(editor, "Was this pasted?")
    rich_text(editor, "Answer").click()
    rich_text(editor, "Answer").evaluate(PASTE, pasted)
    assert written(editor) == clean


def test_figures_come_from_a_menu_by_keyboard_and_readers_see_the_number(staff):
    editor = staff("editor")
    new_question(editor, "How many for melanoma?")
    text = rich_text(editor, "Answer")
    add_to(text, "For melanoma: ")
    editor.get_by_role("button", name="Insert a figure").focus()
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

    editor.locator(".insert-button").press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("Readers see now:")
    dialog.get_by_label("What", exact=True).select_option("Day up to which the facts were checked")
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
    editor.get_by_label("URL").fill("http://old.example/")
    editor.get_by_role("button", name="Update").click()
    press(editor, DRAFT)
    expect(editor.locator("#content")).to_contain_text("The link “old list” leads to “http://old.example/”.")
    expect(text.get_by_role("link", name="old list")).to_have_attribute("href", "http://old.example/")


def test_a_picture_is_uploaded_put_into_a_text_and_shown(staff):
    editor = staff("editor")
    editor.goto("/admin/publishing/picture/add/")
    assert violations(editor, tags=WCAG, without=DJANGO) == []
    editor.get_by_label("File").set_input_files(ROOT / "docs" / "picture.png")
    editor.get_by_label("Description").fill("Life lines of a therapy")
    editor.get_by_label("Credit and licence").fill("The portal’s contributors, BSD")
    press(editor, "Save")
    expect(told(editor)).to_contain_text("Life lines of a therapy")
    assert violations(editor, tags=WCAG, without=DJANGO) == []

    new_question(editor, "May I see it?")
    text = rich_text(editor, "Answer")
    add_to(text, "Look at this.")
    editor.get_by_role("button", name="Insert a figure").click()
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


def test_a_wide_table_scrolls_inside_the_page_of_a_phone(staff):
    editor = staff("editor")
    new_question(editor, "Is there a wide table?")
    rich_text(editor, "Answer").click()
    cells = "".join(f"<td>Column {n} of the table</td>" for n in range(8))
    rich_text(editor, "Answer").evaluate(
        PASTE, f"<h2>Signs</h2><table><thead><tr>{cells}</tr></thead><tr>{cells}</tr></table>"
    )
    press(editor, DRAFT)
    editor.set_viewport_size(PHONE)
    editor.goto(editor.get_by_role("link", name="Preview the draft").get_attribute("href"))
    table = editor.get_by_role("group", name="Table")
    assert table.evaluate("(box) => box.scrollWidth > box.clientWidth")
    assert editor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(editor.get_by_role("columnheader")).to_have_count(8)
    table.focus()
    editor.keyboard.press("ArrowRight")
    assert table.evaluate(SCROLLED) > 0
    assert violations(editor, tags=WCAG) == []
