"""The cache of pages around a program, asked as a server asks it."""

import threading
import time

from django.test import RequestFactory

from portal.serving.page_cache import PageCache
from portal.serving.rendering import Limits

OF_STAFF = "sessionid=of-staff"


def around(application, content, megabytes=4.0, at_once=2, waiting=8, seconds=5.0):
    pages, others = Limits(at_once, waiting, seconds), Limits(4, 16, 5)
    return PageCache(application, content, megabytes=megabytes, pages=pages, made_up=pages, others=others)


def ask(cache, path="/about/", query="", method="GET", **headers):
    """Status, headers by lower-case name, and body of an answer."""
    environ = RequestFactory(**{"HTTP_HOST": "testserver"} | headers).generic(method, path, QUERY_STRING=query).environ
    told = []
    body = b"".join(cache(environ, lambda status, headers: told.extend((status, headers))))
    return told[0], {name.lower(): value for name, value in told[1]}, body


def until(reached):
    for _ in range(10_000):
        if reached():
            return
        time.sleep(0.001)
    raise AssertionError("It never came to that.")


def at_once(number, work):
    found = []
    threads = [threading.Thread(target=lambda one=one: found.append(work(one))) for one in range(number)]
    for thread in threads:
        thread.start()
    return threads, found
