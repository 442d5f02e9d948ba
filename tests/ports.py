"""Ports of this machine for servers that tests start, and servers that have begun to answer at one."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def answering(process: subprocess.Popen, port: int) -> Iterator[int]:
    """The port, once the process answers there; afterwards it is ended. Raises AssertionError after ten seconds."""
    try:
        for _ in range(100):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.1)
        else:
            raise AssertionError(f"Nothing answers at port {port}.")
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=20)
