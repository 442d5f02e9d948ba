"""Accessibility rules of axe-core, run in a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


def violations(page: Page, *, tags: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> list[str]:
    """What axe finds on a page, one line for each element: rule, element, reason.

    Without ``tags`` all rules run, best practice included. ``without`` names elements that are left out.
    """
    page.wait_for_load_state()  # a page that was just asked for may have come in part
    options = {"resultTypes": ["violations"], "preload": False}
    if tags:
        options["runOnly"] = list(tags)
    context = {"include": [["html"]], "exclude": [[selector] for selector in without]}
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {reason(node)}"
        for rule in found
        for node in rule["nodes"]
    ]


def reason(node: dict) -> str:
    return "; ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])
