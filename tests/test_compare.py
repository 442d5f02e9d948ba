"""The engine that compares FDA's files with our data: codes and plain data inside, words and requests outside."""

import ast
import datetime
import re
import string
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec.structs import fields

from portal.publishing import actions as floor
from portal.publishing import spreadsheets
from therapies import fact_kinds
from therapies.compare import claims, proposals, rules
from therapies.compare.claims import Claim, EfficacySupplements, FiledProduct, MarketStatus
from therapies.compare.findings import FileFinding, finding_of, row_of
from therapies.compare.ours import read_our_records
from therapies.compare.proposals import NewFact, NewLabelledUse, Proposal
from therapies.compare.reasons import Bucket, Reason
from therapies.desk import actions
from therapies.desk import wording_of_findings as wording
from therapies.fda.records import Application
from therapies.models import Therapy, TherapyFact

from . import fda_files as files
from .imports import keep

ENGINE = Path(claims.__file__).parent
DAY = datetime.date(2026, 1, 2)


# What it is made of --------------------------------------------------------------------------------------


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            whole = f"portal.publishing.{node.names[0].name}" if node.module == "portal.publishing" else node.module
            yield "." * node.level + (whole or "")
            yield from ("." * node.level + alias.name for alias in node.names if not node.module)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", sorted(ENGINE.glob("*.py")), ids=lambda path: path.name)
def test_the_engine_knows_no_request_no_template_and_no_screen(path):
    outside = ("django.http", "django.template", "django.shortcuts", "django.contrib.messages", "..desk")
    assert [name for name in imported(path) if name.startswith(outside)] == []


SENTENCE = re.compile(r"[A-Z].* .*[.?!]")


@pytest.mark.parametrize("path", sorted(ENGINE.glob("*.py")), ids=lambda path: path.name)
def test_the_engine_holds_no_sentence(path):
    """Docstrings speak to engineers; what readers of a screen are told stands at the desk, or with the reader."""
    tree = ast.parse(path.read_text())
    told = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    described = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
    }
    assert [text for text in told - described if SENTENCE.fullmatch(text)] == []


@pytest.mark.parametrize("path", sorted((ENGINE.parent / "fda").glob("*.py")), ids=lambda path: path.name)
def test_the_readers_know_no_django_and_nothing_of_ours(path):
    shared = {"portal.publishing.spreadsheets"}  # which knows no Django either
    outside = {name for name in imported(path) if name.startswith(("django", "..", "portal", "therapies"))}
    assert outside <= shared


def test_what_the_readers_share_with_the_portal_knows_no_django_and_nothing_of_ours():
    outside = [
        name
        for name in imported(Path(spreadsheets.__file__))
        if name.startswith((".", "django", "portal", "therapies"))
    ]
    assert outside == []


# Claims and proposals as plain data ----------------------------------------------------------------------

TEXTS = some.text(max_size=30)
VALUES = {
    str: TEXTS,
    int: some.integers(1, 10**9),
    datetime.date: some.dates(),
    datetime.date | None: some.none() | some.dates(),
    tuple[str, ...]: some.lists(TEXTS, max_size=3).map(tuple),
    dict[str, str]: some.dictionaries(TEXTS, TEXTS, max_size=3),
    tuple[NewLabelledUse, ...]: some.lists(some.builds(NewLabelledUse, words=TEXTS), max_size=3).map(tuple),
}


def records(family):
    """Any record of a family, whatever its kind and values."""
    return some.one_of(
        some.builds(kind, **{field.name: VALUES[field.type] for field in fields(kind)})
        for kind in family.__subclasses__()
    )


@given(records(Claim) | records(Proposal))
@pytest.mark.slow
def test_a_record_comes_back_from_its_plain_data(record):
    family = Claim if isinstance(record, Claim) else Proposal
    assert family.from_data(record.to_data()) == record


def test_kinds_of_claims_and_of_proposals_have_tags_of_their_own():
    for family in (Claim, Proposal):
        tags = [kind.__struct_config__.tag for kind in family.__subclasses__()]
        assert len(tags) == len(set(tags)) > 4


def test_data_that_nobody_wrote_is_refused():
    with pytest.raises(msgspec.ValidationError, match="'rumor'"):
        Claim.from_data({"states": "rumor"})


