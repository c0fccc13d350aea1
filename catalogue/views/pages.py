"""The home page, search, and how the score is made."""

from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalogue import completeness
from catalogue.browse import Selection, browse
from catalogue.cards import Card, cards
from catalogue.charts import CHARTS
from catalogue.compiled import records, rows
from catalogue.http import has_session
from catalogue.models import Collection, CollectionItem, Feature, Movie, SearchKind
from catalogue.quality import MOST_COUNTED, MOST_LISTED, lacking
from catalogue.quality import quality as measure
from catalogue.search import POOL, suggest
from catalogue.search import search as find
from catalogue.unchanged import kept_while_unchanged
from catalogue.views.landings import genres_of, ruled

NEW = 10
TOP = 10
HOME_COLLECTIONS = 3
HOME_MOVIES = 6
SUGGEST_BYTES = 3_072
EDITORS_ALONE = {"poster", "backdrop", "genres", "studios"}  # what the form for suggestions does not ask for
SEARCH_KINDS = {
    "movies": SearchKind.MOVIE,
    "people": SearchKind.PERSON,
    "studios": SearchKind.STUDIO,
    "collections": SearchKind.COLLECTION,
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A feature or else the best rated, what is new, the best rated, genres, decades, collections,
    the latest reviews. 9 queries, 3 more with collections.
    """
    features = Feature.objects.current(timezone.localdate())
    heroes = ((feature, movie) for feature in features for movie in records(_published, feature.movie_id))
    feature, hero = next(heroes, (None, None))
    browsed = browse(Selection(), "added", ("genre", "decade"))
    new, top = browsed.movies.keys(0, NEW), CHARTS["top-rated"].movies().keys(0, TOP)
    shown = {card.pk: card for card in cards([*new, *top])}
    if top and hero is None:
        hero = next(iter(records(_published, top[0])), None)
    context = {
        "feature": feature,
        "hero": hero,
        "new": [shown[key] for key in new if key in shown],
        "top": [shown[key] for key in top if key in shown],
        "genres": genres_of(browsed.counts["genre"]),
        "decades": ruled(browsed.counts["decade"]),
        "collections": _collections(),
    }
    return render(request, "catalogue/home.html", context)


def _published(keys: list[int]) -> QuerySet[Movie]:
    return Movie.objects.published().filter(pk=keys[0]).order_by()


def _collections() -> list[tuple[Collection, list[Card]]]:
    """The collections that editors put on the home page, with the first of their movies: 1 query, or 4."""
    found = records(_on_home, HOME_COLLECTIONS)
    keys: dict[int, list[int]] = {collection.pk: [] for collection in found}
    for collection, movie in rows(_items, list(keys)):
        if len(keys[collection]) < HOME_MOVIES:
            keys[collection].append(movie)
    shown = {card.pk: card for card in cards(list({key for part in keys.values() for key in part}))}
    return [(each, [shown[key] for key in keys[each.pk] if key in shown]) for each in found if keys[each.pk]]


def _on_home(keys: list[int]) -> QuerySet[Collection]:
    on_home = Collection.objects.filter(is_published=True, home_position__isnull=False)
    return on_home.order_by("home_position", "name")[:HOME_COLLECTIONS]


def _items(collections: list[int]) -> QuerySet[Any, Any]:
    items = CollectionItem.objects.filter(collection__in=collections, movie__is_published=True)
    return items.order_by("position", "pk").values_list("collection", "movie")


@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """How complete the catalogue is: no query for visitors as long as the numbers are kept."""
    may_desk = has_session(request) and request.user.is_staff and request.user.has_perm("catalogue.view_movie")
    desk = reverse("admin:catalogue_movie_changelist") if may_desk else ""
    return render(request, "catalogue/quality.html", {"told": measure(), "most": MOST_COUNTED, "desk": desk})


@require_safe
def quality_list(request: HttpRequest, name: str) -> HttpResponse:
    """Movies that lack one thing, for whoever can help: /about/quality/synopsis/. 3 queries."""
    gap = next((gap for gap in completeness.MOVIE if gap.name == name), None)
    if gap is None:
        raise Http404("Nothing is called so.")
    context = {"gap": gap, "movies": lacking(gap), "most": MOST_LISTED, "is_asked": gap.name not in EDITORS_ALONE}
    return render(request, "catalogue/quality_list.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Movies, people, studios and collections by their names: /search/?q=seven+samurai."""
    text = request.GET.get("q", "").strip()
    only = SEARCH_KINDS.get(request.GET.get("kind", ""))
    context = {"text": text[:100], "found": find(text, only=only), "pool": POOL, "only": only}
    return render(request, "catalogue/search.html", context)


@kept_while_unchanged
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
