"""Reading reviews."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalogue.http import has_session, page_of
from catalogue.models import Movie
from reviews.models import Review, ReviewState
from reviews.models.review import SORTS

PER_PAGE = 20


@require_safe
def review_list(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """The reviews of a movie: .../reviews/?sort=helpful&rating=8&language=en&spoilers=without&page=2."""
    movie = get_object_or_404(Movie.objects.published().for_cards(), pk=pk)
    if slug != movie.slug:
        return redirect("reviews:review_list", pk, movie.slug, permanent=True)
    asked = _asked(request)
    reviews = movie.reviews.published().with_words()
    if rating := asked["rating"]:
        reviews = reviews.filter(rating=rating)
    if language := asked["language"]:
        reviews = reviews.filter(language=language)
    if asked["spoilers"]:
        reviews = reviews.filter(has_spoilers=False).exclude(text__contains=">!")
    page = page_of(request, reviews.for_lists(asked["sort"] or "helpful"), PER_PAGE)
    scores, languages = _choices(movie)
    context = {
        "movie": movie, "page": page, "asked": asked, "sorts": SORTS, "scores": scores, "languages": languages
    }  # fmt: skip
    return render(request, "reviews/review_list.html", context)


def _choices(movie: Movie) -> tuple[list[int], dict[str, str]]:
    """The ratings, best first, and the languages (name of key, by name) of a movie's reviews: each finds one. 1 query.

    Ratings without words are no reviews to read, so the histogram, which counts them, does not say it.
    """
    reviews = movie.reviews.published().with_words().order_by("language__name")
    found = list(reviews.values_list("rating", "language", "language__name").distinct())
    return sorted({rating for rating, _, _ in found}, reverse=True), {key: name for _, key, name in found}


def _asked(request: HttpRequest) -> dict[str, str]:
    """What of the query is understood, and differs from what is shown anyway; the rest asks for nothing."""
    sort, rating = request.GET.get("sort", ""), request.GET.get("rating", "")
    language = request.GET.get("language", "")
    return {
        "sort": sort if sort in SORTS and sort != "helpful" else "",
        "rating": rating if rating in {str(score) for score in range(1, 11)} else "",
        "language": language if language.isascii() and language.isalpha() and len(language) <= 3 else "",
        "spoilers": "without" if request.GET.get("spoilers") == "without" else "",
    }


def visible_review(request: HttpRequest, pk: int) -> Review:
    """A review this reader may see: everybody a published one, its author and moderators any. Raises Http404."""
    review = get_object_or_404(Review.objects.select_related("author", "movie"), pk=pk)
    if review.state == ReviewState.PUBLISHED and review.movie.is_published:
        return review
    if has_session(request) and request.user.is_authenticated and may_know(request, review):
        return review
    raise Http404("There is no such review.")


def may_know(request: HttpRequest, review: Review) -> bool:
    """Whether this reader is its author or a moderator."""
    return review.author_id == request.user.pk or request.user.has_perm("reviews.moderate_review")


@require_safe
def review_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One review, at an address that stays."""
    review = visible_review(request, pk)
    is_known = has_session(request) and request.user.is_authenticated and may_know(request, review)
    context = {"review": review, "movie": review.movie, "is_known": is_known}
    return render(request, "reviews/review_detail.html", context)


@never_cache
@require_safe
def review_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What a review said before, for its author and for moderators."""
    review = visible_review(request, pk)
    if not (request.user.is_authenticated and may_know(request, review)):
        raise Http404("There is no such page.")
    context = {"review": review, "movie": review.movie, "revisions": list(review.revisions.all())}
    return render(request, "reviews/review_history.html", context)
