"""People at the desk and their roles. What may be done to whom stands in ``rights.py``; ``actions.py`` holds to it."""

from functools import partial
from typing import Any, cast

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.db.models.options import Options
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html, format_html_join

from portal.publishing import audit, moments
from portal.publishing.admin.base import DeskAdmin, ReadOnlyAdmin, TableFilter, at_desk
from portal.publishing.models import AuditEntry
from portal.publishing.permissions import freshly_signed_in, sign_in_afresh, staff_of
from portal.roles import DESCRIPTIONS

from .. import actions, rights
from . import steps


class RenamedOptions:
    """A model's options under other names. A copy would share their caches and fill them wrongly for every screen."""

    def __init__(self, options: Options, one: str, several: str) -> None:
        self._options, self.verbose_name, self.verbose_name_plural = options, one, several

    def __getattr__(self, name: str) -> Any:
        return getattr(self._options, name)


class InOurWords(DeskAdmin):
    """Django's migrations know the names that its models have, so only the desk calls their rows otherwise."""

    called: tuple[str, str]  # one row, and several
    actions = None

    class Media:
        css = {"all": ["people.css"]}

    def __init__(self, model: Any, site: admin.AdminSite) -> None:
        super().__init__(model, site)
        self.opts = cast(Options, RenamedOptions(model._meta, *self.called))

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changelist = super().get_changelist_instance(request)
        changelist.opts = self.opts
        return changelist


