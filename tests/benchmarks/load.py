"""Load by wrk, and what it cost the processes that served it."""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

SCRIPT = Path(__file__).with_name("load.lua")
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a load. ``headers`` are lines "Name: value"."""

    path: str
    method: str = "GET"
    headers: tuple[str, ...] = ()
    body: str = ""

    def line(self) -> str:
        """As load.lua reads it."""
        return "\t".join((self.method, self.path, "|".join(self.headers), self.body))


@dataclass(frozen=True, slots=True)
class Measured:
    """What a load saw. Latencies in milliseconds; CPU in milliseconds a request, of the server and of PostgreSQL."""

    rate: float  # requests/s
    p50: float
    p99: float
    cpu: float
    database_cpu: float
    size: float  # bytes a response, its headers too
    failed: int  # not answered, or answered by 4xx or 5xx


def load(address: str, requests: Iterable[Request], *, seconds: float, connections: int = 16) -> Measured:
    """Send random ones of the requests by one thread of wrk. Raises RuntimeError without wrk."""
    if shutil.which("wrk") is None:
        raise RuntimeError("wrk is missing (Debian: apt-get install wrk).")
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        file.write("".join(f"{request.line()}\n" for request in requests))
        file.flush()
        before = _cpu()
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{round(seconds)}s",
            "--timeout",
            "10s",
            "-s",
            str(SCRIPT),
            address,
        ]
        done = subprocess.run([*command, "--", file.name], check=True, capture_output=True, text=True)
        after = _cpu()
    told = json.loads(done.stdout.partition("JSON")[2])
    answered = max(1, told["requests"])
    spent = {name: (after[name] - before.get(name, 0)) / answered * 1000 for name in after}
    return Measured(
        rate=told["requests"] / told["seconds"],
        p50=told["p50"],
        p99=told["p99"],
        cpu=spent["gunicorn"],
        database_cpu=spent["postgres"],
        size=told["bytes"] / answered,
        failed=told["failed"] + told["refused"],
    )


def by_turns(
    one: tuple[str, list[Request]], other: tuple[str, list[Request]], *, rounds: int, seconds: float = 2
) -> tuple[Measured, float]:
    """Load two servers, each an address and requests, by turns. The medians of the first, and of its rate to the
    other's in the same round."""
    for address, requests in (one, other):
        load(address, requests, seconds=1)
    pairs = [(load(*one, seconds=seconds), load(*other, seconds=seconds)) for _ in range(rounds)]
    middle = {
        field.name: statistics.median(getattr(first, field.name) for first, _ in pairs) for field in fields(Measured)
    }
    middle["failed"] = sum(first.failed for first, _ in pairs)
    return Measured(**middle), statistics.median(first.rate / second.rate for first, second in pairs)


def _cpu() -> dict[str, float]:
    """Seconds of CPU that processes of each name have used."""
    seconds = {"gunicorn": 0.0, "postgres": 0.0}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
        except OSError:  # it has ended
            continue
        if name in seconds:
            fields = rest.split()
            seconds[name] += (int(fields[11]) + int(fields[12])) / TICK
    return seconds
