"""Pages of movies kept for visitors, as compressed bytes under the version of everything they show.

One cheap query finds the version: the movie's, those of the movies beside it, and the epoch of what stands on many
pages. Every write raises one of them in its own transaction, so a page that is found is never stale; nothing is ever
purged. Signed-in readers, drafts and movies whose early ratings still wait are rendered each time.
"""

import hashlib
from collections.abc import Callable
from functools import cache as once
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from catalogue.compiled import rows
from catalogue.compression import COMPRESS, coded, coding_of
from catalogue.http import has_session, theme_of
from catalogue.models import Epoch, Movie, RelatedMovie

View = Callable[[HttpRequest, int, str], HttpResponse]
SECONDS = 3600  # only so that what nobody asks for makes room
# Settings that pages print or follow.
PRINTED = (
    "SITE_NAME", "SITE_TAGLINE", "DEMO", "GUEST_REVIEWS", "MEDIA_URL", "STATIC_URL", "RATING_PRIOR_MEAN",
    "RATING_PRIOR_COUNT", "NEW_ACCOUNT_DAYS", "BURST_RATINGS", "BURST_HOURS",
)  # fmt: skip


def kept(view: View) -> View:
    """Keep what ``view`` answers visitors, and answer 304 without rendering: 1 query."""

    @wraps(view)
    def kept_view(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
        version = _version(pk, slug) if _is_plain(request) else ""
        if not version:
            return view(request, pk, slug)
        address = f"{request.scheme}://{request.get_host()}{request.path}"
        key = hashlib.sha256(f"{_build()}|{address}|{theme_of(request)}|{version}".encode()).hexdigest()[:40]
        etag = f'W/"{key}"'
        if (unchanged := get_conditional_response(request, etag=etag)) is not None:
            return unchanged
        coding = coding_of(request)
        body = caches["pages"].get(f"{key}{coding}")
        if body is None:
            response = view(request, pk, slug)
            if response.status_code != 200 or response.cookies:
                return response
            body = COMPRESS[coding](response.content)
            caches["pages"].set(f"{key}{coding}", body, SECONDS)
        return coded(HttpResponse(body, headers={"ETag": etag}), coding)

    return kept_view


def _is_plain(request: HttpRequest) -> bool:
    return not (settings.DEBUG or has_session(request) or request.META.get("QUERY_STRING"))


def _version(pk: int, slug: str) -> str:
    """What the page of this movie is a version of; "" for one that is not kept."""
    found = rows(_versions, [pk])
    if not found or found[0][0] != slug or not found[0][1]:
        return ""
    _, _, related_at, *numbers = found[0]
    return "" if related_at is None else ".".join(map(str, numbers))


def _versions(movies: list[int]) -> QuerySet[Any, Any]:
    beside = RelatedMovie.objects.filter(movie=OuterRef("pk")).order_by().values("movie")
    return Movie.objects.published().filter(pk=movies[0]).order_by().values_list(
        "slug", "counts_ratings", "related_at", "version",
        Subquery(beside.annotate(of_all=Sum("other__version")).values("of_all")),
        Subquery(beside.annotate(all=Count("pk")).values("all")),
        Subquery(Epoch.objects.values("number")[:1]),
    )  # fmt: skip


@once
def _build() -> str:
    """What makes pages differ from those of another release or another configuration of the site."""
    digest = hashlib.sha256()
    for file in sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html")):
        digest.update(file.read_bytes())
    digest.update(repr([str(getattr(settings, name)) for name in PRINTED]).encode())
    digest.update(str(getattr(staticfiles_storage, "manifest_hash", "")).encode())
    return digest.hexdigest()