@given(records(Claim), some.none() | records(Proposal), some.sampled_from(Reason))
def test_a_finding_comes_back_from_its_row(claim, proposal, reason):
    finding = FileFinding(
        line=7,
        claim=claim,
        reason=reason,
        arguments={"uses": 2, "absent": ["BLA125514"]},
        therapies=("pembrolizumab",),
        date=DAY,
        proposal=proposal,
    )
    row = row_of(finding, "purple-book", {})
    assert finding_of(row) == finding
    assert (row.bucket, row.application) == (reason.bucket, getattr(claim, "application", ""))


# Keys ----------------------------------------------------------------------------------------------------


def finding(claim, **changed):
    told = {"line": 1, "claim": claim, "reason": Reason.USE_NOT_NAMED}
    return FileFinding(**told | changed)


def test_a_key_is_that_of_the_claim_whatever_line_bucket_reason_and_proposal():
    claim = EfficacySupplements("BLA125514", "pembrolizumab", ("99",), DAY)
    key = finding(claim).key("drugs-at-fda")
    proposal = NewFact("pembrolizumab", "supplement", "BLA125514 supplement 99", DAY)
    other = finding(claim, line=9, reason=Reason.SAME_SUPPLEMENT_DAY, arguments={"uses": 3})
    assert key == other.key("drugs-at-fda") == finding(claim, proposal=proposal).key("drugs-at-fda")
    assert key != finding(claim).key("openfda-drugsfda"), "each kind of file is asked about by itself"


@pytest.mark.parametrize(
    "other",
    [
        EfficacySupplements("BLA125514", "pembrolizumab", ("99", "100"), DAY),
        EfficacySupplements("BLA125514", "nivolumab", ("99",), DAY),
        EfficacySupplements("BLA125514", "pembrolizumab", ("99",), DAY + datetime.timedelta(days=1)),
        FiledProduct("BLA125514", "99"),
    ],
)
def test_another_claim_has_another_key(other):
    claim = EfficacySupplements("BLA125514", "pembrolizumab", ("99",), DAY)
    assert finding(claim).key("drugs-at-fda") != finding(other).key("drugs-at-fda")


def test_what_was_skipped_stays_skipped_when_a_count_grows_and_our_words_change(data_editor, monkeypatch):
    gone = [files.keytruda(status="Disc", strength=strength) for strength in ("50MG", "100MG", "400MG")]
    batch = keep(files.purple_book(gone[0]), by=data_editor)
    row = batch.rows.get(bucket="conflicts with ours")
    actions.skip(batch, [row.pk], by=data_editor, because="One strength was discontinued.")
    monkeypatch.setitem(wording.REASONS, Reason.SOME_DISCONTINUED, "Said otherwise since: {ours}.")
    later = keep(files.purple_book(*gone), by=data_editor).rows.get(bucket="conflicts with ours")
    assert (row.arguments["presentations"], later.arguments["presentations"]) == (1, 3)
    assert (later.key, later.answer) == (row.key, "skipped")


def test_what_was_skipped_is_asked_again_once_fda_states_something_else(data_editor):
    batch = keep(files.purple_book(files.keytruda(status="Disc")), by=data_editor)
    row = batch.rows.get(bucket="conflicts with ours")
    actions.skip(batch, [row.pk], by=data_editor, because="One strength was discontinued.")
    revoked = files.keytruda(status="", licensure="Voluntarily Revoked")
    assert keep(files.purple_book(revoked), by=data_editor).rows.unanswered().get().bucket == "FDA withdrew or revoked"


# Our data ------------------------------------------------------------------------------------------------


def test_what_is_pending_is_ours_and_what_a_person_rejected_is_not(pending, second_data_editor, source):
    number = Application("BLA", 769999)
    therapy = Therapy.objects.get(slug="pembrolizumab")
    change = pending(TherapyFact, therapy=therapy, kind="application", value="BLA769999", source=source)
    assert [one.slug for one in read_our_records().holding(number)] == ["pembrolizumab"]
    floor.reject(change, by=second_data_editor, because="Nobody read it.")
    assert read_our_records().holding(number) == []


def test_what_was_removed_is_no_longer_ours(data_editor, second_data_editor):
    fact = TherapyFact.objects.get(therapy__slug="pembrolizumab", kind="market-status")
    gone = floor.propose_removal(fact, by=data_editor, because="Nobody read it.")
    assert read_our_records().therapies["pembrolizumab"].market == "marketed", "readers still see it"
    floor.confirm(gone, by=second_data_editor)
    assert read_our_records().therapies["pembrolizumab"].market == ""


