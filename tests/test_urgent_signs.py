"""Every shipped text names the same signs as an emergency, whichever page somebody reads."""

import re

import pytest
from django.utils.html import strip_tags

from portal.publishing.models import Edition
from therapies.models import Therapy

from .public import PAGE_MODELS

pytestmark = [pytest.mark.django_db]

#: What the lists of every type of therapy send people to 911 for, wherever somebody is at home.
EMERGENCIES = re.compile(
    r"confus|trouble (?:breathing|speaking)|chest pain|seizure|bleeding that does not stop|hardly breathe", re.I
)
TO_A_TEAM = re.compile(r"\b[Cc]all\b.*\b(?:team|center|same day|right away)\b")


def pieces():
    """Each sentence of the shipped texts, and each item of a list behind the words that introduce it."""
    for model in PAGE_MODELS:
        for page in model.objects.published():
            for text in page.live.words.values():
                yield from ((str(page), piece) for piece in _pieces(text))


def _pieces(text: str):
    intro = ""
    for tag, words in re.findall(r"<(p|li)\b[^>]*>(.*?)</\1>", text, re.S):
        words = " ".join(strip_tags(words).split())
        if tag == "li":
            yield f"{intro} {words}"
        else:
            sentences = re.split(r"(?<=[.!?]) ", words)
            intro = sentences[-1] if words.endswith(":") else ""
            yield from sentences


def test_no_text_sends_people_to_their_team_for_what_others_call_911_for():
    soft = [
        (page, piece)
        for page, piece in pieces()
        if EMERGENCIES.search(piece) and TO_A_TEAM.search(piece) and "911" not in piece
    ]
    assert soft == []


def test_the_signs_are_found_in_the_texts():
    assert sum(bool(EMERGENCIES.search(piece)) for _, piece in pieces() if "911" in piece) > 60


def test_no_therapy_tells_911_of_less_than_its_class_does():
    """Who reads “trouble breathing while you rest” below “trouble breathing” waits for the worse."""
    narrowed = re.compile(r"breath\w* while you rest|cannot speak a full sentence|gasping|hardly breathe")
    live = Edition.objects.live().of_kind(Therapy)
    assert [str(one) for one in live if narrowed.search(one.words.get("emergency", ""))] == []
