"""What goes wrong in an operator's hands, as a command says it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError


class OperatingFault(Exception):  # noqa: N818 - it is an answer, not an error
    """``str()`` is one or two sentences for the operator: what is wrong, and what to do."""


@contextmanager
def told() -> Iterator[None]:
    """A fault ends a command with its sentence and exit code 1, without a traceback."""
    try:
        yield
    except OperatingFault as fault:
        raise CommandError(str(fault)) from None
