"""How fast IMDb's datasets come in, beside tools that load the same files into plain tables.

    python -m tests.benchmarks.imports [--titles 200000] [--movie-share 0.0635] [--database sqlite|postgres]

Synthetic files are made once by ../shared/data/gen/gen_imdb.py and kept in var/bench/; without that script there is
nothing to measure. The peers are installed into var/bench/peers. Rows per second are of all rows of the files that a
tool reads, from the start of its process to its end; ours include indexes, search, lists and related movies. The peak
memory and the processor's time are those of the process, without PostgreSQL's; on a busy machine the latter tells more.

``--again`` reads the files a second time into that catalogue, in which every movie and one of its credits are made to
differ: what comparing, writing and the history of it cost. It prints movies per second.
"""

import argparse
import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg

from tests.benchmarks.server import ROOT, database, environment
from tests.databases import postgresql

GENERATOR = ROOT.parent / "shared" / "data" / "gen" / "gen_imdb.py"
FOLDER = ROOT / "var" / "bench"
PEERS = FOLDER / "peers" / "bin"


def files(titles: int, share: float) -> Path | None:
    """The folder of the generated files, made when it is not there."""
    folder = FOLDER / f"imdb_{titles}_{share}"
    if not folder.exists():
        if not GENERATOR.exists():
            return None
        making = folder.with_suffix(".part")
        wanted = ["--titles", str(titles), "--movie-share", str(share)]
        subprocess.run([sys.executable, str(GENERATOR), *wanted, "--out", str(making), "--quiet"], check=True)
        making.rename(folder)
    return folder


def rows_of(*paths: Path) -> int:
    """How many rows they hold, without their headers."""
    found = 0
    for path in paths:
        with gzip.open(path) as file:
            while block := file.read(1 << 20):
                found += block.count(b"\n")
    return found - len(paths)


def report(what: str, rows: int, command: list[str], size: "Path | str", env: dict[str, str] | None = None) -> None:
    """Run a command and print its row: seconds, of these its own of a processor, rows per second, peak memory, size."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        print(f"  {what:34} failed: {said.decode()[-200:]}")
        return
    if isinstance(size, Path):
        made = size.stat().st_size
    else:
        with psycopg.connect(size) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
            made = row[0] if row else 0
    print(
        f"  {what:34} {rows:>11,} rows {seconds:7.1f} s ({usage.ru_utime + usage.ru_stime:.1f} s CPU)"
        f" {rows / seconds:>9,.0f} rows/s {usage.ru_maxrss / 1024:6.0f} MB memory {made / 1e6:7.0f} MB written",
        flush=True,
    )


def ours(kind: str, folder: Path, postgres: str | None, *, again: bool) -> None:
    """This import on a new, migrated database; ``again``: and once more, where everything has changed."""
    with database(kind, postgres) as url, tempfile.TemporaryDirectory() as spare:
        command = [sys.executable, str(ROOT / "manage.py"), "import_imdb", str(folder), "--report", f"{spare}/report"]
        size = Path(url.removeprefix("sqlite:///")) if kind == "sqlite" else url
        report(f"import_imdb, {kind}", rows_of(*folder.glob("*.gz")), command, size, environment(url))
        if again:
            movies = age(url)
            report(f"import_imdb again, {kind}, movies", movies, command, size, environment(url))


def age(url: str) -> int:
    """Make every movie and one credit of each differ from the files; return how many movies there are."""
    path = url.removeprefix("sqlite:///")
    with closing(psycopg.connect(url) if path == url else sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM catalogue_importrun")
        connection.execute("UPDATE catalogue_movie SET runtime_minutes = coalesce(runtime_minutes, 90) + 1")
        one = "SELECT min(id) FROM catalogue_credit WHERE department = 'acting' GROUP BY movie_id"
        connection.execute(f"UPDATE catalogue_credit SET character = 'Somebody' WHERE id IN ({one})")
        movies = connection.execute("SELECT count(*) FROM catalogue_movie").fetchone()
        connection.commit()
    return int(movies[0]) if movies else 0


def installed(tool: str) -> bool:
    """Install a peer beside the others, unless it is there; where that fails it is not measured, which is said."""
    if (PEERS / tool).exists():
        return True
    try:
        if not PEERS.exists():
            subprocess.run([sys.executable, "-m", "venv", str(PEERS.parent)], check=True)
        subprocess.run([str(PEERS / "pip"), "install", "--quiet", tool], check=True, stderr=subprocess.DEVNULL)
    except (subprocess.CalledProcessError, OSError):
        print(f"  {tool:34} not measured: it cannot be installed here")
        return False
    return True


def peers(folder: Path) -> None:
    """imdb-sqlite with its indexes, and sqlite-utils for the titles alone, since it needs minutes for the rest."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as spare:
        for path in folder.glob("*.gz"):
            (Path(spare) / path.name).symlink_to(path)
        episodes = Path(spare) / "title.episode.tsv.gz"
        episodes.write_bytes(gzip.compress(b"tconst\tparentTconst\tseasonNumber\tepisodeNumber\n"))
        read = [path for path in folder.glob("*.gz") if not path.name.startswith("title.crew")]
        command = [str(PEERS / "imdb-sqlite"), "--db", f"{spare}/imdb.db", "--cache-dir", spare]
        if installed("imdb-sqlite"):
            report("imdb-sqlite", rows_of(*read), command, Path(spare) / "imdb.db")
        if not installed("sqlite-utils"):
            return
        basics = Path(spare) / "title.basics.tsv"
        with gzip.open(folder / "title.basics.tsv.gz") as packed, basics.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        command = [str(PEERS / "sqlite-utils"), "insert", f"{spare}/utils.db", "titles", str(basics), "--tsv"]
        command += ["--pk", "tconst", "--quotechar", "\b"]
        report(
            "sqlite-utils insert --tsv, titles",
            rows_of(folder / "title.basics.tsv.gz"),
            command,
            Path(spare) / "utils.db",
        )


