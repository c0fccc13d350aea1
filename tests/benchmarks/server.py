"""A site as in production, on a database of its own, for as long as a benchmark needs it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET = "benchmarks-only-" + "0" * 40


@contextmanager
def database(kind: str, postgres: str | None) -> Iterator[str]:
    """The address of an empty, migrated database; it is gone afterwards."""
    name = f"cuemark_bench_{os.getpid()}"
    if kind == "sqlite":
        file = ROOT / "var" / f"{name}.sqlite3"
        file.parent.mkdir(exist_ok=True)
        url = f"sqlite:///{file}"
        try:
            manage(url, "migrate", "--verbosity", "0")
            yield url
        finally:
            for path in file.parent.glob(f"{file.name}*"):
                path.unlink()
        return
    import psycopg

    assert postgres is not None
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        url = postgres.rpartition("/")[0] + f"/{name}"
        try:
            manage(url, "migrate", "--verbosity", "0")
            yield url
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def environment(url: str) -> dict[str, str]:
    """The variables of a site that is reached without TLS and limits nobody."""
    return {**os.environ, "DATABASE_URL": url, "CATALOGUE_DEMO": "true", "RATE_LIMITS": "false", "SECRET_KEY": SECRET}


def manage(url: str, *arguments: str) -> str:
    """Run a command of manage.py; return what it printed."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=environment(url), check=True, capture_output=True, text=True).stdout


@contextmanager
def site(
    url: str, *, workers: int = 4, threads: int = 4, application: str = "catalogue.wsgi:application", cache: str = ""
) -> Iterator[str]:
    """Gunicorn on a free port, as README.md starts it; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        shutil.which("gunicorn", path=str(Path(sys.executable).parent)) or "gunicorn", application,
        "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads),
        "--preload", "--no-control-socket", "--log-level", "error",
    ]  # fmt: skip
    variables = environment(url) | ({"CACHE_URL": cache} if cache else {})
    process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{address}/readyz", timeout=1).read()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()
