import tempfile
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from catalogue.backup.archive import Manifest, Reader
from catalogue.backup.databases import database
from catalogue.backup.errors import BackupError
from catalogue.models import Movie


def restore_backup(path: Path, *, force: bool = False) -> Manifest:
    """Put back database and pictures; return what the backup says of itself.

    Raises BackupError, before anything has changed, for a backup that is damaged, broken off, of another database or
    of a newer release, and, without ``force``, where there are movies or members. Pictures that are not in the backup
    stay: nothing names them.
    """
    with Reader(path) as archive, tempfile.TemporaryDirectory(dir=path.parent) as work:
        _refuse(archive.manifest, force)
        restored = database().load(archive.database(Path(work)))
        for name, content in archive.pictures():
            default_storage.save(name, File(content))
    # Versions go back to what they were, and will come again with other contents.
    caches["pages"].clear()
    for table, rows in archive.manifest.counts.items():
        if restored.get(table) != rows:
            raise BackupError(f"{table} should have {rows} rows and has {restored.get(table)}.")
    return archive.manifest


def _refuse(manifest: Manifest, force: bool) -> None:
    if manifest.engine != connection.vendor:
        raise BackupError(
            f"This is a backup of {manifest.engine}, and the site uses {connection.vendor}. "
            "Restore it where DATABASE_URL says so, and take the catalogue over with export_catalogue."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := [name for name in manifest.migrations if name not in known]:
        raise BackupError(f"This backup comes from a newer release: {newer[0]} is not known. Install that release.")
    if not force and _is_full():
        raise BackupError("There are movies or members in this database. --force replaces all of them.")


def _is_full() -> bool:
    """Whether somebody would miss what is there. A database without our tables is empty."""
    tables = connection.introspection.table_names()
    return any(model._meta.db_table in tables and model.objects.exists() for model in (Movie, get_user_model()))
