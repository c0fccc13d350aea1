"""Every table as it is, for comparing what was before and after."""

from typing import Any

from django.apps import apps

from catalogue.curation.tables import DERIVED
from catalogue.models import RelatedMovie
from catalogue.vocabulary import Placing

# The history itself, counters that only move on, and what readers' views make anew.
MOVING = {"version", "updated_at", "related_at", "slug"} - {"slug"}
SKIPPED = {"change", "edit", "epoch", "browsechange", "searchdocument", "searchterm", "searchtypo", "session", "logentry", "permission", "contenttype"}  # fmt: skip


def dump() -> dict[str, list[dict[str, Any]]]:
    """All rows of both apps, derived columns included, floats rounded."""
    found = {}
    for app in ("catalogue", "reviews"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            if model._meta.model_name in SKIPPED:
                continue
            rows = model._default_manager.order_by("pk")
            if model is RelatedMovie:
                rows = rows.exclude(placing=Placing.COMPUTED)
            found[model._meta.label] = [_plain(row) for row in rows.values()]
    return found


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, 9) if isinstance(value, float) else value
        for name, value in row.items()
        if name not in MOVING
    }


__all__ = ["DERIVED", "dump"]
