"""No link or form at the desk leads somebody to a page that is closed to them, or to none."""

import pytest
from django.urls import resolve
from lxml import html

from portal.roles import ROLES

from .conftest import person

pytestmark = pytest.mark.django_db

BEGIN = ("/admin/", "/desk/")
OURS = ("/admin/", "/desk/")
#: What a link of these leaves by: signing out, and sign-in itself.
LEAVING = ("/admin/logout/", "/account/")


def doors(page: str, at: str) -> set[str]:
    """Addresses of the desk to which the links of a page lead; of a form, the address that it is sent to."""
    tree = html.fromstring(page)
    tree.make_links_absolute(f"http://testserver{at}")
    found = {a.get("href") for a in tree.iter("a")} | {f.get("action") for f in tree.iter("form")}
    found |= {b.get("formaction") for b in tree.iter("button", "input")}
    paths = {address.removeprefix("http://testserver").partition("#")[0] for address in found if address}
    return {path for path in paths if path.startswith(OURS) and not path.startswith(LEAVING)}


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_every_link_and_form_of_the_desk_is_open_to_whoever_sees_it(role, desk):
    """One example of each kind of address is opened, and the links on it are followed in turn."""
    client, closed = desk(person("Vera", role)), []
    waiting, seen = [(address, "the start") for address in BEGIN], set()
    while waiting:
        address, told_by = waiting.pop()
        match = resolve(address.partition("?")[0])
        kind = (match.view_name, match.kwargs.get("content_type_id"))
        if kind in seen:
            continue
        seen.add(kind)
        response = client.get(address)
        if response.status_code not in (200, 302, 405):  # 405: a form sends there, and its view takes nothing else
            closed.append(f"{response.status_code} {address}, from {told_by}")
        elif response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
            waiting += [(door, address) for door in sorted(doors(response.content.decode(), address.partition("?")[0]))]
    assert len(seen) > 20 and closed == []


BEYOND = "9" * 25  # SQLite has no number so large
NOT_FOUND = (
    f"/admin/faq/question/{BEYOND}/change/",
    f"/admin/faq/question/{BEYOND}/review/",
    f"/admin/publishing/auditentry/?by={BEYOND}",
    f"/admin/publishing/auditentry/?at__year={BEYOND}",
    f"/admin/auth/user/?role={BEYOND}",
    f"/desk/facts/new/?therapy={BEYOND}",
    f"/admin/faq/question/{'9' * 5000}/change/",
)


def test_a_number_that_no_row_has_is_not_found_or_refused(desk, administrator):
    client = desk(administrator)
    answers = {at: client.get(at).status_code for at in NOT_FOUND}
    sent = {"/admin/faq/question/": "_selected_action", "/admin/faq/question/add/": "topic", "/desk/inbox/": "by"}
    for at, name in sent.items():
        posted = {"action": "delete_selected", name: BEYOND, "editions-TOTAL_FORMS": 0, "editions-INITIAL_FORMS": 0}
        answers[f"{at} {name}"] = client.post(at, posted).status_code
    assert {at: status for at, status in answers.items() if status not in (200, 302, 404, 405)} == {}
