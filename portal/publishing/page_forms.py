"""The form of a page in the admin: its address, and its words, the open draft or the published ones to start from."""

import re
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.formsets import INITIAL_FORM_COUNT
from django.http import HttpRequest
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe
from django.utils.text import slugify

from . import actions, addresses, diff, moments, prose
from .guard import LINES, GuardedForm
from .merge import Value
from .models import ENGLISH, OPEN, Edition, Page, Status
from .parts import Part, passages


class PageForm(GuardedForm):
    """The form of a page. It refuses an address that another page has, or had before readers."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if "slug" in self.fields and not self.errors and (why := addresses.refusal(self.instance, self.instance.slug)):
            self.add_error("slug", why)


class NamedByWordsForm(PageForm):
    """Makes the address of a new page from its words, unless somebody chose one."""

    named_by: str  # the field of the edition that holds them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            words = "Last part of the web address. Leave it empty to make it from the"
            self.fields["slug"].help_text = f"{words} {self.named_by}."

    def clean_slug(self) -> str:
        words = self.data.get(f"editions-0-{self.named_by}", "")
        if slug := self.cleaned_data["slug"] or slugify(words)[:60].strip("-"):
            return slug
        raise ValidationError(f"We can’t make an address from this {self.named_by}. Write one here in plain letters.")


class DraftForm(GuardedForm):
    """The words of a page. ``of_kind`` makes the form of one kind, with a field for each of its parts."""

    parts: tuple[Part, ...] = ()

    class Meta:
        model = Edition
        fields = ("sources", "change_note")
        help_texts: ClassVar = {
            "change_note": "One sentence for the reviewer. Once published, readers see it under "
            "“Changes to this page”. Only the first text of a page needs none."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None and instance.pk:
            kwargs["initial"] = {**instance.words, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def _shown(self, name: str, value: Value, base: Value) -> Any:
        if isinstance(self.fields[name], prose.ProseFormField):
            return diff.rich(str(base), str(value)).html
        return super()._shown(name, value, base)

    def _typed_version(self) -> dict[str, Value]:
        typed = super()._typed_version()
        if self.is_stale and typed.get("change_note") == self.initial.get("noted"):
            typed["change_note"] = ""  # it went out with the text that was published meanwhile
        return typed

    def _their_row(self) -> Any:
        page = self.instance.page
        return self.instance if self.instance.pk else page.last_edition() if page.pk else None

    @property
    def begins_anew(self) -> bool:
        return not self.instance.pk

    def to_read(self) -> list[tuple[str, str]]:
        """The words under the names of their parts, for people who may not change them now."""
        texts = [(part, part.cleaned(text)) for part, text in passages(self.parts, self.instance.words)]
        return [
            (part.title, mark_safe(text if part.is_rich else linebreaks(text, autoescape=True)))  # noqa: S308 - cleaned
            for part, text in texts
            if text
        ]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for part in self.parts:
            text = self.cleaned_data.get(part.name) or ""
            if "[[" in text and not part.quotes:
                self.add_error(part.name, "Live numbers don’t work in this field. Write it without one.")
            elif unknown := prose.unknown_figures(text):
                self.add_error(part.name, f"There is no live number called {', '.join(unknown)}. Check its spelling.")
                if any(re.match(r"\[\[\s*picture\b", figure) for figure in unknown):
                    self.add_error(part.name, "A picture needs a paragraph of its own, in rich text.")
        return cleaned


def of_kind(base: type[DraftForm], kind: type[Page]) -> type[DraftForm]:
    fields: dict[str, Any] = {part.name: part.field() for part in kind.PARTS}
    return type(f"{kind.__name__}{base.__name__}", (base,), {**fields, "parts": kind.PARTS})


class DraftFormSet(forms.BaseInlineFormSet):
    """The one open edition of a page: saving it goes through ``actions``, never straight to the table."""

    user: Any = None
    data: Any  # a QueryDict
    model: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.absolute_max = 1
        if self.is_bound:
            # The words that were typed meet the text as it stands now: a draft that somebody began meanwhile,
            # or no draft any more.
            now = self.get_queryset().first()
            self.data = self.data.copy()
            self.data[f"{self.prefix}-{INITIAL_FORM_COUNT}"] = str(int(now is not None))
            self.data[f"{self.prefix}-0-{self.model._meta.pk.name}"] = str(now.pk) if now else ""

    def clean(self) -> None:
        super().clean()
        started = self.instance.open_edition() if self.instance.pk else None
        if started and started.status == Status.SCHEDULED and any(form.has_changed() for form in self.forms):
            raise ValidationError(
                f"This text goes public on {moments.minute(started.publish_at)}, as it was "
                "approved. Nothing was saved, and what you typed is still here. To change it, take it off the "
                "schedule in another tab first."
            )

    def _words(self, form: forms.ModelForm) -> dict[str, Any]:
        form_class: Any = self.form
        names = (*(part.name for part in form_class.parts), "sources", "change_note")
        return {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Edition:
        draft = actions.start_draft(self.instance, by=self.user)
        return actions.save_draft(draft, by=self.user, **self._words(form))

    def save_existing(self, form: forms.ModelForm, obj: Any, commit: bool = True) -> Edition:
        return actions.save_draft(obj, by=self.user, **self._words(form))


class DraftInline(admin.StackedInline):
    """The words of a page. Shows the open edition, or the published words to start one from."""

    model = Edition
    form = DraftForm
    formset = DraftFormSet
    formfield_overrides = LINES
    template = "admin/publishing/draft_inline.html"
    verbose_name = "draft"
    verbose_name_plural = "words"
    autocomplete_fields = ("sources",)
    can_delete = False
    min_num, max_num, extra = 0, 1, 1
    #: Whether a second person approved the open text for a moment to come: then its words are only shown.
    locked = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(status__in=OPEN, language=ENGLISH)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self.locked and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*(part.name for part in self.parent_model.PARTS), "sources", "change_note", "seen"]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = of_kind(self.form, self.parent_model)
        formset: Any = super().get_formset(request, obj, **{"form": form, **kwargs})
        formset.user = request.user
        return formset
