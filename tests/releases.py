"""A release that corrects the shipped content, and is loaded: for tests of upgrades."""

from collections.abc import Callable
from pathlib import Path

import pytest

from therapies import shipping

from .test_loading import load


def shipped_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped therapies, cancers and labels that a release may change."""
    folder = tmp_path / "content"
    for path in shipping.CONTENT.rglob("*.*"):
        place = folder / path.relative_to(shipping.CONTENT)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(path)
    monkeypatch.setattr(shipping, "CONTENT", folder)
    return folder


def releasing(files: Path) -> Callable[[str, str, str], str]:
    """``release(file, old, new)`` changes the file of a therapy and loads it."""

    def correct(name: str, old: str, new: str) -> str:
        path = files / "therapies" / name
        text = path.read_text()
        assert old in text, f"{name} no longer says {old}"
        path.unlink()
        path.write_text(text.replace(old, new, 1))
        return load()

    return correct
