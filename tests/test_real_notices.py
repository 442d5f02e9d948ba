"""How well FDA's real notices are read, each beside what a person read in it."""

from tests import notice_scores as scores


def test_real_notices_are_read_well_enough_for_the_desk():
    """``python -m pytest tests/test_real_notices.py -s`` prints the score and each value that differs."""
    score = scores.score("tuned", "held-out")
    print(*score.faults, score, sep="\n")
    assert score.notices >= 300 and score.counted / score.notices >= 0.95
    assert min(map(score.share, ("therapy", "kind", "date"))) >= 0.97
    assert min(map(score.share, ("cancers", "biomarkers", "stage", "partners", "children"))) >= 0.92
    assert score.wrong / score.prefilled <= 0.02


def test_every_real_notice_stands_beside_what_a_person_read_in_it():
    assert {path.stem for path in scores.FOLDER.glob("*.txt")} == set(scores.expected())
    known = scores.vocabulary()
    for use in (use for told in scores.expected().values() for use in told["uses"]):
        assert set(use.get("cancers", [])) <= set(known.cancers)
        assert set(use.get("biomarkers", [])) <= set(known.biomarkers)
        assert use.get("therapy") in known.therapies or use.get("drug")
