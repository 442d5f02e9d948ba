"""What one person at the desk does to another's account, each on a page that says what will happen first."""

import datetime
from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from portal.publishing.admin.base import at_desk
from portal.publishing.permissions import freshly_signed_in, sign_in_afresh

from .. import actions
from .forms import ReasonForm, StepForm


class Step(NamedTuple):
    """``explains`` and ``done`` are said with the person's name. A step ``fits`` some accounts only."""

    title: str
    explains: str
    button: str
    fits: Callable[[User], bool]
    form: type[StepForm]
    take: Callable[..., object]
    done: str = ""


def is_active(person: User) -> bool:
    return person.is_active


def has_second_factor(person: Any) -> bool:
    return person.is_active and bool(person.authenticator_set.all())


STEPS = {
    "password": Step(
        "New password link",
        "You get a link to hand to {0}, who then chooses a new password. "
        "The current password stops working now, and {0} is signed out everywhere.",
        "Make the link",
        is_active,
        StepForm,
        actions.make_link,
    ),
    "two_step": Step(
        "Reset two-step verification",
        "For a lost phone or security key. {0}’s passkeys, authenticator app, and recovery codes stop working now. "
        "{0} sets up new ones after signing in with the password.",
        "Reset two-step verification",
        has_second_factor,
        StepForm,
        actions.remove_second_factors,
        "{} can now set up two-step verification again.",
    ),
    "deactivate": Step(
        "Deactivate",
        "{0} is signed out now and can’t sign in anymore. Everything {0} wrote or confirmed stays, with their name. "
        "You can reactivate the account later.",
        "Deactivate",
        is_active,
        ReasonForm,
        actions.deactivate,
        "{} is deactivated and can’t sign in anymore.",
    ),
    "reactivate": Step(
        "Reactivate",
        "{0} can sign in again, with the same password and roles as before.",
        "Reactivate",
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


def page(people: admin.ModelAdmin, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
    """Says what the step will do; once confirmed, takes it."""
    person, step = people.get_object(request, unquote(object_id)), STEPS[name]
    if person is None:
        raise Http404("There is no such account.")
    if not people.has_change_permission(request, person):
        raise PermissionDenied
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
    shown = {"title": step.title, "subtitle": called(person), "step": step, "form": form, "explains": explains}
    return _screen(people, request, person, "step", shown)


def hand_over(people: admin.ModelAdmin, request: HttpRequest, person: User, path: str, added: bool = False) -> Any:
    """The page that shows a new password link, this once."""
    shown = {
        "title": f"{called(person)} has been added" if added else f"Password link for {called(person)}",
        "link": request.build_absolute_uri(path),
        "ends": timezone.now() + datetime.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        "called": called(person),
    }
    return _screen(people, request, person, "link", shown)


def _screen(people: Any, request: HttpRequest, person: User, name: str, shown: dict[str, Any]) -> HttpResponse:
    context = {**people.admin_site.each_context(request), "opts": people.opts, "original": person, **shown}
    return TemplateResponse(request, f"admin/auth/user/{name}.html", context)
