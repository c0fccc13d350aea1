"""What visitors and writers see when something breaks: ``make drills``.

Starts the whole site (deploy/local.py), has readers and writers use it without a pause, breaks one thing after another
and mends it, and prints for each what was answered, how long it took until all was well again, and whether anything that
was accepted is lost. Exits with 1 when a rating was lost or the site did not recover.
"""

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlencode

from deploy.local import Stack, missing

READERS, WRITERS = 3, 3
BEFORE, BROKEN, AFTER = 2.0, 4.0, 4.0  # seconds
SLOW_CLIENTS = 200
PREPARE = """
import json
from tests.makers import make_cast, make_member, make_movie, sign_in
movie = make_movie("Ran", genres=["Drama"], release_date="1985")
make_cast(movie, "Tatsuya Nakadai", "Hidetora")
make_cast(make_movie("Kagemusha", genres=["Drama"]), "Tatsuya Nakadai", "The double")
sessions = [sign_in(make_member(f"writer{{number}}", is_trusted=True)) for number in range({writers})]
print(json.dumps({{"path": movie.get_absolute_url(), "sessions": sessions}}))
"""
LOST = """
from django.db.models import F
from catalogue.models import Movie
from reviews.models import Review
movie = Movie.objects.get(title="Ran")
print(movie.rating_count, movie.reviews.filter(state="published").count(), movie.rating_sum,
      sum(movie.reviews.filter(state="published").values_list("rating", flat=True)))
"""


class Users:
    """Readers and writers, each with a connection of their own; what they were answered, and when."""

    def __init__(self, stack: Stack, path: str, sessions: list[str]) -> None:
        self.port, self.path = stack.ports["tls"], path
        self.context = ssl.create_default_context(cafile=str(stack.folder / "certificate.pem"))
        self.answers: list[tuple[float, str, float]] = []  # when, what, after how many seconds
        self.going = True
        pages = [path, f"{path}credits/", "/", "/movies/?genre=drama", "/charts/top-rated/", "/genres/drama/"]
        self.threads = [threading.Thread(target=self._read, args=(pages, 0.0)) for _ in range(READERS)]
        searches = ["/search/?q=ran", "/search/suggest/?q=ra"]  # not more than nginx lets one reader ask
        self.threads.append(threading.Thread(target=self._read, args=(searches, 0.2)))
        self.threads += [threading.Thread(target=self._write, args=(session,)) for session in sessions]
        for thread in self.threads:
            thread.start()

    def _read(self, pages: list[str], pause: float) -> None:
        while self.going:
            time.sleep(pause)
            path = random.choice(pages)  # with another query each time, so that nginx keeps none of them
            self._ask("GET", f"{path}{'&' if '?' in path else '?'}x={random.randrange(10**9)}", {}, "")

    def _write(self, session: str) -> None:
        token = "a" * 32
        headers = {
            "Cookie": f"__Host-sessionid={session}; __Host-csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"https://localhost:{self.port}{self.path}",
        }
        while self.going:
            form = {"csrfmiddlewaretoken": token, "rating": random.randint(1, 10), "headline": "Again", "text": "Seen."}
            self._ask("POST", f"{self.path}reviews/write/", headers, urlencode(form))
            time.sleep(0.05)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: str) -> None:
        started = time.monotonic()
        try:
            line = http.client.HTTPSConnection("localhost", self.port, timeout=15, context=self.context)
            line.request(method, path, body or None, headers)
            answer = str(line.getresponse().status)
            line.close()
        except (OSError, http.client.HTTPException) as error:
            answer = type(error).__name__
            time.sleep(0.05)
        self.answers.append((started, answer, time.monotonic() - started))

    def stop(self) -> None:
        self.going = False
        for thread in self.threads:
            thread.join()


def is_well(answer: str) -> bool:
    return answer in ("200", "302", "304")


def drill(users: Users, name: str, breaks: Callable[[], object], mends: Callable[[], object] | None = None) -> bool:
    """Break, wait, mend, wait; print what was seen. Whether all was well at the end."""
    time.sleep(BEFORE)
    users.answers.clear()
    began = time.monotonic()
    breaks()
    time.sleep(BROKEN)
    mended = time.monotonic()
    if mends:
        mends()
    time.sleep(AFTER)
    answers = list(users.answers)
    bad = [(when, answer) for when, answer, _ in answers if not is_well(answer)]
    last = max((when for when, _ in bad), default=began)
    slowest = max((seconds for _, _, seconds in answers), default=0)
    told = ", ".join(f"{number} x {answer}" for answer, number in Counter(answer for _, answer in bad).most_common())
    until = f"{max(0.0, last - began):.1f}"
    print(f"{name:<44}{len(answers):>8}{len(bad):>8}{until:>9}{slowest:>9.1f}  {told}", flush=True)
    return bool(answers) and last < mended + AFTER - 1


