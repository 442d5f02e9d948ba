"""Files that mean harm or were chosen by mistake, each with what is said of it."""

import io
import stat
import struct
import zipfile

from tests import fda_files as files

MB = 1 << 20


def entry(name, data=b"x", date=(2018, 6, 26, 0, 0, 0), mode=stat.S_IFREG | 0o644, kind=zipfile.ZIP_DEFLATED):
    info = zipfile.ZipInfo(name, date)
    info.external_attr, info.compress_type = mode << 16, kind
    return info, data


def zipped(*entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for info, data in entries:
            archive.writestr(info, data)
    return out.getvalue()


def table(name):
    return files.tsv(files.TABLES[name])


def patched(data, mark, offset, form, value, every=True):
    """A zip with a field of its headers changed, wherever the mark of the header stands."""
    raw, place = bytearray(data), data.find(mark)
    while place >= 0:
        struct.pack_into(form, raw, place + offset, value)
        place = data.find(mark, place + 1) if every else -1
    return bytes(raw)


LOCAL, CENTRAL = b"PK\3\4", b"PK\1\2"
GOOD = files.drugs_zip()


def overlapping():
    """Two directory entries that point at the same bytes."""
    data = bytearray(GOOD)
    first = data.find(CENTRAL)
    second = data.find(CENTRAL, first + 1)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def lying_about_size():
    return patched(patched(GOOD, CENTRAL, 24, "<L", 20), LOCAL, 22, "<L", 20)


def with_bad_sum():
    data = bytearray(files.drugs_zip(compression=zipfile.ZIP_STORED))
    place = data.find(b"KEYTRUDA")
    data[place] ^= 1
    return bytes(data)


def million_entries():
    end = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 60000, 60000, 60000 * 46, 30, 0)
    return b"PK\3\4" + b"\0" * 26 + CENTRAL * 10 + end


def believed_anew():
    """The short end record announces one entry. A second one, for large zips, has ``zipfile`` build 200,000."""
    count, start = 200_000, 31
    entries = (CENTRAL + b"\0" * 24 + struct.pack("<H", 1) + b"\0" * 16 + b"a") * count
    larger = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(entries), start)
    where = struct.pack("<4sLQL", b"PK\6\7", 0, start + len(entries), 1)
    return (
        b"PK\3\4" + b"\0" * 27 + entries + larger + where + struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 1, 1, 47, 31, 0)
    )


def bulk(data):
    return zipped(entry("drug-label-0001-of-0001.json", data))


def deep(length):
    return b'{"meta": {}, "results": [' + b'{"openfda": ' + b"[" * length + b"]" * length + b"}]}"


BOOK = files.workbook([files.OLD, files.keytruda()])
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet(xml):
    """A workbook whose sheet holds these rows."""
    return files.repacked(BOOK, sheet1=b"<worksheet %b><sheetData>%b</sheetData></worksheet>" % (MAIN, xml))


def styled(xml):
    return files.repacked(BOOK, styles=b"<styleSheet %b><cellXfs>%b</cellXfs></styleSheet>" % (MAIN, xml))


