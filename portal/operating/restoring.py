"""A backup put in the place of the database and the pictures. Nothing is touched before all of it was found fit."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

import portal
from portal.publishing import collected

from . import backups
from .faults import OperatingFault
from .tables import count_all, filled

STILL_RUNNING = "The portal is still running: something else has the database open. Stop it, then try again."


def restore(backup: Path, *, replace: bool, keep_in: Path) -> Iterator[str]:
    """Restore and tell what was done. A database that holds anything is replaced only if ``replace`` says so, after a
    backup of it in ``keep_in``.
    """
    manifest = backups.Manifest.read(backup)
    _refuse_unless_fit(manifest)
    backups.check(backup)
    engine = backups.ENGINES[manifest.engine]
    if engine.others(connection):
        raise OperatingFault(STILL_RUNNING)
    yield f"{backup} is whole: version {manifest.version} of {manifest.made_at}."
    if held := _held():
        if not replace:
            raise OperatingFault(
                f"The database isn’t empty: {len(held)} tables hold rows, such as {held[0]}. To put the backup in its "
                "place, add --replace. A backup of what is there is made first."
            )
        yield f"What was there is in {backups.make(keep_in)}."
        if engine.others(connection):
            raise OperatingFault(STILL_RUNNING)
    pictures = [name for name in manifest.files if name.startswith("media/")]
    for name in pictures:
        _put(backup / name, Path(settings.MEDIA_ROOT) / name.removeprefix("media/"))
    yield f"{len(pictures)} files of pictures are in {settings.MEDIA_ROOT}."
    engine.restore(backup / engine.FILE, connection, manifest.tables)
    backups.hand_over(Path(settings.MEDIA_ROOT), *settings.VAR_DIR.glob("*.sqlite3"))
    found = count_all(connection)
    if found != manifest.tables:
        raise OperatingFault("The database differs from the backup after the restore. Run it again with --replace.")
    yield f"The database has the {sum(table.rows for table in found.values())} rows of the backup, with equal digests."
    missing = len(_known() - set(manifest.migrations))
    if missing:
        yield f"Next: run manage.py upgrade, which applies {missing} migrations."
    elif collected.missing():
        yield "Next: run manage.py upgrade, which collects the static files. They are in no backup."
    else:
        yield "Next: start the portal."


def _refuse_unless_fit(manifest: backups.Manifest) -> None:
    was, now = manifest.version, portal.__version__
    if manifest.engine != connection.vendor:
        raise OperatingFault(
            f"This backup is of a database of {manifest.engine}, and DATABASE_URL names one of {connection.vendor}. "
            "Restore it into one of its own kind, then use manage.py move_database."
        )
    if was.split(".")[0] != now.split(".")[0]:
        raise OperatingFault(
            f"This backup is from version {was}, and this is version {now}. Check out version {was}, restore there, "
            "and upgrade afterwards."
        )
    if unknown := sorted(set(manifest.migrations) - _known()):
        raise OperatingFault(
            f"This backup is from a newer release, version {was}: the migration {unknown[0]} isn’t here. Update the "
            "portal first, then restore."
        )


def _known() -> set[str]:
    loader = MigrationLoader(None, replace_migrations=False)
    return {f"{app}.{name}" for app, name in loader.disk_migrations or {}}


def _held() -> list[str]:
    try:
        return filled(connection)
    except DatabaseError as error:
        raise OperatingFault(
            f"The database that is there can’t be read: {error}. Move it away yourself, then restore into an empty one."
        ) from error


def _put(file: Path, place: Path) -> None:
    """A file of a picture never changes, so one that is there in part is replaced as a whole."""
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f".{place.name}.restoring")
    shutil.copyfile(file, fresh)
    fresh.replace(place)
