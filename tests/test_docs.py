"""The documents, checked against the code: what they name exists, and what exists is named.

Every word in backticks must be a file, an address, a command, a figure, or a name that stands in
the code; every word in bold in the guide for editors must stand on the screen.
"""

import ast
import re
import shutil
import tomllib
from functools import cache
from pathlib import Path

import django.contrib.admin
import pytest
from django.apps import apps
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from portal.publishing import prose, rooms
from portal.roles import ROLES

ROOT = Path(__file__).parents[1]
DOCS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = ROOT / "docs" / "decisions"
SETTINGS = ROOT / "portal" / "settings.py"
HOUSE = ("portal", *(room.name for room in rooms.in_loading_order() if "." not in room.name))
CODE = (*HOUSE, "templates", "static", "tests")
#: Programs that the documents call and that are not ours.
PROGRAMS = {"python", "python3", "pip", "granian", "git", "sqlite3", "pg_dump", "pg_restore"}
#: Of the operating system, in docs/operating.md; and curl, whose lines tests/test_api.py runs.
PROGRAMS |= {"curl", "apt-get", "cd", "install", "runuser", "systemctl", "systemd-run", "useradd"}
#: Patterns, and words of other systems, that the documents must name.
FOREIGN = {
    "smtp+tls://user:password@host:587",
    "[[name]]",
    "[[name: argument]]",
    "-wal",
    "-shm",
    "https://",
    "https://portal.example",
    "X-Forwarded-Proto",
    "X-Forwarded-For",
}
#: Files that the portal makes when it runs; the code must name them.
MADE = "var/"

every_document = pytest.mark.parametrize("path", DOCS, ids=lambda p: str(p.relative_to(ROOT)))


def prose_of(path: Path) -> str:
    return re.sub(r"```.*?```", "", path.read_text(), flags=re.S)


def blocks_of(path: Path) -> list[str]:
    """The command lines of a document: its shell blocks, without remarks."""
    blocks = re.findall(r"```sh\n(.*?)```", path.read_text(), re.S)
    return [re.sub(r"\s+#.*", "", line).strip() for block in blocks for line in block.splitlines() if line.strip()]


def quoted(path: Path) -> list[str]:
    return re.findall(r"`([^`\n]+)`", prose_of(path))


def linked(path: Path) -> list[str]:
    return re.findall(r"\]\((?!https?:)([^)]+)\)", path.read_text())


def without_remarks(python: str) -> str:
    """Python source without docstrings and comments, so that a name counts only where it is used."""
    tree = ast.parse(python)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


@cache
def code() -> str:
    """Our code, without the shipped texts and without this file, and the names of its files."""
    paths = [p for top in CODE for p in (ROOT / top).rglob("*") if "content" not in p.parts and p != Path(__file__)]
    found = [f"{p.name}\n{without_remarks(p.read_text())}" for p in paths if p.suffix == ".py"]
    found += [f"{p.name}\n{p.read_text()}" for p in paths if p.suffix in {".html", ".css", ".js", ".svg", ".xml"}]
    found += [f"{p.name}\n{p.read_text()}" for p in (ROOT / "deploy").rglob("*") if p.is_file()]
    return "\n".join([*found, (ROOT / "Makefile").read_text(), (ROOT / ".gitignore").read_text()])


@cache
def targets() -> set[str]:
    """What ``make`` can be asked for. Files and patterns are not asked for by name."""
    return set(re.findall(r"^([a-z][a-z-]*)\s*:(?!=)", (ROOT / "Makefile").read_text(), re.M))


def variables() -> set[str]:
    """The environment variables that the settings read."""
    return set(re.findall(r"""env(?:\.\w+)?\(\s*["'](\w+)["']""", SETTINGS.read_text()))


def commands() -> set[str]:
    """Our own management commands."""
    return {path.stem for top in HOUSE for path in (ROOT / top).rglob("management/commands/[a-z]*.py")}