def copied(folder: Path, postgres: str) -> None:
    r"""psql's \copy into tables of text without any index."""
    if not shutil.which("psql"):
        print("  psql is not here: \\copy not measured")
        return
    with database("postgres", postgres) as url:
        lines = []
        for path in sorted(folder.glob("*.gz")):
            with gzip.open(path, "rt") as file:
                columns = file.readline().split()
            table = path.name.removesuffix(".tsv.gz").replace(".", "_")
            lines.append(f"CREATE TABLE {table} ({' text, '.join(columns)} text);")
            form = r"(FORMAT csv, DELIMITER E'\t', QUOTE E'\b', NULL '\N', HEADER)"
            lines.append(f"\\copy {table} FROM PROGRAM 'gzip -dc {path}' {form}")
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write("\n".join(lines))
            script.flush()
            command = ["psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", script.name, url]
            report("psql \\copy, no index", rows_of(*folder.glob("*.gz")), command, url)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--titles", type=int, default=int(os.environ.get("TITLES", "200000")))
    parser.add_argument("--movie-share", type=float, default=0.0635, help="1: every title is a movie and imported.")
    parser.add_argument("--database", choices=["sqlite", "postgres"], action="append")
    parser.add_argument("--again", action="store_true", help="And a second time, where every movie has changed.")
    options = parser.parse_args()
    folder = files(options.titles, options.movie_share)
    if folder is None:
        print(f"imports: not measured, there is no {GENERATOR.name}")
        return 0
    print(f"{options.titles:,} titles, {options.movie_share:.2%} of them movies", flush=True)
    with postgresql() as postgres:
        for kind in options.database or ["sqlite", "postgres"]:
            if kind == "sqlite" or postgres:
                ours(kind, folder, postgres, again=options.again)
        if options.again:
            return 0
        peers(folder)
        if postgres:
            copied(folder, postgres)
    return 0


if __name__ == "__main__":
    sys.exit(main())
