"""Whether the pages of others that readers are led to still answer. Nothing that readers see changes by it.

Each is asked for once and politely, and what it holds is not read. One that failed is left alone, longer each time.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone

from portal.publishing.fetching import Answer, Client, Fault, rest_after
from therapies.trials import registers

from .models import CheckedLink, TakePartLink

LONGEST_MARK = CheckedLink.LONGEST_MARK


class LinkClient(Client):
    def __init__(self, contact: str, *, pause: float = 2, seconds: float = 30) -> None:
        who = f"ImmunotherapyExplained-links (+{settings.SITE_ADDRESS}; {contact})"
        super().__init__(who, pause=pause, seconds=seconds)

    def _answer(self, response: Any, *, is_conditional: bool) -> Answer:
        """That it answers is all that we want to know, so its content stays unread."""
        if response.status == 200:
            headers = response.headers
            return Answer(200, b"", headers.get("ETag", ""), headers.get("Last-Modified", ""))
        return super()._answer(response, is_conditional=is_conditional)


def addresses() -> list[str]:
    """Where our links lead out of this site: those that people recorded, and the registers of trials."""
    recorded = TakePartLink.objects.in_force().values_list("address", flat=True)
    return list(dict.fromkeys([*(one for one in recorded if one.startswith("https://")), *registers.ADDRESSES]))


def check(client: Client) -> Iterator[str]:
    """Ask each once, and tell what came of it, a line each."""
    wanted = addresses()
    CheckedLink.objects.exclude(address__in=wanted).delete()
    for address in wanted:
        link, _ = CheckedLink.objects.get_or_create(address=address)
        if link.not_before and link.not_before > timezone.now():
            yield f"{address}: left alone for now. {link.trouble}"
            continue
        _ask(client, link)
        link.save()
        yield f"{address}: {link.trouble or 'it works.'}"


def _ask(client: Client, link: CheckedLink) -> None:
    link.asked_at = timezone.now()
    try:
        answer = client.get(link.address, link.etag, link.last_modified)
        if answer.status == 404:
            raise Fault("There is no page at this address (404).")
    except Fault as fault:
        link.failures += 1
        rest = rest_after(link.failures)
        link.trouble = str(fault)[:400]
        link.not_before = link.asked_at + max(rest, fault.rest or rest)
        return
    link.worked_at, link.not_before, link.failures, link.trouble = link.asked_at, None, 0, ""
    if answer.status == 200:
        marks = (answer.etag, answer.last_modified)
        link.etag, link.last_modified = (mark if len(mark) <= LONGEST_MARK else "" for mark in marks)
