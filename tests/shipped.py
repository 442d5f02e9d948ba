"""The shipped files of facts, as tests hold the database against them."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from therapies.models import ApprovalEvent
from therapies.shipping import CONTENT

REFERENCE = Path(__file__).parents[2] / "shared" / "reference"


def shipped() -> list[dict[str, Any]]:
    """The files of facts, one a therapy."""
    return [tomllib.loads(path.read_text()) for path in sorted((CONTENT / "therapies").glob("*.toml"))]


def doubts() -> list[dict[str, Any]]:
    """Facts and decisions that come with a doubt, and wait for a person."""
    found = [fact for file in shipped() for fact in file["facts"]]
    found += [event for file in shipped() for use in file["uses"] for event in use["events"]]
    return [one for one in found if one.get("doubt")]


development_only = pytest.mark.skipif(
    not REFERENCE.exists(), reason="the data set lies beside this checkout in development only"
)


def story(therapy: str, code: str) -> list[tuple[str, str]]:
    events = ApprovalEvent.objects.public().filter(indication__therapy__slug=therapy, indication__code=code)
    return [(event.kind, f"{event.date}") for event in events.order_by("date")]
