"""Who may change whose account. Nobody gives more than they have, and nobody changes what they may do themselves."""

from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet


def own_permissions(user: Any) -> QuerySet[Permission]:
    everything = Permission.objects.all()
    return everything if user.is_superuser else everything.filter(Q(group__user=user) | Q(user=user)).distinct()


def own_roles(user: Any) -> QuerySet[Group]:
    """The roles that somebody may hand on: those that permit nothing beyond what they may do themselves."""
    beyond = Permission.objects.exclude(pk__in=own_permissions(user))
    return Group.objects.exclude(permissions__in=beyond)


def stands_above(user: Any, other: User) -> bool:
    """Whether ``user`` may change the account of ``other``: it can do nothing that ``user`` cannot."""
    if user.is_superuser:
        return True
    beyond = own_permissions(other).exclude(pk__in=own_permissions(user))
    return not other.is_superuser and not beyond.exists()
