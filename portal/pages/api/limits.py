"""How often one address may have an answer made. Answers that are ready cost next to nothing, and are not counted.

Counts lie where attempts to sign in are counted, under a name from which nobody learns the address, for a minute.
"""

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from ..clients import network_of
from .problems import Problem

MINUTE = 60


def count(request: HttpRequest) -> None:
    """Note a request. Raises Problem for one too many."""
    most = settings.API_REQUESTS_PER_MINUTE
    if not most:
        return
    now = time.time()
    whose = salted_hmac("portal.api", network_of(request.META), algorithm="sha256").hexdigest()
    key = f"api-{int(now // MINUTE)}-{whose}"
    if cache.add(key, 1, MINUTE):
        return
    try:
        number = cache.incr(key)
    except ValueError:  # it went meanwhile
        return
    if number > most:
        left = str(MINUTE - int(now % MINUTE))
        said = f"{most} requests a minute are answered for one address. Go on in {left} seconds."
        raise Problem("too-many-requests", said, {"Retry-After": left})
