"""Databases of sites that run what landed once, in ``tests/landed/``: a test upgrades each of them.

``python -m tests.landed COMMIT`` makes one, with that commit's own code: the content as it came, and nobody's edits.
A dump is SQL as SQLite reads it, compressed, and bears the name of its commit.
"""

import io
import lzma
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from .databases import FILLED_BY, ROOT

FOLDER = ROOT / "tests/landed"
DUMPS = sorted(FOLDER.glob("*.sql.xz"))


def restore(dump: Path, database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(lzma.decompress(dump.read_bytes()).decode())


def make(commit: str) -> Path:
    """The dump of a new site, set up as that commit does it. Its packages are taken from here."""
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True)  # noqa: S607
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as tree:
            tree.extractall(folder, filter="data")
        database = Path(folder) / "site.sqlite3"
        of_its_own = {"PORTAL_DEV": "1", "PORTAL_VAR": f"{folder}/var", "DATABASE_URL": f"sqlite:///{database}"}
        for command in FILLED_BY:
            subprocess.run([sys.executable, "manage.py", command], cwd=folder, env=os.environ | of_its_own, check=True)
        with closing(sqlite3.connect(database)) as connection:
            sql = "\n".join(connection.iterdump())
    dump = FOLDER / f"{commit[:7]}.sql.xz"
    dump.write_bytes(lzma.compress(sql.encode(), preset=9 | lzma.PRESET_EXTREME))
    return dump


if __name__ == "__main__":
    print(make(sys.argv[1]))
