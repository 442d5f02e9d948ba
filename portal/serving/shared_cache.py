"""What several machines share, in Redis: attempts to sign in, codes that were used, locks. It fails open.

While Redis is away, slow or full, each process counts by itself: people who work here can still sign in, and whoever
guesses is still held up. No page that readers get is looked up here.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import InvalidResponse, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)
#: A sign-in asks a dozen times, so a Redis that answers later than this is no help.
PATIENCE = 0.25
#: Redis is asked once: whoever signs in waits meanwhile.
OPTIONS = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "retry": Retry(NoBackoff(), 0)}
#: How many values a process keeps on its own. Few would let somebody push out a count by many others.
MOST_ALONE = 10_000


class Json:
    """Values as JSON. Django pickles them, and so would run what somebody puts into Redis."""

    def dumps(self, value: Any) -> int | str:
        return value if type(value) is int else json.dumps(value)  # so that Redis can count with it

    def loads(self, data: bytes) -> Any:
        try:
            return json.loads(data)
        except ValueError as error:
            raise InvalidResponse("It isn’t JSON.") from error


class Link:
    """Whether this process asks Redis now, or has given it up for a while."""

    AGAIN = 10.0  # seconds until Redis is tried once more

    def __init__(self) -> None:
        self.away = False
        self.errors = 0
        self._again = 0.0
        self._lock = threading.Lock()

    def asks(self, *, writes: bool) -> bool:
        """A Redis that is full can be read, so only a value that was written shows that it is back."""
        if not self.away:
            return True
        if not writes:
            return False
        with self._lock:  # one tries for all
            if time.monotonic() < self._again:
                return False
            self._again = time.monotonic() + self.AGAIN
            return True

    def failed(self, error: RedisError) -> None:
        with self._lock:
            self.errors += 1
            first, self.away = not self.away, True
            self._again = time.monotonic() + self.AGAIN
        if first:  # the kind of error alone: its words may name whoever signs in
            log.error(
                "The shared cache is of no use (%s). Until it is back, each process counts attempts to sign in alone.",
                type(error).__name__,
            )

    def answered(self, *, wrote: bool) -> None:
        if self.away and wrote:
            self.away = False
            log.warning("The shared cache is back.")


#: By address. Django makes a cache for each thread, and all of a process share what they know of Redis.
_links: dict[str, Link] = {}


class SharedCache(BaseCache):
    """Redis, and in its place the memory of this process."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(params)
        options = OPTIONS | {"serializer": Json} | params.get("OPTIONS", {})
        self.link = _links.setdefault(str(server), Link())
        self.redis = RedisCache(server, params | {"OPTIONS": options})
        self.alone = LocMemCache(f"instead of {server}", params | {"OPTIONS": {"MAX_ENTRIES": MOST_ALONE}})

    def _asked(self, what: Callable[[BaseCache], Any], *, writes: bool) -> Any:
        if self.link.asks(writes=writes):
            try:
                answer = what(self.redis)
            except RedisError as error:
                self.link.failed(error)
            else:
                self.link.answered(wrote=writes)
                return answer
        return what(self.alone)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._asked(lambda cache: cache.add(key, value, timeout, version), writes=True)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._asked(lambda cache: cache.get(key, default, version), writes=False)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._asked(lambda cache: cache.set(key, value, timeout, version), writes=True)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._asked(lambda cache: cache.touch(key, timeout, version), writes=False)

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._asked(lambda cache: cache.delete(key, version), writes=False)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return self._asked(lambda cache: cache.incr(key, delta, version), writes=True)

    def clear(self) -> None:
        self._asked(lambda cache: cache.clear(), writes=False)
        self.alone.clear()
