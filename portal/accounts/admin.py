"""People and roles at the desk. Nobody gives more than they have, and nobody changes what they may do themselves."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html

from portal.publishing import audit
from portal.publishing.permissions import freshly_signed_in, sign_in_afresh

from .actions import remove_second_factors

for model in (EmailAddress, Authenticator, User, Group):  # an account shows what matters of the first two
    admin.site.unregister(model)

STALE = (
    "You signed in a while ago, so nothing was saved. What you typed is still here, passwords aside. "
    "Open the desk in another tab, confirm there that it is you, then save here once more."
)


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


class FreshAdmin(admin.ModelAdmin):
    """Asks who is there before a form opens, and tells the audit trail what was done.

    If the sign-in grows old over the form, the form keeps what was typed.
    """

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)

        class FreshForm(form):
            def clean(self) -> Any:
                if not freshly_signed_in(request):
                    raise ValidationError(STALE)
                return super().clean()

        return FreshForm

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" and not freshly_signed_in(request):
            return sign_in_afresh(request.get_full_path())
        return super().changeform_view(request, *args, **kwargs)

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not freshly_signed_in(request):
            return sign_in_afresh(request.get_full_path())
        return super().response_action(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not freshly_signed_in(request):
            return sign_in_afresh(request.get_full_path())
        return super().delete_view(request, *args, **kwargs)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return self._noted("added", request, obj, super().log_addition(request, obj, message))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return self._noted("changed", request, obj, super().log_change(request, obj, message))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for row in queryset:
            audit.note("deleted", row, by=request.user)  # type: ignore[arg-type]
        return super().log_deletions(request, queryset)

    def _noted(self, verb: str, request: HttpRequest, obj: Any, entry: LogEntry) -> LogEntry:
        detail = f"{entry.get_change_message()} {self.state_of(obj)}".strip()
        audit.note(verb, obj, by=request.user, detail=detail)  # type: ignore[arg-type]
        return entry

    def state_of(self, obj: Any) -> str:
        """What somebody who reads the audit trail must know of a row after a change."""
        return ""


class PersonForm(UserChangeForm):
    def clean_username(self) -> str:
        """Signing in takes capitals and small letters for the same, so a twin would lock both people out."""
        name = self.cleaned_data["username"]
        if User.objects.exclude(pk=self.instance.pk).filter(username__iexact=name).exists():
            raise ValidationError("Somebody has this name already. Capitals and small letters count as the same.")
        return name


@admin.register(User)
class PersonAdmin(FreshAdmin, UserAdmin):
    """An account. What it may do comes from its roles; no permission is given to one person alone."""

    form = PersonForm
    list_display = ("username", "first_name", "last_name", "is_active", "roles", "second_factor")
    list_filter = ("is_active", "is_staff", "groups")
    filter_horizontal = ("groups",)
    actions = ("forget_second_factors",)
    fieldsets = (
        (None, {"fields": ("username", "password", "second_factor")}),
        ("Name", {"fields": ("first_name", "last_name", "email")}),
        (
            "What this person may do",
            {
                "fields": ("is_active", "is_staff", "groups", "is_superuser"),
                "description": "Nobody changes this for themselves, or gives more than they have.",
            },
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("groups", "authenticator_set")

    @admin.display(description="roles")
    def roles(self, person: User) -> str:
        return ", ".join(group.name for group in person.groups.all())

    @admin.display(description="second factor")
    def second_factor(self, person: Any) -> str:
        words = {Authenticator.Type.WEBAUTHN: "passkey", Authenticator.Type.TOTP: "app"}
        found = {words[row.type] for row in person.authenticator_set.all() if row.type in words}
        return " and ".join(sorted(found)) or "none"

    def state_of(self, obj: User) -> str:
        rights = {"active": obj.is_active, "staff": obj.is_staff, "superuser": obj.is_superuser}
        roles = sorted(obj.groups.values_list("name", flat=True))
        return f"Now: {', '.join([*(word for word, given in rights.items() if given), *roles]) or 'nothing'}."

    # Who may change whom

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = ["second_factor", "last_login", "date_joined"]
        if not request.user.is_superuser:
            fixed += ["is_superuser"]
        if obj and obj.pk == request.user.pk:
            fixed += ["is_active", "is_staff", "is_superuser", "groups"]
        return fixed

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["queryset"] = own_roles(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or stands_above(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or (obj.pk != request.user.pk and stands_above(request.user, obj)))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        if unquote(id) == str(request.user.pk):
            return redirect("account_change_password")  # there they enter the present one first
        if not freshly_signed_in(request):
            return sign_in_afresh(request.get_full_path())
        return super().user_change_password(request, id, form_url)

    # A lost phone

    @admin.action(
        description="Remove second factors: they are lost",
        permissions=["change"],
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def forget_second_factors(self, request: HttpRequest, queryset: QuerySet) -> None:
        people = list(queryset)
        if not all(self.has_change_permission(request, person) for person in people):
            raise PermissionDenied
        for person in people:
            if remove_second_factors(person, by=request.user):  # type: ignore[arg-type]
                super().log_change(request, person, "Second factors removed.")
                messages.success(request, format_html("{} can now set up a new second factor.", person))
            else:
                messages.info(request, format_html("{} has no second factor.", person))


@admin.register(Group)
class RoleAdmin(FreshAdmin, GroupAdmin):
    """A role. The shipped ones come from a table in the code, and ``apply_roles`` sets them back to it."""

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name == "permissions":
            kwargs["queryset"] = own_permissions(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def state_of(self, obj: Group) -> str:
        return f"Now: {obj.permissions.count()} permissions."

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_below(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_below(request.user, obj)

    @staticmethod
    def _is_below(user: Any, role: Group | None) -> bool:
        """Whether somebody may change a role: it gives no more than they have, and is not one of their own."""
        if role is None or user.is_superuser:
            return True
        return own_roles(user).exclude(user=user).filter(pk=role.pk).exists()
