"""The files in which content comes with the software: facts in TOML, texts in Markdown under front matter in TOML."""

import re
import tomllib
from pathlib import Path
from typing import Any

from .parts import Part, Rows
from .prose import from_markdown


class ContentError(Exception):
    """A shipped file is not as it should be; the message names the file."""


def read_toml(path: Path) -> dict[str, Any]:
    return _parsed(path.read_text(), path)


def read_text(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """A Markdown file as its front matter and its parts by heading, still as Markdown."""
    match = re.fullmatch(r"\+\+\+\n(.*?)\n\+\+\+\n(.*)", path.read_text(), re.S)
    if not match:
        raise ContentError(f"{path} does not begin with TOML front matter between +++ lines.")
    pieces = re.split(r"^## (.+)$", match[2], flags=re.M)
    sections = {head.strip(): body.strip() for head, body in zip(pieces[1::2], pieces[2::2], strict=True)}
    return _parsed(match[1], path), sections


def _parsed(toml: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path}: {error}") from None


def stored(part: Part, text: str | list[Any]) -> str:
    """A part of a text as an edition holds it. A file has Markdown, or a list with an item for each line or row."""
    if isinstance(part, Rows):
        return part.stored(text or [])
    if isinstance(text, list):
        return "\n".join(text)
    return from_markdown(text) if part.is_rich else " ".join(text.split())
