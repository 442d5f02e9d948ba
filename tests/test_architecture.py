"""The drawing of the house, checked against the code: imports point down, and rooms do not import each other.

Rooms are found, not listed: a room is an installed app whose configuration is a ``Room``. A new one is held to the rule
from its first line on.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from portal.publishing.rooms import Room

ROOT = Path(__file__).parents[1]
FLOOR, ROOF = "portal.publishing", "portal.pages"
ROOMS = tuple(sorted(c.name for c in apps.get_app_configs() if isinstance(c, Room) and c.name != ROOF))
#: Who may import whom beside itself, from the roof down. Every room may import the floor.
MAY_IMPORT = {
    ROOF: {"portal.accounts", FLOOR, "portal.roles", *ROOMS},
    "portal.accounts": {FLOOR, "portal.roles"},
    "portal.operating": {FLOOR, "portal"},  # the version
    FLOOR: set(),
    "portal.urls": {ROOF, FLOOR},
    "portal.serving": {FLOOR, ROOF},  # around all of it; of the roof, what must not lie in a log
    "portal.settings": set(),
    "portal.wsgi": {ROOF, "portal.serving"},
    "portal.roles": set(),
    "portal": set(),  # the version
    **{room: {FLOOR} for room in ROOMS},
}
#: Folders of a room that must not know what is above them.
WITHIN = {
    "therapies.fda": ("django", "portal", "therapies.models", "therapies.desk", "therapies.compare"),
    "therapies.compare": ("django.http", "django.template", "django.shortcuts", "django.urls", "therapies.desk"),
}


#: On the floor, and without Django: what guards the cells of every file that is written.
PURE = "portal.publishing.spreadsheets"


def part_of(module: str) -> str:
    names = module.split(".")
    return ".".join(names[:2]) if names[0] == "portal" else names[0]


@cache
def modules() -> tuple[Path, ...]:
    found = (path for room in ("portal", *ROOMS) for path in sorted((ROOT / room).rglob("*.py")))
    return tuple(path for path in found if "migrations" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    package = list(path.relative_to(ROOT).with_suffix("").parts)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: -node.level] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def broken(here: str, imported: Iterable[str]) -> list[str]:
    """What a part of the house imports and may not. Whatever is not named in the rule may import the floor alone."""
    allowed = {here, *MAY_IMPORT.get(here, {FLOOR})}
    ours = [name for name in imported if name.split(".")[0] in ("portal", *ROOMS)]
    return [name for name in ours if part_of(name) not in allowed]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_point_down():
    wrong = {}
    for path in modules():
        here = part_of(".".join(path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
        wrong[named(path)] = broken(here, imports(path))
    assert {path: names for path, names in wrong.items() if names} == {}


def test_a_new_room_that_imports_a_neighbour_breaks_the_rule():
    assert broken("stories", ["portal.publishing.models", "django.db"]) == []
    assert broken("stories", ["therapies.models"]) == ["therapies.models"]
    assert broken("stories", ["portal.pages.views"]) == ["portal.pages.views"]


@pytest.mark.parametrize("name", ["context", "dashboard", "desk", "digest", "freshness", "reviews"])
def test_what_goes_over_all_rooms_reads_what_they_declare(name):
    """A new room gets its work, its errands and its part of the page on freshness without a line on the roof."""
    assert [one for one in imports(ROOT / f"portal/pages/{name}.py") if part_of(one) in ROOMS] == []


@pytest.mark.parametrize("folder", WITHIN)
def test_folders_of_a_room_do_not_look_up(folder):
    for path in sorted((ROOT / folder.replace(".", "/")).rglob("*.py")):
        above = tuple(f"{top}." for top in WITHIN[folder])
        wrong = [name for name in imports(path) if f"{name}.".startswith(above) and not name.startswith(PURE)]
        assert wrong == [], path


#: Screens of staff, what they are made of, and what declares or starts both sides.
OF_STAFF = frozenset(("admin", "desk", "management", "operating", "watch"))
BOTH_SIDES = frozenset(("apps", "urls"))
#: What the desk knows and readers are told: how fresh FDA's files are.
TOLD = "therapies.desk.synchronised"


def is_for_readers(path: Path) -> bool:
    return not {*path.relative_to(ROOT).parts[:-1], path.stem} & OF_STAFF and path.stem not in BOTH_SIDES


def test_what_readers_get_is_made_without_the_screens_of_staff():
    screens = tuple([f"{room}.{folder}." for room in ROOMS for folder in ("desk", "admin")] + [f"{FLOOR}.admin."])
    wrong = {
        named(path): [name for name in imports(path) if f"{name}.".startswith(screens) and not name.startswith(TOLD)]
        for path in filter(is_for_readers, modules())
    }
    assert len(wrong) > 200 and {path: names for path, names in wrong.items() if names} == {}


def test_what_rots_elsewhere_is_kept_out():
    for path in modules():
        assert path.stem not in ("utils", "core", "common", "helpers", "signals"), path
        text = path.read_text()
        assert "import *" not in text and "post_save" not in text and "GenericForeignKey" not in text, path
        if path.name != "checks.py":  # rooms declare what others would have to look for
            assert "get_models(" not in text, path


def test_no_public_class_shares_its_name_with_another():
    """A name says what it holds to somebody who opens that file alone."""
    found: dict[str, list[str]] = {}
    for path in modules():
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    shared = {name: paths for name, paths in found.items() if len(paths) > 1}
    shared.pop("Command", None)  # Django's name for what a management command is
    assert shared == {}


def test_no_function_is_longer_than_sixty_lines():
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                assert (node.end_lineno or 0) - node.lineno < 60, f"{path}: {node.name}"


def test_only_the_verbs_write_a_status_or_a_confirmation():
    for path in modules():
        if {"actions", "models"} & {path.stem, path.parent.name}:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                assert node.attr not in ("status", "confirmed_at", "confirmed_by", "published_at", "published_by"), path


def test_every_migration_is_named():
    for path in [*ROOT.glob("*/migrations/0*.py"), *ROOT.glob("portal/*/migrations/0*.py")]:
        assert "_auto_" not in path.name


def test_what_a_kind_of_fact_is_like_stands_in_its_table_alone():
    """Code asks for a trait (``kind in SOLD``); it compares with no kind by name."""
    found = []
    for path in (path for path in modules() if path.stem != "fact_kinds"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
                sides = [ast.unparse(side) for side in (node.left, *node.comparators)]
                found += [f"{path}: {ast.unparse(node)}" for side in sides if side.startswith("FactKind.")]
    assert found == []
