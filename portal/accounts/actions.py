"""Verbs of people and their roles. Each holds the rules of ``rights.py``, and tells the audit trail what it did.

``by`` is None for whoever works on the server itself, where no rule of the desk holds.
"""

from collections.abc import Collection

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from portal.publishing import audit

from . import rights
from .links import PasswordLinks


@transaction.atomic
def add_person(person: User, *, roles: Collection[Group], by: User | None) -> User:
    """Save a new account with its roles. It has no password until its owner chooses one: see ``make_link``."""
    _require_own(roles, by)
    person.set_unusable_password()
    person.is_staff = bool(roles)
    person.save()
    person.groups.set(roles)
    _note("added", person, by, f"as {_named(roles)}" if roles else "without a role")
    return person


@transaction.atomic
def change_details(person: User, fields: Collection[str], *, by: User) -> None:
    """Save these columns of an account. The trail keeps a former username, and no address of anybody."""
    before = _hold(person)
    _require_above(by, before)
    if not fields:
        return
    person.save(update_fields=fields)
    told = {name: str(User._meta.get_field(name).verbose_name) for name in fields}  # type: ignore[union-attr]
    if "username" in told:
        told["username"] += f" ({before.username} → {person.username})"
    _note("changed", person, by, ", ".join(told.values()))


@transaction.atomic
def change_roles(person: User, roles: Collection[Group], *, by: User | None) -> bool:
    """Give somebody these roles and no others; answers whether that changed anything. Without a role, no desk opens."""
    _require_another(by, _hold(person))
    before = set(person.groups.all())
    if before == set(roles):
        return False
    _require_own(set(roles) - before, by)
    person.groups.set(roles)
    person.is_staff = bool(roles) or person.is_superuser
    person.save(update_fields=["is_staff"])
    _note("roles changed", person, by, f"{_named(before)} → {_named(roles)}")
    return True


@transaction.atomic
def make_link(person: User, *, by: User | None) -> str:
    """The path of a link with which somebody chooses a password. The one they had, and their sessions, end at once."""
    _require_another(by, _hold(person))
    person.set_unusable_password()  # marks are random: earlier links end with the earlier mark
    person.save(update_fields=["password"])
    _note("password link made", person, by)
    key = PasswordLinks().make_token(person)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(person), key])


@transaction.atomic
def deactivate(person: User, *, by: User, because: str) -> bool:
    """Close an account and end its sessions; answers whether it was open. What its owner did keeps their name."""
    return _set_active(False, person, by, because)


@transaction.atomic
def reactivate(person: User, *, by: User, because: str) -> bool:
    """Open an account again, with the roles and the password that it had; answers whether it was closed."""
    return _set_active(True, person, by, because)


def _set_active(active: bool, person: User, by: User, because: str) -> bool:
    before = _hold(person)
    _require_another(by, before)
    if before.is_active == active:
        return False
    person.is_active = active
    person.save(update_fields=["is_active"])
    _note("reactivated" if active else "deactivated", person, by, because)
    return True


@transaction.atomic
def remove_second_factors(person: User, *, by: User | None) -> bool:
    """Forget the passkeys, the app and the recovery codes of somebody who has lost them; answers whether any was.

    Sessions that have shown one of them lose the desk, where a second factor is required.
    """
    _require_another(by, person)
    removed, _ = Authenticator.objects.filter(user=person).delete()
    if removed:
        _note("two-step verification removed", person, by, "all of it")
    return bool(removed)


# The rules --------------------------------------------------------------------------------


def _require_above(by: User | None, person: User) -> None:
    if by and not rights.stands_above(by, person):
        raise PermissionDenied(f"{by} can’t change the account of {person}.")


def _require_another(by: User | None, person: User) -> None:
    """What decides who comes in, and what they may do there, is for somebody else to change."""
    if by and by.pk == person.pk:
        raise PermissionDenied(f"{by} can’t change their own roles.")
    _require_above(by, person)


def _require_own(roles: Collection[Group], by: User | None) -> None:
    if by and not set(roles) <= set(rights.own_roles(by)):
        raise PermissionDenied(f"{by} can’t grant {_named(roles)}.")


def _hold(person: User) -> User:
    """The account as it is now; nobody else changes it before this is done."""
    return User.objects.select_for_update().get(pk=person.pk)


# Words for the trail ----------------------------------------------------------------------


def _note(verb: str, person: User, by: User | None, detail: str = "") -> None:
    audit.note(verb, person, by=by, detail=detail, name="" if by else "the server")


def _named(roles: Collection[Group]) -> str:
    return ", ".join(sorted(role.name for role in roles)) or "no role"
