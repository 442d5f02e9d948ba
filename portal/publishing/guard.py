"""Forms that never save over a newer version of what they show: they meet it, field by field.

A form carries what it showed (``seen``), so that three versions are at hand when it comes back: what it showed,
what stands in the table now, and what was typed. Who typed decides where both changed the same field.
"""

import hashlib
import json
from typing import Any, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property

from . import audit, diff
from .models import AuditEntry
from .parts import LineFeeds

#: Buttons with which a second person puts before readers what the form showed: it must be what is there.
PUBLIC_BUTTONS = frozenset(("_publish", "_schedule"))

#: What a widget of one field sends: no value, one, or several.
type Raw = list[str]


def fingerprint(row: models.Model) -> str:
    """Short digest of a row's own columns, to tell whether it is still what a form was made from."""
    values = [str(getattr(row, field.attname)) for field in row._meta.concrete_fields]
    return hashlib.sha256("\x1f".join(values).encode()).hexdigest()[:16]


LINES: Any = {models.TextField: {"widget": LineFeeds}}  # for ``formfield_overrides``


#: What becomes of a field: nobody stands against anybody; only I changed it; only they did, and it is in the form now;
#: both added to a list, or took from it; both changed it, and a person must choose.
type Outcome = Literal["same", "kept", "taken", "joined", "differing"]


