"""A movie and its credits."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalogue.compiled import records
from catalogue.credits import Line, all_credits
from catalogue.facts import facts_of
from catalogue.http import has_session
from catalogue.models import Movie
from catalogue.pagecache import kept
from catalogue.previews import movie_of
from catalogue.related import refresh_related
from catalogue.vocabulary import Department


def _movie(request: HttpRequest, pk: int) -> Movie:
    """The movie with this key; drafts only for those who may edit them."""
    movie = next(iter(records(_whole, pk)), None)
    if movie is None or not (movie.is_published or sees_drafts(request)):
        raise Http404("There is no such movie.")
    return movie


def _whole(movies: list[int]) -> QuerySet[Movie]:
    whole = Movie.objects.filter(pk=movies[0]).order_by().defer("provenance", "locked_fields")
    return whole.select_related("poster", "backdrop", "original_language")


def sees_drafts(request: HttpRequest) -> bool:
    """Whether the reader is an editor. Visitors cost no query."""
    return has_session(request) and request.user.has_perm("catalogue.change_movie")


def by_job(crew: Iterable[Line]) -> dict[str, dict[str, list[Line]]]:
    """Crew as it is printed: department -> job -> people, departments in the vocabulary's order."""
    found: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for credit in crew:
        found[credit.department][credit.job].append(credit)
    return {department.label: dict(found[department]) for department in Department if department in found}


@require_safe
@kept
def movie_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One movie: synopsis, facts, top-billed cast, crew, related movies, newest reviews.

    4 queries for visitors; the first of them computes the related movies before.
    """
    movie = _movie(request, pk)
    if slug != movie.slug:
        return redirect(movie, permanent=True)
    return render(request, "catalogue/movie_detail.html", _shown(movie))


@require_safe
def movie_preview(request: HttpRequest, token: str) -> HttpResponse:
    """A draft, for whoever has its link: as movie_detail; 404 once the link is too old."""
    movie = _draft(token)
    if movie.is_published:
        return redirect(movie)
    credits_url = reverse("movie_preview_credits", args=[token])
    context = {**_shown(movie), "days": settings.PREVIEW_DAYS, "credits_url": credits_url}
    return _unlisted(render(request, "catalogue/movie_preview.html", context))


@require_safe
def movie_preview_credits(request: HttpRequest, token: str) -> HttpResponse:
    """Full cast and crew of a draft, for whoever has its link: as movie_credits."""
    movie = _draft(token)
    if movie.is_published:
        return redirect("movie_credits", movie.pk, movie.slug)
    context = _all_credits(movie, reverse("movie_preview", args=[token]))
    return _unlisted(render(request, "catalogue/movie_preview_credits.html", context))


def _draft(token: str) -> Movie:
    movie = next(iter(records(_whole, movie_of(token) or 0)), None)
    if movie is None:
        raise Http404("This link has expired.")
    return movie


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"], response["Cache-Control"] = "noindex", "private, no-store"
    return response


def _shown(movie: Movie) -> dict[str, Any]:
    """What a movie's page reads: 2 queries; where the related movies are due they are computed before."""
    if movie.related_at is None:
        refresh_related([movie.pk])
    facts = facts_of(movie.pk)
    return {
        "movie": movie,
        "facts": facts,
        "cast": facts.cast,
        "crew": by_job(facts.crew),
        "related": facts.related,
        "credits_url": reverse("movie_credits", args=[movie.pk, movie.slug]),
    }


@require_safe
def movie_credits(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Full cast and crew. 3 queries for visitors."""
    movie = _movie(request, pk)
    if slug != movie.slug:
        return redirect("movie_credits", pk, movie.slug, permanent=True)
    return render(request, "catalogue/movie_credits.html", _all_credits(movie, movie.get_absolute_url()))


def _all_credits(movie: Movie, back: str) -> dict[str, Any]:
    cast, crew = all_credits(movie.pk)
    return {"movie": movie, "cast": cast, "crew": by_job(crew), "back": back}
