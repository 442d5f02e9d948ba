"""What a page tells machines, in the vocabulary of schema.org: the same as it tells people, and nothing beyond it.

Rooms make the nodes from what their pages show (``Declaration.things``); the roof adds what every page has.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString

from . import prose
from .addresses import absolute

Node = dict[str, Any]
#: What a template is given. Whatever a page tells machines is made from this alone.
Shown = Mapping[str, Any]
#: No text can end the block: these stand in JSON as codes.
CODES = {sign: f"\\u{ord(sign):04x}" for sign in "<>&"}


class Thing(NamedTuple):
    """What kind of page it is, by its types, and what it is mainly about: one node, several, or None."""

    kinds: tuple[str, ...] = ("WebPage",)
    about: Callable[[Shown], Node | list[Node] | None] = lambda shown: None


MEDICAL = ("MedicalWebPage",)
COLLECTION = ("CollectionPage", "MedicalWebPage")


def node(kind: str, **told: Any) -> Node:
    """One thing without what nothing is known of. A list of one is that one."""
    known = {name: list(value) if isinstance(value, list | tuple) else value for name, value in told.items() if value}
    return {"@type": kind} | {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in known.items()
    }


def of_page(kind: str, shown: Shown, **told: Any) -> Node:
    """The thing that a page of its own is about, with its address and its summary."""
    page = shown["page"]
    about = prose.plain(page.live.words["in_short"], shown["figures"])
    return node(kind, **{"url": absolute(page.get_absolute_url()), "description": about} | told)


def text_of(shown: Shown, part: str) -> str:
    """The words of a part of the page, as readers see them."""
    return prose.plain(shown["page"].live.words.get(part, ""), shown["figures"])


def block(nodes: Iterable[Node]) -> SafeString:
    """The nodes as a data block. Browsers don't run it, so the policy for scripts does not hold for it."""
    found = list(nodes)
    told: Node = {"@context": "https://schema.org"} | (found[0] if len(found) == 1 else {"@graph": found})
    written = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for sign, code in CODES.items():  # str.translate looks at each letter, which takes ten times as long
        written = written.replace(sign, code)
    return format_html('<script type="application/ld+json">{}</script>', SafeString(written))
