"""Lists of movies: browse, charts, genres, studios, collections."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from catalogue.browse import SORTS, browse, decade_counts, genre_counts
from catalogue.charts import CHARTS, LENGTH
from catalogue.forms import BrowseForm
from catalogue.http import page_of
from catalogue.models import Collection, Genre, Movie, Studio

PER_PAGE = 30  # full rows of two, three, five and six
CHART_PAGE = 50


@require_safe
def movie_list(request: HttpRequest) -> HttpResponse:
    """Browse the movies: /movies/?genre=western&decade=1960&sort=title&page=2. 5 queries."""
    form = BrowseForm(request.GET)
    if not form.is_valid():
        raise Http404("There is no such genre, decade or order.")
    page = page_of(request, browse(**form.cleaned_data), PER_PAGE)
    asked = {name: value for name, value in request.GET.items() if name in {"genre", "decade", "sort", "page"}}
    canonical = {name: str(value) for name, value in form.canonical.items()} | (
        {"page": str(page.number)} if page.number > 1 else {}
    )
    if asked != canonical:
        return HttpResponseRedirect(f"{request.path}?{urlencode(canonical)}" if canonical else request.path)
    chosen = form.cleaned_data
    context = {
        "page": page,
        "chosen": chosen,
        "parameters": form.canonical,
        "sorts": SORTS.values(),
        "genres": genre_counts(decade=chosen["decade"]),
        "decades": decade_counts(genre=chosen["genre"]),
    }
    return render(request, "catalogue/movie_list.html", context)


@require_safe
def chart_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One chart, 50 places a page. 3 queries."""
    chart = CHARTS.get(slug)
    if chart is None:
        raise Http404("There is no such chart.")
    page = page_of(request, chart.movies()[:LENGTH], CHART_PAGE)
    return render(request, "catalogue/chart_detail.html", {"chart": chart, "charts": CHARTS.values(), "page": page})


@require_safe
def genre_list(request: HttpRequest) -> HttpResponse:
    """All genres with the number of their movies. 2 queries."""
    return render(request, "catalogue/genre_list.html", {"genres": genre_counts(), "decades": decade_counts()})


@require_safe
def genre_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A genre's movies, the best rated first, and its decades. 5 queries."""
    genre = get_object_or_404(Genre, slug=slug)
    page = page_of(request, browse(genre=genre, sort="rating"), PER_PAGE)
    return render(
        request, "catalogue/genre_detail.html", {"genre": genre, "page": page, "decades": decade_counts(genre=genre)}
    )


@require_safe
def studio_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A studio's movies, the newest first. 4 queries."""
    studio = get_object_or_404(Studio.objects.select_related("country"), pk=pk)
    if slug != studio.slug:
        return redirect(studio, permanent=True)
    movies = SORTS["newest"].order(Movie.objects.published().for_cards().filter(moviestudio__studio=studio))
    return render(
        request, "catalogue/studio_detail.html", {"studio": studio, "page": page_of(request, movies, PER_PAGE)}
    )


@require_safe
def collection_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A collection's movies in their order. 3 queries."""
    collection = get_object_or_404(Collection, pk=pk, is_published=True)
    if slug != collection.slug:
        return redirect(collection, permanent=True)
    items = collection.items.filter(movie__is_published=True).select_related("movie").defer("movie__synopsis")
    items = items.prefetch_related("movie__genres").order_by("position", "pk")
    page = page_of(request, items, PER_PAGE)
    return render(request, "catalogue/collection_detail.html", {"collection": collection, "page": page})
