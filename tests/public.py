"""Every public address of the portal, drawn from the URL configuration and the content, and the rules for its page."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from portal.publishing import actions, rooms
from portal.publishing.feed_formats import FORMATS
from portal.publishing.models import Page
from therapies.models import ApprovalEvent, Cancer, Therapy

PAGE_MODELS = tuple(kind.model for kind in rooms.page_kinds())
#: Files at addresses of their own, which people do not read as pages.
FILES = ("sitemap", "robots", "manifest", "llms")
FIXED = (*rooms.fixed_addresses(), *FILES)
#: The addresses of pages that are no row.
LISTS = [reverse(name) for name in FIXED if name not in FILES]
#: One page of each detail template.
EXAMPLES = (
    "/therapies/pembrolizumab/",
    "/therapies/olaratumab/",
    "/therapies/types/immunomodulator/",
    "/therapies/types/checkpoint-inhibitor/",
    "/cancers/lung-cancer/",
    "/cancers/melanoma/",
    "/biomarkers/pd-l1/",
    "/faq/types/",
    "/know/always-mild/",
    "/immune/antibodies/",
    "/immune/spleen/",
    "/glossary/antibody/",
)
#: A use and a decision, whose addresses stay: tests/test_fact_pages.py.
FACTS = ("/uses/v29jqt4d/", "/events/7g436hzf/")
#: Every feed by the name of its address, with the kind of page that each has one of its own.
FEEDS: dict[str, type[Page] | None] = {
    "therapies:feed": None,
    "therapies:cancer-feed": Cancer,
    "therapies:therapy-feed": Therapy,
}


def names() -> set[str]:
    """Names of every address outside the desk and its sign-in."""
    found = set()
    for pattern in get_resolver().url_patterns:
        children = getattr(pattern, "url_patterns", None)
        if children is None:
            found.add(pattern.name)
        elif str(pattern.pattern) not in ("admin/", "account/", "desk/"):
            found |= {f"{pattern.namespace}:{child.name}" for child in children}
    return found


def feeds() -> dict[str, list[str]]:
    """The addresses of every feed of the present content, by its name."""
    found = {}
    for name, model in FEEDS.items():
        pages = [[slug] for slug in model.objects.published().values_list("slug", flat=True)] if model else [[]]
        found[name] = [reverse(name, args=[*page, form]) for page in pages for form in FORMATS]
    return found


def facts() -> list[str]:
    """The address of every use and of every decision that readers may see."""
    decisions = ApprovalEvent.objects.public().filter(date__lte=timezone.localdate())
    uses = dict.fromkeys(decisions.values_list("indication__short_id", flat=True))
    found = [reverse("therapies:use", args=[use]) for use in uses]
    return found + [reverse("therapies:event", args=[one]) for one in decisions.values_list("short_id", flat=True)]


def a_page(model: type[Page], *, by: User, second: User) -> Page:
    """A published page of a kind; of one that ships none, a new one."""
    if not model.objects.published().exists():
        draft = actions.start_draft(model.objects.create(slug="one"), by=by)
        words = {part.name: "<p>One.</p>" if part.is_rich else "One." for part in draft.parts}
        actions.publish(actions.submit(actions.save_draft(draft, by=by, **words), by=by), by=second)
    return model.objects.published().named()[0]


def addresses() -> list[str]:
    """Every public address of the present content."""
    found = [reverse(name) for name in FIXED]
    for kind in rooms.page_kinds():
        if kind.has_address:
            found += [page.get_absolute_url() for page in kind.model.objects.published().named()]
    return found


@contextmanager
def what_is_asked_for() -> Iterator[set[str]]:
    """The names that the code looks for among the parameters of a request."""
    found: set[str] = set()
    with pytest.MonkeyPatch.context() as patch:
        for method in ("__getitem__", "get", "getlist", "__contains__"):
            own = getattr(QueryDict, method)

            def noted(data: Any, name: Any, *rest: Any, own: Any = own, **more: Any) -> Any:
                found.add(str(name))
                return own(data, name, *rest, **more)

            patch.setattr(QueryDict, method, noted)
        yield found


MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
OUTSIDE_OF_TIMES = re.compile(
    r'<time.*?</time>|<cite>.*?</cite>|<meta[^>]*>|<ul class="sources.*?</ul>|<script type="application/ld.*?</script>',
    re.S,
)
#: What no page holds, by what is wrong with it.
WRONG = {
    "a code in brackets": re.compile(r"\[\["),
    "a figure without its number": re.compile(r"—(?! )"),
    "a link to another site that does not say so": re.compile(
        r'<a [^>]*href="https?://(?!testserver[/"])[^>]*>(?:(?!</a>|opens another site).)*</a>', re.S
    ),
    "code or style inside the page": re.compile(
        r"<style|\sstyle=|\son[a-z]+=|<script(?! type=\"application/ld\+json\">)(?![^>]*\ssrc=)"
    ),
}
A_DATE = re.compile(rf"(?:{MONTHS}) \d{{1,2}}, \d{{4}}")
QUESTIONS = 6  # to the database, for one page
OF_A_LIST = 8
OF_THE_SITEMAP = 40  # which asks for each kind of page
OF_THE_FRESHNESS = 20  # which holds every label against every use
OF_THE_DATA = 50  # which counts every table: tests/test_data.py


def visit(client: Client, address: str) -> tuple[str, list[str]]:
    """The page, and what it shows that no public page may show."""
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    page = response.content.decode()
    policy = response.headers["Content-Security-Policy"]
    fixed = {reverse(name) for name in FIXED}
    own = {
        "/sitemap.xml": OF_THE_SITEMAP,
        "/llms.txt": OF_THE_SITEMAP,
        "/about/freshness/": OF_THE_FRESHNESS,
        "/data/": OF_THE_DATA,
        "/data/api/": OF_THE_DATA,
    }
    limit = own.get(address, OF_A_LIST if address in fixed else QUESTIONS)
    found = {
        f"status {response.status_code}": response.status_code != 200,
        f"{len(asked)} questions to the database": len(asked) > limit,
        "a cookie": bool(response.cookies) or "Cookie" in response.headers.get("Vary", ""),
        "a weak policy": "default-src 'none'" not in policy or "nonce" in policy or "unsafe" in policy,
        "a date without its element": A_DATE.search(OUTSIDE_OF_TIMES.sub("", page)),
        **{what: pattern.search(page) for what, pattern in WRONG.items()},
    }
    return page, [f"{address}: {what}" for what, is_so in found.items() if is_so]


class Shape(HTMLParser):
    """The levels of the headings of a page, its ids, and the addresses that it loads something from."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.loaded: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in found:
            self.ids.append(found["id"])
        loads = tag in ("img", "iframe", "link", "source") or (tag == "script" and "src" in found)
        if loads and found.get("rel") != "canonical":
            self.loaded.append(found.get("src") or found.get("href") or "")
