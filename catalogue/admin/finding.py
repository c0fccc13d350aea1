"""Search in the lists of the desk, by the index that visitors search with: reading a million titles takes seconds."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from catalogue.models import Movie, SearchKind
from catalogue.search import POOL, find
from catalogue.search.rank import by_makers

MOST_FOUND = 1_000  # in a list
MOST_DRAFTS = 5_000
TOO_MANY = "More were found than these {:,}, which are looked at most. Another word makes them fewer."


class FoundAdmin(admin.ModelAdmin):
    """Its search box finds what visitors find, and ids; of movies also drafts, which are not in the index.

    Of the drafts the 5,000 written last are looked through, by a part of the title. Where no title has the words, the
    movies of people called so are listed. A list says so when it holds only the most looked at of what was found.
    """

    found_kind: ClassVar[SearchKind]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        if not text:
            return queryset, False
        is_list = request.resolver_match is not None and request.resolver_match.url_name != "autocomplete"
        most = MOST_FOUND if is_list else POOL
        found, by_kind = find(text, (self.found_kind,), most)
        keys = listed = list(by_kind.get(self.found_kind, []))[:most]
        if self.found_kind == SearchKind.MOVIE:
            keys = [*listed, *_drafts(Q(title__icontains=text) | Q(original_title__icontains=text))]
            if not keys:
                listed = by_makers(found.query, most)
                keys = [*listed, *_drafts(Q(director_line__icontains=text))]
        if is_list and len(listed) >= most:
            self.message_user(request, TOO_MANY.format(most), messages.INFO)
        return queryset.filter(pk__in=keys), False


def _drafts(named: Q) -> list[int]:
    drafts = Movie.objects.filter(is_published=False).order_by("-updated_at", "-pk")[:MOST_DRAFTS]
    return list(Movie.objects.filter(named, pk__in=drafts.values("pk")).order_by().values_list("pk", flat=True))
