"""Small files in the layouts of FDA's, built from rows, and where the real ones lie if they are beside the checkout."""

import csv
import datetime
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from therapies.fda import recognise

ROOT = Path(__file__).parents[1]
REAL = next((found for up in ROOT.parents if (found := up / "shared/reference/fda").is_dir()), None)
needs_real = pytest.mark.skipif(REAL is None, reason="FDA's real files are not beside this checkout")

TODAY = datetime.date(2026, 11, 24)

OLD = [
    "N/R/U",
    "Applicant",
    "BLA Number",
    "Proprietary Name",
    "Proper Name",
    "BLA Type",
    "Strength",
    "Dosage Form",
    "Route of Administration",
    "Product Presentation",
    "Marketing Status",
    "Licensure",
    "Approval Date",
    "Ref. Product Proper Name",
    "Ref. Product Proprietary Name",
    "Supplement Number",
    "Submission Type",
    "License Number",
    "Product Number",
    "Center",
    "Date of First Licensure",
    "Exclusivity Expiration Date",
    "First Interchangeable Exclusivity Exp. Date",
    "Ref. Product Exclusivity Exp. Date",
    "Orphan Exclusivity Exp. Date",
]
NEW = [
    "N/R/U",
    "Applicant",
    "BLA Number",
    "Proprietary Name",
    "Proper Name",
    "License Type",
    "Strength",
    "Dosage Form",
    "Route of Administration",
    "Product Presentation",
    "Marketing Status",
    "Licensure",
    "Approval Date",
    "Inter. Approval Date",
    "Ref. Product Proper Name",
    "Ref. Product Proprietary Name",
    "Supplement Number",
    "Submission Type",
    "Inter. Supplement Number",
    "License Number",
    "Product Number",
    "Center",
    "Date of First Licensure",
    "Exclusivity Expiration Date",
    "First Interchangeable Exclusivity Exp. Date",
    "Ref. Product Exclusivity Exp. Date",
    "Orphan Exclusivity Exp. Date",
    "Patent List Provided",
]
COMPILATION = [
    "Proprietary  Name",
    "Active Ingredient/Moiety",
    "Applicant",
    "NDA/BLA",
    " Application Number(1)",
    " Application Number(2)",
    " Application Number(3)",
    "Dosage Form(1)",
    "Route of Administration(1)",
    "FDA Receipt Date",
    "FDA Approval Date",
    "Approval Year",
    "Abbreviated Indication(s)",
    "Approved Use(s)",
    "Review Designation",
    "Accelerated Approval",
    "Notes",
]


def table(header, rows, before=(), delimiter=",", end="\r\n", code="utf-8-sig"):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerows([*before, header, *rows])
    return out.getvalue().encode(code)


def product(header=OLD, **cells):
    """One row of the Purple Book: ``product(number="125514", brand="Keytruda", …)``."""
    names = {
        "change": "N/R/U",
        "number": "BLA Number",
        "brand": "Proprietary Name",
        "name": "Proper Name",
        "licence": "License Type" if "License Type" in header else "BLA Type",
        "status": "Status" if "Status" in header else "Marketing Status",
        "licensure": "Licensure",
        "approved": "Approval Date",
        "reference": "Ref. Product Proper Name",
        "submission": "Submission Type",
        "center": "Center",
        "strength": "Strength",
        "form": "Dosage Form",
    }
    usual = {"licence": "351(a)", "status": "Rx", "licensure": "Licensed", "submission": "Original", "center": "CDER"}
    row = dict.fromkeys(header, "")
    for field, value in (usual | cells).items():
        row[names[field]] = value
    return list(row.values())


def keytruda(header=OLD, **cells):
    usual = {"number": "125514", "brand": "Keytruda", "name": "pembrolizumab", "approved": "4-Sep-14"}
    return product(header, **(usual | cells))


#: The form under the skin that we record: our therapy is off the market only where this one is, too.
QLEX = {"number": "761467", "brand": "Keytruda Qlex", "name": "pembrolizumab and berahyaluronidase alfa-pmph"}


def purple_book(*rows, header=OLD, **how):
    return table(header, rows, **how)


