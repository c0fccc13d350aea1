from collections.abc import Iterator

from catalogue.browse import Selection, browse
from catalogue.doctor.findings import Finding, Options, check
from catalogue.models import Movie, SearchDocument, SearchKind
from catalogue.search import search

SAMPLE = 5


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
