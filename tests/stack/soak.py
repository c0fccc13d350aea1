"""Whether the site can go on for ever: ``make soak MINUTES=30``.

Starts the whole site (deploy/local.py), finds how many requests a second of the mix of tests/stack/users.py it serves,
then has it serve 70 % of that. Each minute prints what was answered and how large the processes are. Exits with 1 when
there was a 5xx, something accepted was lost, sums are not exact, a process grew by more than 5 % after the first third,
or the 99th percentile of the last third is half as much again as before. The load runs on the same machine.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from statistics import quantiles

from deploy.local import Stack, missing
from tests.stack.users import Answer, Site, Users

MINUTES = int(os.environ.get("MINUTES", "30"))
RAMP = (2, 4, 8)  # at once
RAMP_SECONDS = 8.0
SHARE = 0.7
CROWD = 32
MOST_GROWTH, MOST_SLOWER = 1.05, 1.5
LEAST_TO_JUDGE = 10  # minutes: before, memory and percentiles are still those of a site that warms up


class Pace:
    """Lets somebody through so many times a second, whoever comes."""

    def __init__(self, rate: float) -> None:
        self.every, self.lock, self.next = 1 / rate, threading.Lock(), time.monotonic()

    def __call__(self) -> None:
        with self.lock:
            self.next = max(self.next, time.monotonic() - 1) + self.every
            wait = self.next - time.monotonic()
        time.sleep(max(0.0, wait))


def capacity(site: Site) -> float:
    """The most requests a second that were answered."""
    best = 0.0
    for crowd in RAMP:
        users = Users(site, crowd=crowd)
        time.sleep(RAMP_SECONDS)
        users.stop()
        rate = len(users.answers) / RAMP_SECONDS
        print(f"{crowd:>3} at once: {rate:.0f} a second", flush=True)
        best = max(best, rate)
    return best


def sizes(stack: Stack) -> dict[str, int]:
    """Megabytes of each lasting process without shared memory; of PostgreSQL's, which come and go, the largest."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,comm="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    parents = {int(pid): int(parent) for pid, parent, _ in rows}

    def is_below(pid: int, top: int) -> bool:
        while pid and pid != top:
            pid = parents.get(pid, 0)
        return pid == top

    postgres = int((stack.folder / "postgresql" / "primary" / "postmaster.pid").read_text().splitlines()[0])
    tops = {
        "web": stack.web.pid,
        "postgres": postgres,
        **{name: process.pid for name, process in stack.running.items()},
    }
    found: dict[str, int] = {}
    for name, top in tops.items():
        for pid in sorted(pid for pid in parents if is_below(pid, top)):
            key = name if name == "postgres" else f"{name} {pid}"
            found[key] = max(found.get(key, 0), _size(pid))
    return found


def _size(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return 0
    said = dict(line.split(":", 1) for line in status.splitlines() if line.startswith(("RssAnon", "RssFile")))
    return sum(int(value.split()[0]) for value in said.values())


def percentiles(answers: list[Answer]) -> dict[str, tuple[float, float]]:
    """By kind the 50th and 99th, in milliseconds."""
    by_kind = defaultdict(list)
    for answer in answers:
        by_kind[answer.kind].append(answer.seconds * 1000)
    cuts = {kind: quantiles(times, n=100) for kind, times in by_kind.items() if len(times) > 1}
    return {kind: (cut[49], cut[98]) for kind, cut in sorted(cuts.items())}


def tell(minute: int, answers: list[Answer], now: dict[str, int]) -> None:
    times = "  ".join(f"{kind} {half:.0f}/{most:.0f}" for kind, (half, most) in percentiles(answers).items())
    memory = "  ".join(f"{name} {kilobytes // 1024}" for name, kilobytes in now.items() if kilobytes > 5_000)
    print(
        f"{minute:>3}: {len(answers)} requests, {len(errors(answers))} errors; p50/p99 ms: {times}; MB: {memory}",
        flush=True,
    )


def errors(answers: list[Answer]) -> list[Answer]:
    return [answer for answer in answers if answer.status not in ("200", "302", "304")]


def run(stack: Stack) -> bool:
    site = Site(stack, writers=12, editors=4, movies=200)
    rate = SHARE * capacity(site)
    print(f"{MINUTES} minutes at {rate:.0f} a second ({SHARE:.0%})", flush=True)
    users = Users(site, crowd=CROWD, pace=Pace(rate))
    told: list[list[Answer]] = []
    memory: list[dict[str, int]] = []
    try:
        for minute in range(1, MINUTES + 1):
            time.sleep(60)
            told.append(users.answers)
            users.answers = []
            memory.append(sizes(stack))
            tell(minute, told[-1], memory[-1])
    finally:
        users.stop()
    bad = errors([answer for answers in told for answer in answers])
    faults = [f"{number} x {what}" for what, number in Counter(f"{a.kind} {a.status}" for a in bad).items()]
    faults += users.lost()
    if MINUTES >= LEAST_TO_JUDGE:
        faults += grown(memory[MINUTES // 3], memory[-1]) + slower(told)
    else:
        print(f"Too short to judge memory and percentiles: {LEAST_TO_JUDGE} minutes.")
    try:
        stack.manage("doctor", "--json")
    except RuntimeError as error:  # it ends with 1 when anything is wrong
        faults += [f"doctor: {line.strip()}" for line in str(error).splitlines() if '"problem":' in line]
    print("\n".join(f"WRONG: {fault}" for fault in faults) or "well: no errors, nothing lost, sums exact", flush=True)
    return not faults


def grown(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """Redis may: what it keeps is bounded by its maxmemory."""
    return [
        f"{name} grew from {before[name] // 1024} to {kilobytes // 1024} MB"
        for name, kilobytes in after.items()
        if not name.startswith("redis") and name in before and kilobytes > before[name] * MOST_GROWTH + 1024
    ]


def slower(told: list[list[Answer]]) -> list[str]:
    third = MINUTES // 3
    first = percentiles([answer for answers in told[third : 2 * third] for answer in answers])
    last = percentiles([answer for answers in told[-third:] for answer in answers])
    return [
        f"p99 of {kind} went from {first[kind][1]:.0f} to {most:.0f} ms"
        for kind, (_, most) in last.items()
        if kind in first and most > first[kind][1] * MOST_SLOWER
    ]


if __name__ == "__main__":
    if lacking := missing():
        sys.exit(f"Install first: {' '.join(lacking)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # or what was started would stay
    with Stack(settings={"RATE_LIMITS": "false"}) as running:
        sys.exit(0 if run(running) else 1)
