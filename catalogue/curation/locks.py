"""Fields an editor answers for: what is saved in the admin is locked, and importers leave it alone.

A list that hangs on a record (its credits, its genres) is locked as one field.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalogue.models import (
    AlternativeName,
    AlternativeTitle,
    Credit,
    ExternalRating,
    Movie,
    MovieGenre,
    MovieStudio,
    Person,
    Release,
    Video,
)
from catalogue.models.source import EDITOR, UNLOCKED

SECTIONS: dict[type, str] = {
    MovieGenre: "genres",
    MovieStudio: "studios",
    Credit: "credits",
    AlternativeTitle: "alternative_titles",
    Release: "releases",
    ExternalRating: "external_ratings",
    Video: "videos",
    AlternativeName: "alternative_names",
}
IDS = ("imdb_id", "tmdb_id", "wikidata_id")
MOVIE_COLUMNS = (
    *IDS, "title", "original_title", "original_language", "release_date", "runtime_minutes", "synopsis", "tagline",
    "status", "color", "aspect_ratio", "budget_usd", "revenue_usd", "homepage",
)  # fmt: skip
PERSON_COLUMNS = (*IDS, "name", "born_on", "died_on", "birthplace", "biography", "homepage")
LOCKABLE: dict[type, frozenset[str]] = {
    Movie: frozenset({*MOVIE_COLUMNS, *SECTIONS.values(), "countries_of_origin", "spoken_languages"})
    - {"alternative_names"},
    Person: frozenset({*PERSON_COLUMNS, "alternative_names"}),
}


def changed_fields(form: Any, formsets: Iterable[Any]) -> set[str]:
    """The lockable fields that a form of the admin and its lists changed."""
    lists = {SECTIONS[formset.model] for formset in formsets if formset.model in SECTIONS and formset.has_changed()}
    return (set(form.changed_data) | lists) & LOCKABLE[type(form.instance)]


@transaction.atomic
def lock_fields(record: Movie | Person, changed: Iterable[str], unlocked: Iterable[str] = ()) -> None:
    """Lock what an editor changed, and unlock what they gave free; a field in both stays locked.

    Reads the record's locks anew under its lock, since an import may have written since the form was loaded.
    """
    changed, today = set(changed), str(timezone.now().date())
    given = set(unlocked) - changed
    model: Any = type(record)
    row = model.objects.select_for_update(no_key=True).only("locked_fields", "provenance").get(pk=record.pk)
    row.locked_fields = sorted((set(row.locked_fields) | changed) - given)
    row.provenance |= {name: [EDITOR, today] for name in changed} | {name: [UNLOCKED, today] for name in given}
    # Not save(), which derives what follows from columns that were not loaded.
    model.objects.filter(pk=row.pk).update(locked_fields=row.locked_fields, provenance=row.provenance)
    record.locked_fields, record.provenance = row.locked_fields, row.provenance
