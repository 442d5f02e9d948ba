"""What must hold of a portal's data, looked at one thing after another. Nothing is changed."""

import ast
import hashlib
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from PIL import Image

from portal.publishing import collected, content_version, pictures, rooms, triggers
from portal.publishing.models import AuditEntry, Page, Picture, SearchEntry
from portal.publishing.search import indexing

from . import backups
from .faults import OperatingFault


class Looked(NamedTuple):
    """What one check found: at what it looked, and what is wrong."""

    at: str
    faults: list[str]


def database() -> Looked:
    """The database's own word on whether it is whole."""
    if connection.vendor == "postgresql":
        asked = """SELECT indexrelid::regclass || ' is half an index' FROM pg_index WHERE NOT indisvalid
            UNION SELECT conname || ' was not tried on all rows' FROM pg_constraint WHERE NOT convalidated"""
    else:
        asked = "PRAGMA integrity_check"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        said = [line for (line,) in cursor.fetchall()]
    return Looked(f"{connection.display_name} says that it is whole", [line for line in said if line != "ok"])


def migrations() -> Looked:
    loader = MigrationLoader(connection)
    known, done = set(loader.disk_migrations or {}), set(loader.applied_migrations or {})
    faults = [f"{app}.{name} isn’t applied; run manage.py upgrade" for app, name in sorted(known - done)]
    faults += [f"{app}.{name} was applied and isn’t in this release" for app, name in sorted(done - known)]
    paths = {name: settings.BASE_DIR / name for name in frozen()}
    changed = [name for name, path in paths.items() if not path.exists() or digest_of_code(path) != frozen()[name]]
    faults += [f"{name} isn’t as it was released; get it back with git checkout" for name in changed]
    return Looked(f"{len(done)} migrations are applied, which are all, and their code is that of the release", faults)


def audit_trail() -> Looked:
    """The triggers because of which the audit trail can only grow."""
    if connection.vendor == "postgresql":
        asked = """SELECT tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
            WHERE tgrelid = to_regclass(%s) AND tgenabled IN ('O', 'A')"""
        wanted = {f"{triggers.TABLE}_only_grows", f"{triggers.TABLE}_no_truncate"}
    else:
        asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
        wanted = {f"{triggers.TABLE}_no_update", f"{triggers.TABLE}_no_delete"}
    with connection.cursor() as cursor:
        cursor.execute(asked, [triggers.TABLE])
        there = {name for name, code in cursor.fetchall() if triggers.MESSAGE in code}
    entries = AuditEntry.objects.count()
    faults = [f"the trigger {name} is missing or switched off" for name in sorted(wanted - there)]
    return Looked(f"{entries} entries, which the database refuses to change or delete", faults)


def page_cache() -> Looked:
    """The triggers because of which finished pages are made anew."""
    faults = [f"{table} lacks a trigger; run manage.py upgrade" for table in content_version.missing(connection)]
    return Looked(f"changes in {len(content_version.tables(connection))} tables reach finished pages", faults)


def links() -> Looked:
    """Every key that points from one row to another, also where its constraint was dropped."""
    fields: list[Any] = [f for model in _models() for f in model._meta.local_concrete_fields if f.remote_field]
    faults = []
    for field in fields:
        targets = field.related_model._base_manager.values(field.target_field.attname)
        pointing = field.model._base_manager.exclude(**{field.attname: None})
        if lost := pointing.exclude(**{f"{field.attname}__in": targets}).count():
            faults.append(f"{lost} rows of {field.model._meta.db_table} point to nothing by {field.attname}")
    return Looked(f"{len(fields)} columns that point to other rows lead somewhere", faults)


def counts() -> Looked:
    """Each page is of one kind."""
    by_kind = {kind.model._meta.verbose_name_plural: kind.model._base_manager.count() for kind in rooms.page_kinds()}
    pages, kinds = Page.objects.count(), sum(by_kind.values())
    faults = [f"there are {pages} pages, and {kinds} in the tables of their kinds"] if pages != kinds else []
    return Looked(f"{pages} pages: {', '.join(f'{number} {kind}' for kind, number in by_kind.items())}", faults)


