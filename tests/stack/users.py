"""Readers, searchers, reviewers and editors of the whole site, each with a connection of their own."""

import http.client
import json
import random
import sqlite3
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import psycopg

from deploy.local import Stack

PREPARE = """
import json
from reviews.models import Member
from tests.makers import make_cast, make_member, make_movie, sign_in
movies = [make_movie("Ran", genres=["Drama"], release_date="1985", popularity=9)]
movies += [make_movie(f"Kagemusha {{number}}", genres=["Drama"], release_date="1980") for number in range({movies})]
for number, movie in enumerate(movies):
    make_cast(movie, f"Tatsuya Nakadai {{number % 7}}", "Hidetora")
writers = [sign_in(make_member(f"writer{{number}}", is_trusted=True)) for number in range({writers})]
editors = [sign_in(make_member(f"editor{{number}}", is_staff=True, is_superuser=True)) for number in range({editors})]
print(json.dumps({{"movies": [[movie.pk, movie.get_absolute_url()] for movie in movies], "writers": writers, "editors": editors}}))
"""
WRITTEN = (
    "SELECT m.username, r.text FROM reviews_review r JOIN reviews_member m ON m.id = r.author_id"
    " WHERE m.username LIKE 'writer%'"
)
MIX = {"read": 70, "search": 20, "review": 8, "edit": 2}  # of a hundred
BOUNDARY = "----a-part-of-it"


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody was answered."""

    when: float  # time.monotonic()
    kind: str
    status: str  # or the name of what went wrong
    seconds: float
    body: bytes = b""


class Site:
    """How to ask, and what is there to ask for."""

    def __init__(self, stack: Stack, *, writers: int = 3, editors: int = 1, movies: int = 20) -> None:
        self.stack, self.port = stack, stack.ports["tls"]
        self.context = ssl.create_default_context(cafile=str(stack.folder / "certificate.pem"))
        code = PREPARE.format(writers=writers, editors=editors, movies=movies)
        said: dict[str, Any] = json.loads(stack.manage("shell", "-v0", "-c", code).splitlines()[-1])
        self.movies: list[tuple[int, str]] = [(key, path) for key, path in said["movies"]]
        self.path, self.writers, self.editors = self.movies[0][1], said["writers"], said["editors"]
        stack.manage("refresh_related")

    def ask(
        self, kind: str, path: str, form: dict[str, Any] | None = None, session: str = "", sender: str = "127.0.0.1"
    ) -> Answer:
        """GET, or POST with a form, from an address of this machine. Files are given as bytes."""
        headers = {"Cookie": f"__Host-sessionid={session}; __Host-csrftoken={'a' * 32}"} if session or form else {}
        body: bytes | None = None
        if form is not None:
            headers["Referer"] = f"https://localhost:{self.port}{path}"
            headers["Content-Type"], body = _encoded({**form, "csrfmiddlewaretoken": "a" * 32})
        started = time.monotonic()
        line = http.client.HTTPSConnection(
            "localhost", self.port, timeout=25, context=self.context, source_address=(sender, 0)
        )
        content = b""
        try:
            line.request("GET" if body is None else "POST", path, body, headers)
            answer = line.getresponse()
            content, status = answer.read(), str(answer.status)
        except (OSError, http.client.HTTPException) as error:
            status = type(error).__name__
            time.sleep(0.05)
        finally:
            line.close()
        return Answer(started, kind, status, time.monotonic() - started, content)

    def form(self, path: str, session: str) -> dict[str, Any]:
        """What a browser would send back of a page's forms, nothing touched."""
        return values(self.ask("form", path, session=session).body.decode())

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database itself says."""
        if self.stack.is_small:
            with sqlite3.connect(f"file:{self.stack.folder}/data/catalogue.sqlite3?mode=ro", uri=True) as file:
                return file.execute(sql).fetchall()
        address = f"host=127.0.0.1 port={self.stack.ports['primary']} user=postgres dbname=catalogue"
        with psycopg.connect(address) as server:
            return server.execute(sql.encode()).fetchall()


class Users:
    """All of them, asking until ``stop``. ``answers`` is what they got.

    Either each has one thing to do and does it without a pause, or a ``crowd`` of threads does one of all of them at a
    time, as often as MIX says, when ``pace`` lets it.
    """

    def __init__(
        self,
        site: Site,
        *,
        readers: int = 3,
        searchers: int = 1,
        crowd: int = 0,
        pace: Callable[[], None] | None = None,
    ) -> None:
        self.site, self.pace = site, pace or (lambda: None)
        self.answers: list[Answer] = []
        self.going = True
        self.busy = [threading.Lock() for _ in site.writers]  # held while something of theirs is on its way
        self.editing = [threading.Lock() for _ in site.editors]
        self.taken = [0 for _ in site.writers]  # the last text that was accepted
        self.tried = [0 for _ in site.writers]  # the last one that was sent
        jobs: list[tuple[Callable[[], None], float]]
        if crowd:
            jobs = [(self._do_any, 0.0)] * crowd
        else:  # searches not more often than nginx lets one reader ask
            jobs = [(self._read, 0.0)] * readers + [(self._search, 0.2)] * searchers
            jobs += [(partial(self._review, number), 0.05) for number in range(len(site.writers))]
        self.threads = [threading.Thread(target=self._repeat, args=job) for job in jobs]
        for thread in self.threads:
            thread.start()

    def _repeat(self, job: Callable[[], None], pause: float) -> None:
        while self.going:
            self.pace()
            job()
            time.sleep(pause)

    def _do_any(self) -> None:
        kind = random.choices(list(MIX), list(MIX.values()))[0]
        if kind == "read":
            self._read()
        elif kind == "search":
            self._search()
        elif kind == "review":
            self._review(random.randrange(len(self.site.writers)))
        else:
            self._edit(random.randrange(len(self.site.editors)))

    def _ask(
        self, kind: str, path: str, form: dict[str, Any] | None = None, session: str = "", sender: str = ""
    ) -> Answer:
        answer = self.site.ask(kind, path, form, session, sender or "127.0.0.1")
        self.answers.append(Answer(answer.when, answer.kind, answer.status, answer.seconds))
        return answer

    def _read(self) -> None:
        path = random.choice(self.site.movies)[1]
        path = random.choice(
            [path, f"{path}credits/", "/", "/movies/?genre=drama", "/charts/top-rated/", "/genres/drama/"]
        )
        # With another query each time, so that nginx keeps none of them.
        self._ask("read", f"{path}{'&' if '?' in path else '?'}x={random.randrange(10**9)}")

    def _search(self) -> None:
        path = random.choice(["/search/?q=ran", "/search/suggest/?q=ra", "/search/?q=nakadai"])
        self._ask("search", path, sender=f"127.0.4.{random.randrange(1, 250)}")

    def _review(self, number: int) -> None:
        with self.busy[number]:
            self.tried[number] += 1
            form = {"rating": random.randint(1, 10), "headline": "Again", "text": f"Seen {self.tried[number]} times."}
            answer = self._ask("review", f"{self.site.path}reviews/write/", form, self.site.writers[number])
            if answer.status == "302":
                self.taken[number] = self.tried[number]

    def _edit(self, number: int) -> None:
        """A form is opened, changed and saved; each editor has another movie, so that nobody is told of the others."""
        path, session = f"/admin/catalogue/movie/{self.site.movies[number + 1][0]}/change/", self.site.editors[number]
        with self.editing[number]:
            page = self._ask("form", path, session=session)
            if page.status == "200":
                form = {**values(page.body.decode()), "tagline": f"Take {random.randrange(10**6)}"}
                self._ask("edit", path, form, session)

    def lost(self) -> list[str]:
        """What was accepted and is not there, while the writers hold on."""
        with ExitStack() as held:
            for lock in self.busy:
                held.enter_context(lock)
            there = {name: int(text.split()[1]) for name, text in self.site.rows(WRITTEN)}
            return [
                f"writer{number}: {self.taken[number]} was accepted, {there.get(f'writer{number}', 0)} is there"
                for number in range(len(self.busy))
                if not self.taken[number] <= there.get(f"writer{number}", 0) <= self.tried[number]
            ]

    def stop(self) -> None:
        self.going = False
        for thread in self.threads:
            thread.join()


def _encoded(form: dict[str, Any]) -> tuple[str, bytes]:
    """Content type and body of a form."""
    if not any(isinstance(value, bytes) for value in form.values()):
        return "application/x-www-form-urlencoded", urlencode(form).encode()
    body = b""
    for name, value in form.items():
        is_file = isinstance(value, bytes)
        what = f'name="{name}"' + ('; filename="x.png"\r\nContent-Type: image/png' if is_file else "")
        body += f"--{BOUNDARY}\r\nContent-Disposition: form-data; {what}\r\n\r\n".encode()
        body += (value if is_file else str(value).encode()) + b"\r\n"
    return f"multipart/form-data; boundary={BOUNDARY}", body + f"--{BOUNDARY}--\r\n".encode()


def values(page: str) -> dict[str, Any]:
    """What a browser would send back of a page's forms, nothing touched."""
    parser = _Form()
    parser.feed(page)
    return {name: value for name, value in parser.values.items() if "__prefix__" not in name}


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name, kind = said.get("name", ""), said.get("type", "text")
        if tag == "input" and name and kind not in ("file", "submit", "search"):
            if kind not in ("checkbox", "radio") or "checked" in said:
                self.values[name] = said.get("value", "on" if kind == "checkbox" else "")
        elif tag == "textarea":
            self.area = name
            self.values[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in said:
            self.values[self.select] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] += data
