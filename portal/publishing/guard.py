"""Forms that never save over a newer version of what they show: they merge with it, field by field.

A form carries what it showed (``seen``), so that three versions are at hand when it comes back: what it showed,
what stands in the table now, and what was typed. Who typed decides where both changed the same field.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property

from . import audit, diff
from .merge import Outcome, Value, merge
from .models import AuditEntry
from .parts import LineFeeds

#: Buttons that make public what the form showed. They are refused if the stored version is another one by now.
PUBLIC_BUTTONS = frozenset(("_publish", "_schedule"))


def fingerprint(row: models.Model) -> str:
    """Short digest of a row's own columns, to tell whether it is still what a form was made from."""
    values = [str(getattr(row, field.attname)) for field in row._meta.concrete_fields]
    return hashlib.sha256("\x1f".join(values).encode()).hexdigest()[:16]


LINES: Any = {models.TextField: {"widget": LineFeeds}}  # for ``formfield_overrides``


class GuardedForm(forms.ModelForm):
    """Refuses to overwrite a newer version of its row, shows both, and saves once a person has chosen.

    What was typed stays in the form.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    data: Any  # a QueryDict

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: By outcome, the fields that somebody saved meanwhile: their labels, or questions which version to keep.
        self.meeting: dict[Outcome, list[Any]] = {}
        self.is_stale = self.was_sent = False
        if "seen" not in self.fields:  # absent where the form only shows
            return
        self.fields["seen"].has_changed = lambda initial, data: False  # type: ignore[method-assign]
        self._now = self.initial.get("seen", fingerprint(self.instance) if self.instance.pk else "")
        #: The version that stands in the table now.
        self._standing = {name: self._stored(name) for name in self._merged_fields()}
        shows = {name: sent(value) for name, value in self._standing.items()}
        self.initial["seen"] = f"{self._now} {json.dumps(shows)}"
        if self.is_bound:
            self.data = self._data_of(self._merge_versions())

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
        return audit.last_save(row) if row is not None and row.pk else None

    def _their_row(self) -> models.Model | None:
        return self.instance

    @property
    def begins_anew(self) -> bool:
        """Whether the row that the form showed can no longer be written in, so that a save begins a new one."""
        return False

    # Three versions of a field

    def _merged_fields(self) -> list[str]:
        """Names of the fields that are merged."""
        return [name for name, field in self.fields.items() if name != "seen" and not field.disabled]

    def _merge_versions(self) -> dict[str, Value]:
        """The version to save, made of what was typed and what stands in the table now."""
        key = self.add_prefix("seen")
        self.was_sent = key in self.data  # Django binds, and ignores, rows that the person may only look at
        posted, _, showed = self.data.get(key, "").partition(" ")
        base, mine = self._readable(showed), self._typed_version()
        # Rows of a many-to-many field are in no column, so the digest does not know them.
        several = (name for name, value in base.items() if isinstance(value, frozenset))
        self.is_stale = posted != self._now or any(base[name] != self._standing[name] for name in several)
        asked = self.data.getlist(self.add_prefix("asked"))
        unsettled = set()
        for name in self._standing:
            choice = self.data.get(self.add_prefix(f"{name}-keep"))
            if choice == "theirs" and name in base:  # what the form showed as theirs is its base by then
                mine[name] = base[name]
            elif name in asked and not choice:
                unsettled.add(name)
        merged = merge(
            {name: base[name] for name in base.keys() - unsettled},  # without a base it stays a conflict
            {name: mine[name] for name in (self._standing if self.is_stale else unsettled)},
            self._standing,
        )
        for name, outcome in merged.outcomes.items():
            if outcome != "same":
                told = self._question(name, mine[name], base.get(name)) if outcome == "differing" else self[name].label
                self.meeting.setdefault(outcome, []).append(told)
        return mine | merged.values

    def _question(self, name: str, mine: Value, base: Value | None) -> dict[str, Any]:
        """Which of two versions to keep, for templates/admin/publishing/_meeting.html."""
        question = {
            "bound": self[name],
            "choice": self.add_prefix(f"{name}-keep"),  # name of the widget that says which to keep
            "asked": self.add_prefix("asked"),  # of the one that says what was asked
        }
        for whose, value in (("mine", mine), ("theirs", self._standing[name])):
            question[whose] = json.dumps(sent(value))
            question[f"{whose}_shown"] = self._shown(name, value, value if base is None else base)
        return question

    def _data_of(self, version: Mapping[str, Value]) -> Any:
        """What was sent, but with this version, and as if the form had shown what stands in the table now.

        A copy: what was posted stays as it came.
        """
        data = self.data.copy()
        for name, value in version.items():
            if value != self._typed(name):
                data.setlist(self.add_prefix(name), sent(value))
        if self.was_sent and (self.is_stale or self.meeting):
            data[self.add_prefix("seen")] = self.initial["seen"]
        return data

    def _readable(self, showed: str) -> dict[str, Value]:
        """The version that the form showed, as far as it tells it in our way."""
        try:
            raw = {name: [*map(str, several)] for name, several in json.loads(showed).items()}
        except (ValueError, AttributeError, TypeError):
            return {}
        return {name: self._value(name, raw[name]) for name in self._standing if name in raw}

    def _typed_version(self) -> dict[str, Value]:
        return {name: self._typed(name) for name in self._standing}

    def _typed(self, name: str) -> Value:
        return self._value(name, self.data.getlist(self.add_prefix(name)))

    def _stored(self, name: str) -> Value:
        """What the field would send if nobody touched it."""
        field = self.fields[name]
        value = field.prepare_value(self.get_initial_for_field(field, name))
        if isinstance(field, forms.BooleanField):
            return bool(value)
        if isinstance(value, (list, tuple)):
            return self._value(name, [str(one) for one in value])
        shown = field.widget.format_value(value)
        shown = shown[0] if isinstance(shown, list) and shown else shown
        return self._value(name, ["" if shown is None else str(shown)])

    def _value(self, name: str, raw: list[str]) -> Value:
        """What the widget of a field sends, so that two ways to send the same are equal."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return bool(raw)
        if isinstance(field, forms.ModelMultipleChoiceField):
            return frozenset(raw)
        return raw[0].replace("\r\n", "\n").strip() if raw else ""

    def _shown(self, name: str, value: Value, base: Value) -> Any:
        """A version of a field as people read it, with what it changed in the one that both began with."""
        field = self.fields[name]
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(field, forms.ModelChoiceField):  # one or several
            rows: Any = field.queryset
            return ", ".join(str(row) for row in rows.filter(pk__in=[one for one in sent(value) if one.isdecimal()]))
        if isinstance(field, forms.ChoiceField):
            choices: Any = field.choices
            words = {str(choice): label for choice, label in choices}
            return str(words.get(str(value), value))
        return diff.plain(str(base), str(value)).html


def sent(value: Value) -> list[str]:
    """What the widget of a field sends for a value: nothing, one text, or several."""
    if isinstance(value, bool):
        return ["on"] if value else []
    return [value] if isinstance(value, str) else sorted(value)