def slow_clients(stack: Stack) -> Callable[[], None]:
    """Open connections that send a request one letter at a time; return what closes them."""
    lines = []
    for _ in range(SLOW_CLIENTS):
        line = socket.create_connection(("127.0.0.1", stack.ports["tls"]), timeout=5)
        line.sendall(b"\x16")
        lines.append(line)

    def close() -> None:
        for line in lines:
            with contextlib.suppress(OSError):
                line.close()

    return close


def workers(stack: Stack) -> list[int]:
    """The processes of gunicorn that answer."""
    listed = subprocess.run(["pgrep", "-P", str(stack.web.pid)], capture_output=True, text=True, check=False)
    return [int(number) for number in listed.stdout.split()]


def redis(stack: Stack, *words: str) -> None:
    subprocess.run(["redis-cli", "-p", str(stack.ports["redis"]), *words], check=False, capture_output=True)


def run(stack: Stack) -> bool:
    prepared = json.loads(stack.manage("shell", "-v0", "-c", PREPARE.format(writers=WRITERS)).splitlines()[-1])
    stack.manage("refresh_related")
    users = Users(stack, prepared["path"], prepared["sessions"])
    closing: list[Callable[[], None]] = []

    def sql(text: str) -> Callable[[], object]:
        code = f"from django.db import connection; connection.cursor().execute({text!r})"
        return lambda: stack.manage("shell", "-v0", "-c", code)

    control = stack.control_database
    print(f"{'':<44}{'answers':>8}{'failed':>8}{'until s':>9}{'slowest':>9}", flush=True)
    try:
        well = [
            drill(users, "nothing", lambda: None),
            drill(users, "a worker is killed in the middle of a request", lambda: os.kill(workers(stack)[0], signal.SIGKILL)),
            drill(users, "gunicorn is reloaded", lambda: stack.web.send_signal(signal.SIGHUP)),
            drill(users, "the replica is lost and comes back", lambda: control("replica", "stop"), lambda: control("replica", "start")),
            drill(users, "the replica is behind", lambda: pause(stack), lambda: resume(stack)),
            drill(users, "PostgreSQL is restarted", lambda: control("primary", "restart")),
            drill(users, "PostgreSQL is gone and comes back", lambda: control("primary", "stop"), lambda: control("primary", "start")),
            drill(users, "Redis does not answer", lambda: redis(stack, "client", "pause", "3500", "all")),
            drill(users, "Redis forgets everything", lambda: redis(stack, "flushall")),
            drill(
                users,
                "the search index is broken, then made anew",
                sql("ALTER TABLE catalogue_searchdocument RENAME TO gone"),
                sql("ALTER TABLE gone RENAME TO catalogue_searchdocument"),
            ),
            drill(users, f"{SLOW_CLIENTS} slow clients", lambda: closing.append(slow_clients(stack)), lambda: closing[-1]()),
        ]  # fmt: skip
    finally:
        users.stop()
    count, reviews, points, sum_of_reviews = map(int, stack.manage("shell", "-v0", "-c", LOST).split())
    is_exact = (count, points) == (reviews, sum_of_reviews)
    print(
        f"ratings of the movie: {count} counted, {reviews} kept, sums {points} and {sum_of_reviews}: {'exact' if is_exact else 'LOST'}"
    )
    return all(well) and is_exact


def pause(stack: Stack) -> None:
    _on_replica(stack, "SELECT pg_wal_replay_pause()")


def resume(stack: Stack) -> None:
    _on_replica(stack, "SELECT pg_wal_replay_resume()")


def _on_replica(stack: Stack, text: str) -> None:
    import psycopg

    with psycopg.connect(f"host=127.0.0.1 port={stack.ports['replica']} user=postgres dbname=postgres") as connection:
        connection.execute(text)


if __name__ == "__main__":
    if lacking := missing():
        sys.exit(f"Install first: {' '.join(lacking)}")
    os.environ["RATE_LIMITS"] = "false"  # three writers are as busy here as three hundred
    with Stack() as running:
        sys.exit(0 if run(running) else 1)