def files() -> Looked:
    """Every rendition of every picture, decoded."""
    faults, number = [], 0
    for picture in Picture.objects.iterator():
        for width in picture.widths:
            for ending in pictures.KINDS:
                number += 1
                if said := _wrong_with(pictures.place(picture.key, width, ending), width):
                    faults.append(said)
    return Looked(f"{number} files of pictures are there and can be read", faults)


def static() -> Looked:
    """Without the files that pages lead to, each of them is an error."""
    faults = [f"{name} wasn’t collected; run manage.py upgrade" for name in collected.missing()]
    few = [*faults[:3], f"and so weren’t {len(faults) - 3} more"] if len(faults) > 4 else faults
    return Looked("the static files of this release were collected", few)


def shipped() -> Looked:
    """Whether the loader and the table of roles would change anything. They are tried, and taken back."""
    with transaction.atomic():
        last = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        try:
            for command in ("load_content", "apply_roles"):
                call_command(command, verbosity=0, stdout=StringIO())
            changed = AuditEntry.objects.filter(pk__gt=last)
            faults = [f"manage.py upgrade would change: {entry.about or entry.detail}" for entry in changed]
        except CommandError as error:
            faults = [str(error)]
        transaction.set_rollback(True)
    return Looked("content and roles are those of this release", faults)


def search() -> Looked:
    """Whether the search finds what readers see, and nothing else."""
    faults = [f"{fault}; run manage.py reindex" for fault in indexing.faults()]
    return Looked(f"{SearchEntry.objects.count()} pages are found by the words that they have", faults)


CHECKS: dict[str, Callable[[], Looked]] = {
    "database": database,
    "migrations": migrations,
    "audit trail": audit_trail,
    "page cache": page_cache,
    "links": links,
    "counts": counts,
    "search": search,
    "pictures": files,
    "static": static,
    "shipped": shipped,
}


def against(backup: Path) -> Looked:
    """What only ever grows or never changes, held against a backup, which is read too."""
    try:
        manifest = backups.check(backup)
    except OperatingFault as fault:
        return Looked("", [str(fault)])
    faults = []
    for name, told in manifest.files.items():
        place = name.removeprefix("media/")
        path = Path(default_storage.path(place))
        if name.startswith("media/") and path.exists() and backups.size_and_digest(path) != told:
            faults.append(f"{place} isn’t the file that it was")
    entries, before = AuditEntry.objects.count(), manifest.tables[triggers.TABLE].rows
    if entries < before:
        faults.append(f"the audit trail has {entries} entries, and had {before}")
    return Looked(f"{backup} is whole, and nothing of it was lost since", faults)


def look(backup: Path | None = None) -> Iterator[tuple[str, Looked]]:
    """Each check by its name, also after one has found a fault; and a backup, if one is named."""
    more = {"backup": partial(against, backup)} if backup else {}
    for name, check in (CHECKS | more).items():
        try:
            yield name, check()
        except DatabaseError as error:
            yield name, Looked("", [f"the database doesn’t answer: {error}".strip()])


def frozen() -> dict[str, str]:
    """Digests of migrations and triggers by their path, as they were released."""
    return tomllib.loads(Path(__file__).with_name("frozen.toml").read_text())


def digest_of_code(path: Path) -> str:
    """Of what a file says, whatever its layout. ``ast.unparse`` writes an f-string otherwise in 3.13.5 than in 3.13.0,
    and ``ast.dump`` leaves out more in 3.13 than in 3.12, so neither is the same on another machine.
    """
    return hashlib.sha256(ascii(_told(ast.parse(path.read_text()))).encode()).hexdigest()[:16]


def _told(node: Any) -> Any:
    if isinstance(node, ast.AST):
        return type(node).__name__, [
            (name, _told(value)) for name, value in ast.iter_fields(node) if value not in (None, [])
        ]
    return [_told(one) for one in node] if isinstance(node, list) else node


def _models() -> list[Any]:
    """Ours and Django's, and the tables between two."""
    models = list(connection.introspection.get_migratable_models())
    return models + [field.remote_field.through for model in models for field in model._meta.local_many_to_many]


def _wrong_with(place: str, width: int) -> str:
    try:
        with default_storage.open(place) as file, Image.open(file) as image:
            image.load()
            return "" if image.width == width else f"{place} is {image.width} pixels wide"
    except FileNotFoundError:
        return f"{place} is missing"
    except pictures.BROKEN:
        return f"{place} can’t be read as a picture"
