"""Lists of movies: browse, charts, collections."""

from urllib.parse import parse_qs

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from catalogue.browse import FACETS, SORTS, Ranking, Selection, browse
from catalogue.browse.filters import Filters, Names, Option
from catalogue.charts import CHARTS, EVERYTHING
from catalogue.http import page_of
from catalogue.models import Collection, Studio
from catalogue.views.landings import PER_PAGE, studio_movies

CHART_PAGE = 50
CHART_PARTS = ("genre", "decade", "country")


@require_safe
def movie_list(request: HttpRequest) -> HttpResponse:
    """Browse the movies: /movies/?genre=western&decade=1960&sort=title&page=2. 4 queries."""
    names = Names.current()
    try:
        filters = Filters.parse(dict(request.GET.lists()), names)
    except ValueError as error:
        raise Http404(str(error)) from error
    browsed = browse(filters.selection, filters.sort, FACETS)
    page = page_of(request, browsed.movies, PER_PAGE)
    asked = {name: values for name, values in request.GET.lists() if name in {*FACETS, "sort", "view", "page"}}
    canonical = urlencode(filters.canonical | ({"page": page.number} if page.number > 1 else {}), doseq=True)
    if asked != parse_qs(canonical):
        return HttpResponseRedirect(f"{request.path}?{canonical}" if canonical else request.path)
    context = {
        "page": page,
        "filters": filters,
        "parameters": filters.canonical,
        "sorts": SORTS.values(),
        "names": names,
        "counts": browsed.counts,
    }
    return render(request, "catalogue/movie_list.html", context)


@require_safe
def chart_detail(request: HttpRequest, slug: str, by: str = "", value: str = "") -> HttpResponse:
    """One chart, 50 places a page; of all, a genre, a decade, a country, a studio. 3 queries, of a part 4 or 5."""
    chart = CHARTS.get(slug)
    if chart is None:
        raise Http404("There is no such chart.")
    part, selection = _part(by, value) if by else (None, EVERYTHING)
    page = page_of(request, chart.movies(selection), CHART_PAGE)
    context = {"chart": chart, "charts": CHARTS.values(), "page": page, "by": by, "part": part}
    return render(request, "catalogue/chart_detail.html", context)


def _part(by: str, value: str) -> tuple[Option, Selection]:
    """What a chart is of: 1 query, for a studio 2. Raises Http404."""
    if by == "studio" and value.isascii() and value.isdigit() and len(value) < 18:
        studio = get_object_or_404(Studio, pk=value)
        return Option(str(studio.pk), str(studio)), Selection(among=studio_movies(studio.pk))
    if by not in CHART_PARTS:
        raise Http404("There are no charts of that.")
    names = Names.current()
    try:
        key = names.value(by, value)
    except ValueError as error:
        raise Http404(str(error)) from error
    part = names.option(by, key)
    if part.value != value:
        raise Http404("That is not how its address is written.")
    return part, Selection({by: (key,)})


@require_safe
def collection_list(request: HttpRequest) -> HttpResponse:
    """The collections by name, with the number of their movies. 2 queries."""
    shown = Count("items", filter=Q(items__movie__is_published=True))
    collections = Collection.objects.filter(is_published=True).annotate(number=shown).order_by("name")
    return render(request, "catalogue/collection_list.html", {"page": page_of(request, collections, PER_PAGE)})


@require_safe
def collection_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A collection's movies in their order. 4 queries."""
    collection = get_object_or_404(Collection, pk=pk, is_published=True)
    if slug != collection.slug:
        return redirect(collection, permanent=True)
    items = collection.items.filter(movie__is_published=True).order_by("position", "pk")
    notes = dict(items.values_list("movie", "note"))
    page = page_of(request, Ranking(list(notes)), PER_PAGE)
    return render(request, "catalogue/collection_detail.html", {"collection": collection, "page": page, "notes": notes})
