"""What one person at the desk does to another's account, each on a page that says what will happen first."""

import datetime
from collections.abc import Callable
from operator import attrgetter
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from portal.publishing import addresses
from portal.publishing.admin.base import DeskAdmin, at_desk
from portal.publishing.permissions import freshly_signed_in, sign_in_afresh

from .. import actions


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


class StepForm(FreshForm, forms.Form):
    """What somebody confirms before they do something to an account."""


class ReasonForm(StepForm):
    because = forms.CharField(
        label="Reason", max_length=300, help_text="For the audit trail. Other administrators can read it."
    )


class Step(NamedTuple):
    """``explains`` and ``done`` are said with the person's name. A step ``fits`` some accounts only."""

    title: str
    explains: str
    fits: Callable[[Any], bool]
    form: type[StepForm]
    take: Callable[..., object]
    done: str = ""
    button: str = ""  # the title, unless it says otherwise


STEPS = {
    "password": Step(
        "New password link",
        "You get a link to hand to {0}, who then chooses a new password. "
        "The current password stops working now, and {0} is signed out everywhere.",
        attrgetter("is_active"),
        StepForm,
        actions.make_link,
        button="Make the link",
    ),
    "two_step": Step(
        "Reset two-step verification",
        "For a lost phone or security key. {0}’s passkeys, authenticator app, and recovery codes stop working now. "
        "{0} sets up new ones after signing in with the password.",
        lambda person: person.is_active and bool(person.authenticator_set.all()),
        StepForm,
        actions.remove_second_factors,
        "{} can now set up two-step verification again.",
    ),
    "deactivate": Step(
        "Deactivate",
        "{0} is signed out now and can’t sign in anymore. Everything {0} wrote or confirmed stays, with their name. "
        "You can reactivate the account later.",
        attrgetter("is_active"),
        ReasonForm,
        actions.deactivate,
        "{} is deactivated and can’t sign in anymore.",
    ),
    "reactivate": Step(
        "Reactivate",
        "{0} can sign in again, with the same password and roles as before.",
        lambda person: not person.is_active,
        ReasonForm,
        actions.reactivate,
        "{} can sign in again.",
    ),
}


def called(person: User) -> str:
    return person.get_full_name() or person.get_username()


def offered(person: User) -> list[tuple[str, str]]:
    """Title and address of every step that fits an account."""
    found = [(step.title, f"admin:auth_user_{name}") for name, step in STEPS.items() if step.fits(person)]
    return [(title, reverse(address, args=[person.pk])) for title, address in found]


def page(people: DeskAdmin, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
    """Says what the step will do; once confirmed, takes it."""
    person, step = people.row(request, object_id, "change"), STEPS[name]
    if person.pk == request.user.pk:
        return redirect("mfa_index")  # where people look after their own sign-in
    if request.method != "POST" and not freshly_signed_in(request):
        return sign_in_afresh(request.get_full_path())
    if not step.fits(person):
        messages.info(request, "There is nothing left to do. Someone may have done it already.")
        return redirect(at_desk(person))
    form = step.form(request.POST if request.method == "POST" else None)
    form.request = request
    if form.is_valid():
        done = step.take(person, by=request.user, **form.cleaned_data)
        if name == "password":
            return hand_over(people, request, person, str(done))
        messages.success(request, step.done.format(called(person)))
        return redirect(at_desk(person))
    explains = step.explains.format(called(person))
    context = {"title": step.title, "step": step, "form": form, "explains": explains}
    return people.screen(request, person, "admin/auth/user/step.html", context)


def hand_over(people: DeskAdmin, request: HttpRequest, person: User, path: str, added: bool = False) -> Any:
    """The page that shows a new password link, this once."""
    context = {
        "subtitle": None,
        "title": f"{called(person)} has been added" if added else f"Password link for {called(person)}",
        "link": addresses.absolute(path),
        "ends": timezone.now() + datetime.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        "called": called(person),
    }
    return people.screen(request, person, "admin/auth/user/link.html", context)
