"""Every address of the URL configuration, filled with rows that exist, and a person of each role to go there."""

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.urls import URLResolver, get_resolver, resolve
from django.utils import timezone

from faq.models import Question
from portal.publishing import actions, rooms
from portal.publishing.models import AuditEntry, MedicalCredential, Page, Picture, SavedDraft, Source
from portal.roles import FDA_DATA_EDITOR
from therapies.fact_kinds import FactKind
from therapies.models import (
    ApprovalEvent,
    DrugLabel,
    EarlierTerms,
    FurtherSource,
    Indication,
    Therapy,
    TherapyFact,
    UnlabelledUse,
)

from .conftest import person
from .fda_files import purple_book
from .imports import keep
from .public import a_page, feeds

#: N nobody (not signed in), U a user who does not work here, S staff without a role,
#: E editor, R reviewer, G FDA data editor, A administrator.
WHO = {"N": "", "U": "", "S": "", "E": "Editor", "R": "Reviewer", "G": FDA_DATA_EDITOR, "A": "Administrator"}


class Address(NamedTuple):
    name: str
    pattern: str


def addresses(resolver: URLResolver | None = None, namespace: str = "", before: str = "/") -> Iterator[Address]:
    for pattern in (resolver or get_resolver()).url_patterns:
        path = before + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace, path)
        else:
            yield Address(f"{namespace}{pattern.name or pattern.pattern}", path)


def a_name() -> dict[str, Any]:
    """A fact that nobody has told yet."""
    therapy, source = Therapy.objects.get(slug="pembrolizumab"), Source.objects.get_or_create(title="A letter")[0]
    return {"therapy": therapy, "kind": FactKind.BRAND.value, "value": "Nosuchbrand", "source": source}


Fill = Callable[[str, str], tuple[str, dict[str, int]]]