#: What each holds, or how it is made where that takes a while, and what is said of it.
HOSTILE = {
    "empty": (b"", "is empty"),
    "blank": (b" \r\n \r\n", "no row at all"),
    "a spreadsheet renamed .csv": (zipped(entry("[Content_Types].xml"), entry("xl/workbook.xml")), "an Excel workbook"),
    "a binary spreadsheet": (zipped(entry("xl/workbook.bin")), "a binary Excel workbook"),
    "a workbook cut off": (BOOK[: len(BOOK) // 2], "cut off"),
    "a workbook without its sheet": (files.repacked(BOOK, sheet1=b""), "is damaged"),
    "a workbook with entities": (
        files.repacked(BOOK, sheet1=b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><worksheet>&c;</worksheet>'),
        "define no entities",
    ),
    "a workbook with a file outside": (
        files.repacked(BOOK, workbook=b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><workbook/>'),
        "define no entities",
    ),
    "a workbook of a million cells": (lambda: sheet(b"<row>" + b"<c/>" * MB + b"</row>"), "than a table needs"),
    "a workbook of 60,000 styles": (lambda: styled(b'<xf numFmtId="0"/>' * 60_001), "than a table needs"),
    "a workbook with a tag of 10 MB": (lambda: sheet(b"<row " + b'a="b" ' * (10 * MB // 6) + b"/>"), "a table needs"),
    "a workbook of depth": (lambda: sheet(b"<a>" * 1_000 + b"</a>" * 1_000), "than a table needs"),
    "a workbook whose last row is far": (
        sheet(b'<row r="999999999"><c r="A999999999"><v>1</v></c></row>'),
        "at most 100,000 rows",
    ),
    "a workbook of 61 columns": (files.workbook([[*map(str, range(61))]]), "at most 60 columns"),
    "a workbook with a long cell": (files.workbook([["K" * 20_001]]), "A cell can contain at most 20,000"),
    "a workbook that unpacks to 40 MB": (
        lambda: files.repacked(BOOK, styles=b" " * (40 * MB)),
        "can unpack to at most 32 MB",
    ),
    "a workbook of nonsense": (
        sheet(b'<row r="x"><c r="?!" t="s"><v>77</v></c></row>'),
        "is damaged",
    ),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old Excel"),
    "an OpenDocument sheet": (zipped(entry("mimetype"), entry("content.xml")), "an OpenDocument file"),
    "a PDF": (b"%PDF-1.7 ...", "a PDF"),
    "a web archive": (b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n", "save the page as HTML only"),
    "gzip": (b"\x1f\x8b\x08" + b"x" * 99, "gzip"),
    "NUL": (files.purple_book(files.keytruda(brand="Key\0truda")), "NUL bytes"),
    "UTF-16": (files.purple_book(files.keytruda()).decode("utf-8-sig").encode("utf-16"), "UTF-16"),
    "UTF-16 without its mark": (
        files.purple_book(files.keytruda()).decode("utf-8-sig").encode("utf-16-le"),
        "NUL bytes",
    ),
    "bytes of no encoding": (
        files.purple_book(files.keytruda()) + b"\x81\x8d\xff",
        "this file is in neither",
    ),
    "semicolons": (
        files.purple_book(files.keytruda(), delimiter=";"),
        "with commas, but this file uses semicolons",
    ),
    "tabs": (files.purple_book(files.keytruda(), delimiter="\t"), "this file uses tabs"),
    "another table": (b"name,age\r\nAda,36\r\n", "begins with “name, age"),
    "prose": (b"Dear registrar, here is the file.\r\n", "begins with “Dear registrar"),
    "no required column": (files.table(files.OLD[:5], [files.keytruda()[:5]]), "needs the column"),
    "10,000 columns": (files.table([*files.OLD, *map(str, range(10_000))], []), "at most 60 columns"),
    "a line of commas": (b"," * (3 * MB), "A line can contain at most"),
    "a megabyte in a cell": (files.purple_book(files.keytruda(brand="K" * MB)), "A cell can contain at most 20,000"),
    "a long cell": (files.purple_book(files.keytruda(brand="K" * 20_001)), "A cell can contain at most 20,000"),
    "nineteen million empty lines": (lambda: b"\n" * 19_000_000, "at most 100,000 empty rows"),
    "100,001 rows": (lambda: files.purple_book(*[["a"] * 25] * 100_001, code="ascii"), "at most 100,000 rows"),
    "an apology": (b"<!DOCTYPE html><html><title>FDA - Page not found</title><p>Sorry</p>", "“FDA - Page not found”"),
    "a page with another table": (files.page(["Name", "Age"], [["Ada", "36"]]), "has no such table"),
    "a page of 5 MB": (b"<html>" + b"<p>x</p>" * (5 * MB // 8), "at most 4 MB"),
    "a page cut off": (files.page(files.VERIFIED, [["Keytruda (a)", "b", "1/1/2024", ""]] * 9)[:900], "cut off"),
    "a Purple Book cut off": (
        files.new_purple_book(changes=[files.keytruda(files.NEW, change="U")]).split(b"Purple Book Database")[0],
        "ends early",
    ),
    "a column twice, of those that nobody needs": (
        files.table([*files.OLD, "Strength"], []),
        "“Strength” appears twice",
    ),
    "one column under two names": (files.table([*files.OLD, "License Type"], []), "are the same"),
    "21 MB": (b"x" * (21 * MB), "at most 20 MB"),
    "an empty zip": (zipped(), "contains nothing"),
    "a foreign zip": (zipped(entry("readme.txt")), "contains readme.txt"),
    "a zip cut off": (GOOD[: len(GOOD) // 2], "cut off"),
    "the start of a zip": (b"PK\3\4", "cut off"),
    "a zip with a million entries": (million_entries(), "says it has 60,000"),
    "a zip in a zip": (
        zipped(entry("Applications.txt", table("Applications.txt")), entry("more.zip", GOOD)),
        "more.zip",
    ),
    "a zip as a table": (files.drugs_zip(TE=GOOD), "NUL bytes"),
    "traversal": (zipped(entry("../Applications.txt"), entry("Submissions.txt")), "without folders"),
    "an absolute name": (zipped(entry("/Applications.txt"), entry("Submissions.txt")), "without folders"),
    "a drive": (zipped(entry("C:\\Applications.txt"), entry("Submissions.txt")), "without folders"),
    "a link": (zipped(entry("Applications.txt", b"/etc/passwd", mode=stat.S_IFLNK | 0o777)), "is a link"),
    "encryption": (patched(patched(GOOD, CENTRAL, 8, "<H", 1), LOCAL, 6, "<H", 1), "not encrypted"),
    "another packing": (zipped(entry("Applications.txt", b"x", kind=zipfile.ZIP_LZMA)), "compressed in another way"),
    "a bad checksum": (with_bad_sum(), "does not unpack"),
    "a lying size": (lying_about_size(), "does not unpack"),
    "overlap": (overlapping(), "overlap"),
    "a bomb by size": (lambda: zipped(entry("Applications.txt", b"\0" * (70 * MB))), "can unpack to at most 64 MB"),
    "a table twice": (
        zipped(entry("TE.txt"), entry("TF.txt"), entry("Applications.txt")).replace(b"TF.txt", b"TE.txt"),
        "appears twice",
    ),
    "an endless line": (files.drugs_zip(Submissions=b"ApplNo\t" * 200_000), "A line can contain at most"),
    "a table with commas": (
        files.drugs_zip(Applications=b"ApplNo,ApplType,SponsorName\r\n"),
        "separates cells with tabs",
    ),
    "a table without a column": (
        files.drugs_zip(Applications=b"ApplNo\tSponsorName\r\n"),
        "needs the column “appltype”",
    ),
    "a column twice": (files.drugs_zip(Applications=b"ApplNo\tApplType\tApplNo\r\n"), "appears twice"),
    "a table in UTF-16": (files.drugs_zip(Applications="ApplNo\tApplType".encode("utf-16")), "UTF-16"),
    "a table of many columns": (files.drugs_zip(Applications=b"a\t" * 9_000), "at most 60 columns"),
    "a directory for huge zips": (believed_anew(), "for more than 4 GB"),
    "a table of nothing but errors": (
        lambda: files.drugs_zip(Submissions=files.tsv(files.TABLES["Submissions.txt"][:1]) + b"x\n" * 900_000),
        "More than 20,000 rows of this file cannot be read. The first: Submissions.txt: This row has 1 cell where",
    ),
    "tables within tables": (b"<table><tr><td>" * 80 + b"<tr><td>x" * 200_000 + b"</table>" * 80, "within tables"),
    "JSON cut off": (files.answer(files.label())[:-40], "breaks its rules or is cut off"),
    "JSON of depth": (deep(100_000), "has few levels"),
    "JSON of depth elsewhere": (b'{"a": ' + b"[" * 100_000, "has few levels"),
    "JSON of depth in what is passed over": (
        b'{"results": [{"set_id": "a", "x": ' + b'{"a":' * 100_000,
        "has few levels",
    ),
    "NaN": (b'{"meta": {}, "results": [{"set_id": NaN}]}', "breaks its rules"),
    "a key twice": (b'{"results": [{"set_id": "a", "set_id": "b"}]}', "“set_id” appears twice"),
    "meta twice": (b'{"meta": {}, "meta": {}, "results": []}', "“meta” appears twice"),
    "a list": (b'[{"set_id": "a"}]', "has no results"),
    "no results": (b'{"meta": {}}', "has no results"),
    "empty results": (b'{"meta": {}, "results": []}', "are empty"),
    "numbers for results": (b'{"meta": {}, "results": [1, 2]}', "are empty"),
    "counts": (b'{"meta": {}, "results": [{"term": "a", "count": 1}]}', "are neither"),
    "an error of openFDA": (b'{"error": {"code": "NOT_FOUND", "message": "No matches found!"}}', "No matches found!"),
    "a million values": (b'{"results": [' + b"{},[]," * (2 * MB) + b"{}]}", "at most 2,500,000 values"),
    "100,000 results": (b'{"results": [' + b'{"set_id": "a"},' * 100_000 + b"{}]}", "at most 50,000 results"),
    "a value of 60 MB": (lambda: bulk(b'{"results": [{"set_id": "' + b"a" * (60 * MB) + b'"}]}'), "at most 2 MB"),
    "a key of 60 MB": (lambda: bulk(b'{"' + b"a" * (60 * MB) + b'": 1}'), "at most 2 MB"),
    "60 MB of backslashes": (
        lambda: bulk(b'{"results": [{"set_id": "' + b"\\\\" * (30 * MB) + b'"}]}'),
        "at most 2 MB",
    ),
    "a number of 60 MB": (lambda: bulk(b'{"meta": {"total": ' + b"9" * (60 * MB) + b"}}"), "at most 2 MB"),
    "a number beyond all": (b'{"results": [{"set_id": 1e999999}]}', "breaks its rules"),
    "an export with two lists": (b'{"portal-export": 1, "records": [], "records": []}', "“records” appears twice"),
    "an export with a long list": (
        b'{"portal-export": 1, "records": [{"biomarkers": [' + b'"aaaaaaaaaa",' * 9_000 + b'"a"]}]}',
        "A cell can contain at most",
    ),
    "notices without end": (
        files.notices(*(("A title", "FDA approved pembrolizumab. " * 200, "03/03/2026") for _ in range(400))),
        "at most 2,000,000 characters",
    ),
    "half of a pair": (b'{"results": [{"set_id": "\\ud800", "version": "1"}]}', "half of one"),
}


def hostile(name):
    data, said = HOSTILE[name]
    return (data() if callable(data) else data), said
