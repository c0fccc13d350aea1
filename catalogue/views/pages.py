"""The home page, search, and how the score is made."""

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalogue.browse import Selection, browse
from catalogue.charts import CHARTS
from catalogue.models import Feature, Movie, SearchKind
from catalogue.search import POOL, suggest
from catalogue.search import search as find
from catalogue.views.landings import genres_of, ruled

NEW = 10
TOP = 10
SUGGEST_BYTES = 3_072
SEARCH_KINDS = {
    "movies": SearchKind.MOVIE,
    "people": SearchKind.PERSON,
    "studios": SearchKind.STUDIO,
    "collections": SearchKind.COLLECTION,
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A feature or else the best rated, what is new, the best rated, genres, decades, the latest reviews. 9 queries."""
    features = Feature.objects.current(timezone.localdate()).prefetch_related("movie")
    feature = next((feature for feature in features if feature.movie.is_published), None)
    browsed = browse(Selection(), "added", ("genre", "decade"))
    top = CHARTS["top-rated"].movies()[:TOP]
    best = Movie.objects.filter(pk=top[0].pk).first() if top and not feature else None
    context = {
        "feature": feature,
        "hero": feature.movie if feature else best,
        "new": browsed.movies[:NEW],
        "top": top,
        "genres": genres_of(browsed.counts["genre"]),
        "decades": ruled(browsed.counts["decade"]),
    }
    return render(request, "catalogue/home.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Movies, people, studios and collections by their names: /search/?q=seven+samurai."""
    text = request.GET.get("q", "").strip()
    only = SEARCH_KINDS.get(request.GET.get("kind", ""))
    context = {"text": text[:100], "found": find(text, only=only), "pool": POOL, "only": only}
    return render(request, "catalogue/search.html", context)


@require_safe
def search_suggest(request: HttpRequest) -> HttpResponse:
    """What is being typed may become this: the options of a list box, at most 3 KB. /search/suggest/?q=sev"""
    text = request.GET.get("q", "").strip()
    found = suggest(text)
    response = render(request, "catalogue/search_suggest.html", {"text": text[:100], "found": found})
    while len(response.content) > SUGGEST_BYTES:  # of very long titles
        (found.people or found.movies).pop()
        response = render(request, "catalogue/search_suggest.html", {"text": text[:100], "found": found})
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def rating(request: HttpRequest) -> HttpResponse:
    """How the score is made, with the numbers of this site."""
    rated = Q(rating_count__gt=0)
    totals = Movie.objects.published().aggregate(
        movies=Count("pk", filter=rated), votes=Sum("rating_count", default=0), points=Sum("rating_sum", default=0)
    )
    example = next(iter(CHARTS["top-rated"].movies()[:1]), None)
    context = {
        "totals": totals,
        "mean": totals["points"] / totals["votes"] if totals["votes"] else None,
        "prior_mean": settings.RATING_PRIOR_MEAN,
        "prior_count": settings.RATING_PRIOR_COUNT,
        "minimum": settings.RATING_CHART_MINIMUM,
        "example": example,
        "new_account_days": settings.NEW_ACCOUNT_DAYS,
        "burst_ratings": settings.BURST_RATINGS,
        "burst_hours": settings.BURST_HOURS,
    }
    return render(request, "catalogue/rating.html", context)
