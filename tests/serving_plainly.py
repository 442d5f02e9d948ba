"""The portal with static files as they are, for a server of the tests: nothing was collected."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"

from django.conf import settings

settings.STORAGES = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
from portal.wsgi import application  # noqa: E402, F401
