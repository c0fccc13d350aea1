"""What crawlers are told to read: canonical addresses only, with honest dates."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import Model, QuerySet
from django.urls import reverse

from catalogue.browse import Selection, browse
from catalogue.charts import CHARTS
from catalogue.models import Collection, Genre, Movie, Person, Studio

PER_FILE = 10_000  # a fifth of what the protocol allows, so that a file is made quickly


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
