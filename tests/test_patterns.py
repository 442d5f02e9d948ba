"""No text makes a pattern of ours run away: each is tried on inputs made of its own characters, at twice the length.

The patterns, and how each is used, are read from the code, so that a new one is tried by itself. What FDA's files and
notices tell comes with single spaces, since every reader begins by folding them (``therapies/fda/``).
"""

import ast
import importlib
import re
import time
from collections.abc import Iterator
from itertools import product
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import pytest

from .machine import steps_in_the_time_of
from .test_architecture import ROOT, modules

WAYS = frozenset(("sub", "subn", "search", "match", "fullmatch", "findall", "finditer", "split"))
AT_ONE_PLACE = frozenset(("match", "fullmatch"))
SIZES = (500, 2000, 6000)  # characters; the longest description of a notice has the most
LIMIT = 50  # million steps of a plain loop: half a second
NOTICED = 0.004  # seconds of the processor, below which two times cannot be compared
#: What a class of characters is tried by.
OF_A_CLASS = {kinds.CATEGORY_SPACE: " ", kinds.CATEGORY_DIGIT: "1", kinds.CATEGORY_WORD: "a"}


class Used(NamedTuple):
    pattern: re.Pattern[str]
    ways: frozenset[str]
    folded: bool

    def over(self, text: str) -> None:
        if self.ways <= AT_ONE_PLACE:
            for way in self.ways:
                getattr(self.pattern, way)(text)
        else:
            for _ in self.pattern.finditer(text):
                pass


# Found in the code --------------------------------------------------------------------------


def patterns() -> dict[str, Used]:
    """By where each stands: those that a module keeps, and those that are written where they are used."""
    ways: dict[str, set[str]] = {}
    trees = {path: ast.parse(path.read_text()) for path in modules() if path.name != "wsgi.py"}
    for node in (node for tree in trees.values() for node in ast.walk(tree)):
        if isinstance(node, ast.Attribute) and node.attr in WAYS:
            name = getattr(node.value, "id", getattr(node.value, "attr", ""))
            ways.setdefault(name, set()).add(node.attr)
    found: dict[str, Used] = {}
    for path, tree in trees.items():
        module = importlib.import_module(
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        )
        folded = module.__name__.startswith("therapies.fda")
        for name, value in vars(module).items():
            for number, one in enumerate(held(value)):
                used = frozenset(ways.get(name, {"search"}))
                found[f"{module.__name__}.{name} {number}"] = Used(one, used, folded)
        for line, way, one in written(tree, module):
            found[f"{module.__name__} line {line}"] = Used(one, frozenset((way,)), folded)
    return found


def held(value: Any, deep: int = 3) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif deep and isinstance(value, dict | list | tuple | frozenset):
        for one in value.values() if isinstance(value, dict) else value:
            yield from held(one, deep - 1)


def written(tree: ast.AST, module: Any) -> Iterator[tuple[int, str, re.Pattern[str]]]:
    """Calls such as ``re.sub(r"…", …)`` whose pattern is the same each time."""
    for node in ast.walk(tree):
        call = node.func if isinstance(node, ast.Call) and node.args else None
        if isinstance(call, ast.Attribute) and getattr(call.value, "id", "") == "re" and call.attr in WAYS:
            try:
                text = eval(compile(ast.Expression(node.args[0]), "", "eval"), dict(vars(module)))  # noqa: S307 - our own
                yield from ((node.lineno, call.attr, one) for one in held(re.compile(text)))
            except (NameError, AttributeError, TypeError, KeyError):
                continue  # made of what its function knows


# Inputs -------------------------------------------------------------------------------------


def letters(parsed: Any) -> Iterator[str]:
    """What a pattern looks for: its words, and one character of each of its classes."""
    word = ""
    for kind, value in parsed:
        if kind is kinds.LITERAL:
            word += chr(value)
            continue
        yield word
        word = ""
        if kind is kinds.IN:
            for inner, one in value:
                yield chr(one if inner is kinds.LITERAL else one[0]) if inner in (kinds.LITERAL, kinds.RANGE) else ""
                yield OF_A_CLASS.get(one, "") if inner is kinds.CATEGORY else ""
        elif kind is kinds.BRANCH:
            for branch in value[1]:
                yield from letters(branch)
        elif isinstance(value, parser.SubPattern):
            yield from letters(value)
        elif isinstance(value, tuple):
            for part in value:
                yield from letters(part) if isinstance(part, parser.SubPattern) else ()
    yield word


def inputs(used: Used) -> Iterator[tuple[str, str]]:
    """A beginning, and what follows it again and again."""
    flags = used.pattern.flags & (re.I | re.S | re.M | re.X)
    pieces = list(dict.fromkeys(filter(None, letters(parser.parse(used.pattern.pattern, flags)))))
    short = list(dict.fromkeys([*"a x1\n<([", *(one[0] for one in pieces)]))[:9]
    words = sorted(pieces, key=len, reverse=True)[:5]
    yield from product(["", *words[:2], "<", "["], short)
    yield from (("", word + after) for word, after in product(words, ["", *short[:3]]))


def text(used: Used, beginning: str, again: str, size: int) -> str:
    made = beginning + again * (size // len(again)) + "\0"  # an end that nothing looks for
    return re.sub(r"\s{2,}", " ", made) if used.folded else made


def seconds(used: Used, beginning: str, again: str, size: int) -> float:
    made = text(used, beginning, again, size)
    start = time.process_time()
    used.over(made)
    return time.process_time() - start


def runs_away(used: Used) -> str:
    """How it does, if twice the text costs far more than four times as much, or the longest text takes half a second.

    What it looks for from each place to the end costs four times, and the doors bound how long a text is.
    """
    for beginning, again in inputs(used):
        for size in SIZES:
            if seconds(used, beginning, again, size) > NOTICED:
                # A busy machine makes a time longer, never shorter: what looks bad is timed more often.
                if too_long(used, beginning, again, size, 2) and (told := too_long(used, beginning, again, size, 9)):
                    return f"{beginning!r} and then {again!r}: at {size}, {told}"
                break
    return ""


def too_long(used: Used, beginning: str, again: str, size: int, times: int) -> str:
    """Of so many times each, the shortest count; those of the half and of the whole are taken in turns."""
    taken = [(seconds(used, beginning, again, size // 2), seconds(used, beginning, again, size)) for _ in range(times)]
    half, whole = (min(each) for each in zip(*taken, strict=True))
    made = text(used, beginning, again, size)
    most = min(steps_in_the_time_of(lambda: used.over(made)) for _ in range(times // 2)) * (SIZES[-1] / size) ** 2
    if whole > 3 * half and (whole > 6 * half or most > LIMIT):
        return f"{whole / half:.1f} times the half; {most:.0f}"
    return ""


@pytest.mark.slow
def test_no_pattern_runs_away():
    found = patterns()
    assert len(found) > 400, "the patterns of our code were not found"
    told = {where: runs_away(used) for where, used in found.items()}
    assert {where: how for where, how in told.items() if how} == {}


@pytest.mark.slow
def test_this_test_sees_a_pattern_that_runs_away():
    for pattern in (r"\s*:?\s*x", r"a*a*b", r"(?:\w*,)?\w*\w*!"):
        assert runs_away(Used(re.compile(pattern), frozenset(("search",)), False)), pattern
