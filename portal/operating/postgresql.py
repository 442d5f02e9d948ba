"""PostgreSQL's part of backup and restore, by its own programs. A password goes to them in their environment."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.client import DatabaseClient

from .faults import OperatingFault
from .tables import TableDigest

FILE = "database.dump"
DATA_OF = re.compile(rb'COPY [^ ]+\."?(\w+)"? \(.*\) FROM stdin;\n')
SETTING = re.compile(rb"SET (\w+) = .*;\n")
OURS_ALONE = ["--no-owner", "--no-privileges"]  # whoever restores may have another name


def size(connection: BaseDatabaseWrapper) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def dump(connection: BaseDatabaseWrapper, path: Path) -> None:
    """Dump what ``connection`` sees: inside ``unchanging``, its moment is handed to pg_dump."""
    program = _program("pg_dump", connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        [moment] = cursor.fetchone()
    arguments, environment = _address(connection)
    command = [program, "--format=custom", f"--snapshot={moment}", f"--file={path}", *OURS_ALONE, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise OperatingFault(f"pg_dump failed: {_last(done.stderr)}")


def check(path: Path, counted: Mapping[str, TableDigest]) -> None:
    """Unpack a dump from end to end. Raises OperatingFault unless it has as many rows as were counted."""
    command = [_program("pg_restore"), "--file=-", str(path)]
    found: dict[str, int] = {}
    table = ""
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE) as unpacked:  # noqa: S603
        assert unpacked.stdout and unpacked.stderr  # noqa: S101
        for line in unpacked.stdout:
            if table and line == b"\\.\n":
                table = ""
            elif table:
                found[table] += 1
            elif begun := DATA_OF.fullmatch(line):
                table = begun[1].decode()
                found[table] = 0
        said = unpacked.stderr.read().decode()
    wrong = [name for name, told in counted.items() if found.get(name) != told.rows]
    if unpacked.returncode or wrong:
        raise OperatingFault(f"{path} isn’t a whole copy of the database: {_last(said)} {', '.join(wrong)}")


def others(connection: BaseDatabaseWrapper) -> bool:
    """Whether somebody else is connected to the database."""
    asked = """SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend'"""
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return cursor.fetchone() is not None


def restore(dump: Path, connection: BaseDatabaseWrapper, counted: Mapping[str, TableDigest]) -> None:
    """Empty the database and fill it from the dump in one transaction: after a fault it is as it was."""
    quoted = connection.ops.quote_name
    functions = """SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')"""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        drops = [f"DROP TABLE {quoted(name)} CASCADE;" for name in names]
        cursor.execute(functions)
        drops += [f"DROP FUNCTION {name} CASCADE;" for (name,) in cursor.fetchall()]
        cursor.execute("SELECT name FROM pg_settings")
        known = {name.encode() for (name,) in cursor.fetchall()}
    unpack = [_program("pg_restore", connection), "--file=-", *OURS_ALONE, str(dump)]
    arguments, environment = _address(connection)
    quiet = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    command = [_program("psql", connection), *quiet, *arguments]
    connection.close()
    with (
        subprocess.Popen(command, env=environment, stdin=PIPE, stderr=PIPE) as filled,  # noqa: S603
        subprocess.Popen(unpack, stdout=PIPE, stderr=PIPE) as unpacked,  # noqa: S603
    ):
        assert filled.stdin and filled.stderr and unpacked.stdout and unpacked.stderr  # noqa: S101
        with suppress(BrokenPipeError):  # psql has stopped, and says below why
            filled.stdin.write("\n".join(["BEGIN;", *drops, ""]).encode())
            for line in unpacked.stdout:
                if not (setting := SETTING.fullmatch(line)) or setting[1] in known:  # a newer pg_restore knows more
                    filled.stdin.write(line)
            if unpacked.wait() == 0:
                filled.stdin.write(b"\nCOMMIT;\nANALYZE;\n")  # no dump holds what was counted
        with suppress(BrokenPipeError):
            filled.stdin.close()
        unpacked.stdout.close()
        said = (unpacked.stderr.read() + filled.stderr.read()).decode()
    if filled.returncode or unpacked.returncode:
        raise OperatingFault(f"The database is as it was, because PostgreSQL refused the backup: {_last(said)}")


def _program(name: str, connection: BaseDatabaseWrapper | None = None) -> str:
    """Where a program of PostgreSQL's is. It must be as new as the server, where a connection tells of one."""
    wanted = int(getattr(connection, "pg_version", 0)) // 10000
    needed = f"PostgreSQL’s client programs{f', version {wanted} or newer' if wanted else ''}"
    if (path := shutil.which(name)) is None:
        raise OperatingFault(f"{name} isn’t on this machine. Install {needed}.")
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    version = re.search(r"\d+", told)
    if not version or int(version[0]) < wanted:
        raise OperatingFault(f"{name} is too old for this server ({told.strip()}). Install {needed}.")
    return path


def _address(connection: BaseDatabaseWrapper) -> tuple[list[str], dict[str, str]]:
    """How the programs are told which database, as arguments and environment."""
    [_, *arguments], environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    return arguments, os.environ | (environment or {})


def _last(said: str) -> str:
    """What a program said last, in a line."""
    return (said.strip().splitlines() or ["It didn’t say why."])[-1]
