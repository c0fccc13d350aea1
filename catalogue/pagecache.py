"""Pages of movies kept for visitors, as compressed bytes under the version of everything they show.

One cheap query finds the version: the movie's, those of the movies beside it, and the epoch of what stands on many
pages. Every write raises one of them in its own transaction, so a page that is found is never stale; nothing is ever
purged. Signed-in readers, drafts and movies whose early ratings still wait are rendered each time.
"""

import gzip
import hashlib
import re
from collections.abc import Callable
from functools import cache as once
from functools import partial, wraps
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from catalogue.compiled import rows
from catalogue.http import has_session
from catalogue.models import Epoch, Movie, RelatedMovie

View = Callable[[HttpRequest, int, str], HttpResponse]
_REFUSED = re.compile(r"\s*q\s*=\s*0(\.0*)?\s*", re.ASCII)  # a coding with the weight 0
SECONDS = 3600  # only so that what nobody asks for makes room
# A page is made for one reader of many: a higher quality takes as long as half its making, and saves a twentieth.
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=4),
    "gzip": partial(gzip.compress, compresslevel=4),
    "": bytes,
}
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
        key = hashlib.sha256(f"{_build()}|{address}|{version}".encode()).hexdigest()[:40]
        etag = f'W/"{key}"'
        if (unchanged := get_conditional_response(request, etag=etag)) is not None:
            return unchanged
        coding = _coding(request.headers.get("Accept-Encoding", ""))
        body = caches["pages"].get(f"{key}{coding}")
        if body is None:
            response = view(request, pk, slug)
            if response.status_code != 200 or response.cookies:
                return response
            body = COMPRESS[coding](response.content)
            caches["pages"].set(f"{key}{coding}", body, SECONDS)
        return _answer(body, coding, etag)

    return kept_view


def _is_plain(request: HttpRequest) -> bool:
    return not (settings.DEBUG or has_session(request) or request.META.get("QUERY_STRING"))


def _coding(accepted: str) -> str:
    """The best of our codings that the reader's browser takes."""
    asked = (part.partition(";") for part in accepted.lower().split(","))
    names = {name.strip() for name, _, weight in asked if not _REFUSED.fullmatch(weight)}
    return next((coding for coding in ("br", "gzip") if coding in names), "")


def _answer(body: bytes, coding: str, etag: str) -> HttpResponse:
    response = HttpResponse(body)
    if coding:
        response.headers["Content-Encoding"] = coding
    response.headers["ETag"] = etag
    patch_vary_headers(response, ["Accept-Encoding"])  # no page of ours varies by cookie
    return response


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