def filling(editor: User, administrator: User, pending: Any) -> Fill:
    """What fills a pattern with rows that exist: a page with a draft, and an account that no role protects."""
    rows = {User: User.objects.create_user("Plain"), Group: Group.objects.get(name="Editor")}
    drafts: dict[Any, Any] = {}
    waits = pending(TherapyFact, **a_name()).pk
    rows[MedicalCredential] = MedicalCredential.objects.create(user=administrator, shown_as="A. Doctor")
    rows[Picture] = Picture.objects.create(alt="A cell", credit="Ours", width=320, height=200, widths=[320])
    theirs = Authenticator.objects.create(user=administrator, type="webauthn", data={})
    label, further = DrugLabel.objects.get(brand="Keytruda"), FurtherSource.objects.first()
    in_force = Indication.objects.in_force().filter(therapy__slug="pembrolizumab")[0]
    published = {
        **{name: found[0] for name, found in feeds().items()},
        "desk:event": f"/desk/decisions/{ApprovalEvent.objects.values_list('pk', flat=True)[0]}/",
        "desk:fact": f"/desk/facts/{TherapyFact.objects.values_list('pk', flat=True)[0]}/",
        "desk:use": f"/desk/uses/{Indication.objects.values_list('pk', flat=True)[0]}/",
        "desk:label": f"/desk/labels/{label.pk}/",
        "desk:leave-out": f"/desk/labels/{label.pk}/without/{label.therapy.indications.first().pk}/",
        "desk:label-reading": f"/desk/labels/{label.pk}/reading/",
        "desk:labelled-use": f"/desk/labels/uses/{label.uses.first().pk}/",
        "desk:unlabelled-use": f"/desk/labels/without/{UnlabelledUse.objects.first().pk}/",
        "desk:further-source": f"/desk/sources/{further.pk}/",
        "desk:new-further-source": f"/desk/decisions/{further.event_id}/sources/new/",
        "desk:terms": f"/desk/terms/{EarlierTerms.objects.values_list('pk', flat=True)[0]}/",
        "desk:change": f"/desk/changes/{waits}/",
        "desk:change-pages": f"/desk/changes/{waits}/pages/?at=/approvals/",
        "desk:change-page": f"/desk/changes/{waits}/page/?at=/approvals/",
        "desk:batch": f"/desk/files/{keep(purple_book(), by=administrator).pk}/",
        "therapies:card": f"/uses/{in_force.short_id}/card/",
        "therapies:oembed": f"/oembed?url=http://testserver/uses/{in_force.short_id}/",
        "therapies:use": f"/uses/{in_force.short_id}/",
        "therapies:use-citation": f"/uses/{in_force.short_id}/cite.bib",
        "therapies:event": f"/events/{(decided := in_force.events.public().first()).short_id}/",
        "therapies:event-citation": f"/events/{decided.short_id}/cite.ris",
        "markdown": "/cancers/melanoma/index.md",
        "api:rows": "/api/v1/classes/",
        "api:row": "/api/v1/classes/checkpoint-inhibitor/",
        "api:nothing": "/api/v1/nothing",
        "data-file": "/data/files/classes.csv",
        "data-whole": "/data/files/all.zip?on=1990-01-01",
        "data-change-file": "/data/files/changes.csv?from=1990-01-01&to=1990-01-02",
        "picture": f"/media/pictures/{32 * '0'}/640.webp",
    }
    for kind_of_page in rooms.page_kinds():
        page = a_page(kind_of_page.model, by=editor, second=administrator)
        if kind_of_page.has_address:
            published[resolve(page.get_absolute_url()).view_name] = page.get_absolute_url()
    rows[AuditEntry] = AuditEntry.objects.create(verb="changed", kind="publishing.picture", row=rows[Picture].pk)

    def row(path: str, among: Any = rows) -> Any:
        model = apps.get_model(*path.split("/")[2:4])
        if model not in rows:
            rows[model] = model._default_manager.first()
            if issubclass(model, Page):
                drafts[model] = actions.start_draft(rows[model], by=editor)
        return among[model].pk

    def fill(name: str, path: str) -> tuple[str, dict[str, int]]:
        """The address, and what is sent to it where nothing would be understood as nothing to do."""
        if name in published:
            return published[name], {}
        if name == "therapies:my-visit":
            return path, {"cancer": "melanoma"}  # an empty form is answered with what is missing
        if name == "admin:autocomplete":
            return f"{path}?app_label=publishing&model_name=medicalcredential&field_name=user", {}
        if name.startswith("review"):
            draft = Question.objects.get(pk=row("/admin/faq/question/")).open_edition()
            until = timezone.now() + datetime.timedelta(days=1)
            guest = actions.invite(draft, by=administrator, name="A guest", until=until)
            return path.replace("<str:token>", guest.token), {"say": "comment", "text": "Said by a guest."}
        path = path.replace("<path:content_type_id>/<path:object_id>", f"{kind.pk}/{question.pk}")
        path = path.replace("<int:pk>", str(theirs.pk))
        path = re.sub(r"\(\?P<app_label>.*\)", "faq", path).replace("(?P<url>.*)", "nothing-here").rstrip("$")
        path = path.replace("<str:form>", "csv")
        typed = {"edition": row(path, drafts)} if name.endswith("_restore") else {}
        if name.endswith("_bring_back"):
            typed = {"save": f"save-{SavedDraft.objects.filter(edition=row(path, drafts)).latest('pk').pk}"}
        path = re.sub("<int:edition>", lambda found: str(row(path, drafts)), path)
        return re.sub("<(path:object_)?id>", lambda found: str(row(path)), path), typed

    kind, question = ContentType.objects.get_for_model(Question), Question.objects.get(slug="types")
    return fill


def user(letter: str) -> User | None:
    if letter == "N":
        return None
    made = person("Vera", WHO[letter]) if WHO[letter] else User.objects.create_user("Vera", is_staff=letter == "S")
    made.set_password("a long passphrase")
    made.save()
    return made


def has_second_factor(who: User) -> None:
    Authenticator.objects.filter(user=who).delete()
    TOTP.activate(who, generate_totp_secret())
    RecoveryCodes.activate(who).mark_as_viewed()  # allauth notes the first look, by whatever method
