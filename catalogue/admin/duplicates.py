"""The queue of possible duplicates: merge two, or say that they are not the same."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalogue.admin.imports import ReadOnlyAdmin
from catalogue.models import Movie, Person, Suspect
from catalogue.vocabulary import Suspicion

_MODELS: dict[str, tuple[Any, str]] = {"movie": (Movie, "title"), "person": (Person, "name")}


def _of(column: str, wanted: Callable[[Any, str], Any]) -> Case:
    """Something about one of the two, whichever table it is in."""
    return Case(
        *(
            When(kind=kind, then=wanted(model._default_manager.filter(pk=OuterRef(column)), name))
            for kind, (model, name) in _MODELS.items()
        )
    )


class KindFilter(admin.SimpleListFilter):
    title, parameter_name = "kind", "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("movie", "Movies"), ("person", "People")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Suspect]) -> QuerySet[Suspect]:
        return queryset.filter(kind=self.value()) if self.value() in _MODELS else queryset


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(Suspicion.DIFFERENT.value, str(Suspicion.DIFFERENT.label))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Without a choice the list holds what is open, not all."""
        first, *others = super().choices(changelist)
        yield {**first, "display": Suspicion.OPEN.label}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Suspect]) -> QuerySet[Suspect]:
        is_decided = self.value() == Suspicion.DIFFERENT
        return queryset.filter(state=Suspicion.DIFFERENT if is_decided else Suspicion.OPEN)


@admin.register(Suspect)
class SuspectAdmin(ReadOnlyAdmin):
    """The likeliest first. The list takes the same queries for any number."""

    list_display = ["one", "other", "score", "reasons", "merging"]
    list_display_links = None
    list_filter = [KindFilter, StateFilter]
    list_per_page = 50
    actions = ["tell_apart", "ask_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suspect]:
        rows = super().get_queryset(request)
        for column in ("first", "second"):
            name = _of(column, lambda found, name: Subquery(found.values(name)[:1]))
            is_there = _of(column, lambda found, _: Exists(found))
            rows = rows.annotate(**{f"{column}_name": name, f"{column}_is_there": is_there})
        found: QuerySet[Suspect] = rows.filter(first_is_there=True, second_is_there=True)
        return found

    @admin.display(description="One")
    def one(self, pair: Any) -> SafeString:
        return self._link(pair, pair.first, pair.first_name)

    @admin.display(description="The other")
    def other(self, pair: Any) -> SafeString:
        return self._link(pair, pair.second, pair.second_name)

    def _link(self, pair: Suspect, key: int, name: str) -> SafeString:
        url = reverse(f"admin:catalogue_{pair.kind}_change", args=[key])
        return format_html('<a href="{}">{} <small>({} {})</small></a>', url, name, pair.kind, key)

    @admin.display(description="Same?")
    def merging(self, pair: Any) -> SafeString:
        url = reverse("admin:catalogue_edit_merge", args=[pair.kind])
        return format_html(
            '<a href="{}?winner={}&amp;loser={}">Compare and merge<span class="visually-hidden"> {}</span></a>',
            url, pair.first, pair.second, f"{pair.first_name} {pair.first} and {pair.second}",
        )  # fmt: skip

    @admin.action(description="Not the same: never ask again", permissions=["change"])
    def tell_apart(self, request: HttpRequest, queryset: QuerySet[Suspect]) -> None:
        self._decide(request, queryset, Suspicion.DIFFERENT, "told apart")

    @admin.action(description="Ask again", permissions=["change"])
    def ask_again(self, request: HttpRequest, queryset: QuerySet[Suspect]) -> None:
        self._decide(request, queryset, Suspicion.OPEN, "open again")

    def _decide(self, request: HttpRequest, queryset: QuerySet[Suspect], state: Suspicion, done: str) -> None:
        keys = list(queryset.values_list("pk", flat=True))
        number = Suspect.objects.filter(pk__in=keys).update(state=state, decided_by=request.user)
        self.message_user(request, f"{number} {done}.", messages.SUCCESS)
