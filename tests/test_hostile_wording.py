"""No text that somebody may paste as a notice keeps the desk busy for long."""

import pytest

from tests.fda_files import TODAY
from tests.machine import steps_in_the_time_of
from therapies.fda import wording
from therapies.fda.records import Notice

pytestmark = pytest.mark.sampled(4)


@pytest.mark.parametrize("opening", ["FDA approved pembrolizumab for ", "Dear Sir:\nWe have approved your BLA for X. "])
@pytest.mark.parametrize(
    "words",
    [
        *("a-", "not-", "approves ", "withdrawal of approval of ", "no ", "a, or b cancer ", "(", "is indicated for "),
        *(
            "restrict the use of X for b cancer. ",
            "“FDA approved X based on ",
            "biosimilar to a ",
            "combination of a plus ",
        ),
        *("On Monday, FDA also approved A for b cancer.\n", "In addition, A received regular approval for b cancer. "),
    ],
)
def test_no_wording_of_a_notice_takes_long(opening, words):
    """The longest text that somebody may paste."""
    known = wording.Vocabulary({"a": ["pembrolizumab"]}, {"b": ["B cancer"]}, {"c": ["C-positive", "D mutation"]})
    text = f"{opening}{words * 10_000}"[:20_000]
    assert steps_in_the_time_of(lambda: wording.drafts(Notice(1, "", text, None, ""), known, TODAY)) < 20
