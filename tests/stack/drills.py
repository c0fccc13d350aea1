"""What visitors, writers and editors see when something breaks: ``make drills``.

Starts the whole site (deploy/local.py), once with PostgreSQL and once as the small site with SQLite, has people use it
without a pause, breaks one thing after another and mends it, and prints for each what was answered, how long it took
until all was well again, and whether anything that was accepted is lost. Exits with 1 when something was lost, somebody
saw an error that does not say when to come again (500), or the site did not recover.
"""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import psycopg
from PIL import Image as Pillow

from deploy.local import Stack, listens, missing, wait_until
from tests.smtp import MailServer
from tests.stack.users import Answer, Site, Users

BEFORE, BROKEN, AFTER = 2.0, 4.0, 4.0  # seconds
SLOW_CLIENTS = 200
MEGABYTE = 1024 * 1024
SUMS = """
from catalogue.models import Movie
from reviews.doctor import ratings_add_up
from catalogue.doctor import Options
print(len(list(ratings_add_up(Options()))), Movie.objects.get(title="Ran").reviews.filter(state="published").count())
"""
COMPILER = shutil.which("cc")
THREE_DAYS = 3 * 86_400
SAID = {"poster_alt": "A castle burns", "poster_credit": "Somebody", "poster_licence": "CC0"}


class WrongError(Exception):
    """What a drill found that must not be."""


@dataclass(frozen=True, slots=True)
class Drill:
    """One thing that breaks. ``looks`` says something while it is broken, ``proves`` when it is mended."""

    name: str
    breaks: Callable[[], object] = lambda: None
    mends: Callable[[], object] = lambda: None
    looks: Callable[[], str] = lambda: ""
    proves: Callable[[], str] = lambda: ""
    allowed: tuple[str, ...] = ("503",)
    needs: str = ""  # what this machine lacks for it

    def run(self, users: Users) -> bool:
        """Break, wait, mend, wait; print what was seen. Whether all was well at the end."""
        if self.needs:
            print(f"{self.name:<48} NOT RUN: needs {self.needs}", flush=True)
            return True
        time.sleep(BEFORE)
        users.answers.clear()
        began = time.monotonic()
        notes, faults = [], []
        for step, pause in ((self.breaks, 0.0), (self.looks, BROKEN), (self.mends, AFTER), (self.proves, 0.0)):
            started = time.monotonic()
            try:
                if said := step():
                    notes.append(str(said) if isinstance(said, str) else "")
            except Exception as error:
                faults.append(f"{type(error).__name__}: {error}".splitlines()[0])
            if step == self.mends:
                mended = time.monotonic()
            time.sleep(max(0.0, pause - (time.monotonic() - started)) if step == self.looks else pause)
        answers = list(users.answers)
        bad = [answer for answer in answers if not is_well(answer)]
        last = max((answer.when for answer in bad), default=began)
        faults += [f"{answer.kind} got {answer.status}" for answer in bad if answer.status not in self.allowed][:3]
        faults += users.lost()
        faults += [] if answers and last < mended + AFTER - 1 else ["it did not recover"]
        told = Counter(f"{answer.kind} {answer.status}" for answer in bad).most_common()
        said = "; ".join(filter(None, [*(f"{number} x {what}" for what, number in told), *notes]))
        slowest = max((answer.seconds for answer in answers), default=0)
        until = max(0.0, last - began)
        print(f"{self.name:<48}{len(answers):>8}{len(bad):>8}{until:>9.1f}{slowest:>9.1f}  {said}", flush=True)
        for fault in faults:
            print(f"    WRONG: {fault}", flush=True)
        return not faults


def is_well(answer: Answer) -> bool:
    return answer.status in ("200", "302", "304")


