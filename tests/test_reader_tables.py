"""Tables of FDA's pages, saved as CSV or HTML: notices and accelerated approvals."""

import datetime

import pytest

from tests import fda_files as files
from tests.fda_files import read
from therapies.fda.records import Accelerated, Notice


def test_notices_are_read_from_csv_and_from_a_saved_page():
    _, (one,) = read(files.notices())
    title, description, date = files.NOTICE
    link = f'<a href="/drugs/a?utm_source=x">{title}</a>'
    reading, (two,) = read(files.page(["Webpage", "Description", "Date"], [[link, f"<p>{description}</p>", date]]))
    assert (
        isinstance(one, Notice)
        and one.description == two.description
        and one.date == two.date == datetime.date(2022, 5, 27)
    )
    assert two.address == "https://www.fda.gov/drugs/a" and reading.edition == "2026-10-02"


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        (files.ONGOING, ["5/27/2022", "Conduct a trial", "9/30/2028"], (None, None)),
        (files.VERIFIED, ["5/27/2022", "4/1/2024"], (datetime.date(2024, 4, 1), None)),
        (files.WITHDRAWN, ["5/27/2022", "4/1/2024"], (None, datetime.date(2024, 4, 1))),
        (
            [*files.VERIFIED[:3], "Conversion to Regular Approval Date"],
            ["5/27/2022", "4/1/2024"],
            (datetime.date(2024, 4, 1), None),
        ),
    ],
)
def test_the_three_tables_of_accelerated_approvals_are_read(header, row, said):
    row = ["Kymriah (tisagenlecleucel)<sup>2</sup>", "Adults with FL", *row]
    reading, (found,) = read(files.page(header, [row]))
    plain = [cell.replace(" <sup>1</sup>", " 1") for cell in header]
    _, (same,) = read(files.table(plain, [[row[0].replace("<sup>2</sup>", ""), *row[1:]]]))
    assert isinstance(found, Accelerated) and reading.kind == "accelerated-approvals"
    assert (found.brand, found.names, found.granted) == ("Kymriah", ("tisagenlecleucel",), datetime.date(2022, 5, 27))
    assert (found.converted, found.withdrawn) == said == (same.converted, same.withdrawn)


def test_a_page_may_cut_its_table_in_several():
    one = files.page(files.VERIFIED, [["Keytruda (pembrolizumab)", "A", "5/27/2022", "4/1/2024"]]).decode()
    two = one.replace("</body>", one[one.index("<table><thead>") : one.index("</table>") + 8] + "</body>")
    assert len(read(two.encode())[1]) == 2


def test_headings_and_a_second_header_within_a_table_are_no_rows():
    row = ["Keytruda (pembrolizumab)", "A", "5/27/2022", "4/1/2024"]
    page = files.page(files.VERIFIED, [row]).decode()
    header = page[page.index("<tr>") : page.index("</tr>") + 5]
    page = page.replace("<tbody>", '<tbody><tr><td colspan="4">2024</td></tr>')
    reading, found = read(page.replace("</tbody>", f"</tbody><tfoot>{header}</tfoot>").encode())
    assert len(found) == 1 and not reading.errors
    reading, found = read(files.table(files.VERIFIED, [row, files.VERIFIED, row]))
    assert len(found) == 2 and not reading.errors