def stands(word: str, text: str) -> bool:
    word = re.escape(word)
    return bool(re.search(rf"{word}(?<![\w-]{word})(?![\w-])", text))  # a search is quick when it begins with letters


def wrong_command(line: str) -> str:
    """What is wrong with a command line, or nothing."""
    words = line.split()
    while words and (assigned := re.fullmatch(r"([A-Z_]+)=.*", words[0])):
        if assigned[1] not in variables() and not stands(assigned[1], code()):
            return f"nothing reads {assigned[1]}"
        words = words[1:]
    if not words:
        return ""
    program, *rest = (Path(words[0]).name, *words[1:])
    if program in ("python", "python3") and rest and rest[0] == "manage.py":
        program, *rest = rest
    if program == "portal-manage":  # deploy/portal-manage
        program = "manage.py"
    if program == "make":
        missing = [word for word in rest if word.split("=")[0] not in targets() | {"ARGS", "PORT"}]
        gone = [path for path in re.findall(r"[\w/]+\.py", line) if not (ROOT / path).exists()]
        return f"no target {missing[0]}" if missing else f"no file {gone[0]}" if gone else ""
    if program == "manage.py":
        return "" if rest and rest[0] in get_commands() else f"no command {rest[:1]}"
    if program not in PROGRAMS:
        return f"what is {program}?"
    missing = [word for word in rest if re.fullmatch(r"[\w./-]+\.(py|txt|lock)", word) and not (ROOT / word).exists()]
    return f"no file {missing[0]}" if missing else ""


def wrong_path(word: str) -> str:
    if word.startswith(MADE) and word != MADE:
        return "" if stands(Path(word).name, code()) else "the code makes no such file"
    if word.count("/") == 1 and word.endswith("/") and word != MADE:  # a folder of some room
        places = [ROOT / word, *(found for top in CODE for found in (ROOT / top).rglob(word))]
        return "" if any(place.is_dir() for place in places) else "no such folder"
    return "" if word == MADE or (ROOT / word).exists() or stands(word, code()) else "no such file"


def wrong_address(word: str) -> str:
    try:
        resolve(word)
    except Resolver404:
        return "no such address"
    return ""


def wrong(word: str) -> str:
    """What is wrong with a word in backticks, or nothing."""
    if word in FOREIGN or word in get_commands() or (ROOT / word).is_file():
        return ""
    if word.startswith("[["):
        return "" if (name := prose.FIGURE.fullmatch(word)) and name[1] in prose.quotable() else "no such figure"
    if re.fullmatch(r"/|/[a-z].*/", word):
        return wrong_address(word)
    if re.match(r"(make|manage\.py|portal-manage|python3?|[A-Z_]+=\S+|\S+/python) ", word) or re.fullmatch(
        r"[A-Z_]+=\S+", word
    ):
        return wrong_command(word)
    if re.fullmatch(r"\.?[\w-]+(/[\w.-]+)*/?", word) and "/" in word:
        return wrong_path(word)
    if re.fullmatch(r"[A-Z][A-Z_]+", word) and word in variables():
        return ""
    if call := re.fullmatch(r"([\w.]+)\([^)]*\)", word):
        return wrong(call[1])
    if re.fullmatch(r"\w+(\.\w+)+", word) and not stands(word, code()):  # a name inside a module or class
        missing = [part for part in word.split(".") if not stands(part, code())]
        return f"{missing[0]} is not in the code" if missing else ""
    return "" if stands(word, code()) else "not in the code"


@pytest.mark.slow
@every_document
def test_what_a_document_names_in_backticks_exists(path):
    assert {word: said for word in quoted(path) if (said := wrong(word))} == {}


@every_document
def test_commands_in_a_document_can_be_given(path):
    assert {line: said for line in blocks_of(path) if (said := wrong_command(line))} == {}


