"""The front pages of a genre, a decade, a country, a studio: how much there is of it, its charts, where it leads."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe
from pyroaring import BitMap

from catalogue.browse import Selection, browse
from catalogue.browse.filters import Names, Option
from catalogue.cards import cards
from catalogue.charts import CHARTS
from catalogue.compiled import records
from catalogue.http import page_of
from catalogue.models import Genre, MovieStudio, Studio

PER_PAGE = 30  # full rows of two, three, five and six
TOP = 10
NEW = 6  # a row
MOST_OPTIONS = 12


def landing(facet: str, option: Option, selection: Selection, names: Names, *, new: int = NEW) -> dict[str, Any]:
    """What all four read: number of movies, the best rated, the newest, decades, genres and countries: 6 queries."""
    browsed = browse(selection, "newest", ("genre", "decade", "country"))
    counts = browsed.counts
    # Those it goes together with.
    others = {key: number for key, number in counts["genre"].items() if key not in selection.values.get("genre", ())}
    top = CHARTS["top-rated"].movies(selection)
    keys = top.keys(0, TOP)
    newest = [key for key in browsed.movies.keys(0, new + TOP) if key not in keys][:new]
    return {
        "facet": facet,
        "part": option,
        "total": len(browsed.movies),
        "charts": CHARTS.values(),
        "top": top[:TOP],
        "new": cards(newest),
        "decades": [] if facet == "decade" else ruled(counts["decade"]),
        "genres": most(names.options("genre", others)),
        "countries": [] if facet == "country" else most(names.options("country", counts["country"])),
    }


def landing_of(facet: str, value: str, names: Names) -> dict[str, Any]:
    """The landing page of a facet's value."""
    return landing(facet, names.option(facet, value), Selection({facet: (value,)}), names)


def ruled(counts: dict[str, int]) -> list[tuple[int, int]]:
    """Decades as the ruler draws them: first year, number of movies."""
    return sorted((int(first), number) for first, number in counts.items())


def most(options: list[Option]) -> list[Option]:
    """Those with the most movies, by name."""
    chosen = sorted(options, key=lambda option: -option.count)[:MOST_OPTIONS]
    return [option for option in options if option in chosen]


@require_safe
def genre_list(request: HttpRequest) -> HttpResponse:
    """All genres, decades and countries with the number of their movies. 3 queries."""
    counts = browse(Selection(), facets=("genre", "decade", "country")).counts
    names = Names.current()
    context = {
        "genres": genres_of(counts["genre"]),
        "decades": ruled(counts["decade"]),
        "countries": names.options("country", counts["country"]),
    }
    return render(request, "catalogue/genre_list.html", context)


def genres_of(counts: dict[str, int]) -> list[tuple[Genre, int]]:
    """The genres that have movies, by name, with their numbers: 1 query."""
    return [(genre, counts[str(genre.pk)]) for genre in records(_genres, 1) if str(genre.pk) in counts]


def _genres(keys: list[int]) -> QuerySet[Genre]:
    return Genre.objects.all()


@require_safe
def genre_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A genre. 7 queries."""
    genre = get_object_or_404(Genre, slug=slug)
    context = {"genre": genre, **landing_of("genre", str(genre.pk), Names.current())}
    return render(request, "catalogue/genre_detail.html", context)


@require_safe
def decade_detail(request: HttpRequest, decade: int) -> HttpResponse:
    """Ten years. 6 queries."""
    if decade % 10 or not 1870 <= decade <= 2090:
        raise Http404("There is no such decade.")
    return render(request, "catalogue/decade_detail.html", landing_of("decade", str(decade), Names.current()))


@require_safe
def studio_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A studio, all its movies by page. 8 queries."""
    studio = get_object_or_404(Studio.objects.select_related("country"), pk=pk)
    if slug != studio.slug:
        return redirect(studio, permanent=True)
    selection = Selection(among=studio_movies(pk))
    page = page_of(request, browse(selection, "newest").movies, PER_PAGE)
    of_all = landing(
        "studio", Option(str(pk), str(studio)), selection, Names.current(), new=0
    )  # its list begins with them
    context = {"studio": studio, "page": page, **of_all, "top": of_all["top"] if page.number == 1 else []}
    return render(request, "catalogue/studio_detail.html", context)


def studio_movies(pk: int) -> BitMap:
    """The keys of a studio's movies: 1 query."""
    return BitMap(MovieStudio.objects.filter(studio=pk).order_by().values_list("movie", flat=True))


@require_safe
def country_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A country of production. 6 queries."""
    if code != code.lower():
        return redirect("country_detail", code.lower(), permanent=True)
    names = Names.current()
    try:
        value = names.value("country", code)
    except ValueError as error:
        raise Http404(str(error)) from error
    return render(request, "catalogue/country_detail.html", landing_of("country", value, names))
