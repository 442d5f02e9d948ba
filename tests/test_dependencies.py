"""What is installed is what was chosen: exact and by hash, on the Pythons that are named. Each is said in one place."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import portal

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LISTS = ["requirements.txt", "requirements-dev.txt"]
PIN = re.compile(r"([\w.-]+)(?:\[[\w,]+\])?==(\d[\w.]*)(?=[ \\]|$)")


def same(name: str) -> str:
    """A package by the one name that all ways of writing it share."""
    return re.sub(r"[-_.]+", "-", name).lower()


def chosen(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    return {same(found[1]): found[2] for line in lines if (found := PIN.match(line))}


def locked(name: str) -> dict[str, tuple[str, str]]:
    """Each entry of a lock: its version, and all that belongs to it."""
    text = "".join(line for line in (ROOT / name).read_text().splitlines(keepends=True) if not re.match(r"\s*#", line))
    entries = re.split(r"\n(?=\S)", text.strip())
    found = {entry: PIN.match(entry) for entry in entries}
    assert [entry for entry, pin in found.items() if not pin] == [], "every entry is exact"
    return {same(pin[1]): (pin[2], entry) for entry, pin in found.items() if pin}


def pythons() -> list[str]:
    first, end = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["requires-python"]).groups()
    return [f"3.{minor}" for minor in range(int(end) - 1, int(first) - 1, -1)]


# The lists and their locks ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_every_dependency_is_pinned_and_has_a_reason(name):
    lines = (ROOT / name).read_text().splitlines()
    found = [(above, line) for above, line in zip(["", *lines], lines, strict=False) if line and line[0] not in "#-"]
    assert found
    for above, line in found:
        assert PIN.match(line), f"{line}: pin it with =="
        reason = re.search(r"\s#\s*(\w.+)", line) or re.match(r"#\s*(\w.+)", above)
        assert reason, f"{line}: say why, after a # or on the line above"


@pytest.mark.parametrize("name", LISTS)
def test_what_was_chosen_is_what_is_locked(name):
    found = {package: version for package, (version, _) in locked(name.replace(".txt", ".lock")).items()}
    assert chosen(name).items() <= found.items(), "`make lock` after a change of the list"


@pytest.mark.parametrize("name", LISTS)
def test_every_file_of_a_locked_package_is_known_by_its_hash(name):
    for package, (_, entry) in locked(name.replace(".txt", ".lock")).items():
        rest = [word for word in entry.split(" \\\n    ")[1:] if not re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", word)]
        assert "--hash=sha256:" in entry and rest == [], package


def test_the_locks_agree_and_what_is_installed_is_of_them():
    run, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    assert run.keys() <= dev.keys() and [p for p in run if run[p][0] != dev[p][0]] == []
    for package in importlib.metadata.distributions():
        assert dev.get(same(package.name), (package.version,))[0] == package.version, package.name


def test_packages_are_installed_from_a_lock_by_hash_and_no_file_names_a_registry():
    makefile = (ROOT / "Makefile").read_text()
    assert [line for line in makefile.splitlines() if "pip install" in line and "--require-hashes" not in line] == []
    assert re.findall(r"^\.venv.*\(call install,\w+,(.*),\$\((\w+)\) (.*)\)", makefile, re.M) == [
        ("requirements.lock", "with_pip", "requirements.lock"),
        ("requirements.lock requirements-dev.lock", "with_uv", "requirements-dev.lock"),
    ]
    assert "pip install" not in (ROOT / ".ci/run").read_text()
    for name in (*LISTS, "requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / name).read_text() and "index-url" not in (ROOT / name).read_text()


# Pythons ------------------------------------------------------------------------------------------------


def test_the_supported_pythons_are_said_in_one_place_and_read_from_there():
    asked = [shutil.which("make") or "make", "--no-print-directory", ".pythons"]
    assert subprocess.run(asked, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split() == pythons()
    assert f"{sys.version_info.major}.{sys.version_info.minor}" in pythons()
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    assert "target-version" not in tools["ruff"] and "python_version" not in tools["mypy"]
    assert (ROOT / ".python-version").read_text().strip() == pythons()[0]
    for name in ("Makefile", ".ci/run"):
        commands = re.sub(r"#.*", "", (ROOT / name).read_text())
        assert re.findall(r"\b3\.\d\d\b|\(3, ?\d\d\)", commands) == [], name


def test_the_documents_name_the_supported_pythons_and_no_other():
    told = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    said = [found for path in told for found in re.findall(r"Python ((?:3\.\d+(?: or )?)+)", path.read_text())]
    assert len(said) >= 3 and set(said) == {" or ".join(reversed(pythons()))}


# The version --------------------------------------------------------------------------------------------


def test_the_version_is_said_in_one_place_and_told_in_the_change_log():
    assert portal.__version__ == PROJECT["version"]
    changes = (ROOT / "CHANGELOG.md").read_text()
    assert re.findall(r"^## \[(.+)\] - \d{4}-\d\d-\d\d$", changes, re.M)[0] == portal.__version__