@every_document
def test_links_between_documents_lead_somewhere(path):
    assert [link for link in linked(path) if not (path.parent / link.split("#")[0]).exists()] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("portal/publishing/verbs.py", "no such file"),
        ("make coffee", "no target coffee"),
        ("make run MILK=1", "no target MILK=1"),
        ("manage.py load_contents", "no command ['load_contents']"),
        ("PORTAL_MODE=1", "nothing reads PORTAL_MODE"),
        ("NO_SUCH_SETTING", "not in the code"),
        ("actions.bless", "bless is not in the code"),
        ("in_forcing(on)", "not in the code"),
        ("/therapy/", "no such address"),
        ("[[approved-therapists]]", "no such figure"),
        ("var/ledger.txt", "the code makes no such file"),
    ],
)
def test_these_tests_notice_what_does_not_exist(word, said):
    assert wrong(word) == said


# The reverse: what exists is named ----------------------------------------------------------


def test_the_map_names_every_folder_of_the_house():
    readme = (ROOT / "README.md").read_text()
    houses = [p.parent for p in ROOT.glob("*/apps.py")] + [p.parent for p in ROOT.glob("portal/*/apps.py")]
    content = [path for top in HOUSE for path in (ROOT / top).rglob("content")]
    others = [ROOT / name for name in ("templates", "static", "tests", "docs")]
    names = [f"{path.relative_to(ROOT)}/" for path in (*houses, *content, *others)]
    assert len(houses) >= 5 and [name for name in names if f"`{name}`" not in readme] == []


def test_every_make_target_is_named():
    told = "\n".join(path.read_text() for path in DOCS)
    assert {"run", "test"} <= targets()
    assert [name for name in sorted(targets()) if not stands(f"make {name}", told)] == []


def test_every_environment_variable_is_in_the_table_of_settings():
    table = (ROOT / "docs" / "operating.md").read_text()
    assert len(variables()) > 5
    assert [name for name in sorted(variables()) if f"| `{name}` |" not in table] == []