def whole_purple_book(*rows, newest="1-Nov-26", **how):
    """As many rows as the whole database has: a shorter file is taken for an excerpt."""
    other = {"number": "103999", "brand": "Other", "name": "somatropin", "approved": newest}
    others = (product(**other, strength=f"{n}MG") for n in range(1_000))
    return purple_book(*rows, *others, **how)


def new_purple_book(*rows, changes=(), month="June 2026"):
    """The layout since 2026: title rows, this month's changes, and the database under a second header."""
    width = [""] * (len(NEW) - 1)
    before = [[f"Purple Book Monthly Historical Data Changes Report - {month}", *width], ["", *width]]
    before += [["Newly Approved Products (N)", *width], NEW, *changes, ["", *width], ["Purple Book Database", *width]]
    return table(NEW, rows, before=before, code="utf-8")


def workbook(*sheets):
    """An Excel workbook: for each sheet its rows, of texts, numbers, days or formulas."""
    book, out = openpyxl.Workbook(write_only=True), io.BytesIO()
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(out)
    return out.getvalue()


def repacked(data, folder="", beside=(), **changed):
    """A zip with its entries in a folder, with others beside them, or with other bytes for some."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(folder + name, changed.get(name.split("/")[-1].split(".")[0], old.read(name)))
        for name in beside:
            new.writestr(name, b"\0\5\x16\7 a note of the Finder")
    return out.getvalue()


TABLES = {
    "Applications.txt": [["ApplNo", "ApplType", "ApplPublicNotes", "SponsorName"], ["125514", "BLA", "", "MERCK"]],
    "Products.txt": [
        [
            "ApplNo",
            "ProductNo",
            "Form",
            "Strength",
            "ReferenceDrug",
            "DrugName",
            "ActiveIngredient",
            "ReferenceStandard",
        ],
        ["125514", "001", "INJECTABLE;INJECTION", "50MG", "0", "KEYTRUDA", "PEMBROLIZUMAB", "0"],
    ],
    "Submissions.txt": [
        [
            *("ApplNo", "SubmissionClassCodeID", "SubmissionType", "SubmissionNo", "SubmissionStatus"),
            *("SubmissionStatusDate", "SubmissionsPublicNotes", "ReviewPriority"),
        ],
        ["125514", "7", "ORIG      ", "1", "AP", "2014-09-04 00:00:00", "", "PRIORITY"],
        ["125514", "2", "SUPPL     ", "4", "AP", "2015-12-18 00:00:00", "", "PRIORITY"],
        ["125514", "2", "SUPPL     ", "99", "AP", "2016-02-03 00:00:00", "", "PRIORITY"],
    ],
    "SubmissionClass_Lookup.txt": [
        ["SubmissionClassCodeID", "SubmissionClassCode", "SubmissionClassCodeDescription"],
        ["2", "EFFICACY", "Efficacy"],
        ["7", "TYPE 1", "Type 1 - New Molecular Entity"],
    ],
}


def tsv(rows):
    return "".join("\t".join(row) + "\r\n" for row in rows).encode("cp1252")


def drugs_zip(date=(2018, 6, 26, 14, 30, 6), compression=zipfile.ZIP_DEFLATED, **changed):
    """Drugs@FDA's zip; ``changed`` gives other tables: rows or bytes, or None to leave one out."""
    out = io.BytesIO()
    tables = TABLES | {f"{name}.txt": rows for name, rows in changed.items()}
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, rows in tables.items():
            if rows is not None:
                data = rows if isinstance(rows, bytes) else tsv(rows)
                archive.writestr(zipfile.ZipInfo(name, date), data, compression)
    return out.getvalue()


def answer(*results, total=None, updated="2026-07-23", **more):
    meta = {"last_updated": updated, "results": {"skip": 0, "limit": 1, "total": total or len(results)}}
    return json.dumps({"meta": meta, "results": list(results)} | more).encode()


def drugsfda(number="BLA125514", brand="KEYTRUDA", name="PEMBROLIZUMAB", **more):
    submission = {"submission_type": "ORIG", "submission_number": "1", "submission_status": "AP"}
    submission |= {"submission_status_date": "20140904", "submission_class_code": "TYPE 1"}
    product = {"brand_name": brand, "active_ingredients": [{"name": name, "strength": "50MG"}]}
    product |= {"dosage_form": "INJECTABLE", "route": "INJECTION", "marketing_status": "Prescription"}
    return {
        "application_number": number,
        "sponsor_name": "M",
        "products": [product],
        "submissions": [submission],
    } | more


