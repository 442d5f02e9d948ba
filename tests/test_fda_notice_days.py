"""The day of a decision: where it stands in a notice, and which day is that of another."""

import pytest

from tests.notice_words import TODAY, WORDS, kinds, pasted, told
from therapies.desk.paste import taken_apart
from therapies.fda.wording import drafts


def test_a_day_is_read_anywhere_in_the_sentence_that_acts():
    (draft,) = told(
        "The FDA on December 20, 2017, granted regular approval to nivolumab (Opdivo, Bristol-Myers Squibb) for the "
        "adjuvant treatment of melanoma after complete resection.",
        date=None,
    )
    assert draft.date == ("2017-12-20", "on December 20, 2017") and draft.setting == ("surgery", "adjuvant")


def test_a_day_is_read_before_the_stops_of_the_country():
    (draft,) = told(
        "On Oct. 1, 2024, the FDA moved.\nOn May 15, 2024, the U.S. Food and Drug Administration approved nivolumab "
        "for melanoma."
    )
    assert draft.date == ("2024-05-15", "On May 15, 2024")


def test_decisions_of_other_days_on_the_same_page_are_no_uses():
    assert kinds(
        "On May 15, 2024, FDA approved nivolumab for melanoma. On March 1, 2023, FDA approved nivolumab for "
        "hepatocellular carcinoma.\nOn July 1, 2024, FDA granted accelerated approval to nivolumab for lymphoma."
    ) == ["approval"]


def test_a_page_that_announces_two_decisions_gives_each_its_own_day():
    found = pasted(
        "Today we’ll provide a quick update on two recent FDA cancer drug approvals.",
        "On March 18, 2022, the FDA approved nivolumab (brand name Opdivo) for adults with melanoma.",
        "Efficacy was evaluated in a trial. Nivolumab was approved for hepatocellular carcinoma in 2017.",
        "On March 21, 2022, the FDA granted accelerated approval to durvalumab for hepatocellular carcinoma.",
    )
    assert [(draft.therapy.value, draft.kind.value, draft.date.value) for draft in found] == [
        ("nivolumab", "approval", "2022-03-18"),
        ("durvalumab", "accelerated-approval", "2022-03-21"),
    ]


@pytest.mark.parametrize(
    "end", ["April 16, 2021.", "More Information. April 16, 2021", "More Information (April 16, 2021)"]
)
def test_a_row_of_fda_s_list_ends_with_its_day(end):
    (draft,) = told(f"FDA approved nivolumab for melanoma. Nivolumab is an antibody. {end}", date=None)
    assert draft.date.value == "2021-04-16"


@pytest.mark.parametrize("day", ["15 May 2024", "the 15th of May 2024", "May 15th, 2024", "5/15/2024", "2024-05-15"])
def test_a_day_may_be_written_in_any_order(day):
    (draft,) = told(f"FDA on {day} approved nivolumab for melanoma.", date=None)
    assert draft.date.value == "2024-05-15"


def test_a_day_without_a_year_is_none():
    (draft,) = told("On May 15, FDA approved nivolumab for melanoma.", date=None)
    assert draft.date is None


@pytest.mark.parametrize(
    "line", ["For Immediate Release June 2, 2026", "Issued: 2 June 2026, London UK", "June 2, 2026 4:30 pm ET"]
)
def test_the_day_of_a_release_may_stand_with_a_time_or_a_place(line):
    (draft,) = pasted(f"An update\n{line}\nFDA today approved Imfinzi (durvalumab) for adults with melanoma.")
    assert draft.date.value == "2026-06-02"


LISTED = (
    "2012\n• FDA approved nivolumab (Opdivo, BMS) for adults with melanoma. More Information. August 31, 2012\n"
    "• FDA granted accelerated approval to blinatumomab (Blincyto, Amgen) for adults with lymphoma. More Information64 "
    "(August 9, 2012)\n• FDA approved durvalumab (Imfinzi, AZ) for adults with bladder cancer. More Information\n"
)


FED = (
    "Press releases\n\nFDA approves a drug\n\nFri, 2017-09-01 10:19\nThe FDA today approved Opdivo (nivolumab) for "
    "adults with melanoma. The FDA also approved Opdivo for children with lymphoma.\n\nFDA approves another\n\n"
    "Tue, 2017-08-29 16:56\nThe FDA today approved Imfinzi (durvalumab) for adults with bladder cancer.\n"
)


