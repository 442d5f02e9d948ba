"""Nothing typed is lost: a closed tab, an ended session, a lost connection, two editors, and twenty at once."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.forms import form_in

from .axe import WCAG, violations
from .conftest import sign_in
from .desk import add_to, press, rich_text, say_what_changed, told

pytestmark = pytest.mark.browser
SAVE, SAVED = re.compile("^Save (as draft|changes)$"), re.compile("(Draft|Changes) saved")


def open_page(page: Page, kind: str, name: str) -> None:
    page.goto(f"/admin/{kind}/")
    page.get_by_role("link", name=name, exact=True).click()
    page.locator(".ProseMirror").first.wait_for()


def kept(page: Page) -> list[str]:
    page.wait_for_load_state()  # the words are let go by a script of the page that says they are saved
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kept:'))")


def test_words_of_a_closed_tab_are_offered_again_and_gone_once_they_are_saved(staff):
    tab = staff("editor")
    open_page(tab, "immune/organ", "Appendix")
    address = tab.url
    tab.get_by_label("In short").fill("Nearly lost.")
    add_to(rich_text(tab, "About"), " And this.")
    tab.close(run_before_unload=False)

    tab = tab.context.new_page()
    tab.goto(address)
    expect(tab.locator(".kept")).to_contain_text("You typed words here that were not saved")
    tab.get_by_text("See what differs").click()
    expect(tab.locator(".kept dd").first).to_have_text("Nearly lost.")
    tab.get_by_role("button", name="Bring them back").click()
    expect(tab.get_by_label("In short")).to_have_value("Nearly lost.")
    expect(rich_text(tab, "About")).to_contain_text("And this.")
    tab.get_by_role("button", name=SAVE).click()
    expect(told(tab)).to_contain_text(SAVED)
    expect(tab.locator(".kept")).to_have_count(0)
    assert kept(tab) == []
    expect(rich_text(tab, "About")).to_contain_text("And this.")


@pytest.mark.parametrize("address", ["/admin/", "/desk/record/"])
def test_what_the_server_says_is_saved_is_said_once(staff, address):
    tab = staff("fda")
    tab.goto(address)
    part = "/".join(tab.url.split("/")[:4])
    tab.context.add_cookies([{"name": "kept", "value": "abc-1", "url": f"{part}/"}])
    tab.reload()
    assert "kept" not in [cookie["name"] for cookie in tab.context.cookies(tab.url)]


def test_words_sent_after_the_session_ended_are_saved_after_signing_in_again(staff, signed_in):
    tab = staff("editor")
    open_page(tab, "immune/organ", "Bone marrow")
    tab.get_by_label("In short").fill("Written for a long time.")
    session = next(cookie for cookie in tab.context.cookies() if cookie["name"] == "sessionid")
    tab.context.clear_cookies(name="sessionid")
    tab.get_by_role("button", name=SAVE).click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("What you typed is still here")
    assert violations(tab, tags=WCAG) == []
    tab.context.add_cookies([session])  # as a sign-in in another tab does
    tab.get_by_role("button", name="Send again").click()
    expect(told(tab)).to_contain_text(SAVED)
    expect(tab.get_by_label("In short")).to_have_value("Written for a long time.")
    assert kept(tab) == []


def test_words_survive_a_lost_connection_and_still_meet_what_somebody_saved_meanwhile(staff, noise):
    tab, reviewer = staff("editor"), staff("reviewer")
    open_page(tab, "immune/component", "Macrophages")
    address = tab.url
    tab.get_by_label("In short").fill("Typed in a train.")
    tab.context.set_offline(True)
    tab.get_by_role("button", name=SAVE).click()
    tab.wait_for_url("chrome-error://chromewebdata/")
    open_page(reviewer, "immune/component", "Macrophages")
    reviewer.get_by_label("In short").fill("Saved in an office.")
    reviewer.get_by_role("button", name=SAVE).click()
    expect(told(reviewer)).to_contain_text(SAVED)
    tab.context.set_offline(False)
    tab.goto(address)
    tab.get_by_role("button", name="Bring them back").click()
    expect(tab.get_by_label("In short")).to_have_value("Typed in a train.")
    tab.get_by_role("button", name=SAVE).click()
    expect(tab.locator(".versions .version-text").nth(1)).to_contain_text("office")
    expect(tab.get_by_label("In short")).to_have_value("Typed in a train.")
    noise[:] = [line for line in noise if "ERR_INTERNET_DISCONNECTED" not in line]


def test_two_editors_see_each_other_and_merge_what_they_wrote(staff):
    editor, reviewer = staff("editor"), staff("reviewer")
    open_page(reviewer, "immune/component", "B cells")
    with editor.expect_response(re.compile("/present/")):
        open_page(editor, "immune/component", "B cells")
    expect(editor.locator(".present")).to_contain_text("reviewer has this page open, too.")
    reviewer.get_by_label("In short").fill("The reviewer’s words.")
    add_to(rich_text(reviewer, "About"), " Of the reviewer.")
    reviewer.get_by_role("button", name=SAVE).click()
    expect(told(reviewer)).to_contain_text(SAVED)

    editor.get_by_label("In short").fill("The editor’s words.")
    add_to(rich_text(editor, "About"), " Of the editor.")
    editor.get_by_role("button", name=SAVE).click()
    panel = editor.locator(".meetings")
    expect(panel).to_contain_text("Someone saved another version while you were writing")
    expect(editor.locator(".kept")).to_have_count(0)
    editor.set_viewport_size({"width": 360, "height": 740})
    assert editor.evaluate("document.documentElement.scrollWidth") == 360
    assert violations(editor, tags=WCAG, without=(".select2",)) == []
    short, about = panel.locator(".versions").all()
    short.get_by_label("Take theirs").check()
    expect(editor.get_by_label("In short")).to_have_value("The reviewer’s words.")
    editor.get_by_label("In short").fill("Words of both.")
    expect(short.get_by_label("Write it by hand")).to_be_checked()
    about.get_by_label("Take theirs").check()
    expect(rich_text(editor, "About")).to_contain_text("Of the reviewer.")
    about.get_by_label("Keep mine").check()
    press(editor, "Save with these choices")
    expect(told(editor)).to_contain_text(SAVED)
    expect(editor.get_by_label("In short")).to_have_value("Words of both.")
    expect(rich_text(editor, "About")).to_contain_text("Of the editor.")
    expect(rich_text(editor, "About")).not_to_contain_text("Of the reviewer.")
    assert kept(editor) == []


def test_a_double_click_sends_once_and_unsaved_words_are_not_left_by_accident(staff):
    tab = staff("editor")
    open_page(tab, "immune/organ", "Lymph nodes")
    tab.get_by_label("In short").press_sequentially("x")
    asked: list[str] = []
    tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    tab.evaluate("setTimeout(() => { location.href = '/admin/' })")
    tab.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    sent: list[str] = []
    tab.on("request", lambda request: sent.append(request.method) if request.is_navigation_request() else None)
    say_what_changed(tab)
    tab.get_by_role("button", name="Save and submit for review").dblclick()
    expect(told(tab)).to_contain_text("Submitted.")
    assert sent == ["POST", "GET"] and asked == ["beforeunload"]


def test_logging_out_removes_the_copies_after_asking(open_browser, site):
    tab = open_browser()
    sign_in(tab, "editor", site.passwords["editor"])
    open_page(tab, "immune/organ", "Lymph nodes")
    tab.get_by_label("In short").press_sequentially("Of a shared computer. ")
    asked: list[str] = []
    answers = iter(["dismiss", "accept"])
    tab.on("dialog", lambda dialog: (asked.append(dialog.type), getattr(dialog, next(answers))()))
    tab.get_by_role("button", name="Log out").click()
    assert len(kept(tab)) == 1
    tab.get_by_role("button", name="Log out").click()
    expect(tab.get_by_label("In short")).to_have_count(0)
    assert (asked, kept(tab)) == (["confirm", "confirm"], [])


# Twenty at once ----------------------------------------------------------------------------------


@pytest.fixture
def ask(site: Any, signed_in: Callable[[str], Any]) -> Callable[..., tuple[int, str]]:
    """Ask the server as a browser of the editor would, without one."""
    cookies = {cookie["name"]: cookie["value"] for cookie in signed_in("editor")["cookies"]}
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}

    def ask(method: str, path: str, fields: dict[str, list[str]] | None = None) -> tuple[int, str]:
        connection = HTTPConnection(urlsplit(site.address).netloc, timeout=60)
        body = urlencode(fields or {}, doseq=True)
        form = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
        connection.request(method, path, body, headers | form)
        response = connection.getresponse()
        return response.status, response.read().decode()

    return ask


def test_of_twenty_stale_saves_at_once_one_wins_and_nineteen_are_told_with_their_words(staff, ask):
    tab = staff("editor")
    open_page(tab, "immune/component", "Dendritic cells")
    path = urlsplit(tab.url).path
    tab.close()
    form = form_in(ask("GET", path)[1])

    def save(number: int) -> tuple[int, str]:
        return ask("POST", path, form | {"editions-0-in_short": [f"Words of number {number}."], "_continue": ["x"]})

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(save, range(20)))
    winners = [number for number, (status, _) in enumerate(answers) if status == 302]
    assert len(winners) == 1
    saved = f"Words of number {winners[0]}."
    for number, (status, html) in enumerate(answers):
        if number not in winners:
            assert status == 200 and "Someone changed this while you had it open" in html
            assert form_in(html)["editions-0-in_short"] == [f"Words of number {number}."]
            assert saved in html
    assert form_in(ask("GET", path)[1])["editions-0-in_short"] == [saved]
