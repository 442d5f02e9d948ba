"""What the API answers where it cannot do what it is asked: “problem+json” (RFC 9457), in words for its reader."""

import json
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.urls import reverse

from portal.publishing.addresses import absolute

CONTENT_TYPE = "application/problem+json"


class ProblemKind(NamedTuple):
    """One sort of what can go wrong. Its name is part of the promise: programs may go by it."""

    status: int
    title: str
    about: str


KINDS = {
    "bad-date": ProblemKind(
        400, "This is no day that we have data of", "Write the day as 2019-02-28. It may be any day from 1900 to today."
    ),
    "unknown-parameter": ProblemKind(
        400,
        "There is no such parameter here",
        "Nothing is left out in silence, so a misspelled filter is an error. The answer lists what this address takes.",
    ),
    "repeated-parameter": ProblemKind(400, "A parameter was given twice", "Give each parameter once."),
    "bad-value": ProblemKind(
        400,
        "The parameter can’t have this value",
        "The answer says what it may be, and lists the values if they are few.",
    ),
    "bad-cursor": ProblemKind(
        400,
        "The cursor was not made here",
        "Take a cursor as it stands in “next”, and use it with the table that it came from.",
    ),
    "no-such-key": ProblemKind(
        404,
        "The filter names something that isn’t there",
        "The value is a key of another table, and that table has no such row. Its list has all keys.",
    ),
    "no-such-row": ProblemKind(
        404, "There is no such row", "The table has no row with this key, or had none on the day that you ask for."
    ),
    "no-such-table": ProblemKind(404, "There is no such address", "The list of tables has all addresses of the API."),
    "wrong-method": ProblemKind(405, "The API can only be read", "Use GET or HEAD."),
    "not-acceptable": ProblemKind(
        406, "The API answers in JSON alone", "Accept application/json. Other formats are among the files to download."
    ),
    "too-many-requests": ProblemKind(
        429,
        "Too many requests",
        "Wait as long as Retry-After says. For all rows of a table, the files to download are quicker.",
    ),
    "fault": ProblemKind(500, "Something went wrong on our side", "It is in our log. The same request may fail again."),
    "away": ProblemKind(503, "Our database can’t be reached", "Wait as long as Retry-After says, then ask again."),
    "busy": ProblemKind(503, "Too many are asking right now", "Wait as long as Retry-After says, then ask again."),
}


class Problem(Exception):  # noqa: N818 - an answer, not an error
    """``told`` is what the answer holds beside its words; ``headers`` go with it."""

    def __init__(self, kind: str, detail: str, headers: dict[str, str] | None = None, **told: Any) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.headers, self.told = kind, detail, headers or {}, told

    @property
    def response(self) -> HttpResponse:
        status = KINDS[self.kind].status
        headers = {"Cache-Control": "no-store"} | self.headers
        return HttpResponse(body(self.kind, self.detail, **self.told), CONTENT_TYPE, status, headers=headers)


def body(kind: str, detail: str, **told: Any) -> bytes:
    return json.dumps(plain(kind, detail, **told), ensure_ascii=False).encode()


def plain(kind: str, detail: str, **told: Any) -> dict[str, Any]:
    status, title, _ = KINDS[kind]
    return {"type": address(kind), "title": title, "status": status, "detail": detail} | told


def address(kind: str) -> str:
    """Where people read of it."""
    return absolute(f"{reverse('data-api')}#{kind}")