@pytest.mark.parametrize(
    ("text", "days"),
    [(LISTED, ["2012-08-31", "2012-08-09", ""]), (FED, ["2017-09-01", "2017-09-01", "2017-08-29"])],
)
def test_each_decision_of_a_list_has_its_own_day_and_never_that_of_another(text, days):
    found = drafts(taken_apart(text, TODAY), WORDS, TODAY)
    assert [draft.date.value if draft.date else "" for draft in found] == days


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("FDA approved Opdivo (nivolumab) on May 20, 2021, for adults with melanoma", "2021-05-20"),
        ("Opdivo (nivolumab) was approved by the U.S. FDA on May 20, 2021, for adults with melanoma", "2021-05-20"),
        ("FDA approved Opdivo (nivolumab) for adults with melanoma, which it once did on May 20, 2014", "2021-05-21"),
        ("FDA approved Opdivo (nivolumab) for adults with melanoma", "2021-05-21"),
    ],
)
def test_a_company_may_announce_an_approval_some_days_later(said, day):
    (draft,) = pasted(f"(Princeton, N.J., May 21, 2021) Bristol Myers Squibb today announced that {said}.")
    assert (draft.date.value, draft.therapy.value, draft.kind.value) == (day, "nivolumab", "approval")


def test_what_was_approved_by_fda_once_is_history():
    (draft,) = pasted("It is known that Opdivo (nivolumab) was approved by the FDA on May 20, 2021, for melanoma.")
    assert draft.kind is None


@pytest.mark.parametrize(
    ("weekday", "day"),
    [
        ("On Thursday, the", "2024-05-16"),
        ("Last Friday the", "2024-05-17"),
        ("On Monday,", "2024-05-13"),
        ("The", "2024-05-17"),
    ],
)
def test_a_day_of_the_week_is_the_last_one_before_the_notice(weekday, day):
    (draft,) = pasted(f"For Immediate Release: May 17, 2024\n{weekday} FDA approved nivolumab for melanoma.")
    assert draft.date.value == day


def test_a_list_of_news_gives_each_decision_the_day_of_its_line():
    found = pasted(
        "Approvals of August",
        "• On August 17, 2021, the FDA granted accelerated approval to nivolumab for melanoma.",
        "• On August 10, 2021, the FDA approved durvalumab for lymphoma.",
    )
    assert [(draft.therapy.value, draft.date.value) for draft in found] == [
        ("nivolumab", "2021-08-17"),
        ("durvalumab", "2021-08-10"),
    ]


def test_the_last_line_of_a_list_may_end_with_the_day_of_its_opening():
    found = pasted(
        "FDA extended the approval of nivolumab for the following indications:",
        "adult patients with relapsed melanoma and",
        "pediatric patients with refractory melanoma. More Information. October 14, 2020",
    )
    assert [draft.date.value for draft in found] == ["2020-10-14", "2020-10-14"]


@pytest.mark.parametrize(("posted", "year"), [("June 15, 2020", 2020), ("January 4, 2021", 2020)])
def test_the_day_of_a_notice_gives_another_its_year(posted, year):
    (draft,) = pasted("FDA approves nivolumab", "On June 12, the FDA approved nivolumab for melanoma.", posted)
    assert draft.date == (f"{year}-06-12", "On June 12")


def test_the_day_of_another_site_s_page_is_not_that_of_a_decision():
    page = ["FDA approves nivolumab for melanoma", "23 Aug 2018", "The FDA has approved nivolumab for melanoma."]
    (draft,) = pasted(*page)
    assert draft.kind and draft.date is None
    (draft,) = pasted(*page[:2], "The company announced today that FDA approved nivolumab for melanoma.")
    assert draft.date.value == "2018-08-23"


def test_a_day_among_links_to_other_pages_is_not_that_of_a_decision():
    text = "FDA Grants Approval\nThe FDA today approved Opdivo (nivolumab) for melanoma.\nRelated Articles\n- Another"
    (draft,) = pasted(f"{text}\nSeptember 18th 2025")
    assert draft.kind.value == "approval" and draft.date is None
    (draft,) = pasted(f"September 18th 2025\n{text}")
    assert draft.date.value == "2025-09-18"


def test_news_that_tells_of_a_recent_approval_has_not_its_day():
    (draft,) = told("Rye Brook, N.Y., February 28, 2022 – FDA recently approved nivolumab for melanoma.", date=None)
    assert draft.date is None


def test_a_day_behind_a_sentence_that_a_copy_cut_off_is_that_of_the_page():
    text = "The FDA approved nivolumab for melanoma.\nIt is based on a trial in which 90 patients were seen for\n"
    assert taken_apart(f"{text}JUNE 3, 2022", TODAY).date is None
    assert taken_apart(f"{text}their melanoma.\nJune 3, 2022", TODAY).date is not None


def test_a_podcast_tells_its_approval_and_the_day_in_the_words_below_it():
    (draft,) = told(
        "Listen to a soundcast of the April 1st 2022 FDA approval of Opdivo (nivolumab) for patients with melanoma.",
        date=None,
    )
    assert (draft.therapy.value, draft.kind.value, draft.date.value) == ("nivolumab", "approval", "2022-04-01")
