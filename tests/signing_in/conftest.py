"""What tests of signing in share: nobody has tried before them, and an editor with an app."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def required(settings):
    settings.REQUIRE_MFA = True


@pytest.fixture
def secret(editor) -> str:
    """The key of the app that the editor has set up, with recovery codes beside it."""
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    RecoveryCodes.activate(editor)
    return secret