class RoleFilter(admin.SimpleListFilter):
    title = parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(role.pk), role.name) for role in Group.objects.order_by("name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value() or ""
        return queryset.filter(groups=chosen) if chosen.isdecimal() else queryset


class AccessFilter(TableFilter):
    title = parameter_name = "access"
    FOUND = {
        "active": ("Active", Q(is_active=True, last_login__isnull=False)),
        "new": ("Not signed in yet", Q(is_active=True, last_login=None)),
        "deactivated": ("Deactivated", Q(is_active=False)),
    }


class RolesField(forms.ModelMultipleChoiceField):
    """Roles as boxes to tick, each with what it lets a person do."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, role: Any) -> str:
        words = DESCRIPTIONS.get(role.name, "")
        return format_html('<strong>{}</strong> <span class="quiet">{}</span>', role.name, words)


class PersonForm(steps.FreshForm, forms.ModelForm):
    """A person and their roles.

    It carries what it showed, so that saving changes only what was changed in it: a form that lay open for long
    gives back no role that somebody else took away meanwhile.
    """

    roles = RolesField(queryset=Group.objects.none(), error_messages={"required": "Choose at least one role."})

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email")
        field_classes = {"username": UsernameField}
        labels = {"email": "Email", "date_joined": "Added"}
        help_texts = {
            "username": "For signing in. Letters, numbers, and . - _ + @, without spaces.",
            "email": "Optional. If this site sends mail, a weekly summary of open tasks goes here.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance.pk is not None
        roles: Any = self.fields.get("roles")
        if roles:  # else the form only shows them
            roles.queryset, roles.required = rights.own_roles(self.request.user), not known
        if known:
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


class PersonAdmin(InOurWords):
    """An account. What it may do comes from its roles; nothing is given to one person alone."""

    called = ("person", "people")
    form = PersonForm
    list_display = ("username", "full_name", "roles", "access", "two_step_verification", "last_signed_in")
    list_filter = (AccessFilter, RoleFilter)
    search_fields = ("username", "first_name", "last_name", "email")
    search_help_text = "Search by username, name, or email."
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", ("first_name", "last_name"), "email")}),
        ("What this person may do", {"fields": ("roles",)}),
        ("Sign-in", {"fields": (("access_in_full", "two_step_verification"), ("last_signed_in", "date_joined"))}),
    )
    readonly_fields = ("access_in_full", "two_step_verification", "last_signed_in", "date_joined")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("groups", "authenticator_set")

    # Columns, and what a form only shows

    def name_of(self, row: Any) -> str:
        return steps.called(row)

    @admin.display(description="name", ordering="last_name", empty_value="")
    def full_name(self, person: User) -> str:
        return person.get_full_name()

    @admin.display(description="roles")
    def roles(self, person: User) -> str:
        named = sorted(group.name for group in person.groups.all())
        return ", ".join(["Everything (set up on the server)"] * person.is_superuser + named)

    @admin.display(description="access")
    def access(self, person: User) -> str:
        if not person.is_active:
            return "Deactivated"
        if not person.is_staff:
            return "None, without a role"
        return "Active" if person.last_login else "Not signed in yet"

    @admin.display(description="access")
    def access_in_full(self, person: User) -> str:
        closed = None if person.is_active else audit.of(person).filter(verb="deactivated").first()
        if not closed:
            return self.access(person)
        return f"Deactivated by {closed.name} on {moments.minute(closed.at)}: {closed.detail}"

    @admin.display(description="two-step verification")
    def two_step_verification(self, person: Any) -> str:
        words = {Authenticator.Type.WEBAUTHN: "passkey", Authenticator.Type.TOTP: "authenticator app"}
        found = {words[row.type] for row in person.authenticator_set.all() if row.type in words}
        return " and ".join(sorted(found)).capitalize() or "Not set up"

    @admin.display(description="last signed in", ordering="last_login")
    def last_signed_in(self, person: User) -> str:
        return moments.minute(person.last_login) if person.last_login else "Never"

    # Who may change whom

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.fieldsets[:2]  # nobody who is only being added has signed in

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "roles") if obj == request.user else self.readonly_fields

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.request = request
        return form

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or rights.stands_above(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account that was added by mistake may go; one that ever did something is deactivated instead."""
        may = super().has_delete_permission(request, obj)
        if not may or obj is None:
            return may
        never_used = not AuditEntry.objects.filter(by=obj).exists()
        return never_used and obj.pk != request.user.pk and rights.stands_above(request.user, obj)

    # Saving, by a fresh sign-in

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" and not freshly_signed_in(request):
            return sign_in_afresh(request.get_full_path())
        return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not freshly_signed_in(request):
            return sign_in_afresh(request.get_full_path())
        return super().delete_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by = staff_of(request)
        if not change:
            actions.add_person(obj, roles=form.cleaned_data["roles"], by=by)
            return
        actions.change_details(obj, [name for name in form.changed_data if name != "roles"], by=by)
        if "roles" in form.changed_data:
            actions.change_roles(obj, form.cleaned_data["roles"], by=by)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for person in queryset:
            audit.note("deleted", person, by=staff_of(request))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        if IS_POPUP_VAR in request.POST:  # the form that asked for the person waits for an answer of Django's
            return super().response_add(request, obj, post_url_continue)
        return steps.hand_over(self, request, obj, actions.make_link(obj, by=staff_of(request)), added=True)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        messages.success(request, f"Saved: {steps.called(obj)}.")
        return redirect("admin:auth_user_changelist")

    # Beside the form

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        person = context.get("original")
        context |= {"show_save_and_continue": False, "show_save_and_add_another": False}
        context |= {"is_self": person == request.user} if person else {"title": "Add a person"}
        if person and person != request.user and self.has_change_permission(request, person):
            context["steps"] = steps.offered(person)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        own = [
            self.address(f"<path:object_id>/{name.replace('_', '-')}/", partial(steps.page, self, name=name), name)
            for name in steps.STEPS
        ]
        return [*own, *super().get_urls()]


class RoleAdmin(InOurWords, ReadOnlyAdmin):
    """To read. ``apply_roles`` sets roles to the table of the software, so a change made here would be lost."""

    called = ("role", "roles")
    list_display = ("name", "what_it_allows", "number")
    ordering = ("name",)
    fields = ("what_it_allows", "people")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(number=Count("user", filter=Q(user__is_active=True)))

    @admin.display(description="what it allows")
    def what_it_allows(self, role: Group) -> str:
        return DESCRIPTIONS.get(role.name, "Set up on this site’s server; ask the person who set it up.")

    @admin.display(description="active people", ordering="number")
    def number(self, role: Any) -> str:
        return format_html('<a href="{}?role={}">{}</a>', reverse("admin:auth_user_changelist"), role.pk, role.number)

    @admin.display(description="people")
    def people(self, role: Group) -> str:
        found = [(at_desk(one), one) for one in role.user_set.filter(is_active=True)]
        return format_html_join(", ", '<a href="{}">{}</a>', found) or "Nobody"
