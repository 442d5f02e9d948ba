"""The words of a page as a part of its form in the admin: the open draft, or the published words to start one from."""

import re
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django_prose_editor.fields import ProseEditorFormField

from . import actions, prose
from .guard import LINES, GuardedForm
from .models import OPEN, Edition, Status


def unspelled(html: str) -> str:
    """HTML without what the rich text editor may write in another way though the words are the same."""
    clean = re.sub(r"\s+", " ", prose.ProseField.sanitised(html))
    clean = re.sub(r"</?(?:thead|tbody)>| scope=\"\w+\"", "", clean)
    clean = re.sub(r" ?(</?(?:p|ul|ol|li|h3|h4|table|tr|th|td)\b[^>]*>) ?", r"\1", clean)
    return re.sub(r"(<(li|th|td)\b[^>]*>)<p>(.*?)</p>", r"\1\3", clean)


class DraftForm(GuardedForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self._running_text():  # rich text has the Insert menu among its tools
            if name in self.fields and not isinstance(self.fields[name], ProseEditorFormField):
                self.fields[name].widget.attrs["data-insert"] = prose.INSERTIONS

    def _running_text(self) -> list[str]:
        model = self._meta.model
        return [name for name in model.TEXT if isinstance(model._meta.get_field(name), models.TextField)]

    @cached_property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if not self._same_words(name)]

    def _same_words(self, name: str) -> bool:
        if not isinstance(self.fields[name], ProseEditorFormField):
            return False
        shown, sent = self.get_initial_for_field(self.fields[name], name), self[name].data
        return unspelled(shown or "") == unspelled(sent or "")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in self._meta.model.TEXT:
            text = self.cleaned_data.get(name) or ""
            if "[[" in text and name not in self._running_text():
                self.add_error(name, "Figures are for running text. Write this line without one.")
            elif unknown := prose.unknown_figures(text):
                self.add_error(name, f"There is no figure called {', '.join(unknown)}. Check its spelling.")
                if any(re.match(r"\[\[\s*picture\b", figure) for figure in unknown):
                    self.add_error(name, "A picture needs a paragraph of its own, in rich text.")
        return cleaned


class DraftFormSet(forms.BaseInlineFormSet):
    """The one open edition of a page: saving it goes through ``actions``, never straight to the table."""

    user: Any = None

    def initial_form_count(self) -> int:
        # Django would silently drop what somebody typed into a draft that was published meanwhile. As the words
        # of a new draft they meet the guard, which says so and keeps them.
        return min(super().initial_form_count(), len(self.get_queryset()))

    def clean(self) -> None:
        super().clean()
        started = self.instance.open_edition() if self.instance.pk else None
        if started and started.status == Status.SCHEDULED and any(form.has_changed() for form in self.forms):
            raise ValidationError(
                f"This text goes public on {timezone.localtime(started.publish_at):%B %-d, %Y, %H:%M}, as it was "
                "approved. Nothing was saved, and what you typed is still here. To change it, take it off the "
                "schedule in another tab first."
            )
        if started and any(form.has_changed() and not form.instance.pk for form in self.forms):
            raise ValidationError(
                f"{started.created_by} started a draft of this page while you had it open, so nothing was saved. "
                "What you typed is still here. Open the page in another tab and carry your words over into that draft."
            )

    def _words(self, form: forms.ModelForm) -> dict[str, Any]:
        names = (*form._meta.model.TEXT, "sources", "change_note")
        return {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Edition:
        draft = actions.start_draft(self.instance, by=self.user)
        return actions.save_draft(draft, by=self.user, **self._words(form))

    def save_existing(self, form: forms.ModelForm, obj: Any, commit: bool = True) -> Edition:
        return actions.save_draft(obj, by=self.user, **self._words(form))


class DraftInline(admin.StackedInline):
    """The words of a page. Shows the open edition, or the published words to start one from."""

    form = DraftForm
    formset = DraftFormSet
    formfield_overrides = LINES
    template = "admin/publishing/draft_inline.html"
    verbose_name = "draft"
    verbose_name_plural = "words"
    autocomplete_fields = ("sources",)
    can_delete = False
    min_num, max_num, extra = 0, 1, 1

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(status__in=OPEN)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*self.model.TEXT, "sources", "change_note", "seen"]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.user = request.user
        return formset