def test_the_table_of_settings_names_no_variable_that_is_not_read():
    table = (ROOT / "docs" / "operating.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.M)) == variables()


def test_every_management_command_is_named():
    told = "\n".join(path.read_text() for path in DOCS)
    assert "load_content" in commands()
    assert [name for name in sorted(commands()) if not stands(name, told)] == []


def test_every_role_is_named():
    operating = (ROOT / "docs/operating.md").read_text()
    assert [role for role in ROLES if f"| {role} |" not in operating] == []


def test_every_live_number_is_explained_to_editors():
    told = (ROOT / "docs" / "editing.md").read_text()
    assert [figure for figure in prose.quotable() if not re.search(rf"`\[\[{figure}\b", told)] == []


def test_every_document_can_be_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        reached.add(path)
        found = [(path.parent / link.split("#")[0]).resolve() for link in linked(path)]
        waiting += [p for p in found if p.suffix == ".md" and p.exists() and p not in reached]
    assert [str(path) for path in DOCS if path not in reached] == []


def test_every_decision_is_in_the_index_and_has_its_parts():
    index = (DECISIONS / "README.md").read_text()
    records = sorted(DECISIONS.glob("0*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        text = record.read_text()
        title = re.match(r"# (.+)\n", text)[1]
        assert f"- [{title}]({record.name})" in index
        assert re.findall(r"^## (.+)$", text, re.M) == ["Context", "Decision", "Consequences"], record.name
        assert re.search(r"^Date: \d{4}-\d\d-\d\d(\. .+)?$", text, re.M), record.name


# What editors read on the screen --------------------------------------------------------------


@cache
def screen() -> str:
    """Everything that the desk can say: our templates, code and scripts, names of models and fields, Django's words."""
    theirs = Path(django.contrib.admin.__file__).parent
    paths = [p for desk in ("admin", "account", "mfa", "desk") for p in (ROOT / "templates" / desk).rglob("*.html")]
    paths += (theirs / "templates").rglob("*.html")
    paths += [p for top in HOUSE for p in (ROOT / top).rglob("*.py")] + [*(ROOT / "static").rglob("*.js")]
    names = [str(n) for m in apps.get_models() for n in (m._meta.verbose_name, m._meta.verbose_name_plural)]
    names += [str(getattr(f, "verbose_name", "")) for m in apps.get_models() for f in m._meta.get_fields()]
    return "\n".join([*(path.read_text() for path in paths), *names]).lower()


@pytest.mark.parametrize("name", ["editing.md", "operating.md"])
def test_words_in_bold_stand_on_the_screen(name):
    words = re.findall(r"\*\*(.+?)\*\*", prose_of(ROOT / "docs" / name))
    assert len(words) > 5
    # The first hint at what bold means is no word of the screen.
    assert [word for word in words if word != "bold" and not stands(word.lower(), screen())] == []


#: Wordings that stopped an editor of a hospital, each replaced by a plain one.
STUMBLED_OVER = (
    *("patients feel", "says nothing about it", "does not hold says nothing", "registrar", "turned down", "to mend"),
    *("mends it", "gets onto the site", "its address answers", "taken over from them", "names an old address"),
    *("was faster", "leave the selected", "what it is, is told", "another one than these", "parted by"),
    *("do not belong together", "changes this for themselves", "stands on the screen", "says it otherwise"),
)


def test_no_wording_that_stopped_an_editor_comes_back():
    code = [path for top in (*HOUSE, "templates", "static") for path in (ROOT / top).rglob("*")]
    told = [path for path in code if path.suffix in {".py", ".html", ".txt", ".js"} and "migrations" not in path.parts]
    found = {
        str(path.relative_to(ROOT)): worded
        for path in (*DOCS, *told)
        if (worded := [words for words in STUMBLED_OVER if words in path.read_text().lower()])
    }
    assert found == {}


# Numbers and license -----------------------------------------------------------------------


def test_the_numbers_in_the_note_on_facts_are_those_of_the_shipped_files():
    files = [tomllib.loads(p.read_text()) for p in (ROOT / "therapies/content/therapies").glob("*.toml")]
    words = tomllib.loads((ROOT / "therapies/content/vocabulary.toml").read_text())
    uses = [use for file in files for use in file["uses"]]
    events = [event for use in uses for event in use["events"]]
    waiting = [event for event in events if event.get("doubt")]
    doubted = [fact for file in files for fact in file["facts"] if fact.get("doubt")]
    known = tomllib.loads((ROOT / "therapies/content/sources.toml").read_text())
    named = [[event["source"], *event.get("also", [])] for event in events if "source" in event]
    official = sum(any((known[s] if isinstance(s, str) else s)["official"] for s in sources) for sources in named)
    unread = len(events) - len(named)
    others = "The other event waits" if len(waiting) == 1 else f"The other {len(waiting)} events wait"
    told = " ".join((ROOT / "docs" / "facts.md").read_text().split())
    for sentence in (
        f"{len(files)} therapies with {len(uses)} uses and {len(events)} approval events",
        f"{len(words['cancers'])} cancers, {len(words['biomarkers'])} biomarkers, "
        f"{len(words['classes'])} classes and {len(words['families'])} families",
        f"Of the {len(events)} events, {official} name an official source, first or beside another, "
        f"{len(events) - official - unread} a secondary one and {unread} none",
        f"{others}. So do {len(doubted)} ",
        f"Together {len(waiting) + len(doubted)} facts wait",
    ):
        assert sentence in told


def test_the_licence_is_the_one_that_the_readme_names():
    licence = (ROOT / "LICENSE").read_text()
    assert licence.startswith("BSD 3-Clause License") and "the portal's contributors" in licence
    assert "BSD 3-Clause" in (ROOT / "README.md").read_text()


def test_editors_need_no_program_that_is_not_on_their_machine():
    assert blocks_of(ROOT / "docs" / "editing.md") == [] and shutil.which("make")
