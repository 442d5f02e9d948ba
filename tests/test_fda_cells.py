"""Cells of FDA's files: numbers, days, names and links, as they are written and as they are read."""

import datetime

import pytest

from tests.fda_files import TODAY
from therapies.fda import cells
from therapies.fda.records import Application


def day(*parts):
    return datetime.date(*parts)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("BLA125514", "BLA125514"),
        ("BLA 125514", "BLA125514"),
        ("125514", "BLA125514"),
        ("17016", "BLA017016"),
        ("017016", "BLA017016"),
        (" bla-125514 ", "BLA125514"),
    ],
)
def test_an_application_number_is_read_with_its_kind(written, read):
    assert str(cells.application(written, "BLA")) == read


@pytest.mark.parametrize(
    "written",
    [
        "125514.0",
        "1.25E+05",
        "125514A",
        "125514/S-004",
        "1255145",
        "1234",
        "000000",
        "",
        "=125514",
        "١٢٥٥١٤",
        "NDA125514",
    ],
)
def test_what_is_no_application_number_is_refused(written):
    with pytest.raises(cells.Bad):
        cells.application(written, "BLA")


@pytest.mark.parametrize(
    "written",
    [
        "BLA 125514/S-004",
        "BL 125514/0",
        "STN: BL 125514/1234",
        "STN BL 125514",
        "STN: 125514/0",
        "BL125514",
        "BN 125514",
    ],
)
def test_a_supplement_is_read_as_letters_write_it(written):
    assert cells.application(written, supplement=True) == Application("BLA", 125514)
    assert cells.application("125514/S-004", "BLA", supplement=True) == Application("BLA", 125514)


def test_a_supplement_is_read_only_where_supplements_stand():
    for written in ("STN: BL 125514", "BL 125514/0"):
        with pytest.raises(cells.Bad):
            cells.application(written, "BLA")
    with pytest.raises(cells.Bad, match="whether it is a BLA or an NDA"):
        cells.application("125514")


def test_the_kind_belongs_to_the_number():
    assert Application("NDA", 21174) != Application("BLA", 21174)
    assert str(Application("NDA", 21174)) == "NDA021174"


@pytest.mark.parametrize(
    "written",
    [
        "4-Sep-14",
        "04-Sep-2014",
        "9/4/2014",
        "2014-09-04 00:00:00",
        "2014-09-04",
        "20140904",
        "September 4, 2014",
        "Sept. 4th, 2014",
        "4 September 2014",
        "4th Sept. 2014",
        "Thursday, September 4, 2014",
        "Sep 4, 2014",
        "9/4/2014 0:00",
        "9/4/2014 00:00:00",
    ],
)
def test_a_day_is_read_in_every_way_that_fda_writes_it(written):
    assert cells.day(written, TODAY) == day(2014, 9, 4)


@pytest.mark.parametrize("written", ["", " ", "N/A", "Date TBD", "TBD", "n/a"])
def test_no_day_is_no_day(written):
    assert cells.day(written, TODAY) is None


@pytest.mark.parametrize(
    "written", ["31-Feb-14", "13/45/2014", "2014-13-01", "0001-01-01", "41886", "4 Sep", "9999-12-31"]
)
def test_an_impossible_day_is_refused(written):
    with pytest.raises(cells.Bad):
        cells.day(written, TODAY)


def test_two_digits_of_a_year_are_read_by_the_rule_of_their_column():
    edition = day(2026, 6, 30)
    assert cells.day("14-Jun-36", edition) == day(1936, 6, 14)
    assert cells.day("14-Jun-26", edition) == day(2026, 6, 14)
    assert cells.day("1-Jul-26", edition) == day(1926, 7, 1)
    assert cells.day("25-Jan-31", edition.replace(year=2056)) == day(2031, 1, 25), "an exclusivity may end later"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Keytrud\u0430", "only looks Latin: U\\+0430 CYRILLIC SMALL LETTER A"),
        ("pembr\u03bflizumab", "GREEK SMALL LETTER OMICRON"),
        ("\uff2beytruda", "FULLWIDTH"),
        ("=HYPERLINK(1)", "spreadsheet's formula"),
        ("@SUM(1)", "spreadsheet's formula"),
        ("<script>alert(1)</script>", "contain < or >"),
        ("Key\u202etruda", "direction character, U\\+202E"),
        ("Key\x07truda", "U\\+0007"),
        ("Key\ud800truda", "U\\+D800"),
    ],
)
def test_a_name_that_plays_a_trick_is_refused(written, said):
    with pytest.raises(cells.Bad, match=said):
        cells.name(written)


@pytest.mark.parametrize("written", ["interferon \u03b1", "Bacillus Calmette-Guérin", "Herzuma®", "µ-opioid drug"])
def test_a_name_as_people_write_it_is_read(written):
    assert cells.name(written) == written.rstrip("®")


def test_characters_without_width_are_dropped():
    assert cells.name("\ufeffKey\u200btruda ") == "Keytruda"


def test_a_link_loses_what_follows_its_reader():
    link = "https://www.fda.gov/drugs/a?utm_medium=email&x=1&UTM_source=govdelivery#top"
    assert cells.address(link) == "https://www.fda.gov/drugs/a?x=1#top"
    assert cells.address("/drugs/a?utm_source=x") == "https://www.fda.gov/drugs/a"
    assert cells.address("javascript:alert(1)") == ""


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (["daratumumab and hyaluronidase-fihj"], ("daratumumab",)),
        (["DARATUMUMAB AND HYALURONIDASE-FIHJ (HUMAN RECOMBINANT)"], ("daratumumab",)),
        (["pertuzumab, trastuzumab, and hyaluronidase-zzxf"], ("pertuzumab", "trastuzumab")),
        (["HYALURONIDASE", "RITUXIMAB"], ("rituximab",)),
        (["pembrolizumab and berahyaluronidase alfa-pmph"], ("pembrolizumab",)),
        (["bevacizumab-awwb"], ("bevacizumab",)),
        (["sipuleucel-T"], ("sipuleucel-t",)),
    ],
)
def test_a_product_is_known_by_the_drugs_that_it_holds(names, parts):
    assert cells.parts(names) == parts
