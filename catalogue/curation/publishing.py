"""Drafts that become visible at their time."""

from django.db import transaction
from django.utils import timezone

from catalogue.curation.derive import refresh_movies, refresh_people
from catalogue.curation.history import recording
from catalogue.models import Credit, Movie
from catalogue.vocabulary import EditKind

BATCH = 200


def publish_due() -> int:
    """Publish what is due, so that pages, lists and search show it; return how many. Each is published once."""
    total = 0
    while done := _publish_some():
        total += done
    return total


@transaction.atomic
def _publish_some() -> int:
    due = Movie.objects.filter(is_published=False, publish_at__lte=timezone.now()).order_by("pk")
    keys = list(due.select_for_update(no_key=True).values_list("pk", flat=True)[:BATCH])
    if not keys:
        return 0
    with recording(EditKind.BULK, None, "Published at its time") as edit:
        edit.watch("movie", keys)
        Movie.objects.filter(pk__in=keys).update(is_published=True, publish_at=None)
    people = Credit.objects.filter(movie__in=keys, person__isnull=False).order_by().values_list("person", flat=True)
    refresh_people(set(people))
    refresh_movies(keys)
    return len(keys)
