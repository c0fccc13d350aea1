"""What crawlers are told to read: canonical addresses only, with honest dates."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from catalogue.browse import Selection, browse
from catalogue.charts import CHARTS
from catalogue.models import Collection, Genre, Movie, Person, Studio

View = Callable[..., HttpResponse]
PER_FILE = 10_000  # a fifth of what the protocol allows, so that a file is made quickly


def at_one_address(view: View) -> View:
    """Lead a query that is not exactly ?p=2, or of another page, to the address without it.

    A map may be 1 MB and is kept under its address: any query would have it kept once more. 404 for what is no number.
    """

    @wraps(view)
    def view_at_one_address(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = request.GET.get("p", "1")
        if not (page.isascii() and page.isdigit() and len(page) <= 7):
            raise Http404("There is no such page.")
        query = f"p={int(page)}" if int(page) != 1 else ""
        if request.META.get("QUERY_STRING", "") != query:
            return redirect(f"{request.path}?{query}" if query else request.path)
        return view(request, *args, **kwargs)

    return view_at_one_address


class _Rows(Sitemap):
    limit = PER_FILE

    def lastmod(self, item: Model) -> datetime | None:
        return getattr(item, "updated_at", None)


class MovieSitemap(_Rows):
    def items(self) -> QuerySet[Movie]:
        return Movie.objects.published().only("slug", "updated_at").order_by("pk")


class PersonSitemap(_Rows):
    def items(self) -> QuerySet[Person]:
        return Person.objects.filter(credit_count__gt=0).only("slug", "updated_at").order_by("pk")


class StudioSitemap(_Rows):
    def items(self) -> QuerySet[Studio]:
        return Studio.objects.only("slug").order_by("pk")


class GenreSitemap(_Rows):
    def items(self) -> QuerySet[Genre]:
        return Genre.objects.only("slug").order_by("pk")


class CollectionSitemap(_Rows):
    def items(self) -> QuerySet[Collection]:
        return Collection.objects.filter(is_published=True).only("slug").order_by("pk")


class PageSitemap(Sitemap):
    def items(self) -> list[str]:
        names = ("home", "movie_list", "genre_list", "collection_list", "person_list", "rating")
        counts = browse(Selection(), facets=("decade", "country")).counts
        return [
            *(reverse(name) for name in names),
            *(reverse("chart_detail", args=[slug]) for slug in CHARTS),
            *(reverse("decade_detail", args=[decade]) for decade in sorted(counts["decade"])),
            *(reverse("country_detail", args=[code.lower()]) for code in sorted(counts["country"])),
        ]

    def location(self, item: str) -> str:
        return item


SITEMAPS: dict[str, type[Sitemap]] = {
    "pages": PageSitemap,
    "movies": MovieSitemap,
    "people": PersonSitemap,
    "studios": StudioSitemap,
    "genres": GenreSitemap,
    "collections": CollectionSitemap,
}