def label(number="BLA125514", brand="Keytruda", name="PEMBROLIZUMAB", **more):
    known = {"application_number": [number], "brand_name": [brand], "generic_name": [name]}
    return {
        "set_id": "9333c79b-d487-4538-a9f0-71b91a02b287",
        "version": "71",
        "effective_time": "20260115",
        "indications_and_usage": ["1 INDICATIONS AND USAGE indicated for melanoma"],
        "openfda": known,
    } | more


NOTICE = (
    "FDA approves tisagenlecleucel for relapsed or refractory follicular lymphoma",
    "On May 27, 2022, the Food and Drug Administration granted accelerated approval to tisagenlecleucel (Kymriah, "
    "Novartis Pharmaceuticals Corporation) for adult patients with relapsed or refractory follicular lymphoma (FL) "
    "after two or more lines of systemic therapy.",
    "05/27/2022",
)


def notices(*rows):
    return table(["Webpage", "Description", "Date"], rows or [NOTICE])


def page(header, rows, title="A page of FDA", current="10/02/2026"):
    """A saved web page with one table, as fda.gov serves them."""
    cells = "".join(f'<th scope="col">{name}</th>' for name in header)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    return (
        f"<!DOCTYPE html>\n<html><head><title>{title}</title><script>var a='<table>';</script></head>\n<body>"
        f"<h1>{title}</h1>\n<table><thead><tr>{cells}</tr></thead><tbody>\n{body}</tbody></table>\n"
        f"<ul><li>Content current as of:<p>{current}</p></li></ul></body></html>"
    ).encode()


ONGOING = ["Drug Name", "Accelerated Approval (AA) Indication", "AA Date", "AA Post-Marketing Requirement"]
ONGOING += ["Original Projected Completion <sup>1</sup>"]
VERIFIED = [
    "Drug Name",
    "Accelerated Approval (AA) Indication",
    "Accelerated Approval Date",
    "Traditional Approval Date",
]
WITHDRAWN = ["Drug Name", "Accelerated Approval (AA) Indication", "Accelerated Approval Date", "Withdrawal Date2"]


def old_approval(**cells):
    row = dict.fromkeys(COMPILATION, "")
    row |= {"Proprietary  Name": "Mylotarg", "Active Ingredient/Moiety": "gemtuzumab ozogamicin", "NDA/BLA": "NDA"}
    row |= {
        " Application Number(1)": "21174",
        "FDA Approval Date": "5/17/2000",
        "Approved Use(s)": "CD33 leukemia,\nfirst",
    }
    return list((row | cells).values())


def read(data, today=TODAY):
    """The reading of a file and its records."""
    reading = recognise.open_file(io.BytesIO(data), today)
    return reading, list(reading.records)


SIMILAR = {
    "brand": "Newsimilar",
    "name": "bevacizumab-zzzz",
    "licence": "351(k) Biosimilar",
    "reference": "bevacizumab",
}


def similar(number=769999, **cells):
    return product(number=str(number), approved="1-Jan-25", **(SIMILAR | cells))


BOOK = purple_book(
    keytruda(),
    similar(),
    product(number="769998", brand="Newmab", name="ivonescimab-abcd", approved="2-Jan-25"),
    product(number="103948", brand="Lemtrada", name="alemtuzumab", approved="7-May-01", status="Disc"),
    product(number="125554", brand="Opdivo", name="nivolumab", approved="22-Dec-14", status="Disc"),
    keytruda(number="wrong"),
)


REVOKED = purple_book(keytruda(licensure="Voluntarily Revoked", status=""))


def as_excel_keeps(row):
    """A row as Excel keeps it: numbers and days are no text, and nothing stands behind the last cell."""
    cells = [int(cell) if cell.isdigit() else cell for cell in row]
    cells = [datetime.datetime(2014, 9, 4) if cell == "4-Sep-14" else cell for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return [None if cell == "" else cell for cell in cells]


def facts_of(products):
    """What a list tells of its products, to compare two forms of it."""
    return [(str(p.application), p.brand, p.names, p.licence, p.status, p.licensure, p.approved) for p in products]