@dataclass
class Tools:
    """What breaks things, and what mends them."""

    site: Site
    mail: MailServer
    clock: Path
    closing: list[Callable[[], None]] = field(default_factory=list)

    @property
    def stack(self) -> Stack:
        return self.site.stack

    # ------------------------------------------------------------ processes
    def workers(self) -> list[int]:
        """The processes of gunicorn that answer."""
        listed = subprocess.run(["pgrep", "-P", str(self.stack.web.pid)], capture_output=True, text=True, check=False)
        return [int(number) for number in listed.stdout.split()]

    def kill_a_worker(self) -> None:
        os.kill(self.workers()[0], signal.SIGKILL)

    def reload(self) -> None:
        self.stack.web.send_signal(signal.SIGHUP)

    def redis(self, *words: str) -> None:
        port = str(self.stack.ports["redis"])
        subprocess.run(["redis-cli", "-p", port, *words], check=False, capture_output=True)

    def on(self, name: str, text: str) -> None:
        """Have one of the two databases do something, as its superuser."""
        address = f"host=127.0.0.1 port={self.stack.ports[name]} user=postgres dbname=catalogue"
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(text.encode())

    def start_primary(self) -> None:
        """It gives up when there is no room for its log."""
        if not listens(self.stack.ports["primary"]):
            self.stack.control_database("primary", "start")
        wait_until(lambda: listens(self.stack.ports["primary"]), "PostgreSQL")

    # ------------------------------------------------------------ disks
    def fill(self, folder: str) -> None:
        """Leave nothing of the disk, nor of the log that SQLite would write over again."""
        if folder == "data":
            with contextlib.closing(sqlite3.connect(self.stack.folder / "data" / "catalogue.sqlite3")) as file:
                file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with (self.stack.folder / folder / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
            for size in (MEGABYTE, 4096):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(b"0" * size)

    def make_room(self, folder: str) -> None:
        (self.stack.folder / folder / "filler").unlink()
        if folder == "postgresql/primary":
            self.start_primary()

    # ------------------------------------------------------------ editors
    def upload(self, picture: bytes) -> Answer:
        key, session = self.site.movies[-1][0], self.site.editors[0]
        path = f"/admin/catalogue/movie/{key}/change/"
        return self.site.ask("edit", path, {**self.site.form(path, session), **SAID, "poster_file": picture}, session)

    def long_edits(self) -> Counter[str]:
        """Of texts that no free place in the files of a database takes."""
        path, session = f"/admin/catalogue/movie/{self.site.movies[-2][0]}/change/", self.site.editors[0]
        statuses = Counter[str]()
        for _ in range(6):
            form = {**self.site.form(path, session), "synopsis": secrets.token_hex(4000)}
            statuses[self.site.ask("edit", path, form, session).status] += 1
        return statuses

    def edits_are_refused(self) -> str:
        statuses = self.long_edits()
        expect(statuses["503"] > 0 and set(statuses) <= {"503", "302"}, f"long edits: {dict(statuses)}")
        return f"long edits: {statuses['503']} x 503"

    def edits_work(self) -> str:
        statuses = self.long_edits()
        expect(set(statuses) == {"302"}, f"long edits afterwards: {dict(statuses)}")
        return "afterwards 302"

    def upload_is_refused(self) -> str:
        answer = self.upload(png("maroon"))
        left = [
            path.name for path in (self.stack.folder / "media").rglob("*") if path.is_file() and path.name != "filler"
        ]
        expect(answer.status == "503" and b"A short intermission" in answer.body, f"an upload: {answer.status}")
        expect(not any(name.endswith(".part") for name in left), f"half of a picture stays: {left}")
        return f"an upload: {answer.status}"

    def upload_works(self) -> str:
        answer = self.upload(png("maroon"))
        expect(answer.status == "302", f"an upload afterwards: {answer.status}")
        files = list((self.stack.folder / "media").rglob("*.webp"))
        for file in files:
            Pillow.open(file).load()
        return f"afterwards: {answer.status}, {len(files)} files whole"

    def corrupt_pictures(self) -> str:
        """Sent by an editor; and one that lies damaged on the disk of a page that is read."""
        whole = png("teal")
        for picture in (whole[:200], b"not a picture", b"", whole[:60] + bytes(100) + whole[160:]):
            answer = self.upload(picture)
            expect(answer.status == "200", f"a corrupt picture: {answer.status}")
        for file in (self.stack.folder / "media").rglob("*.webp"):
            file.write_bytes(file.read_bytes()[:50])
        key, session = self.site.movies[-1][0], self.site.editors[0]
        path = f"/admin/catalogue/movie/{key}/change/"
        page = self.site.ask("read", self.site.movies[-1][1])
        crop = self.site.ask("edit", path, {**self.site.form(path, session), "poster_focus": "10 10"}, session)
        expect(page.status == "200" and crop.status in ("200", "302"), f"damaged: {page.status}, {crop.status}")
        return "corrupt uploads: 200 with a sentence"

    # ------------------------------------------------------------ people
    def sign_up(self) -> str:
        """While mails do not leave: somebody signs up, somebody forgot a password."""
        name = f"new{time.monotonic_ns() % 10**9}"
        form = {"email": f"{name}@example.org", "username": name, "password1": "a long and dull password"}
        answers = [
            self.site.ask("sign-up", "/accounts/signup/", form, sender="127.0.1.1"),
            self.site.ask("reset", "/accounts/password/reset/", {"email": f"{name}@example.org"}, sender="127.0.1.2"),
        ]
        for answer in answers:
            expect(answer.status == "302", f"{answer.kind}: {answer.status}")
            expect(answer.seconds < 5, f"{answer.kind} took {answer.seconds:.1f} s")
        return ", ".join(f"{answer.kind} {answer.seconds:.1f} s" for answer in answers)

    def mail_comes(self) -> str:
        began = time.monotonic()
        wait_until(lambda: not self.site.rows("SELECT 1 FROM reviews_outgoingmail"), "The last mail")
        expect(bool(self.mail.mails), "no mail came")
        return f"mails after {time.monotonic() - began:.0f} s more"

    def flood(self, ask: Callable[[str], Answer], senders: list[str]) -> str:
        """Eight who never pause, from other addresses than everybody else."""
        statuses, end = Counter[str](), time.monotonic() + BROKEN

        def pour(number: int) -> None:
            while time.monotonic() < end:
                number += 1
                answer = ask(senders[number % len(senders)])
                statuses["told to wait" if b"Too many" in answer.body else answer.status] += 1

        threads = [threading.Thread(target=pour, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        expect(statuses["429"] + statuses["told to wait"] > 0, f"nobody was told to slow down: {dict(statuses)}")
        expect(not any(status.startswith("5") for status in statuses), f"the flood saw {dict(statuses)}")
        return "flood: " + ", ".join(f"{number} x {status}" for status, number in statuses.most_common())

    def sign_ins(self) -> str:
        form = {"login": "writer0", "password": "not the right one"}
        return self.flood(
            lambda sender: self.site.ask("sign-in", "/accounts/login/", form, sender=sender),
            [f"127.0.2.{number}" for number in range(1, 4)],
        )

    def searches(self) -> str:
        return self.flood(lambda sender: self.site.ask("search", "/search/?q=ran", sender=sender), ["127.0.3.1"])

    # ------------------------------------------------------------ time
    def set_clock(self, moved: str) -> None:
        self.clock.write_text(moved, encoding="utf-8")

    def fake_clock(self) -> None:
        """Have the site's processes ask a clock that can be moved."""
        self.set_clock("0")
        library = self.stack.folder / "clock.so"
        source = Path(__file__).with_name("clock.c")
        subprocess.run([str(COMPILER), "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
        self.stack.environment |= {"LD_PRELOAD": str(library), "CLOCK": str(self.clock)}
        self.stack.restart_web()

    def true_clock(self) -> None:
        for name in ("LD_PRELOAD", "CLOCK"):
            self.stack.environment.pop(name)
        self.stack.restart_web()

    # ------------------------------------------------------------ migrations
    def next_release(self) -> dict[str, str]:
        return {**self.stack.owner(), "DJANGO_SETTINGS_MODULE": "tests.stack.next_release.settings"}

    def kill_a_migration(self) -> str:
        """The next release's, in the middle of its second of three."""
        environment = {**self.stack.environment, **self.next_release()}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        table = "pg_tables WHERE tablename" if not self.stack.is_small else "sqlite_master WHERE name"
        wait_until(lambda: bool(self.site.rows(f"SELECT 1 FROM {table} = 'next_release_note'")), "The first migration")
        time.sleep(1.0)
        process.kill()
        process.wait()
        code = "from catalogue.doctor import Options, database; print(*database.migrations_are_applied(Options()))"
        said = self.stack.manage("shell", "-v0", "-c", code, **self.next_release())
        expect("migrations wait" in said and "manage.py migrate" in said, f"the doctor does not say so: {said[:200]}")
        return "the doctor names it"

    def migrate_again(self) -> None:
        self.stack.manage("migrate", "--verbosity", "0", **self.next_release())

    def is_migrated(self) -> str:
        count = self.site.rows("SELECT count(*), count(mark) FROM next_release_note")[0]
        expect(count == (3, 3), f"a second migrate left {count}")
        index = "pg_indexes WHERE indexname" if not self.stack.is_small else "sqlite_master WHERE name"
        expect(bool(self.site.rows(f"SELECT 1 FROM {index} = 'note_by_mark'")), "the index is missing")
        return "a second migrate did the rest"

    # ------------------------------------------------------------ the search index
    def break_search(self) -> None:
        if self.stack.is_small:
            sql = "UPDATE catalogue_search_data SET block = zeroblob(length(block)) WHERE id > 10"
            code = f"from django.db import connection; connection.cursor().execute({sql!r})"
            self.stack.manage("shell", "-v0", "-c", code)
        else:
            self.on("primary", "ALTER TABLE catalogue_searchdocument RENAME TO gone")

    def mend_search(self) -> None:
        if self.stack.is_small:
            self.stack.manage("rebuild_search")
        else:
            self.on("primary", "ALTER TABLE gone RENAME TO catalogue_searchdocument")

    # ------------------------------------------------------------ slow clients
    def slow_clients(self) -> None:
        """Connections that send a request one letter at a time, if at all."""
        lines = []
        for _ in range(SLOW_CLIENTS):
            line = socket.create_connection(("127.0.0.1", self.stack.ports["tls"]), timeout=5)
            line.sendall(b"\x16")
            lines.append(line)
        self.closing += [line.close for line in lines]

    def close(self) -> None:
        while self.closing:
            self.closing.pop()()


def expect(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise WrongError(otherwise)


def png(color: str) -> bytes:
    out = BytesIO()
    Pillow.effect_noise((700, 1000), 80).convert("RGB").save(out, "PNG")
    picture = Pillow.open(out)
    picture.paste(color, (0, 0, 350, 500))
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def drills(tools: Tools, disks: set[str]) -> Iterator[Drill]:
    """Those of both databases; what only one of them has, in between."""
    is_small = tools.stack.is_small
    yield Drill("nothing")
    yield Drill("a worker is killed in the middle of a post", tools.kill_a_worker, allowed=("502",))
    yield Drill("gunicorn is reloaded", tools.reload)
    if not is_small:
        control = tools.stack.control_database
        yield Drill(
            "the replica is lost and comes back",
            lambda: control("replica", "stop"),
            lambda: control("replica", "start"),
        )
        pause, resume = (f"SELECT pg_wal_replay_{what}()" for what in ("pause", "resume"))
        yield Drill("the replica is behind", lambda: tools.on("replica", pause), lambda: tools.on("replica", resume))
        yield Drill("PostgreSQL is restarted", lambda: control("primary", "restart"))
        yield Drill(
            "PostgreSQL is gone and comes back", lambda: control("primary", "stop"), lambda: control("primary", "start")
        )
        yield Drill("Redis does not answer", lambda: tools.redis("client", "pause", "3500", "all"))
        yield Drill("Redis forgets everything", lambda: tools.redis("flushall"))
    place = "data" if is_small else "postgresql/primary"
    yield Drill(
        "the disk of the database is full",
        lambda: tools.fill(place),
        lambda: tools.make_room(place),
        tools.edits_are_refused,
        tools.edits_work,
        needs="" if disks else "root, for a disk of its own",
    )
    yield Drill(
        "the disk of the pictures is full",
        lambda: tools.fill("media"),
        lambda: tools.make_room("media"),
        tools.upload_is_refused,
        tools.upload_works,
        needs="" if disks else "root, for a disk of its own",
    )
    yield Drill("corrupt pictures", looks=tools.corrupt_pictures)
    yield Drill("the search index is broken, then made anew", tools.break_search, tools.mend_search)
    yield Drill("the mail server refuses", tools.mail.stop, tools.mail.start, tools.sign_up, tools.mail_comes)
    yield Drill(
        "the mail server never answers",
        lambda: setattr(tools.mail, "is_silent", True),
        lambda: setattr(tools.mail, "is_silent", False),
        tools.sign_up,
        tools.mail_comes,
    )
    needs = "" if COMPILER else "a C compiler"
    if COMPILER:
        tools.fake_clock()
    yield Drill(
        "the clock jumps three days ahead",
        lambda: tools.set_clock(str(THREE_DAYS)),
        lambda: tools.set_clock("0"),
        needs=needs,
    )
    yield Drill(
        "the clock jumps three days back",
        lambda: tools.set_clock(str(-THREE_DAYS)),
        lambda: tools.set_clock("0"),
        needs=needs,
    )
    if COMPILER:
        tools.true_clock()
    yield Drill(f"{SLOW_CLIENTS} slow clients", tools.slow_clients, tools.close)
    yield Drill("a flood of sign-ins", looks=tools.sign_ins)
    yield Drill("a flood of searches", looks=tools.searches)
    yield Drill("a migration is killed half-way", tools.kill_a_migration, tools.migrate_again, proves=tools.is_migrated)


def run(small: bool) -> bool:
    """All drills on one of the two sites."""
    disks = ({"media": 16, "data": 64} if small else {"media": 16, "primary": 700}) if os.geteuid() == 0 else {}
    with MailServer() as mail:
        settings = {
            "RATE_LIMITS": "false",  # three writers are as busy here as three hundred
            "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
        }
        with Stack(small=small, settings=settings, disks=disks) as stack:
            site = Site(stack)
            tools = Tools(site, mail, stack.folder / "clock")
            users = Users(site)
            print(
                f"{'SQLite' if small else 'PostgreSQL':<48}{'answers':>8}{'failed':>8}{'until s':>9}{'slowest':>9}",
                flush=True,
            )
            try:
                well = [drill.run(users) for drill in drills(tools, set(disks)) if not ONLY or ONLY in drill.name]
            finally:
                users.stop()
            wrong, reviews = map(int, stack.manage("shell", "-v0", "-c", SUMS).split())
            print(f"{reviews} reviews of the movie; sums of ratings: {'WRONG' if wrong else 'exact'}", flush=True)
            if not all(well):
                kept = shutil.copytree(stack.folder, Path(stack.folder.parent) / "drills-logs", dirs_exist_ok=True,
                    ignore=lambda _, names: [name for name in names if not name.endswith(".log")])  # fmt: skip
                print(f"logs: {kept}", flush=True)
            return all(well) and not wrong


ONLY = os.environ.get("ONLY", "")

if __name__ == "__main__":
    if lacking := missing():
        sys.exit(f"Install first: {' '.join(lacking)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # or what was started would stay
    chosen = {"sqlite": [True], "postgresql": [False]}.get(os.environ.get("ON", ""), [False, True])
    results = [run(small) for small in chosen]
    sys.exit(0 if all(results) else 1)
