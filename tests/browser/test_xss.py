"""Texts that try to run code, in a real browser: nothing runs, and the policy has nothing to report."""

import re
import subprocess
import sys

import pytest

from tests.xss_corpus import VECTORS

from .conftest import ROOT
from .desk import press

pytestmark = pytest.mark.browser

#: Whatever runs, or would have run without the policy, becomes noise, which no test may make.
WATCH = """
for (const name of ["alert", "confirm", "prompt", "print", "msgbox"])
  window[name] = (...said) => console.error("ran:", name, ...said)
document.addEventListener("securitypolicyviolation", (e) => console.error("policy:", e.violatedDirective, e.sample))
"""
#: Does everything to every element that a reader might do, short of leaving and of bringing kept words back,
#: which is like pasting them. The tools above a page share and print it: those calls are ours.
TOUCH = """() => {
  const kinds = ["click", "mouseover", "mouseenter", "focus", "blur", "pointerenter", "load", "error", "toggle",
    "wheel"]
  const all = [...document.querySelectorAll("main *, #content *")]
    .filter((e) => !e.closest(".prose-menubar, .insert-button, .kept, .tools"))
  document.addEventListener("click", (e) => e.preventDefault(), true)
  for (const element of all) for (const kind of kinds) element.dispatchEvent(new Event(kind, { cancelable: true }))
  return [...document.querySelectorAll("a[href], area[href], [src], form[action], [formaction]")]
    .map((e) => new URL(e.href || e.src || e.action || e.formAction, location))
    .filter((url) => !["https:", "mailto:", "tel:"].includes(url.protocol) && url.origin !== location.origin)
    .map((url) => url.href)
}"""


@pytest.fixture
def attacked(site):
    def shell(verb: str) -> None:
        command = [
            sys.executable,
            "manage.py",
            "shell",
            "--no-imports",
            "-c",
            f"from tests import xss_site; xss_site.{verb}()",
        ]
        subprocess.run(command, cwd=ROOT, env=site.environment, check=True)

    shell("publish")
    yield
    shell("remove")


def look(page, address: str) -> None:
    page.goto(address)
    touch(page)
    assert page.url.endswith(address), "the page sent its reader away"


def touch(page) -> None:
    assert page.evaluate(TOUCH) == []
    page.evaluate("new Promise((done) => setTimeout(done, 50))")  # what was begun may end


def test_no_vector_runs_on_a_page_a_preview_or_a_form(attacked, staff, visitor):
    editor = staff("editor")
    for page in (visitor, editor):
        page.add_init_script(WATCH)
    visitor.goto("/faq/")
    pages = visitor.locator("a[href^='/faq/xss-']").evaluate_all("links => [...new Set(links.map((a) => a.pathname))]")
    assert len(pages) == 8
    for address in ["/faq/", *pages]:
        look(visitor, address)
        assert "alert(1)" in visitor.locator("main").inner_text()

    look(editor, "/admin/faq/question/?q=xss-")
    forms = editor.locator("#result_list tbody th a").evaluate_all("links => links.map((a) => a.pathname)")
    assert len(forms) == 8
    for form in forms:
        editor.goto(form)
        editor.locator(".ProseMirror").wait_for()
        preview = editor.get_by_role("link", name="Preview the draft").get_attribute("href")
        touch(editor)
        look(editor, preview)
    for page in ("history", "compare"):
        look(editor, forms[0].replace("/change/", f"/{page}/"))


def test_no_vector_runs_when_a_form_shows_again_what_was_typed(staff):
    for vectors in ("".join(VECTORS), "".join(v for v in VECTORS if "<a " in v)):
        editor = staff("editor")
        editor.add_init_script(WATCH)
        editor.goto("/admin/faq/question/add/")
        editor.locator(".ProseMirror").wait_for()
        editor.locator("textarea[name$=answer]").evaluate("(text, html) => { text.value = html }", vectors)
        editor.get_by_label("In short").fill(vectors.replace("\0", ""))
        press(editor, "Save as draft")
        editor.locator(".errornote").wait_for()
        editor.locator(".ProseMirror").wait_for()
        assert all(address.startswith("http") for address in editor.evaluate(TOUCH))  # to be mended by who typed it


PASTE = """(text, html) => {
  const data = new DataTransfer(); data.setData("text/html", html)
  text.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
}"""


def test_no_vector_runs_when_it_is_pasted(staff, noise):
    """The editor reads what is pasted in a document where nothing can run; the policy still speaks of what it saw."""
    editor = staff("editor")
    editor.add_init_script(WATCH)
    editor.goto("/admin/faq/question/add/")
    text = editor.locator(".ProseMirror")
    text.click()
    for vector in VECTORS:
        text.evaluate(PASTE, vector)
    touch(editor)
    assert text.locator("script, img:not(.token-now), svg, iframe, style, form").count() == 0
    noise[:] = [words for words in noise if not re.search("Content Security Policy|policy:", words)]
