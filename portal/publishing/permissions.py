"""Whether somebody may do something. The table of roles is ``portal/roles.py``."""

import time
from typing import cast
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


def staff_of(request: HttpRequest) -> User:
    """Who is at the desk, as verbs take them: nobody else is let in."""
    return cast("User", request.user)


def permission(verb: str, model: type[models.Model]) -> str:
    """The name of it, as Django has it: “faq.add_question”."""
    return f"{model._meta.app_label}.{get_permission_codename(verb, model._meta)}"


def allowed(request: HttpRequest, verb: str, model: type[models.Model]) -> bool:
    """Whether the person may ``verb`` ("publish", "confirm", "change") rows of a model."""
    return request.user.has_perm(permission(verb, model))


def freshly_signed_in(request: HttpRequest) -> bool:
    """Whether the person has shown who they are within the last minutes, by signing in or by confirming it."""
    moments = [record["at"] for record in get_authentication_records(request, request.user)]
    return bool(moments) and time.time() - max(moments) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def sign_in_afresh(back: str) -> HttpResponse:
    """Ask who is there, then go to the address ``back``."""
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")
