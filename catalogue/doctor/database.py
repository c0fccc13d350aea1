from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from catalogue.doctor.findings import Finding, Options, check, one

MOST_APART = timedelta(seconds=5)


@check
def database_answers(options: Options) -> Iterator[Finding]:
    """Database: reachable, recent enough, the clock."""
    try:
        one("SELECT 1")
    except Exception as error:  # whatever the driver raises
        said = str(error).strip().splitlines()[0]
        yield Finding(f"The database does not answer: {said}", "Start it, or mend DATABASE_URL in .env.")
        return
    if connection.vendor == "postgresql" and connection.pg_version < 140000:  # type: ignore[attr-defined]
        yield Finding("PostgreSQL is older than 14, which Django does not support.", "Upgrade it (pg_upgradecluster).")
    if connection.vendor == "postgresql":
        (now,) = one("SELECT clock_timestamp()")
        assert isinstance(now, datetime)
        if abs(now - timezone.now()) > MOST_APART:
            yield Finding(
                f"The clock of the database is {abs(now - timezone.now()).seconds} s away from ours.",
                "Let both machines set their clocks: apt install systemd-timesyncd.",
            )


@check
def migrations_are_applied(options: Options) -> Iterator[Finding]:
    """Migrations."""
    executor = MigrationExecutor(connection)
    if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        names = ", ".join(f"{migration.app_label} {migration.name}" for migration, _ in waiting[:3])
        yield Finding(f"{len(waiting)} migrations wait: {names}", "Run: manage.py migrate")


@check
def rows_keep_the_rules(options: Options) -> Iterator[Finding]:
    """Foreign keys and constraints."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_key_check")
            broken = [f"{table} row {row} to {parent}" for table, row, parent, _ in cursor.fetchmany(3)]
            remedy = "Restore a backup, or delete these rows."
        else:
            cursor.execute("SELECT conname FROM pg_constraint WHERE NOT convalidated")
            broken = [name for (name,) in cursor.fetchall()]
            remedy = "Run ALTER TABLE ... VALIDATE CONSTRAINT for each; it names a row that breaks it."
    if broken:
        yield Finding(f"Rows do not keep the rules: {', '.join(broken)}", remedy)


@check
def indexes_are_whole(options: Options) -> Iterator[Finding]:
    """Indexes that were broken off."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
        for (name,) in cursor.fetchall():
            yield Finding(
                f"Index {name} was not finished and serves nobody.",
                f"Run: manage.py migrate; if it is still there then, REINDEX INDEX CONCURRENTLY {name}",
            )


@check
def sqlite_is_set_up(options: Options) -> Iterator[Finding]:
    """SQLite: journal, damage, the folder."""
    if connection.vendor != "sqlite":
        return
    if one("PRAGMA journal_mode") != ("wal",):
        yield Finding(
            "SQLite has no write-ahead log: readers wait for writers.",
            "Put the file on a local disk; a network file system cannot have one.",
        )
    if (said := one("PRAGMA quick_check(1)")) != ("ok",):
        yield Finding(f"The database file is damaged: {said[0]}", "Restore the last backup: manage.py restore FILE")
    file = Path(str(connection.settings_dict["NAME"]))
    if file.exists() and file.stat().st_mode & 0o002:
        yield Finding(f"Everybody on this machine may write {file}.", f"Run: chmod o-rwx {file}")
