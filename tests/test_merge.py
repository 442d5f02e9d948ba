"""Two people began with one version. What each made of it becomes one, and nobody's words are lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.publishing.merge import merge

OLD = {"title": "Old", "official": False, "sources": frozenset({"1", "2"})}


def met(mine, theirs, base=OLD):
    """What becomes of the field that these change."""
    merged = merge(base, OLD | mine, OLD | theirs)
    (name,) = mine | theirs
    return merged.values[name], merged.outcomes[name]


def test_what_nobody_changed_stays():
    assert merge(OLD, OLD, OLD) == (OLD, dict.fromkeys(OLD, "same"))


def test_what_one_of_them_changed_is_what_both_get():
    assert met({"title": "Mine"}, {}) == ("Mine", "kept")
    assert met({}, {"title": "Theirs"}) == ("Theirs", "taken")


def test_what_both_changed_alike_is_no_conflict():
    assert met({"title": "New"}, {"title": "New"}) == ("New", "same")


def test_what_each_changed_in_another_way_is_for_a_person_to_choose_and_mine_stands_until_then():
    assert met({"title": "Mine"}, {"title": "Theirs"}) == ("Mine", "differing")
    assert met({"title": ""}, {"title": "Theirs"}) == ("", "differing")


def test_each_field_is_met_by_itself():
    merged = merge(OLD, OLD | {"title": "Mine"}, OLD | {"official": True})
    assert merged.values == OLD | {"title": "Mine", "official": True}
    assert merged.outcomes == {"title": "kept", "official": "taken", "sources": "same"}


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("12a", "12b", "12ab"),
        ("1", "12b", "1b"),
        ("1a", "2b", "ab"),
        ("", "12b", "b"),
        ("1", "2", ""),
    ],
)
def test_of_a_list_what_either_put_in_is_in_and_what_either_took_out_is_out(mine, theirs, both):
    assert met({"sources": frozenset(mine)}, {"sources": frozenset(theirs)}) == (frozenset(both), "joined")


@pytest.mark.parametrize(("name", "mine"), [("title", "Mine"), ("official", True), ("sources", frozenset("1"))])
def test_without_a_version_that_both_began_with_every_difference_is_a_conflict(name, mine):
    assert met({name: mine}, {}, base={}) == (mine, "differing")
    assert met({name: mine}, {name: mine}, base={}) == (mine, "same")


VALUES = {"title": st.text(max_size=2), "official": st.booleans(), "sources": st.frozensets(st.sampled_from("1234"))}
VERSIONS = st.fixed_dictionaries(VALUES)


@given(VERSIONS, VERSIONS, VERSIONS)
def test_it_is_the_same_for_both_but_for_whose_value_stands_in_a_conflict(base, mine, theirs):
    here, there = merge(base, mine, theirs), merge(base, theirs, mine)
    settled = [name for name, outcome in here.outcomes.items() if outcome != "differing"]
    assert [here.values[name] for name in settled] == [there.values[name] for name in settled]


@given(VERSIONS, VERSIONS, VERSIONS)
def test_what_was_merged_is_only_a_change_of_mine_to_what_they_made(base, mine, theirs):
    merged = merge(base, mine, theirs)
    assert set(merge(theirs, merged.values, theirs).outcomes.values()) <= {"same", "kept"}
