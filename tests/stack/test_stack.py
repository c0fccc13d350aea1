"""The site as it is deployed: nginx, TLS, gunicorn, worker, PostgreSQL with a replica, Redis. `make stack-test`."""

import http.client
import json
import os
import re
import shutil
import signal
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import boto3
import psycopg
import pytest
from moto.server import ThreadedMotoServer
from playwright.sync_api import sync_playwright

from deploy.local import Stack, missing, wait_until
from tests.journeys.conftest import FLAGS, NAMES
from tests.makers import PASSWORD
from tests.stack.users import Site, Users

if not os.environ.get("STACK"):
    pytest.skip("the whole stack: make stack-test", allow_module_level=True)
if missing():
    pytest.skip(f"the whole stack needs: {' '.join(missing())}", allow_module_level=True)
pytestmark = pytest.mark.stack

FILL = """
from io import BytesIO
from PIL import Image as Pillow
from catalogue import images
from catalogue.models import Image, Movie
from catalogue.curation.derive import refresh_movies
file = BytesIO(); Pillow.new("RGB", (600, 900), "navy").save(file, "PNG"); file.seek(0)
decoded = images.decode(file); images.store("poster", decoded)
image = Image.objects.create(digest=decoded.digest, kind="poster", width=600, height=900, alt="Blue")
movie = Movie.objects.create(title="Ran", is_published=True, poster=image, release_date="1985")
refresh_movies([movie.pk])
print(movie.pk)
"""


class Browser:
    """A visitor with cookies; follows nothing by itself."""

    def __init__(self, stack: Stack) -> None:
        self.port, self.cookies = stack.ports["tls"], dict[str, str]()
        self.context = ssl.create_default_context(cafile=str(stack.folder / "certificate.pem"))

    def ask(
        self, path: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, str]:
        line = http.client.HTTPSConnection("localhost", self.port, timeout=20, context=self.context)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **(headers or {})}
        if form is not None:
            sent |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"https://localhost:{self.port}{path}",
            }
        line.request("GET" if form is None else "POST", path, urlencode(form) if form else None, sent)
        answer = line.getresponse()
        body = answer.read().decode(errors="replace")
        for cookie in answer.msg.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        line.close()
        return answer.status, answer.msg, body

    def send(self, path: str, **form: str) -> tuple[int, http.client.HTTPMessage, str]:
        """Open the page of a form, fill it in and send it."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.ask(path)[2])
        assert token, path
        return self.ask(path, {"csrfmiddlewaretoken": token[1], **form})


@pytest.fixture(scope="module", params=["direct", "pooler"])
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """The site, and the site with PgBouncer before its databases."""
    has_pooler = request.param == "pooler"
    if has_pooler and not shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin"):
        pytest.skip("pgbouncer is not installed")
    with Stack(int(os.environ.get("STACK_PORT", "0")), pooler=has_pooler) as running:
        running.movie = f"/movies/{running.manage('shell', '-v0', '-c', FILL).split()[-1]}/ran/"  # type: ignore[attr-defined]
        running.manage("refresh_related")
        yield running


@pytest.fixture
def browser(stack: Stack) -> Browser:
    return Browser(stack)


@pytest.fixture
def movie(stack: Stack) -> str:
    return stack.movie  # type: ignore[attr-defined, no-any-return]


def test_pages_come_by_tls_alone(stack: Stack, browser: Browser, movie: str) -> None:
    plain = http.client.HTTPConnection("localhost", stack.ports["http"])
    plain.request("GET", f"{movie}?x=1")
    answer = plain.getresponse()
    assert (answer.status, answer.getheader("Location")) == (301, f"{stack.url}{movie}?x=1")

    status, headers, body = browser.ask(movie)

    assert status == 200
    assert "<h1" in body
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert headers["Content-Security-Policy"]
    assert re.fullmatch("[0-9a-f]{32}", headers["X-Request-ID"])
    assert "Set-Cookie" not in headers
    assert "X-Accel-Expires" not in headers


def test_other_names_get_no_answer(stack: Stack) -> None:
    trusting = ssl._create_unverified_context()
    with pytest.raises(ssl.SSLError, match="unrecognized name"):
        http.client.HTTPSConnection("127.0.0.1", stack.ports["tls"], context=trusting).request("GET", "/")
    line = http.client.HTTPSConnection("localhost", stack.ports["tls"], context=trusting)
    line.request("GET", "/", headers={"Host": "evil.example.org"})
    assert line.getresponse().status == 421


def test_a_page_is_made_once_for_those_who_come_together(stack: Stack, browser: Browser, movie: str) -> None:
    path = "/genres/"

    first, second = browser.ask(path), browser.ask(path)
    known = Browser(stack).ask(path, headers={"Cookie": "__Host-sessionid=x"})
    dark = Browser(stack).ask(path, headers={"Cookie": "theme=dark"})

    assert first[2] == second[2]
    assert cached(stack, second[1]) == "HIT"
    assert first[1]["X-Request-ID"] != second[1]["X-Request-ID"]
    assert cached(stack, known[1]) == "BYPASS"
    assert known[1]["Cache-Control"] == "private, no-store"
    assert cached(stack, dark[1]) == "BYPASS"
    assert 'data-theme="dark"' in dark[2]
    assert "data-theme" not in browser.ask(path)[2]
    etag = browser.ask(movie)[1]["ETag"]
    assert browser.ask(movie, headers={"If-None-Match": etag})[0] == 304
    wait_until(lambda: cached(stack, browser.ask(movie)[1]) == "REVALIDATED", "A page that was asked for again")


def cached(stack: Stack, headers: http.client.HTTPMessage) -> str:
    """What nginx's log says of the request that got this answer."""

    def lines() -> list[dict[str, str]]:
        log = (stack.folder / "access.log").read_text(encoding="utf-8")
        return [line for line in map(json.loads, log.splitlines()) if line["request_id"] == headers["X-Request-ID"]]

    wait_until(lambda: bool(lines()), "The log")
    return lines()[0]["cache"]


