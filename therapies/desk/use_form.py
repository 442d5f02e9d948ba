"""The form of one use and its decision, judged beside what we have. Every field says which words it was read from."""

import datetime
import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from portal.publishing import values
from portal.publishing.models import Change

from ..fact_kinds import FactKind
from ..fda import cells
from ..fda.records import Application
from ..models import ApprovalEvent, Cancer, EarlierTerms, Indication, Therapy
from . import actions
from .forms import DayField, QuietForm, line, long_line
from .names import NamesOfOurs, near

Kind, Precision = ApprovalEvent.Kind, ApprovalEvent.Precision
MOST_WORDS = 20
NEAR = datetime.timedelta(days=31)
NEW = "new"
#: What a name that we do not have may be, beside a new therapy.
FURTHER = [
    (FactKind.FORM, "It is a new form of {}"),
    (FactKind.BIOSIMILAR, "It is a biosimilar of {}"),
    (FactKind.BRAND, "It is another brand name of {}"),
]
#: What kinds of decision do to a use that we have.
VERBS = {Kind.CONVERTED: "confirms", Kind.NARROWED: "narrows"} | dict.fromkeys(ApprovalEvent.ENDS, "ends")
#: The field in which a column of a row was typed, where it has another name.
TYPED_IN = {"name": "new_name", "slug": "new_name", "therapy_class": "new_class", "code": "setting", "value": "therapy"}
TYPED_IN |= {"indication": "use"}


class KnownUse(NamedTuple):
    """A use that we have, beside a draft that may be about it."""

    use: Indication
    near: str  # what the two have in common, in words
    is_chosen: bool


