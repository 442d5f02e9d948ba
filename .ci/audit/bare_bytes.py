"""The least that a WSGI program can do for a page: the same bytes each time. ``bench_serving.py`` compares with it."""

import os
from pathlib import Path

FOLDER = Path(os.environ["BARE_BYTES"])
BODIES = {
    "br": (FOLDER / "brotli").read_bytes(),
    "gzip": (FOLDER / "gzip").read_bytes(),
    None: (FOLDER / "plain").read_bytes(),
}
HEADERS = {
    encoding: [
        ("content-type", "text/html; charset=utf-8"),
        ("content-length", str(len(body))),
        ("etag", '"bare"'),
        *([("content-encoding", encoding)] if encoding else []),
    ]
    for encoding, body in BODIES.items()
}


def application(environ, start):
    if "HTTP_IF_NONE_MATCH" in environ:
        start("304 Not Modified", [("etag", '"bare"')])
        return []
    encoding = environ.get("HTTP_ACCEPT_ENCODING")
    start("200 OK", HEADERS[encoding])
    return [BODIES[encoding]]
