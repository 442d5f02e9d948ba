"""Coming in by the pages of signing in, and what the audit trail tells of it."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db.models import Q
from django.test import Client

from portal.publishing.models import AuditEntry

PASSWORD = "a long passphrase"
HOUR = 3600


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(client: Client, name: str = "Edith", password: str = PASSWORD, **more):
    return client.post("/account/login/", {"login": name, "password": password, **more})


def told() -> list[tuple[str, str, str]]:
    entries = AuditEntry.objects.filter(Q(kind="auth.user") | Q(verb="sign-in failed"))
    return list(entries.order_by("pk").values_list("name", "verb", "detail"))
