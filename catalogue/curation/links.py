"""Which links of the catalogue are dead: asked for politely, a few at a time, from where the last run stopped."""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from catalogue.exclusive import LINKS, one_at_a_time
from catalogue.fetching import Finding, Verdict, look
from catalogue.models import DeadLink, LinkPass, Movie, Person, Studio, Video, WatchLink

BATCH = 200
HOSTS = 8  # asked at the same time
PAUSE = 1.0  # seconds between two requests to one host
FAILURES = 3  # in a row, after which a link that is not gone for good counts as dead
AGAIN = timedelta(hours=20)  # what failed is asked for again after this long


class Place(NamedTuple):
    """A column that holds links: its table, whose they are, the column of their key and of the address."""

    model: Any
    kind: str
    owner: str
    column: str

    @property
    def name(self) -> str:
        return str(self.model._meta.label_lower)

    def links(self) -> Any:
        """The rows with an address as Link has them."""
        rows = self.model._default_manager.exclude(**{self.column: ""}).order_by("pk")
        return rows.values_list("pk", self.owner, self.column)


PLACES = [
    Place(Movie, "movie", "pk", "homepage"),
    Place(Video, "movie", "movie_id", "url"),
    Place(WatchLink, "movie", "movie_id", "url"),
    Place(Person, "person", "pk", "homepage"),
    Place(Studio, "studio", "pk", "homepage"),
]


class Link(NamedTuple):
    """One address and the row it stands in."""

    row: int
    record: int
    url: str


def number_of_links() -> int:
    """How many a whole pass asks for."""
    return sum(place.links().count() for place in PLACES)


def check_links(most: int | None = None, pause: float = PAUSE, hear: Callable[[int], Any] = int) -> Counter[str]:
    """Ask for what failed before, then for the next ``most`` links, else for all that are left of this pass.

    Returns how many were fine, failing and gone. ``hear`` is told of every batch. A batch is one transaction with the
    place of the pass: whatever ends a run, the next one goes on behind the last batch. Raises RuntimeError while
    another run is at it: two would ask each host twice as often.
    """
    with one_at_a_time(LINKS):
        return _check(most, pause, hear)


def _check(most: int | None, pause: float, hear: Callable[[int], Any]) -> Counter[str]:
    asker, told = _Asker(pause), Counter[str]()
    for place in PLACES:
        told += _recheck(place, asker)
    state, _ = LinkPass.objects.get_or_create(pk=1)
    names = [place.name for place in PLACES]
    for place in PLACES[names.index(state.table) if state.table in names else 0 :]:
        if state.table != place.name:
            state.table, state.position = place.name, 0
        while most is None or most > 0:
            links = [Link(*row) for row in place.links().filter(pk__gt=state.position)[: min(BATCH, most or BATCH)]]
            if not links:
                break
            state.position = links[-1].row
            told += _settle(place, links, asker.ask(links), state)
            most = None if most is None else most - len(links)
            hear(len(links))
        else:
            return told
        _forget_gone(place)
    LinkPass.objects.filter(pk=1).update(table="", position=0)
    return told


def check_again(keys: Iterable[int]) -> None:
    """Ask for some of the links that were dead."""
    asker = _Asker(PAUSE)
    for place in PLACES:
        mine = DeadLink.objects.filter(pk__in=list(keys), table=place.name)
        rows = place.links().filter(pk__in=mine.values("row"))
        links = [Link(*row) for row in rows]
        _settle(place, links, asker.ask(links))
        mine.exclude(row__in=[link.row for link in links]).delete()


def forget_mended(kind: str, key: int) -> None:
    """After a record was saved: its links that stand there no more are no matter. 1 query where none is dead."""
    for dead in DeadLink.objects.filter(record_kind=kind, record_id=key):
        place = next(place for place in PLACES if place.name == dead.table)
        if not place.links().filter(pk=dead.row, **{place.column: dead.url}).exists():
            dead.delete()


@dataclass(slots=True)
class _Asker:
    """Asks for links, several hosts at a time, each of them one after another with a pause."""

    pause: float
    asked: dict[str, float] = field(default_factory=dict)  # host -> when, by the monotonic clock
    stopped: threading.Event = field(default_factory=threading.Event)

    def ask(self, links: Iterable[Link]) -> dict[int, Finding]:
        """What was found, by row."""
        hosts: dict[str, list[Link]] = defaultdict(list)
        for link in links:
            hosts[_host(link.url)].append(link)
        with ThreadPoolExecutor(HOSTS) as pool:
            try:
                found = list(pool.map(self._ask_host, hosts, hosts.values()))
            except KeyboardInterrupt:
                self.stopped.set()
                raise
        return {row: finding for findings in found for row, finding in findings.items()}

    def _ask_host(self, host: str, links: list[Link]) -> dict[int, Finding]:
        found = {}
        for link in links:
            if self.stopped.wait(max(0.0, self.asked.get(host, 0.0) + self.pause - time.monotonic())):
                break
            found[link.row] = look(link.url)
            self.asked[host] = time.monotonic()
        return found


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _recheck(place: Place, asker: _Asker) -> Counter[str]:
    """What failed and is not dead yet."""
    told = Counter[str]()
    due = DeadLink.objects.filter(table=place.name, is_dead=False, checked_at__lt=timezone.now() - AGAIN)
    keys = list(due.order_by("pk").values_list("row", flat=True))
    for start in range(0, len(keys), BATCH):
        links = [Link(*row) for row in place.links().filter(pk__in=keys[start : start + BATCH])]
        told += _settle(place, links, asker.ask(links))
    return told


@transaction.atomic
def _settle(place: Place, links: list[Link], found: dict[int, Finding], state: LinkPass | None = None) -> Counter[str]:
    """Write what was found, and how far the pass is: 3 queries and 1 for each link that fails."""
    known = {dead.row: dead for dead in DeadLink.objects.filter(table=place.name, row__in=list(found))}
    fine = [link.row for link in links if found[link.row].verdict is Verdict.FINE]
    DeadLink.objects.filter(table=place.name, row__in=fine).delete()
    for link in links:
        finding = found[link.row]
        if finding.verdict is not Verdict.FINE:
            _fail(place, link, finding, known.get(link.row))
    if state:
        state.save()
    return Counter(found[link.row].verdict.value for link in links)


def _fail(place: Place, link: Link, finding: Finding, known: DeadLink | None) -> None:
    dead = known or DeadLink(table=place.name, row=link.row, failures=0)
    if dead.url != link.url:
        dead.failures, dead.failing_since = 0, timezone.now()
    dead.record_kind, dead.record_id, dead.url, dead.reason = place.kind, link.record, link.url, finding.reason
    dead.failures, dead.checked_at = min(dead.failures + 1, 30_000), timezone.now()
    dead.is_dead = finding.verdict is Verdict.GONE or dead.failures >= FAILURES
    dead.save()


def _forget_gone(place: Place) -> None:
    """Rows that went, or lost their address, since they were asked for."""
    DeadLink.objects.filter(table=place.name).exclude(row__in=place.links().order_by().values("pk")).delete()
