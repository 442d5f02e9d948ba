"""Opening a zip that came from anywhere: its directory is checked before a byte is unpacked."""

import re
import stat
import struct
import zipfile
import zlib
from typing import BinaryIO

from .records import FileRefused, cut

UNPACKED = 64 * 1024 * 1024
ENTRIES = 60  # a dozen tables, and as many notes of a Mac beside them
DIRECTORY = 64 * 1024
FOLDERS = "FDA's zips contain files without folders, or all in one folder, but this one contains “{}”."
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
WORKBOOK = "xl/workbook.xml"  # the entry that makes a zip an Excel workbook
OFFICE = {
    "xl": "a binary Excel workbook",
    "word": "a Word document",
    "ppt": "a slide show",
    "content.xml": "an OpenDocument file",
}


def entries(file: BinaryIO) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    """The zip and what it holds. Raises FileRefused for every trick that its directory can play.

    What a Mac leaves beside the tables is passed over, and a folder around all of them is none of their names.
    """
    _small_directory(file)
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except BROKEN:
        raise FileRefused("We expected a zip, but the directory of this one is damaged or cut off.") from None
    _apart(archive.infolist())
    found = [info for info in archive.infolist() if not (info.is_dir() or _is_from_a_mac(info.filename))]
    for info in found:
        _safe(info)
    if WORKBOOK not in {info.filename for info in found}:
        _refuse_office(found)
        _take_out_of_folder(found)
    names = [info.filename for info in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise FileRefused(f"Each table appears once in FDA's zip, but “{cut(min(twice))}” appears twice.")
    if sum(info.file_size for info in found) > UNPACKED:
        raise FileRefused(f"A zip can unpack to at most {UNPACKED >> 20} MB, but this one says it needs more.")
    return archive, found


def _is_from_a_mac(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.split("/")[-1] == ".DS_Store"


def _refuse_office(found: list[zipfile.ZipInfo]) -> None:
    for top in (info.filename.split("/")[0] for info in found):
        if top in OFFICE:
            raise FileRefused(
                f"We expected a CSV, an Excel workbook, or one of FDA's zips, but this is {OFFICE[top]}; "
                "save the sheet as CSV."
            )


def _take_out_of_folder(found: list[zipfile.ZipInfo]) -> None:
    """People unpack FDA's zip and pack the folder anew."""
    tops = {info.filename.partition("/")[0] for info in found}
    if len(tops) == 1 and all("/" in info.filename for info in found):
        for info in found:
            info.filename = info.filename.partition("/")[2]
    if deep := [info.filename for info in found if "/" in info.filename]:
        raise FileRefused(FOLDERS.format(cut(deep[0])))


def unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """One entry. Of one that holds more than it announces, no more than that is unpacked."""
    try:
        with archive.open(info) as entry:
            return entry.read(info.file_size + 1)
    except BROKEN:
        raise FileRefused(f"The zip is damaged: “{cut(info.filename)}” does not unpack to what the zip says.") from None


def _small_directory(file: BinaryIO) -> None:
    """Read the end record ourselves: ``zipfile`` would build an object for each of a million entries."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 22 - 65535))
    tail = file.read()
    place = tail.rfind(b"PK\5\6")
    if place < 0 or len(tail) - place < 22:
        raise FileRefused("We expected a zip, but this one is cut off: its directory is missing.")
    if b"PK\6\7" in tail[max(0, place - 20) : place]:  # whose numbers ``zipfile`` would believe instead
        raise FileRefused("FDA's zips are small, but this one has a directory for more than 4 GB.")
    count, length = struct.unpack("<HL", tail[place + 10 : place + 16])
    if count > ENTRIES or length > DIRECTORY:
        raise FileRefused(f"FDA's zips contain about a dozen tables, but this one says it has {count:,}.")


def _safe(info: zipfile.ZipInfo) -> None:
    shown = cut(info.filename)
    if not info.filename.isprintable() or re.search(r"[\\:]|(?:^|/)(?:\.{0,2})(?:/|$)", info.filename):
        raise FileRefused(FOLDERS.format(shown))
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        raise FileRefused(f"FDA's zips contain plain files, but “{shown}” is a link or something else.")
    if info.flag_bits & 0x1:
        raise FileRefused(f"FDA's zips are not encrypted, but “{shown}” is.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileRefused(f"FDA's zips use Deflate, but “{shown}” is compressed in another way.")


def _apart(found: list[zipfile.ZipInfo]) -> None:
    """Entries that share bytes are how a small zip becomes a huge one."""
    end = 0
    for info in sorted(found, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise FileRefused("The tables of a zip lie one after the other, but in this one they overlap.")
        end = info.header_offset + 30 + len(info.filename) + info.compress_size
