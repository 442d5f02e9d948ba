"""What goes wrong in an operator's hands, as a command says it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError


class OperatingFault(Exception):  # noqa: N818 - it is an answer, not an error
    """``str()`` is one or two sentences for the operator: what is wrong, and what to do."""


@contextmanager
def told() -> Iterator[None]:
    """A fault, a database that is away, or a full disk ends a command with a sentence, without a traceback."""
    try:
        yield
    except OperatingFault as fault:
        raise CommandError(str(fault)) from None
    except DatabaseError as error:
        raise CommandError(f"The database doesn’t answer as it should: {error}") from error
    except OSError as error:
        raise CommandError(f"A file can’t be read or written: {error}") from error
