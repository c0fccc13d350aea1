"""Dead links: asked for politely at a real server, never in a private network, resumable, and mended in the form."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from catalogue import fetching
from catalogue.curation import links
from catalogue.curation.links import check_links, forget_mended, number_of_links
from catalogue.exclusive import LINKS, one_at_a_time
from catalogue.fetching import Verdict, look
from catalogue.models import DeadLink, LinkPass, Movie, Studio, Video
from tests.catalogue.admin.form import opened, saved
from tests.catalogue.desk.flow import work
from tests.makers import make_member, make_movie, make_person
from tests.pages import read

pytestmark = pytest.mark.django_db
Asked = list[tuple[str, str, float]]  # method, path, when


class Handler(BaseHTTPRequestHandler):
    """/200 answers 200; /head-405 refuses HEAD; /to?URL leads on; /slow drips; /noise is no HTTP."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.server.asked.append((self.command, self.path, time.monotonic()))  # type: ignore[attr-defined]
        name, _, rest = self.path.lstrip("/").partition("?")
        if name == "noise":
            self.wfile.write(b"\x16\x03\x01 hello\r\n\r\n")
        elif name == "slow":
            with suppress(OSError):
                while not self.server.is_over.wait(0.05):  # type: ignore[attr-defined]
                    self.wfile.write(b"H")
        elif name == "to":
            self._answer(302, rest)
        elif name == "head-404":
            self._answer(404 if self.command == "HEAD" else 200)
        else:
            self._answer(int(name) if name.isdigit() else 200)

    def do_GET(self) -> None:
        self.do_HEAD()

    def _answer(self, status: int, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.close_connection = True

    def log_message(self, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def server(settings: Any) -> Iterator[Any]:
    """A web server in a private network that may be asked; the rest of this machine may not."""
    settings.LINK_CHECK_NETWORKS = [ip_network("127.0.0.2/32")]
    with ThreadingHTTPServer(("127.0.0.2", 0), Handler) as found:
        found.asked, found.is_over = [], threading.Event()  # type: ignore[attr-defined]
        found.url = f"http://127.0.0.2:{found.server_port}"  # type: ignore[attr-defined]
        thread = threading.Thread(target=found.serve_forever, args=[0.05])
        thread.start()
        yield found
        found.is_over.set()  # type: ignore[attr-defined]
        found.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "verdict", "reason"),
    [
        ("200", Verdict.FINE, ""),
        ("204", Verdict.FINE, ""),
        ("head-404", Verdict.FINE, ""),
        ("403", Verdict.FINE, ""),
        ("429", Verdict.FINE, ""),
        ("404", Verdict.GONE, "answers 404"),
        ("410", Verdict.GONE, "answers 410"),
        ("500", Verdict.FAILING, "answers 500"),
        ("noise", Verdict.FAILING, "answers what no browser understands"),
        ("to?/200", Verdict.FINE, ""),
        ("to?/404", Verdict.GONE, "answers 404"),
        ("to?http://127.0.0.1:1/", Verdict.GONE, "leads into a private network"),
        ("to?file:///etc/passwd", Verdict.FAILING, "answers what no browser understands"),
        ("Amélie%20?q=ü&x=1 2", Verdict.FINE, ""),
    ],
)
def test_what_an_address_is(server: Any, path: str, verdict: Verdict, reason: str) -> None:
    found = look(f"{server.url}/{path}")

    assert (found.verdict, found.reason) == (verdict, reason)


def test_redirects_have_an_end(server: Any) -> None:
    class Round(Handler):
        def do_HEAD(self) -> None:
            self._answer(302, "/round")

    server.RequestHandlerClass = Round
    assert look(f"{server.url}/round").reason == "more than 5 redirects"


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/", "http://localhost/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/",
     "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://0.0.0.0/", "http://2130706433/",
     "http://224.0.0.1/"],
)  # fmt: skip
def test_a_private_network_is_never_asked(settings: Any, url: str) -> None:
    settings.LINK_CHECK_NETWORKS = []
    start = time.monotonic()

    assert look(url).reason == "leads into a private network"
    assert time.monotonic() - start < fetching.TIMEOUT


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://nowhere.invalid/", "no such host"),
        ("ftp://example.org/", "answers what no browser understands"),
        ("http://", "answers what no browser understands"),
        ("http://[::1/", "answers what no browser understands"),
        ("http://example.org:99999/", "answers what no browser understands"),
    ],
)
def test_what_is_no_address(url: str, reason: str) -> None:
    assert (look(url).verdict, look(url).reason) == (Verdict.FAILING, reason)


def test_nobody_answers_and_nothing_is_encrypted(server: Any) -> None:
    port, secure = server.server_port, server.url.replace("http:", "https:")
    assert look(f"{secure}/200").reason == "its certificate does not hold"
    server.shutdown()
    server.server_close()
    assert look(f"http://127.0.0.2:{port}/").reason == "no connection"


def test_an_answer_that_drips_is_not_waited_for(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "DEADLINE", 0.3)

    assert look(f"{server.url}/slow").verdict is Verdict.FAILING


