from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from catalogue import images
from catalogue.browse import Selection, browse
from catalogue.doctor.findings import Finding, Options, check
from catalogue.models import Image, Movie, SearchDocument, SearchKind
from catalogue.search import search

SAMPLE = 5
LATE = timedelta(minutes=15)
PICTURES = 100  # looked for; digests are in no order, so the first of them are any


@check
def search_finds_what_is_there(options: Options) -> Iterator[Finding]:
    """Search."""
    remedy = "Run: manage.py rebuild_search"
    movies = Movie.objects.published()
    there, known = movies.count(), SearchDocument.objects.filter(kind=SearchKind.MOVIE)
    missing = movies.exclude(pk__in=known.values("object_id")).count()
    if missing:
        yield Finding(f"Search does not know {missing} of {there} movies.", remedy)
    for movie in movies.order_by("-popularity", "pk")[:SAMPLE]:
        if not search(movie.title).counts[SearchKind.MOVIE]:
            yield Finding(f"Search does not find movie {movie.pk} by its own title.", remedy)
            return


@check
def browsing_counts_what_is_there(options: Options) -> Iterator[Finding]:
    """Browsing."""
    there, counted = Movie.objects.published().count(), len(browse(Selection()).movies)
    if there != counted:
        yield Finding(f"{there} movies are published, and browsing shows {counted}.", "Run: manage.py rebuild_browse")


@check
def drafts_are_published_at_their_time(options: Options) -> Iterator[Finding]:
    """Drafts with a time."""
    due = Movie.objects.filter(is_published=False, publish_at__lt=timezone.now() - LATE).count()
    if due:
        remedy = "Run manage.py publish_due every few minutes (a cron job), or start a worker (TASK_WORKER)."
        yield Finding(f"{due} drafts should be visible since their time.", remedy)


@check
def pictures_are_there(options: Options) -> Iterator[Finding]:
    """Pictures of the catalogue against the storage."""
    looked_for = Image.objects.order_by("digest").values_list("kind", "digest")[:PICTURES]
    try:
        gone = [
            path
            for kind, digest in looked_for
            for _, path in images.renditions(kind, digest)
            if not default_storage.exists(path)
        ]
    except OSError:
        return  # the storage itself is judged by itself
    if gone:
        yield Finding(
            f"Of {len(looked_for)} pictures looked for, {len(gone)} files are not in the storage, such as {gone[0]}.",
            "If another size is there run manage.py make_renditions; else copy the pictures back, or restore a backup.",
        )
