"""Deleting what is in use."""

from typing import Any

from django.contrib import admin
from django.db.models import PROTECT, Count
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString


class StaysWhileUsed(admin.ModelAdmin):
    """What others refer to is not deleted. The page says how many do and leads to them, instead of naming each."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What would go along, unless something is used. 1 query for each kind of record that may use it."""
        records = list(objs)
        if uses := self._uses(records):
            return [], {}, set(), uses
        return super().get_deleted_objects(records, request)

    def _uses(self, records: list[Any]) -> list[SafeString | str]:
        page = getattr(records[0], "get_absolute_url", None) if len(records) == 1 else None
        return [
            format_html('<a href="{}">{}</a>', page(), use) if page else use
            for relation in self.model._meta.related_objects
            if relation.on_delete is PROTECT and (use := _use(relation, records))
        ]


def _use(relation: Any, records: list[Any]) -> str:
    """How many movies, or other records that are no movie's, refer to one of the records, in words; "" for none."""
    model = relation.related_model
    rows = model._default_manager.filter(**{f"{relation.field.name}__in": records})
    is_of_movies = any(field.name == "movie" for field in model._meta.fields)
    counted = Count("movie", distinct=True) if is_of_movies else Count("pk")
    number = rows.aggregate(number=counted)["number"]
    one, many = ("movie", "movies") if is_of_movies else (model._meta.verbose_name, model._meta.verbose_name_plural)
    return f"{number:,} {one if number == 1 else many}" if number else ""


def without(lines: list[Any], beginning: str) -> list[Any]:
    """Lines and the lists below them, those left out that begin so."""
    kept = [without(line, beginning) if isinstance(line, list) else line for line in lines]
    return [line for line in kept if line and not str(line).startswith(beginning)]