class UseForm(QuietForm):
    """One draft. ``names`` finds ours by what was typed; nothing is guessed, and nothing stays unsaid."""

    read = forms.CharField(required=False, widget=forms.HiddenInput)
    therapy = line(
        "Therapy",
        "Any name of it: drug, brand, code.",
        required=True,
        error_messages={"required": "Enter the therapy."},
        attrs={"list": "therapy-names"},
        most=150,
    )
    what = forms.CharField(required=False, label="What this name is")
    new_name = line("Name of the new therapy", "The drug’s name, without the four-letter suffix.", most=150)
    new_class = forms.TypedChoiceField(label="Its class", required=False, empty_value=None)
    kind = forms.ChoiceField(
        label="What FDA did",
        choices=[("", "Choose one"), *Kind.choices],
        error_messages={"required": "Choose what FDA did."},
    )
    date = DayField(label="Date", help_text="As FDA writes it, for example May 27, 2022 or 2022-05-27.")
    month_only = forms.BooleanField(label="Only the month is known; enter any day of it", required=False)
    by_month = forms.BooleanField(
        label="No date is known, but a list of this month shows it; enter any day of the month", required=False
    )
    cancer = line("Cancer", "Any name of it.", attrs={"list": "cancer-names"}, most=150)
    use = forms.CharField(required=False, label="The use")
    another = forms.BooleanField(label="None of these: this is a different use", required=False)
    also = line("Further cancers", "Separate with semicolons.", most=400)
    setting = long_line("Setting", f"Who it is for and when, in at most {MOST_WORDS} words.")
    plainly = long_line(
        "In plain words", "The same in a patient’s words, without partner drugs. Readers see it first.", most=200
    )
    stage = forms.ChoiceField(
        label="When in the course of treatment", required=False, choices=[("", "Choose one"), *Indication.Stage.choices]
    )
    biomarkers = forms.TypedMultipleChoiceField(
        label="Test results that the use requires", required=False, widget=forms.CheckboxSelectMultiple
    )
    combination = line("Given together with", "Partner drugs. Separate with semicolons.", most=200)
    children = forms.BooleanField(label="FDA names children or teenagers", required=False)
    application = line("Application number", "As FDA writes it, for example BLA 125514/S-004 or BL 125746/0.", most=40)
    because = long_line("Reason", "Needed when a use ends or is narrowed: why FDA or the company did that.", most=300)
    note = long_line("Note", "For staff. Where a use was expanded, readers see it too.", most=600)
    compared = forms.BooleanField(
        label="I compared every field above with the notice",
        error_messages={"required": "Compare the fields with FDA’s notice, then tick this."},
    )

    def __init__(self, *args: Any, names: NamesOfOurs, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names, self.by = names, by
        fields: dict[str, Any] = self.fields
        fields["biomarkers"].choices = [(b.slug, b.name) for b in names.biomarkers]
        fields["biomarkers"].coerce = {b.slug: b for b in names.biomarkers}.get
        fields["new_class"].choices = [("", "Choose one"), *((c.slug, f"{c.family}: {c}") for c in names.classes)]
        fields["new_class"].coerce = {c.slug: c for c in names.classes}.get
        for name, words in self._words().items():
            if name in fields:
                told = format_html('<span class="read-from">read from: “{}”</span>', words)
                fields[name].help_text = format_html("{} {}", fields[name].help_text, told)

    def _words(self) -> dict[str, str]:
        """The words of the notice that each field was read from."""
        try:
            words = json.loads(self.raw("read") or "{}")
            return {str(name): str(told)[:400] for name, told in words.items()}
        except (ValueError, AttributeError):
            return {}

    # Its values, before and after it is judged

    @cached_property
    def known(self) -> Therapy | None:
        """The therapy that the typed name, or the answer to what it is, stands for."""
        called = self.names.called(self.raw("therapy") or "")
        return called[0] if len(called) == 1 else None

    @cached_property
    def is_unknown(self) -> bool:
        return bool(self.raw("therapy")) and not self.names.called(self.raw("therapy"))

    @cached_property
    def alike(self) -> list[Therapy]:
        return self.names.alike(self.raw("therapy")) if self.is_unknown else []

    @property
    def whats(self) -> list[tuple[str, str, bool]]:
        """What an unknown name may be: value, words, whether it is chosen."""
        offered = [(f"{kind}:{t.slug}", words.format(t.name)) for t in self.alike for kind, words in FURTHER]
        chosen = self.raw("what")
        return [(value, words, value == chosen) for value, words in [*offered, (NEW, "It is a new therapy")]]

    @property
    def near_names(self) -> list[str]:
        return near(self.raw("therapy"), self.names.therapy_names) if self.is_unknown else []

    @cached_property
    def typed_cancer(self) -> Cancer | None:
        return self.names.cancer(self.raw("cancer") or "")

    @cached_property
    def typed_date(self) -> datetime.date | None:
        try:
            return cells.day(self.raw("date") or "", timezone.localdate())
        except cells.Bad:
            return None

    @cached_property
    def recorded(self) -> list[KnownUse]:
        """The uses that we have for the therapy: the nearest to this draft first."""
        if not self.known:
            return []
        uses = self.known.indications.select_related("cancer").prefetch_related("events", "also_cancers")
        chosen = str(self.raw("use") or "")
        rows = [KnownUse(use, self._nearness(use, use.events.all()), str(use.pk) == chosen) for use in uses]
        return sorted(rows, key=lambda row: (not row.near, row.use.cancer != self.typed_cancer, row.use.pk))

    @property
    def near(self) -> list[KnownUse]:
        """Uses that this draft may repeat: a person must say that it is another one."""
        return [row for row in self.recorded if row.near]

    @cached_property
    def pending_near(self) -> list[Change]:
        """Decisions that somebody else proposed and that this draft may repeat in other words."""
        if not self.known:
            return []
        others = Change.objects.pending().to(ApprovalEvent).filter(verb=Change.Verb.ADD).exclude(proposed_by=self.by)
        close = [one for one in others if self._is_close(datetime.date.fromisoformat(one.after["date"]))]
        decisions = [(change, values.imagined(change)) for change in close]
        theirs = [(change, event) for change, event in decisions if event.indication.therapy_id == self.known.pk]
        return [change for change, event in theirs if self._nearness(event.indication, [event])]

    def _nearness(self, use: Indication, events: Iterable[ApprovalEvent]) -> str:
        """What this draft has in common with a use and decisions on it, in words; empty where it is nothing."""
        close = [event for event in events if self._is_close(event.date)]
        if chosen := str(self.raw("use") or ""):
            same = chosen == str(use.pk) and any(event.kind == self.raw("kind") for event in close)
            return "a decision of this kind near this date" if same else ""
        setting = cells.key(self.raw("setting") or "")
        if setting and setting == cells.key(use.setting):
            return "the same setting"
        cancers = {use.cancer_id, *(cancer.pk for cancer in use.also_cancers.all())} if use.pk else {use.cancer_id}
        is_same = self.typed_cancer is not None and self.typed_cancer.pk in cancers
        return "the same cancer and nearly the same date" if is_same and close else ""

    def _is_close(self, date: datetime.date) -> bool:
        return self.typed_date is not None and abs(date - self.typed_date) <= NEAR

    # Judging

    def clean(self) -> dict[str, Any]:
        """Ours in place of what was typed, as ``actions.enter_uses`` takes it."""
        data: dict[str, Any] = super().clean() or {}
        if not (typed := data.get("therapy")):
            return data
        called = self.names.called(typed)
        if len(called) > 1:
            several = " and ".join(therapy.name for therapy in called)
            self.add_error("therapy", f"“{typed}” is a name of {several}. Write the one that you mean.")
        elif called or data.get("what") == NEW:
            self._clean_event(data)
        elif data.get("what"):
            self._clean_further_name(data)
        else:
            self._ask_what(typed)
        return data

    def _ask_what(self, name: str) -> None:
        if self.alike:
            likely = " or ".join(t.name for t in self.alike)
            wrong = f"This looks like a biosimilar or a new form of {likely}. Say below what “{name}” is."
        else:
            hint = f" Near it: {', '.join(self.near_names)}." if self.near_names else ""
            wrong = f"“{name}” is no name of a therapy of ours.{hint} Correct it, or say below that it is new."
        self.add_error("therapy", wrong)

    def _clean_further_name(self, data: dict[str, Any]) -> None:
        kind, _, slug = data["what"].partition(":")
        therapy = next((t for t in self.alike if t.slug == slug), None)
        if therapy is None or kind not in dict(FURTHER):
            self.add_error("therapy", "Say below what this name is.")
            return
        self.errors.pop("kind", None)  # a name is no event
        self._clean_application(data, therapy)
        data |= {"therapy": therapy, "new_name": data["therapy"], "named_as": kind}

    def _clean_event(self, data: dict[str, Any]) -> None:
        therapy = data["therapy"] = self.known
        if therapy is None:
            self._clean_new(data)
        by_month = Precision.MONTH if data["month_only"] else Precision.DAY
        data["precision"] = Precision.BY if data["by_month"] else by_month
        self._clean_application(data, therapy)
        self._clean_use(data)
        if data["use"] is None:
            self._clean_cancers(data)
            self._clean_setting(data)
        self._clean_kind(data)
        if data.get("use") and data.get("kind") == Kind.NARROWED:
            self._clean_narrowed(data)
        if not self.errors:
            self._clean_duplicates(data)

    def _clean_new(self, data: dict[str, Any]) -> None:
        name = data.get("new_name") or ""
        if not name:
            self.add_error("new_name", "Enter the name of the new therapy.")
        elif self.names.called(name):
            self.add_error("new_name", f"We have “{name}” already. Write this name in the field Therapy.")
        else:
            try:
                cells.name(name)
            except cells.Bad as bad:
                self.add_error("new_name", str(bad))
        if not data.get("new_class"):
            self.add_error("new_class", "Choose the class of the new therapy.")

    def _clean_application(self, data: dict[str, Any], therapy: Therapy | None) -> None:
        if not (typed := data.get("application")):
            return
        ours = self.names.ours.therapies[therapy.slug].applications if therapy else set()
        try:
            number = _number(typed, ours)
        except cells.Bad as bad:
            self.add_error("application", str(bad))
            return
        holders = {known.slug: known.name for known in self.names.holder(number)}
        if holders and (therapy is None or therapy.slug not in holders):
            others = " and ".join(sorted(holders.values()))
            self.add_error("application", f"{number} is the number of {others}. Check both.")
        data["application"] = str(number)

    def _clean_use(self, data: dict[str, Any]) -> None:
        chosen = data.get("use")
        found = next((row.use for row in self.recorded if str(row.use.pk) == chosen), None) if chosen else None
        if chosen and found is None:
            self.add_error("use", "This use is not one of the therapy. Choose again.")
        data["use"] = found

    def _clean_cancers(self, data: dict[str, Any]) -> None:
        also = [part.strip() for part in data.get("also", "").split(";") if part.strip()]
        named = [("cancer", data.get("cancer", "")), *(("also", name) for name in also)]
        further: list[Cancer] = []
        for field, name in named:
            cancer = self.names.cancer(name)
            if not name:
                self.add_error(field, "Enter the cancer, or choose one of the uses that we have.")
            elif cancer is None:
                meant = ", ".join(near(name, self.names.cancer_names))
                hint = f" Near it: {meant}." if meant else ""
                wrong = f"“{name}” is no cancer of ours.{hint} Correct the name; an administrator adds new cancers."
                self.add_error(field, wrong)
            elif field == "cancer":
                data["cancer"] = cancer
            elif cancer not in (data.get("cancer"), *further):
                further.append(cancer)
        data["also"] = further

    def _clean_narrowed(self, data: dict[str, Any]) -> None:
        """The terms that differ from then on. What is left empty stays, and a test is added to those before."""
        use, date = data["use"], data.get("date")
        if date and EarlierTerms.objects.filter(event__indication=use, event__date__gte=date).exists():
            self.add_error("date", "A decision of this day or later changed the use, too. Correct its terms by hand.")
        self._check_length(data)
        typed = {name: data[name] for name in ("setting", "plainly", "stage", "combination") if data.get(name)}
        typed["biomarkers"] = list(dict.fromkeys([*use.biomarkers.all(), *data.get("biomarkers", ())]))
        now = values.of_row(use, typed)
        data["terms"] = {name: value for name, value in typed.items() if values.to_plain(value) != now[name]}
        if not data["terms"]:
            wrong = "Say what FDA limited: the setting, or the test results that the use requires from then on."
            self.add_error("setting", wrong)

    def _check_length(self, data: dict[str, Any]) -> None:
        words = len(data.get("setting", "").split())
        if words > MOST_WORDS:
            self.add_error("setting", f"These are {words} words. Shorten it to at most {MOST_WORDS}.")

    def _clean_setting(self, data: dict[str, Any]) -> None:
        if not data.get("setting"):
            self.add_error("setting", "Say who it is for and when, in at most 20 words.")
        self._check_length(data)
        if not data.get("stage"):
            self.add_error("stage", "Choose when in the course of treatment it is given.")

    def _clean_kind(self, data: dict[str, Any]) -> None:
        kind = data.get("kind")
        if data["use"] is None and kind in VERBS and "use" not in self.errors:
            self.add_error("use", f"This {VERBS[kind]} a use that we have. Choose it in the list of uses.")
        if kind in ApprovalEvent.TAKES_BACK and not data.get("because"):
            done = "narrowed" if kind == Kind.NARROWED else "ended"
            self.add_error("because", f"Patients are affected. Say why the use was {done}.")

    def _clean_duplicates(self, data: dict[str, Any]) -> None:
        use, day = data["use"], data["date"]
        for event in use.events.all() if use else ():
            month = Precision.DAY not in (event.precision, data["precision"])
            same_day = (event.date.year, event.date.month) == (day.year, day.month) if month else event.date == day
            if event.kind == data["kind"] and same_day:
                self.add_error("date", _recorded_already("This decision", event))
                return
        code = actions.code_of(data["cancer"], data["setting"]) if use is None else ""
        if same := next((row.use for row in self.recorded if row.use.code == code), None):
            self.add_error("setting", _recorded_already("This use", same))
        elif (self.near or self.pending_near) and not data.get("another"):
            self.add_error("another", "We have something like this already. Look at it, then choose it or tick this.")

    def add_refused(self, error: ValidationError) -> None:
        """Tell what a verb refused at the field where it was typed."""
        by_field = error.message_dict if hasattr(error, "error_dict") else {"date": error.messages}
        for column, several in by_field.items():
            name = TYPED_IN.get(column, column)
            self.add_error(name if name in self.fields else "date", several)


def _number(typed: str, ours: Iterable[Application]) -> Application:
    """The number with its kind. Bare digits are known where they are the therapy's own."""
    digits = typed.split("/")[0].strip()
    own = [number for number in ours if digits in (f"{number.number:05}", f"{number.number:06}")]
    return own[0] if own else cells.application(typed, supplement=True)


def _recorded_already(what: str, row: Indication | ApprovalEvent) -> Any:
    address = reverse("desk:event" if isinstance(row, ApprovalEvent) else "desk:use", args=[row.pk])
    return ValidationError(format_html('{} is here already. <a href="{}">Open it</a>.', what, address))