class GuardedForm(forms.ModelForm):
    """Refuses to overwrite a newer version of its row, shows both, and saves once a person has chosen.

    What was typed stays in the form.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    data: Any  # a QueryDict

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: What it found where somebody had saved meanwhile: labels of fields by outcome, or how to ask about each.
        self.meeting: dict[Outcome, list[Any]] = {}
        self.is_stale = self.was_sent = False
        if "seen" not in self.fields:  # absent where the form only shows
            return
        self.fields["seen"].has_changed = lambda initial, data: False  # type: ignore[method-assign]
        self._now = self.initial.get("seen", fingerprint(self.instance) if self.instance.pk else "")
        self.initial["seen"] = f"{self._now} {json.dumps({name: self._stored(name) for name in self._met()})}"
        if self.is_bound:
            self._meet()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.is_stale and (self.meeting or not PUBLIC_BUTTONS.isdisjoint(self.data)):
            raise ValidationError(
                "Someone changed this while you had it open, so nothing was saved. What you typed is still here. "
                "Compare the versions above, then save."
            )
        if "differing" in self.meeting:
            raise ValidationError("Choose above which version to keep, so that nobody’s words are lost.")
        return cleaned

    @cached_property
    def theirs(self) -> AuditEntry | None:
        """Who saved the version that stands in the table now, and when."""
        row = self._their_row()
        return audit.last(row) if row is not None and row.pk else None

    def _their_row(self) -> models.Model | None:
        return self.instance

    @property
    def begins_anew(self) -> bool:
        """Whether the row that the form showed is none any more that can be written in."""
        return False

    # Three versions of a field

    def _met(self) -> list[str]:
        """Names of the fields whose versions are told apart."""
        return [name for name, field in self.fields.items() if name != "seen" and not field.disabled]

    def _meet(self) -> None:
        self.data = self.data.copy()
        key = self.add_prefix("seen")
        self.was_sent = key in self.data  # Django binds, and ignores, rows that the person may only look at
        posted, _, showed = self.data.get(key, "").partition(" ")
        base = self._readable(showed)
        asked = self.data.getlist(self.add_prefix("asked"))
        self.is_stale = posted != self._now
        for name in self._met():
            choice = self.data.get(self.add_prefix(f"{name}-keep"))
            if choice == "theirs" and name in base:  # what the form showed as theirs is its base by then
                self._put(name, base[name])
            self._meet_field(name, base.get(name), unsettled=name in asked and not choice)
        if self.was_sent and (self.is_stale or self.meeting):
            self.data[key] = self.initial["seen"]

    def _meet_field(self, name: str, base: Raw | None, *, unsettled: bool) -> None:
        mine, theirs = self._typed(name), self._stored(name)
        if not (self.is_stale or unsettled):
            return
        value, outcome = self._merged(name, base, mine, theirs)
        if unsettled and outcome != "same":
            outcome = "differing"
        if outcome in ("taken", "joined"):
            self._put(name, value)
        if outcome == "differing":
            # Without a base nothing is marked.
            shown = [self._shown(name, raw, raw if base is None else base) for raw in (mine, theirs)]
            told: Any = {  # for templates/admin/publishing/_meeting.html
                "bound": self[name],
                "choice": self.add_prefix(f"{name}-keep"),  # name of the widget that says which to keep
                "asked": self.add_prefix("asked"),  # of the one that says what was asked
                "mine": json.dumps(mine),  # what the field would send
                "theirs": json.dumps(theirs),
                "mine_shown": shown[0],
                "theirs_shown": shown[1],
            }
        else:
            told = str(self[name].label)
        if outcome != "same":
            self.meeting.setdefault(outcome, []).append(told)

    def _merged(self, name: str, base: Raw | None, mine: Raw, theirs: Raw) -> tuple[Raw, Outcome]:
        """The value to keep. Without a base, two different versions are always a conflict; its value is then mine."""
        if self._same(name, mine, theirs):
            return mine, "same"
        if base is not None and self._same(name, mine, base):
            return theirs, "taken"
        if base is not None and self._same(name, theirs, base):
            return mine, "kept"
        if base is None or not isinstance(self.fields[name], forms.ModelMultipleChoiceField):
            return mine, "differing"
        # A list without an order: what either added is in, what either took out is not.
        gone = set(base) - (set(mine) & set(theirs))
        return [one for one in dict.fromkeys([*theirs, *mine]) if one not in gone], "joined"

    @staticmethod
    def _readable(showed: str) -> dict[str, Raw]:
        try:
            return {name: [*map(str, raw)] for name, raw in json.loads(showed).items()}
        except (ValueError, AttributeError, TypeError):  # not as we wrote it: then nothing is known of what it showed
            return {}

    def _typed(self, name: str) -> Raw:
        return self.data.getlist(self.add_prefix(name))

    def _put(self, name: str, raw: Raw) -> None:
        self.data.setlist(self.add_prefix(name), raw)

    def _stored(self, name: str) -> Raw:
        """What the field would send if nobody touched it."""
        field = self.fields[name]
        value = field.prepare_value(self.get_initial_for_field(field, name))
        if isinstance(field, forms.BooleanField):
            return ["on"] if value else []
        if isinstance(value, (list, tuple)):
            return [str(one) for one in value]
        shown = field.widget.format_value(value)
        shown = shown[0] if isinstance(shown, list) and shown else shown
        return ["" if shown is None else str(shown)]

    def _same(self, name: str, one: Raw, other: Raw) -> bool:
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return bool(one) == bool(other)
        if isinstance(field, forms.ModelMultipleChoiceField):
            return set(one) == set(other)
        return _spelled(one) == _spelled(other)

    def _shown(self, name: str, raw: Raw, base: Raw) -> Any:
        """A version as people read it, with what it changed in the one that both began with."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return "Yes" if raw else "No"
        if isinstance(field, forms.ModelChoiceField):  # one or several
            rows: Any = field.queryset
            return ", ".join(str(row) for row in rows.filter(pk__in=[one for one in raw if one.isdecimal()]))
        if isinstance(field, forms.ChoiceField):
            choices: Any = field.choices
            words = {str(value): label for value, label in choices}
            return ", ".join(str(words.get(one, one)) for one in raw)
        return diff.plain(_spelled(base), _spelled(raw)).html


def _spelled(raw: Raw) -> str:
    return raw[0].replace("\r\n", "\n").strip() if raw else ""