def test_rows_are_found_by_what_the_file_states_and_by_our_names(data_editor):
    batch = keep(files.purple_book(files.keytruda(brand="KEYTRUDA Two")), by=data_editor)
    for words in ("keytruda two", "125514", "Pembrolizumab"):
        assert batch.rows.naming(words).exists(), words
    assert not batch.rows.naming("our data").exists(), "our own sentences are not searched"


# Words ---------------------------------------------------------------------------------------------------

#: What a sentence may name: the therapies and the date of a finding, and the arguments of ``Reason``.
NAMED = {"therapies", "date", "ours", "our_date", "checked", "uses", "group", "stem", "reference", "license", "because"}
NAMED |= {"message", "read_on"}


def test_every_code_has_words():
    assert set(wording.BUCKETS) == set(Bucket) and set(wording.CLASSES) == set(rules.STEMS)
    assert set(wording.REASONS) == set(Reason)
    assert not set(rules.groups_left_out()) & set(rules.STEMS), "a key would have two meanings"


def test_sentences_name_only_what_findings_have():
    named = {name for text in wording.REASONS.values() for _, name, _, _ in string.Formatter().parse(text) if name}
    assert named == NAMED


@given(records(Claim))
def test_every_claim_has_words(claim):
    assert isinstance(wording.claim_in_words(claim), str)


@given(records(Proposal))
def test_every_proposal_has_words(proposal):
    assert wording.proposal_in_words(proposal, wording.OursAtHand()) and wording.kinds_of_entries(proposal)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"presentations": 1}, "Enter the decision for each of them, too. This file lists 1 presentation."),
        (
            {"presentations": 2, "absent": ["BLA000001"]},
            "Our data also has BLA000001, which is not in this file. This file lists 2 presentations.",
        ),
    ],
)
def test_numbers_and_what_a_file_lacks_are_sentences_of_their_own(arguments, said):
    claim = MarketStatus("olaratumab", {"Lartruvo": "Revoked"})
    found = finding(claim, reason=Reason.LICENSE_REVOKED, therapies=("olaratumab",), arguments=arguments)
    assert wording.reason_in_words(found, {"olaratumab": "Lartruvo"}).endswith(said)


def test_values_that_differ_are_told_beside_each_other():
    claim = claims.ExportedRecord("fact", "pembrolizumab", kind="brand", value="K", differing={"use_note": "b" * 70})
    found = finding(claim, reason=Reason.OTHER_VALUES, arguments={"ours": {"use_note": ""}})
    said = wording.reason_in_words(found, {})
    assert said == f"Some values differ from our data. Use note: our data “”, the file “{'b' * 60}…”."


def test_a_choice_records_the_value_that_belongs_to_its_kind():
    choices = {"brand": "Newsimilar", "application": "BLA769999"}
    proposal = proposals.NewFact("bevacizumab", "brand", "Newsimilar", choices=choices)
    assert proposal.as_kind("application") == proposals.NewFact(
        "bevacizumab", "application", "BLA769999", choices=choices
    )
    assert proposal.as_kind("boxed-warning") == proposal


@pytest.mark.parametrize(("kind", "number"), [("form", "BLA769999"), ("brand", "")])
def test_a_later_form_keeps_the_number_it_is_licensed_under_and_a_brand_has_none(kind, number):
    proposal = proposals.NewFact("bevacizumab", kind, "Newsimilar", application="BLA769999")
    assert proposal.facts == [proposals.ToldFact(kind, "Newsimilar", None, number)]


@pytest.mark.parametrize(
    ("brand", "number", "choices"),
    [
        (
            "Newsimilar",
            "BLA769999",
            {"brand": "Newsimilar", "biosimilar": "Newsimilar", "application": "BLA769999", "form": "Newsimilar"},
        ),
        ("", "BLA769999", {"application": "BLA769999", "form": "BLA769999"}),  # a form whose brand the file lacks
        ("Newsimilar", "", {"brand": "Newsimilar", "biosimilar": "Newsimilar", "form": "Newsimilar"}),
    ],
)
def test_each_kind_of_fact_says_what_a_product_of_a_file_may_be_recorded_as(brand, number, choices):
    assert fact_kinds.of_product(brand, number) == choices


def test_a_pending_status_is_the_one_that_a_file_is_held_against(pending, source):
    therapy = Therapy.objects.get(slug="pembrolizumab")
    TherapyFact.objects.filter(therapy=therapy, kind="market-status").delete()
    pending(TherapyFact, therapy=therapy, kind="market-status", value="discontinued", source=source)
    assert read_our_records().therapies["pembrolizumab"].market == "discontinued"
