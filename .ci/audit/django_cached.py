"""The portal behind the cache that Django brings, for ``bench_serving.py``: what an ordinary Django site would do."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.cache.UpdateCacheMiddleware",
    *(name for name in settings.MIDDLEWARE if "gzip" not in name),
    "django.middleware.cache.FetchFromCacheMiddleware",
]
application = get_wsgi_application()
