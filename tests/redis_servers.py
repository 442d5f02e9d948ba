"""Redis for tests: servers of their own, the machine’s, and ports where none answers. Each test has its own prefix."""

import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from redis import Redis, RedisError

MACHINES = "redis://127.0.0.1:6379/15"


@contextmanager
def own_server(port: int, *options: str) -> Iterator[Redis]:
    """A Redis that keeps nothing, and that a test may fill or stop."""
    if not (program := shutil.which("redis-server")):
        pytest.skip("redis-server isn’t installed")
    words = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", *options]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    client = Redis(port=port)
    try:
        for _ in range(200):
            with suppress(RedisError):
                client.ping()
                break
            time.sleep(0.05)
        yield client
    finally:
        client.close()
        process.kill()
        process.wait()


@contextmanager
def silent() -> Iterator[socket.socket]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        server.setblocking(False)
        yield server


def connections(server: socket.socket) -> int:
    """How many wait at a silent port."""
    number = 0
    with suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            number += 1
    return number


def settings_for(address: str) -> dict[str, dict[str, str]]:
    backend = "portal.serving.shared_cache.SharedCache"
    return {"default": {"BACKEND": backend, "LOCATION": address, "KEY_PREFIX": f"test-{uuid.uuid4().hex}"}}
