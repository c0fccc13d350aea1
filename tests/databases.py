"""Runs the test suite once on SQLite and once on PostgreSQL: ``python -m tests.databases [pytest arguments]``.

PostgreSQL is the one of TEST_DATABASE_URL, else a server on 127.0.0.1 that lets us in, else a throw-away cluster made
of the binaries on this machine. Without any of them the run says so loudly; with CI=true that is a failure.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"
BAR = "=" * 78


def main(arguments: list[str]) -> int:
    """Run both; return 1 if either failed."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        results["SQLite"] = _pytest(f"sqlite:///{folder}/test.sqlite3", arguments)
    with postgresql() as url:
        if url:
            results["PostgreSQL"] = _pytest(url, arguments)
        else:
            print(
                f"\n{BAR}\nNOT TESTED ON POSTGRESQL: no TEST_DATABASE_URL, no local server, no server binaries.\n{BAR}"
            )
            results["PostgreSQL"] = int(os.environ.get("CI") == "true")
    print("\n" + ", ".join(f"{name}: {'failed' if code else 'passed'}" for name, code in results.items()))
    return int(any(results.values()))


def _pytest(url: str, arguments: list[str]) -> int:
    """The suite in parallel, then the journeys one by one: a browser wants the machine for itself."""
    name = url.partition(":")[0]
    environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "true"}
    codes = []
    for part in (["-m", "not journey", "-n", "2"], ["-m", "journey"]):
        print(f"\n{BAR}\n{name}: pytest {' '.join([*part, *arguments])}\n{BAR}", flush=True)
        done = subprocess.run([sys.executable, "-m", "pytest", "-q", *part, *arguments], env=environment, check=False)
        # 5: the arguments chose no test of this part.
        codes.append(0 if done.returncode == 5 and arguments else done.returncode)
    return int(any(codes))


@contextmanager
def postgresql() -> Iterator[str | None]:
    """The address of a server on which databases may be created; None where there is none."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
    elif _may_create(LOCAL):
        yield LOCAL
    else:
        binaries = _binaries()
        if binaries is None:
            yield None
        else:
            with _cluster(binaries) as url:
                yield url


def _may_create(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            row = connection.execute("SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
    except psycopg.OperationalError:
        return False
    return bool(row and row[0])


def _binaries() -> Path | None:
    """The folder of the newest initdb here; Debian keeps it out of PATH."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    return folders[-1] if folders else None


@contextmanager
def _cluster(binaries: Path) -> Iterator[str]:
    """A cluster in a temporary folder, reached by its socket; it is gone afterwards. It refuses to run as root."""
    with tempfile.TemporaryDirectory() as folder:
        prefix: list[str] = []
        if os.geteuid() == 0:
            user = next(
                name for name in ("postgres", "nobody") if any(entry.pw_name == name for entry in pwd.getpwall())
            )
            shutil.chown(folder, user)
            prefix = ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]
        data = f"{folder}/data"

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [*prefix, str(binaries / program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd=folder
            )

        run("initdb", "--pgdata", data, "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c synchronous_commit=off"
        run("pg_ctl", "--pgdata", data, "--options", options, "--log", f"{folder}/log", "--wait", "start")
        try:
            yield f"postgres://postgres@{folder.replace('/', '%2F')}/postgres"
        finally:
            run("pg_ctl", "--pgdata", data, "--mode=immediate", "--wait", "stop")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
