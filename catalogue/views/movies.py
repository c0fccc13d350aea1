"""A movie and its credits."""

from collections import defaultdict
from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from catalogue.facts import facts_of
from catalogue.http import has_session
from catalogue.models import Credit, Movie
from catalogue.related import related_movies
from catalogue.vocabulary import Department

TOP_BILLED = 12
MOST_CREW = 60  # people of the crew on the movie page; all of them are on movie_credits
MOST_CREDITS = 3_000


def _movie(request: HttpRequest, pk: int) -> Movie:
    """The movie with this key; drafts only for those who may edit them."""
    movie = Movie.objects.select_related("poster", "backdrop", "original_language").filter(pk=pk).first()
    if movie is None or not (movie.is_published or sees_drafts(request)):
        raise Http404("There is no such movie.")
    return movie


def sees_drafts(request: HttpRequest) -> bool:
    """Whether the reader is an editor. Visitors cost no query."""
    return has_session(request) and request.user.has_perm("catalogue.change_movie")


def by_job(crew: Iterable[Credit]) -> dict[str, dict[str, list[Credit]]]:
    """Crew as it is printed: department -> job -> people, departments in the vocabulary's order."""
    found: dict[str, dict[str, list[Credit]]] = defaultdict(lambda: defaultdict(list))
    for credit in crew:
        found[credit.department][credit.job].append(credit)
    return {department.label: dict(found[department]) for department in Department if department in found}


@require_safe
def movie_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One movie: synopsis, facts, top-billed cast, crew, related movies, newest reviews. 7 queries for visitors."""
    movie = _movie(request, pk)
    if slug != movie.slug:
        return redirect(movie, permanent=True)
    context = {
        "movie": movie,
        "facts": facts_of(movie.pk),
        "cast": list(movie.credits.cast()[:TOP_BILLED]),
        "crew": by_job(movie.credits.crew()[:MOST_CREW]),
        "related": related_movies(movie),
    }
    return render(request, "catalogue/movie_detail.html", context)


@require_safe
def movie_credits(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Full cast and crew. 3 queries for visitors."""
    movie = _movie(request, pk)
    if slug != movie.slug:
        return redirect("movie_credits", pk, movie.slug, permanent=True)
    context = {
        "movie": movie,
        "cast": list(movie.credits.cast()[:MOST_CREDITS]),
        "crew": by_job(movie.credits.crew()[:MOST_CREDITS]),
    }
    return render(request, "catalogue/movie_credits.html", context)