def test_files_come_from_nginx_and_may_be_kept_for_ever(browser: Browser, movie: str) -> None:
    page = browser.ask(movie)[2]
    sheet = re.search(r'/static/css/[^"]+\.css', page)
    poster = re.search(r'/media/posters/[^" ]+\.webp', page)
    assert sheet
    assert poster

    for path, kind in ((sheet[0], "text/css"), (poster[0], "image/webp")):
        status, headers, _ = browser.ask(path, headers={"Accept-Encoding": "gzip"})
        assert status == 200
        assert headers["Content-Type"] == kind
        assert headers.get_all("Cache-Control") == ["public, max-age=31536000, immutable"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Encoding"] == ("gzip" if kind == "text/css" else None)
    assert browser.ask("/static/../settings.py")[0] in (400, 404)
    assert browser.ask("/media/")[0] == 403


def test_somebody_signs_up_and_reviews(stack: Stack, movie: str) -> None:
    browser = Browser(stack)
    sign_up = {"email": "alice@example.org", "username": "alice", "password1": PASSWORD}
    assert browser.send("/accounts/signup/", **sign_up)[0] == 302
    # It waits in the database until a thread, or the worker, has sent it.
    link = re.compile(r"https://localhost:\d+(/accounts/confirm-email/\S+)")
    wait_until(lambda: link.search(mails(stack)) is not None, "The mail")
    confirm = link.search(mails(stack))
    assert confirm
    assert browser.send(confirm[1])[0] == 302
    assert browser.send("/accounts/login/", login="alice", password=PASSWORD)[0] == 302

    status, _, body = browser.send(f"{movie}reviews/write/", rating="9", headline="Storm", text="Three castles fall.")

    assert status == 302, body
    assert "Waits for a moderator" in browser.ask("/accounts/reviews/")[2]
    assert "alice@example.org" not in (stack.folder / "web.log").read_text(encoding="utf-8")
    assert "signed_in" in (stack.folder / "web.log").read_text(encoding="utf-8")


def mails(stack: Stack) -> str:
    folder = stack.folder / "mail"
    wait_until(lambda: folder.is_dir() and any(folder.iterdir()), "A mail")
    text = "".join(file.read_text(encoding="utf-8") for file in folder.iterdir())
    return text.replace("=\n", "").replace("=3D", "=")


def test_the_replica_follows(stack: Stack) -> None:
    with psycopg.connect(
        f"postgres://postgres@127.0.0.1:{stack.ports['replica']}/catalogue", autocommit=True
    ) as replica:

        def has_movie() -> bool:
            row = replica.execute("SELECT count(*) FROM catalogue_movie WHERE title = 'Ran'").fetchone()
            return row == (1,)

        wait_until(has_movie, "The replica")


def test_the_worker_works(stack: Stack) -> None:
    stack.manage("shell", "-v0", "-c", "from catalogue.desk.tasks import plan_upload; plan_upload.enqueue(0)")
    count = "from django_tasks_db.models import DBTaskResult as R; print(R.objects.exclude(status='READY').count())"
    wait_until(lambda: stack.manage("shell", "-v0", "-c", count).strip() != "0", "The worker")


def test_many_at_once_read_search_review_and_edit(stack: Stack) -> None:
    users = Users(Site(stack, writers=6, editors=2, movies=10), crowd=12)
    wait_until(lambda: len(users.answers) > 200, "Two hundred answers")
    if stack.has_pooler:
        (number,) = users.site.rows("SELECT count(*) FROM pg_stat_activity WHERE usename = 'catalogue_app'")[0]
        assert number <= 20 + 2  # default_pool_size of deploy/pgbouncer.ini.template, and the worker's own
    users.stop()

    log = (stack.folder / "web.log").read_text(encoding="utf-8")
    failures = [line[-600:] for line in log.splitlines() if '"ERROR"' in line]
    assert {answer.status for answer in users.answers} <= {"200", "302"}, failures
    assert users.lost() == []


def test_the_role_of_the_site_changes_no_table(stack: Stack) -> None:
    code = "from django.db import connection; connection.cursor().execute('DROP TABLE catalogue_movie')"
    with pytest.raises(RuntimeError, match="must be owner"):
        stack.manage("shell", "-v0", "-c", code)


def test_limits(stack: Stack, browser: Browser) -> None:
    assert browser.ask("/metrics", headers={"Authorization": "Bearer token"})[0] == 404
    assert browser.ask("/search/", {"q": "x" * 2_200_000})[0] == 413
    assert 429 in {browser.ask("/accounts/login/", {"x": "y"})[0] for _ in range(40)}


def test_the_doctor_is_content(stack: Stack) -> None:
    authority = str(stack.folder / "certificate.pem")

    said = stack.manage("doctor", "--url", stack.url, "--mail", "me@example.org", SSL_CERT_FILE=authority)

    assert "WRONG" not in said
    assert "ok    The site from outside" in said


@contextmanager
def load(stack: Stack, path: str) -> Iterator[list[int]]:
    """Four visitors who ask as fast as they are answered, past the cache; yields the statuses they got."""
    stop, statuses = threading.Event(), list[int]()

    def visit() -> None:
        browser = Browser(stack)
        while not stop.is_set():
            try:
                statuses.append(browser.ask(path, headers={"Cookie": "__Host-messages=x"})[0])
            except OSError:
                statuses.append(0)

    threads = [threading.Thread(target=visit) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_nobody_notices_a_reload(stack: Stack, movie: str) -> None:
    with load(stack, movie) as statuses:
        for _ in range(2):
            before, workers = len(statuses), children(stack.web.pid)
            stack.web.send_signal(signal.SIGHUP)
            wait_until(lambda: not workers & children(stack.web.pid) and len(statuses) > before + 50, "The reload")  # noqa: B023

    assert set(statuses) == {200}


def test_nobody_notices_an_upgrade(stack: Stack, movie: str) -> None:
    with load(stack, movie) as statuses:
        wait_until(lambda: len(statuses) > 50, "The load")
        stack.restart_web()
        before = len(statuses)
        wait_until(lambda: len(statuses) > before + 50, "The restart")

    assert set(statuses) == {200}


def children(pid: int) -> set[str]:
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split())


def test_when_the_site_is_down_pages_stay_and_the_rest_is_told_so(stack: Stack, browser: Browser, movie: str) -> None:
    browser.ask(movie)
    stack.web.send_signal(signal.SIGTERM)
    stack.web.wait(timeout=60)
    stack.socket.shutdown(2)
    time.sleep(3.5)

    assert browser.ask(movie)[0] == 200
    status, headers, body = browser.ask("/accounts/login/")
    assert (status, headers["Retry-After"]) == (502, "30")
    assert "Intermission" in body


def test_pictures_lie_in_a_bucket_and_browsers_show_them() -> None:
    """The small site with S3_BUCKET: what its processes read from the environment, up to what a browser lets through."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address, keys = f"http://{host}:{port}", {"S3_ACCESS_KEY_ID": "key", "S3_SECRET_ACCESS_KEY": "secret"}
    settings = {"S3_BUCKET": "films", "S3_ENDPOINT_URL": address, "S3_REGION": "us-east-1", **keys}
    open_bucket(address)
    try:
        with Stack(small=True, settings={**settings, "MEDIA_URL": f"{address}/films"}) as running:
            movie = f"/movies/{running.manage('shell', '-v0', '-c', FILL).split()[-1]}/ran/"
            status, headers, body = Browser(running).ask(movie)
            assert status == 200
            assert f'<link rel="preconnect" href="{address}">' in body
            assert f"img-src 'self' data: {address};" in f"{headers['Content-Security-Policy']};"
            assert shown(f"{running.url}{movie}").startswith(f"{address}/films/posters/")
            assert not list((running.folder / "media").iterdir())
            backups = running.folder / "backups"
            assert "5 pictures" in running.manage("backup", str(backups))
    finally:
        server.stop()


def open_bucket(address: str) -> None:
    """A bucket that everybody may read."""
    service = boto3.client(
        "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )
    service.create_bucket(Bucket="films")
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::films/*"}
    service.put_bucket_policy(Bucket="films", Policy=json.dumps({"Version": "2012-10-17", "Statement": [everybody]}))


def shown(url: str) -> str:
    """The address from which a browser shows the poster of a page."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no browser is installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = chromium.new_page(ignore_https_errors=True)
        page.goto(url, wait_until="networkidle")
        poster = page.locator("img.poster").first
        assert poster.evaluate("image => image.naturalWidth") > 0
        source: str = poster.evaluate("image => image.currentSrc")
        chromium.close()
    return source
