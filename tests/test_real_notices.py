"""How well FDA's real notices are read, each beside what a person read in it."""

import pytest

from tests import notice_scores as scores


@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.slow), 12])
def test_real_notices_are_read_well_enough_for_the_desk(every):
    """``python -m pytest tests/test_real_notices.py -s`` prints the score and each value that differs."""
    score = scores.score(
        "tuned",
        "held-out",
        "draw-f",
        "draw-g",
        "draw-h",
        "draw-i",
        "draw-j",
        "draw-k",
        "draw-l",
        "draw-m",
        "draw-n",
        "draw-o",
        "draw-p",
        "draw-q",
        "draw-r",
        "draw-s",
        "draw-t",
        "draw-u",
        "draw-v",
        "draw-w",
        "draw-x",
        every=every,
    )
    print(*score.faults, score, sep="\n")
    assert score.notices >= 300 / every and score.counted / score.notices >= 0.95
    assert min(map(score.share, ("therapy", "kind", "date"))) >= 0.97
    assert min(map(score.share, ("cancers", "biomarkers", "stage", "partners", "children"))) >= 0.92
    assert score.wrong / score.prefilled <= 0.02


@pytest.mark.slow
def test_real_notices_that_lost_their_lines_fill_in_little_that_is_wrong(tmp_path, monkeypatch):
    """A copy may come as one run of text. What stands in tables and lists is told apart by its lines alone."""
    names = [name for name in scores.expected() if "row" not in name and "list" not in name]
    for name in names:
        (tmp_path / f"{name}.txt").write_text(" ".join((scores.FOLDER / f"{name}.txt").read_text().split()))
    monkeypatch.setattr(scores, "FOLDER", tmp_path)
    score = scores.Score()
    for name in names:
        score.add(name)
    print(*score.faults, score, sep="\n")
    assert score.wrong / score.prefilled <= 0.02


def test_every_real_notice_stands_beside_what_a_person_read_in_it():
    assert {path.stem for path in scores.FOLDER.glob("*.txt")} == set(scores.expected())
    known = scores.vocabulary()
    for use in (use for told in scores.expected().values() for use in told["uses"]):
        assert set(use.get("cancers", [])) <= set(known.cancers)
        assert set(use.get("biomarkers", [])) <= set(known.biomarkers)
        assert use.get("therapy") in known.therapies or use.get("drug")
