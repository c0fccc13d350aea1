"""Search in the lists of the desk, by the index that visitors search with: reading a million titles takes seconds."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from catalogue.models import Movie, SearchKind
from catalogue.search import POOL, find
from catalogue.search.rank import by_makers

MOST_DRAFTS = 5_000


class FoundAdmin(admin.ModelAdmin):
    """Its search box finds what visitors find, and ids; of movies also drafts, which are not in the index.

    Of the drafts the 5,000 written last are looked through, by a part of the title. Where no title has the words, the
    movies of people called so are listed.
    """

    found_kind: ClassVar[SearchKind]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        if not text:
            return queryset, False
        found, by_kind = find(text, (self.found_kind,), POOL)
        keys = list(by_kind.get(self.found_kind, []))
        if self.found_kind == SearchKind.MOVIE:
            keys += _drafts(Q(title__icontains=text) | Q(original_title__icontains=text))
            keys = keys or [*by_makers(found.query, POOL), *_drafts(Q(director_line__icontains=text))]
        return queryset.filter(pk__in=keys), False


def _drafts(named: Q) -> list[int]:
    drafts = Movie.objects.filter(is_published=False).order_by("-updated_at", "-pk")[:MOST_DRAFTS]
    return list(Movie.objects.filter(named, pk__in=drafts.values("pk")).order_by().values_list("pk", flat=True))
