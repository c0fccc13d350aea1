"""Ids of records that were merged into others: they say which record is meant, and are no change of its own ids."""

from collections.abc import Container, Iterable
from typing import Any

from django.db.models import Q

from catalogue.importers.state import IDS
from catalogue.models import Redirect

Id = tuple[str, Any]


def former_ids(model: Any, records: Iterable[Any]) -> dict[Id, int]:
    """Which of the ids of these records led to one that was merged, and the key of where it went: 1 query."""
    said = {(name, str(value)): value for record in records for name in IDS if (value := getattr(record, name))}
    wanted = Q(pk=None)
    for name in IDS:
        wanted |= Q(name=name, value__in=[value for key, value in said if key == name])
    there = model.objects.values("pk")
    rows = Redirect.objects.filter(wanted, kind=model._meta.model_name, target__in=there)
    return {(name, said[name, value]): target for name, value, target in rows.values_list("name", "value", "target")}


def silence(record: Any, former: Container[Id]) -> None:
    """Leave such ids out of a record, once they have told which is meant."""
    for name in IDS:
        if (name, getattr(record, name)) in former:
            setattr(record, name, None)
