"""Lists of movies: browse, charts, studios, collections."""

from urllib.parse import parse_qs

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from catalogue.browse import FACETS, SORTS, Ranking, browse
from catalogue.browse.filters import NAMES, Filters, Names
from catalogue.charts import CHARTS
from catalogue.http import page_of
from catalogue.models import Collection, Movie, Studio

PER_PAGE = 30  # full rows of two, three, five and six
CHART_PAGE = 50
CHART_PARTS = ("genre", "decade", "country")


@require_safe
def movie_list(request: HttpRequest) -> HttpResponse:
    """Browse the movies: /movies/?genre=western&decade=1960&sort=title&page=2. 4 queries."""
    names = Names()
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
        "facets": [(facet, NAMES[facet], names.options(facet, browsed.counts[facet])) for facet in FACETS],
    }
    return render(request, "catalogue/movie_list.html", context)


@require_safe
def chart_detail(request: HttpRequest, slug: str, by: str = "", value: str = "") -> HttpResponse:
    """One chart, 50 places a page; of everything, or of a genre, a decade, a country. 3 queries, for a part 4."""
    chart = CHARTS.get(slug)
    if chart is None:
        raise Http404("There is no such chart.")
    part = None
    try:
        names = Names() if by else None
        key = names.value(by, value) if names and by in CHART_PARTS else ""
        part = names.option(by, key) if names and key else None
    except ValueError as error:
        raise Http404(str(error)) from error
    if by and (part is None or part.value != value):
        raise Http404("There is no such part of a chart.")
    page = page_of(request, chart.movies({by: (key,)} if part else {}), CHART_PAGE)
    context = {"chart": chart, "charts": CHARTS.values(), "page": page, "by": by, "part": part}
    return render(request, "catalogue/chart_detail.html", context)


@require_safe
def studio_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A studio's movies, the newest first. 4 queries."""
    studio = get_object_or_404(Studio.objects.select_related("country"), pk=pk)
    if slug != studio.slug:
        return redirect(studio, permanent=True)
    movies = Movie.objects.published().filter(moviestudio__studio=studio).newest_first()
    page = page_of(request, Ranking(list(movies.values_list("pk", flat=True))), PER_PAGE)
    return render(request, "catalogue/studio_detail.html", {"studio": studio, "page": page})


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
