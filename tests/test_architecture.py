"""The drawing of the house, checked against the code: imports point down, and rooms do not import each other."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("therapies", "faq", "immune")
#: Who may import whom, from the roof down.
MAY_IMPORT = {
    "portal.pages": {"portal.pages", "portal.accounts", "portal.publishing", "portal.roles", *ROOMS},
    "therapies": {"therapies", "portal.publishing"},
    "faq": {"faq", "portal.publishing"},
    "immune": {"immune", "portal.publishing"},
    "portal.accounts": {"portal.accounts", "portal.publishing", "portal.roles"},
    "portal.publishing": {"portal.publishing"},
    "portal.urls": {"portal.pages"},
    "portal.settings": set(),
    "portal.wsgi": {"portal.pages"},
    "portal.roles": set(),
}
OURS = ("portal", *ROOMS)


def part_of(module: str) -> str:
    names = module.split(".")
    return ".".join(names[:2]) if names[0] == "portal" else names[0]


def modules():
    for room in OURS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def imports(path: Path):
    package = list(path.relative_to(ROOT).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: -node.level] if node.level else []
            yield ".".join([*base, *([node.module] if node.module else [])])


@pytest.mark.parametrize("path", list(modules()), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_down(path):
    here = part_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if here == "portal":  # portal/__init__.py
        assert path.read_text() == ""
        return
    wrong = [name for name in imports(path) if name.split(".")[0] in OURS and part_of(name) not in MAY_IMPORT[here]]
    assert wrong == []


@pytest.mark.parametrize("path", list(modules()), ids=lambda p: str(p.relative_to(ROOT)))
def test_what_rots_elsewhere_is_kept_out(path):
    assert path.stem not in ("utils", "core", "common", "helpers", "signals")
    text = path.read_text()
    assert "import *" not in text and "post_save" not in text and "GenericForeignKey" not in text


def test_only_the_verbs_write_a_status_or_a_confirmation():
    for path in modules():
        if {"actions", "models"} & {path.stem, path.parent.name}:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                assert node.attr not in ("status", "confirmed_at", "confirmed_by", "published_at", "published_by"), path


def test_every_migration_is_named():
    for path in ROOT.glob("*/migrations/0*.py"):
        assert "_auto_" not in path.name
