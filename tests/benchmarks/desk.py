"""How long the pages of the desk take in a large catalogue.

    python -m tests.benchmarks.desk [--movies 1000000] [--database sqlite postgres]

Every list of the admin, first page, searched, and of movies and people what lacks something; the form of a record of each; the movie form with
two hundred credits, opened and saved; the suggestions of its fields; history, merging and the queues. Prints queries, p50
and p95 of each in milliseconds, in process, without the network. Uses the catalogues of tests/benchmarks/prepared.py.
"""

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.benchmarks.prepared import prepared
from tests.benchmarks.server import environment
from tests.databases import postgresql

ROUNDS = 15
CREDITS = 200
ALLOWED = 200.0  # milliseconds


def measure() -> None:
    """Run inside Django."""
    from django.contrib import admin
    from django.test import Client
    from django.urls import reverse

    import catalogue.wsgi  # noqa: F401 -- as a worker has loaded it
    from reviews.models import Member

    editor, _ = Member.objects.get_or_create(username="desk", defaults={"is_staff": True, "is_superuser": True})
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(editor)
    movie = crowded()
    for label, path in {
        "the first page": reverse("admin:index"),
        "movie form, 200 credits": reverse("admin:catalogue_movie_change", args=[movie.pk]),
        "people suggested": reverse("admin:catalogue_movie_people") + "?q=joh",
        "recent changes": reverse("admin:catalogue_edit_changelist"),
        "history of a movie": reverse("admin:catalogue_edit_record", args=["movie", movie.pk]),
        "a movie as it was on a date": reverse("admin:catalogue_edit_past", args=["movie", movie.pk])
        + "?date=2026-11-01",
        "two movies side by side": reverse("admin:catalogue_edit_merge", args=["movie"])
        + f"?winner={movie.pk}&loser=1",
        "a person to split": reverse("admin:catalogue_edit_split", args=[busiest()]),
        "reviews to look at": reverse("admin:reviews_review_queue"),
    }.items():
        timed(label, lambda _, path=path: client.get(path))  # type: ignore[misc]
    form = reverse("admin:catalogue_movie_change", args=[movie.pk])
    saved = iter(range(10**6))
    timed(
        "movie form, 200 credits, saved",
        lambda sent: client.post(form, sent),
        status=302,
        allowed=500.0,
        prepare=lambda: filled(client, form, tagline=f"Saved at {time.time()}, {next(saved)}"),
    )
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for label, path in lists(model, name).items():
            timed(label, lambda _, path=path: client.get(path))  # type: ignore[misc]
        first = model._default_manager.first()
        if first is not None:
            path = reverse(f"{name}_change", args=[first.pk])
            timed(f"{name[6:]} form", lambda _, path=path: client.get(path))  # type: ignore[misc]


def busiest() -> int:
    """A person with credits."""
    from catalogue.models import Credit

    person: int = Credit.objects.filter(person__isnull=False).order_by("pk").values_list("person", flat=True)[0]
    return person


def crowded() -> Any:
    """A movie with so many credits."""
    from catalogue.models import Credit, Movie, Person

    movie = Movie.objects.get_or_create(title="The crowd", defaults={"is_published": True})[0]
    have = movie.credits.count()
    people = Person.objects.order_by("pk")[have:CREDITS]
    Credit.objects.bulk_create(
        Credit(movie=movie, person=person, billing_order=have + place, character=f"Part {have + place}")
        for place, person in enumerate(people)
    )
    return movie


def lists(model: Any, name: str) -> dict[str, str]:
    """The list of a model's records in the admin: as it comes, searched, filtered."""
    from django.contrib import admin
    from django.urls import reverse

    path, options = reverse(f"{name}_changelist"), admin.site._registry[model]
    found = {f"{name[6:]} list": path}
    if options.search_fields:
        found[f"{name[6:]} list, searched"] = f"{path}?q=love"
    if name.endswith(("_movie", "_person")):
        found[f"{name[6:]} list, what lacks something"] = f"{path}?lacks=any"
        found[f"{name[6:]} list, page 50"] = f"{path}?p=49"
    if name.endswith("_movie"):
        found[f"{name[6:]} list, of a genre"] = f"{path}?genre=1"
        found[f"{name[6:]} list, of a genre, without a poster"] = f"{path}?genre=1&lacks=poster"
    return found


def filled(client: Any, path: str, **changes: str) -> dict[str, str]:
    """What a browser would send of the form at this address, with changes."""
    page = client.get(path).content.decode()
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        is_box = 'type="checkbox"' in tag or 'type="radio"' in tag
        if name and 'type="submit"' not in tag and (not is_box or "checked" in tag):
            import html

            sent[name[1]] = html.unescape(value[1]) if value else ("on" if is_box else "")
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        sent[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        sent[name] = body.strip()
    return {**{key: value for key, value in sent.items() if "__prefix__" not in key}, **changes}


def timed(
    name: str,
    ask: Callable[[Any], Any],
    status: int = 200,
    allowed: float = ALLOWED,
    prepare: Callable[[], Any] = lambda: None,
) -> None:
    """Print how long a request takes, and a mark where that is too long. What ``prepare`` makes is not timed."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    given = prepare()
    with CaptureQueriesContext(connection) as queries:
        ask(given)
    asked = len(queries)
    times = []
    for _ in range(ROUNDS):
        given = prepare()
        start = time.perf_counter()
        response = ask(given)
        times.append((time.perf_counter() - start) * 1000)
        if response.status_code != status:
            print(f"  {name:<48} answered {response.status_code}", flush=True)
            return
    times.sort()
    high = times[int(len(times) * 0.95)]
    mark = "  <-- slow" if high > allowed else ""
    print(
        f"  {name:<48}{asked:5} queries   p50 {times[len(times) // 2]:8.1f}   p95 {high:8.1f} ms{mark}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--movies", type=int, nargs="+", default=[100_000])
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    options = parser.parse_args()
    code = "import django; django.setup(); from tests.benchmarks import desk; desk.measure()"
    with postgresql() as server:
        for number in options.movies:
            for kind in options.database:
                url = prepared(kind, server, number)
                print(f"\n{kind}, {number:,} movies", flush=True)
                variables = {**environment(url), "DJANGO_SETTINGS_MODULE": "catalogue.settings"}
                subprocess.run([sys.executable, "-c", code], env=variables, check=True)


if __name__ == "__main__":
    main()
