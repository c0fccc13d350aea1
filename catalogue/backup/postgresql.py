"""pg_dump, pg_restore and psql, called with the site's own connection. The password travels in the environment."""

import os
import subprocess
from pathlib import Path
from typing import Any

from django.db import connection, connections

from catalogue.backup.errors import BackupError

_VARIABLES = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
_TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY 1"
)
# The schema itself stays, and with it what the roles of deploy/roles.sql may do there. Extensions stay, too.
_EMPTY = """
SET client_min_messages = warning;
DO $$
DECLARE
    command text;
    commands text[] := ARRAY(
        SELECT format('DROP %s IF EXISTS %I CASCADE', kind, relname)
        FROM pg_class JOIN (VALUES ('r', 'TABLE'), ('p', 'TABLE'), ('v', 'VIEW'), ('m', 'MATERIALIZED VIEW'),
            ('S', 'SEQUENCE')) AS kinds (letter, kind) ON relkind = letter::"char"
        WHERE relnamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('e', 'i'))
        UNION ALL
        SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure)
        FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    );
BEGIN
    FOREACH command IN ARRAY commands LOOP
        EXECUTE command;
    END LOOP;
END $$;
"""


def counts(cursor: Any) -> dict[str, int]:
    """The rows of every table, as this cursor's transaction sees them: 1 query a table."""
    cursor.execute(_TABLES)
    found = {}
    for (name,) in cursor.fetchall():
        cursor.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608 -- names of the database's own catalogue
        found[name] = cursor.fetchone()[0]
    return found


def dump(file: Path, *, snapshot: str) -> None:
    """Write everything that the exported snapshot sees."""
    arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}"]
    process = _start("pg_dump", arguments, connection.settings_dict["NAME"])
    _end(process, process.communicate()[1])


def load(file: Path, name: str) -> dict[str, int]:
    """Replace all tables of the database ``name`` in one transaction; return their rows.

    psql is told to commit only when pg_restore has ended well, so a restore that fails half-way changes nothing.
    """
    script = _start("pg_restore", ["--no-owner", "--no-privileges", "--file=-", str(file)], None)
    psql = _start("psql", ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"], name)
    assert script.stdout
    assert psql.stdin
    try:
        psql.stdin.write(f"BEGIN;\n{_EMPTY}\n".encode())
        while chunk := script.stdout.read(1024 * 1024):
            psql.stdin.write(chunk)
        psql.stdin.flush()
        _end(script, script.communicate()[1])
        psql.stdin.write(b"\nCOMMIT;\nANALYZE;\n")
    except BrokenPipeError:
        pass  # psql has said why
    except BackupError:
        psql.kill()
        raise
    finally:
        script.kill()
    _end(psql, psql.communicate()[1])
    return _counts_of(name)


def _counts_of(name: str) -> dict[str, int]:
    other = connections.create_connection("default")
    other.settings_dict = {**other.settings_dict, "NAME": name}
    try:
        with other.cursor() as cursor:
            return counts(cursor)
    finally:
        other.close()


def _start(program: str, arguments: list[str], name: str | None) -> subprocess.Popen[bytes]:
    """Start one of them; with ``name``, connected to that database."""
    environment = dict(os.environ)
    if name is not None:
        settings = connection.settings_dict
        environment |= {variable: str(settings[key]) for key, variable in _VARIABLES.items() if settings[key]}
        environment |= {"PGDATABASE": name}
        for option in ("sslmode", "sslrootcert", "sslcert", "sslkey"):
            if option in settings["OPTIONS"]:
                environment[f"PG{option.upper()}"] = str(settings["OPTIONS"][option])
    try:
        return subprocess.Popen(  # noqa: S603 -- fixed names, found in PATH
            [program, *arguments],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except FileNotFoundError as error:
        raise BackupError(f"{program} is not installed: it comes with the package postgresql-client.") from error


def _end(process: subprocess.Popen[bytes], said: bytes) -> None:
    """Raise what the process said if it failed."""
    if process.returncode:
        raise BackupError(" ".join(said.decode(errors="replace").strip().splitlines()[-3:]))  # it names itself
