"""Forms at the desk: a person with their roles, and the reason for a step."""

from typing import Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from portal.roles import DESCRIPTIONS

from .. import rights


class RolesField(forms.ModelMultipleChoiceField):
    """Roles as boxes to tick, each with what it lets a person do."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, role: Any) -> str:
        words = DESCRIPTIONS.get(role.name, "")
        return format_html('<strong>{}</strong> <span class="quiet">{}</span>', role.name, words)


class PersonForm(forms.ModelForm):
    """A person and their roles.

    It carries what it showed, so that saving changes only what was changed in it: a form that lay open for long
    gives back no role that somebody else took away meanwhile.
    """

    by: User  # who fills it in; set by the desk
    roles = RolesField(queryset=Group.objects.none(), error_messages={"required": "Choose at least one role."})

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email")
        field_classes = {"username": UsernameField}
        labels = {"email": "E-mail"}
        help_texts = {
            "username": "For signing in. Letters, numbers, and . - _ + @, without spaces.",
            "email": "Optional. If this site sends mail, a weekly summary of open tasks goes here.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "roles" in self.fields:
            self.fields["roles"].queryset = rights.own_roles(self.by)  # type: ignore[attr-defined]
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


class StepForm(forms.Form):
    """What somebody says before they do something to an account."""

    because = forms.CharField(
        label="Reason", max_length=300, help_text="For the audit trail. Other administrators can read it."
    )
