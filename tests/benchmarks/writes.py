"""Sixteen members write about one movie at once: posts, edits, deletions, votes. Is anything lost, and how fast is it?

    python -m tests.benchmarks.writes [--seconds 60] [--database sqlite|postgres]

Prints writes per second next to /healthz (the middleware and nothing else) in the same run, and whether the rating
equals a recount afterwards. Exits with 1 if a request failed or anything drifted.
"""

import argparse
import json
import random
import re
import socket
import sys
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable

from tests.benchmarks.server import database, manage, site
from tests.databases import postgresql

WRITERS = 16
PREPARE = """
import json
from datetime import timedelta
from django.utils import timezone
from tests.makers import make_movie, make_member, make_review, sign_in
then = timezone.now() - timedelta(days=400)
movie = make_movie("The hot one", genres=["Drama"], release_date="2002")
votable = [make_review(movie, make_member(f"reader{{n}}", date_joined=then)).pk for n in range(50)]
sessions = [sign_in(make_member(f"writer{{n}}", date_joined=then, is_trusted=True)) for n in range({writers})]
print(json.dumps({{"path": movie.get_absolute_url(), "votable": votable, "sessions": sessions}}))
"""


class Writer:
    """One member's browser: a connection, a session, a token. Plain sockets, since it shares the processors it loads."""

    def __init__(self, address: str, session: str, path: str, votable: list[int]) -> None:
        host, port = address.removeprefix("http://").split(":")
        self.path, self.votable = path, votable
        self.connection = socket.create_connection((host, int(port)), timeout=60)
        self.token = "a" * 32  # any, as long as cookie and form agree
        self.head = (
            f"Host: {host}\r\nCookie: sessionid={session}; csrftoken={self.token}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
        )
        self.statuses: Counter[int] = Counter()
        self.seconds: list[float] = []

    def post(self, path: str, **fields: object) -> None:
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": self.token, **fields})
        self.send(f"POST {path} HTTP/1.1\r\n{self.head}Content-Length: {len(body)}\r\n\r\n{body}")

    def send(self, request: str) -> None:
        start = time.perf_counter()
        self.connection.sendall(request.encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.connection.recv(65_536)
        head, _, body = answer.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        while length and len(body) < int(length[1]):
            body += self.connection.recv(65_536)
        self.seconds.append(time.perf_counter() - start)
        self.statuses[int(head[9:12])] += 1

    def act(self) -> None:
        """Half are posts and edits, a tenth deletions of one's own, the rest votes."""
        dice = random.random()
        if dice < 0.5:
            text = f"Seen {random.randrange(10**6)} times."
            self.post(f"{self.path}reviews/write/", rating=random.randint(1, 10), headline="Again", text=text)
        elif dice < 0.6:
            self.post(f"{self.path}reviews/delete/")
        else:
            said = random.choice(["yes", "no", "none"])
            self.post(f"/reviews/{random.choice(self.votable)}/vote/", helpful=said)


class Reader(Writer):
    """A visitor of /healthz, for comparison."""

    def act(self) -> None:
        self.send(f"GET /healthz HTTP/1.1\r\n{self.head}\r\n")


def load(make: Callable[[int], Writer], seconds: float) -> tuple[Counter[int], list[float]]:
    """Let sixteen of them act as fast as they are answered; all their statuses and times."""
    until = time.monotonic() + seconds
    writers = [make(number) for number in range(WRITERS)]

    def run(writer: Writer) -> None:
        while time.monotonic() < until:
            writer.act()

    threads = [threading.Thread(target=run, args=[writer]) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum((writer.statuses for writer in writers), Counter()), sorted(
        second for writer in writers for second in writer.seconds
    )


def bench(kind: str, seconds: float, postgres: str | None) -> bool:
    """One database: print its row, return whether all went well."""
    with database(kind, postgres) as url:
        prepared = json.loads(manage(url, "shell", "--verbosity", "0", "-c", PREPARE.format(writers=WRITERS)))
        with site(url) as address:

            def writer(number: int, browser: type[Writer] = Writer) -> Writer:
                return browser(address, prepared["sessions"][number], prepared["path"], prepared["votable"])

            hello, _ = load(lambda number: writer(number, Reader), min(seconds, 5))
            statuses, times = load(writer, seconds)
        drift = manage(url, "recount_ratings").strip()
    # Deleting a review that is not there is answered 404: nothing was lost.
    failed = {status: number for status, number in statuses.items() if status not in (302, 404)}
    per_second, of_hello = sum(statuses.values()) / seconds, sum(hello.values()) / min(seconds, 5)
    p50, p99 = (1000 * times[int(len(times) * share)] for share in (0.5, 0.99))
    print(
        f"{kind:9} {per_second:6.0f} writes/s ({per_second / of_hello:.2f} of /healthz at {of_hello:.0f}/s), "
        f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, failed: {failed or 'none'}. {drift}"
    )
    return not failed and drift.startswith("0 movies and 0 reviews")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--database", choices=["sqlite", "postgres"], action="append")
    options = parser.parse_args()
    good = True
    with postgresql() as postgres:
        for kind in options.database or ["sqlite", "postgres"]:
            if kind == "postgres" and postgres is None:
                print("postgres  not found: not measured")
                continue
            good &= bench(kind, options.seconds, postgres)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
