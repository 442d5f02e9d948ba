"""Forms at the desk: a person with their roles, and what a step asks."""

from typing import Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from portal.publishing.permissions import freshly_signed_in
from portal.roles import DESCRIPTIONS

from .. import rights


class RolesField(forms.ModelMultipleChoiceField):
    """Roles as boxes to tick, each with what it lets a person do."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, role: Any) -> str:
        words = DESCRIPTIONS.get(role.name, "")
        return format_html('<strong>{}</strong> <span class="quiet">{}</span>', role.name, words)


class FreshForm(forms.BaseForm):
    """Decides who may do what, so only a fresh sign-in saves it. If that grows old over it, what was typed stays."""

    request: HttpRequest  # set by the desk

    def clean(self) -> Any:
        if not freshly_signed_in(self.request):
            words = (
                "You signed in a while ago, so nothing was saved. What you typed is still here. "
                '<a href="{}" target="_blank">Confirm it’s you in another tab</a>, then come back and save again.'
            )
            raise ValidationError(format_html(words, reverse("account_reauthenticate")))
        return super().clean()


class PersonForm(FreshForm, forms.ModelForm):
    """A person and their roles.

    It carries what it showed, so that saving changes only what was changed in it: a form that lay open for long
    gives back no role that somebody else took away meanwhile.
    """

    roles = RolesField(queryset=Group.objects.none(), error_messages={"required": "Choose at least one role."})

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email")
        field_classes = {"username": UsernameField}
        labels = {"email": "E-mail", "date_joined": "Added"}
        help_texts = {
            "username": "For signing in. Letters, numbers, and . - _ + @, without spaces.",
            "email": "Optional. If this site sends mail, a weekly summary of open tasks goes here.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "roles" in self.fields:
            self.fields["roles"].queryset = rights.own_roles(self.request.user)  # type: ignore[attr-defined]
        if self.instance.pk is None:
            return
        if "roles" in self.fields:
            self.fields["roles"].required = False
            self.initial["roles"] = [role.pk for role in self.instance.groups.all()]
        for field in self.fields.values():
            field.show_hidden_initial = True

    def clean_username(self) -> str:
        """Signing in takes capitals and small letters for the same, so a twin would lock both people out."""
        name = self.cleaned_data["username"]
        if User.objects.exclude(pk=self.instance.pk).filter(username__iexact=name).exists():
            raise ValidationError(
                "Someone already has this username. Uppercase and lowercase letters count as the same."
            )
        return name


class StepForm(FreshForm, forms.Form):
    """What somebody confirms before they do something to an account."""


class ReasonForm(StepForm):
    because = forms.CharField(
        label="Reason", max_length=300, help_text="For the audit trail. Other administrators can read it."
    )
