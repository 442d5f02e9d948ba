# /// script
# requires-python = ">=3.12"
# dependencies = ["fonttools==4.68.0", "brotli==1.2.1"]
# ///
"""Give the portal's font a plain zero for running text, beside the slashed one that its tables keep.

Started by hand on a new release of Atkinson Hyperlegible Next: ``var/venv/bin/uv run .ci/plain_zero.py``. The font
comes with a slashed zero alone, which reads like code in "100.4 °F". Its licence allows changes, and reserves no name.
"""

from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphCoordinates
from fontTools.ttLib.tables.ttProgram import Program
from fontTools.ttLib.tables.TupleVariation import TupleVariation

FONT = Path(__file__).resolve().parents[1] / "static/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"
ZERO, TABULAR = "zero", "zero.tf"
OUTER = range(16)  # the points of the outline of "zero"; the rest draw what the slash leaves of its counter
#: Points at the edges of outline and counter, as left, bottom, right and top.
OUTLINE, COUNTER = (4, 0, 12, 8), (23, 16, 31, 36)
PHANTOMS = 4  # points that stand for a glyph's widths, at the end of its deltas

Points = list[tuple[float, float]]


def main() -> None:
    font = TTFont(FONT)
    zero, tabular, deltas = font["glyf"][ZERO], font["glyf"][TABULAR], font["gvar"].variations
    if zero.numberOfContours != 3 or not tabular.isComposite():
        raise SystemExit("This zero is drawn otherwise than that of version 2.001, so it stays as it is.")
    slashed, shift = list(zero.coordinates), tabular.components[0].x
    ends, flags = list(zero.endPtsOfContours), list(zero.flags)
    tables = [
        _varied(old, [(x + own.coordinates[0][0], y) for x, y in old.coordinates[:-PHANTOMS]], own)
        for old, own in zip(deltas[ZERO], deltas[TABULAR], strict=True)
    ]
    plain = [_varied(old, _moved(slashed, old.coordinates), old) for old in deltas[ZERO]]
    font["glyf"][TABULAR] = _glyph([(x + shift, y) for x, y in slashed], ends, flags)
    font["glyf"][ZERO] = _glyph(_open(slashed), [15, 31], [flags[point] for point in (*OUTER, *reversed(OUTER))])
    deltas[ZERO], deltas[TABULAR] = plain, tables
    font.save(FONT)


def _open(points: Points) -> Points:
    """The outline, and a counter without a slash: the outline anew, as small as the slashed counter, and backward."""
    left, bottom, right, top = (points[at][axis] for at, axis in zip(OUTLINE, (0, 1, 0, 1), strict=True))
    start_x, start_y, end_x, end_y = (points[at][axis] for at, axis in zip(COUNTER, (0, 1, 0, 1), strict=True))
    outline = [points[point] for point in OUTER]
    inside = [
        (
            start_x + (x - left) / (right - left) * (end_x - start_x),
            start_y + (y - bottom) / (top - bottom) * (end_y - start_y),
        )
        for x, y in reversed(outline)
    ]
    return [(round(x), round(y)) for x, y in outline + inside]


def _moved(points: Points, by: Points) -> Points:
    """How the points of the open zero move where those of the slashed one move so."""
    there = _open([(x + dx, y + dy) for (x, y), (dx, dy) in zip(points, by[:-PHANTOMS], strict=True)])
    return [(x - ox, y - oy) for (x, y), (ox, oy) in zip(there, _open(points), strict=True)]


def _varied(like: TupleVariation, moves: Points, widths: TupleVariation) -> TupleVariation:
    return TupleVariation(like.axes, [*moves, *widths.coordinates[-PHANTOMS:]])


def _glyph(points: Points, ends: list[int], flags: list[Any]) -> Glyph:
    glyph = Glyph()
    glyph.numberOfContours, glyph.endPtsOfContours = len(ends), ends
    glyph.coordinates, glyph.flags = GlyphCoordinates(points), bytearray(flags)
    glyph.program = Program()
    glyph.program.fromBytecode(b"")
    return glyph


if __name__ == "__main__":
    main()