def test_every_link_is_asked_for_and_the_dead_are_kept(server: Any) -> None:
    movie = make_movie("Ran", homepage=f"{server.url}/404")
    make_movie("Ikiru", homepage=f"{server.url}/200")
    Video.objects.create(movie=movie, title="Trailer", url=f"{server.url}/410")
    make_person("Peter", homepage=f"{server.url}/500")
    Studio.objects.create(name="Toho", homepage=f"{server.url}/200")

    assert number_of_links() == 5
    assert check_links(pause=0) == {"fine": 2, "gone": 2, "failing": 1}

    rows = DeadLink.objects.order_by("pk").values_list("table", "record_kind", "reason", "is_dead")
    assert list(rows) == [
        ("catalogue.movie", "movie", "answers 404", True),
        ("catalogue.video", "movie", "answers 410", True),
        ("catalogue.person", "person", "answers 500", False),
    ]


def test_what_fails_is_dead_after_three_times_and_alive_when_it_answers(server: Any) -> None:
    movie = make_movie("Ran", homepage=f"{server.url}/500")
    for times in (1, 2, 3):
        check_links(pause=0)
        dead = DeadLink.objects.get()
        assert (dead.failures, dead.is_dead) == (times, times == 3)
        DeadLink.objects.update(checked_at=timezone.now() - 2 * links.AGAIN, is_dead=dead.is_dead)
        if times < 3:
            LinkPass.objects.update(
                table="catalogue.studio"
            )  # the pass is elsewhere: it is asked for again all the same
    Movie.objects.filter(pk=movie.pk).update(homepage=f"{server.url}/200")

    check_links(pause=0)

    assert not DeadLink.objects.exists()


def test_it_goes_on_where_it_stopped_and_begins_anew(server: Any) -> None:
    for number in range(5):
        make_movie(homepage=f"{server.url}/200?{number}")
    make_person("Peter", homepage=f"{server.url}/200?p")

    asked = []
    for _ in range(4):
        server.asked.clear()
        check_links(2, pause=0)
        asked.append([path.partition("?")[2] for _, path, _ in server.asked])

    assert asked == [["0", "1"], ["2", "3"], ["4", "p"], []]
    server.asked.clear()
    check_links(pause=0)
    assert len(server.asked) == 6
    assert LinkPass.objects.get().table == ""


def test_one_host_is_asked_one_after_another_with_a_pause(server: Any) -> None:
    for number in range(3):
        make_movie(homepage=f"{server.url}/200?{number}")

    check_links(pause=0.2)

    moments = [moment for _, _, moment in server.asked]
    assert min(after - before for before, after in pairwise(moments)) >= 0.2


def test_a_link_that_went_is_forgotten(server: Any) -> None:
    movie = make_movie("Ran", homepage=f"{server.url}/404")
    check_links(pause=0)
    Movie.objects.update(homepage="")

    forget_mended("movie", movie.pk)
    assert not DeadLink.objects.exists()

    Movie.objects.update(homepage=f"{server.url}/404")
    check_links(pause=0)
    Movie.objects.update(homepage="")
    check_links(pause=0)
    assert not DeadLink.objects.exists()


def test_the_desk_says_how_many_and_the_form_mends(server: Any, as_editor: Client) -> None:
    movie = make_movie("Ran", homepage=f"{server.url}/404")
    make_person("Peter", homepage=f"{server.url}/500")
    check_links(pause=0)

    assert "Dead links 1" in " ".join(read(as_editor.get("/admin/")).text.split())
    page = " ".join(read(as_editor.get("/admin/catalogue/deadlink/")).text.split())
    assert "Ran homepage" in page
    assert "answers 404" in page
    assert "500" not in page
    saved(as_editor, movie, opened(as_editor, movie), homepage=f"{server.url}/200")
    assert not DeadLink.objects.filter(is_dead=True).exists()


def test_an_editor_has_them_asked_for_again_in_the_background(server: Any, as_editor: Client) -> None:
    movie = make_movie("Ran", homepage=f"{server.url}/404")
    check_links(pause=0)
    Movie.objects.filter(pk=movie.pk).update(homepage=f"{server.url}/200")
    server.asked.clear()

    as_editor.post(
        "/admin/catalogue/deadlink/", {"action": "check_again", "_selected_action": [DeadLink.objects.get().pk]}
    )

    assert not server.asked  # never from the web process
    work()
    assert not DeadLink.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_costs_the_same_for_any_number(
    as_editor: Client, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        movie = make_movie()
        DeadLink.objects.create(
            table="catalogue.movie", row=movie.pk, record_kind="movie", record_id=movie.pk, is_dead=True,
            url=f"https://example.org/{number}", reason="answers 404",
        )  # fmt: skip

    with django_assert_max_num_queries(5):
        as_editor.get("/admin/catalogue/deadlink/")


def test_who_may_not_see_them_is_told_nothing(client: Client) -> None:
    client.force_login(make_member("mod", is_staff=True))

    assert client.get("/admin/catalogue/deadlink/").status_code == 403
    assert "Dead links" not in client.get("/admin/").content.decode()


def test_the_command(server: Any, capsys: pytest.CaptureFixture[str]) -> None:
    make_movie("Ran", homepage=f"{server.url}/404")
    make_movie("Ikiru", homepage=f"{server.url}/200")

    call_command("check_links", pause=0.0)

    assert capsys.readouterr().out == "1 links work, 0 fail, 1 are gone.\n"
    for wrong in ({"limit": 0}, {"pause": -1.0}):
        with pytest.raises(CommandError):
            call_command("check_links", **wrong)


@pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="a session takes its own lock twice"
)
def test_two_never_check_at_once(server: Any) -> None:
    make_movie("Ran", homepage=f"{server.url}/200")

    with one_at_a_time(LINKS), pytest.raises(CommandError, match="checked already"):
        call_command("check_links", pause=0.0)

    assert server.asked == []
