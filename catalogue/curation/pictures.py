"""Stored pictures: their further formats, and the removal of those that nothing needs any more."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from catalogue import images
from catalogue.curation.tables import every_table
from catalogue.models import Change, Epoch, Image

BATCH = 100
MARGIN = timedelta(days=2)  # what is younger may belong to a form that is still being filled in


class Removed(NamedTuple):
    """How many pictures and files went, or would go."""

    pictures: int
    files: int


def make_avif(digests: Iterable[str]) -> int:
    """Make the AVIF renditions of these pictures and say so on their pages; return of how many there were none before.

    All pages are made anew once, however many pictures these are.
    """
    made = [
        image.pk
        for image in _missing().filter(pk__in=list(digests))
        if images.store_missing(image.kind, image.pk, (image.focus_x, image.focus_y), "avif")
    ]
    if made:
        with transaction.atomic():
            Image.objects.filter(pk__in=made).update(has_avif=True)
            Epoch.objects.advance()
    return len(made)


def make_sizes() -> int:
    """Make the sizes that pictures lack, such as one that came with a release; return of how many pictures."""
    made = 0
    for image in Image.objects.order_by("pk").iterator(chunk_size=BATCH):
        for ending in ("webp", "avif") if image.has_avif else ("webp",):
            paths = [rendition.path for rendition in images.renditions(image.kind, image.pk, ending)]
            if all(map(default_storage.exists, paths)):
                continue
            made += images.store_missing(image.kind, image.pk, (image.focus_x, image.focus_y), ending)
    return made


def make_missing() -> int:
    """Make the AVIF renditions of all pictures that have none, some at a time; return of how many."""
    missing = list(_missing().order_by("pk").values_list("pk", flat=True))
    return sum(make_avif(missing[start : start + BATCH]) for start in range(0, len(missing), BATCH))


def _missing() -> QuerySet[Image]:
    return Image.objects.filter(kind__in=images.IN_AVIF, has_avif=False)


def remove_unused(days: int, *, is_rehearsal: bool = False) -> Removed:
    """Remove pictures that neither a record nor the history of ``days`` names, and files that belong to none.

    An edit of the last ``days`` can so be undone with its pictures. Files go by what the storage has, so that what was
    chosen in a form and never saved goes, too. A rehearsal only counts.
    """
    now = timezone.now()
    remembered = _in_history(now - timedelta(days=days))
    unnamed = _unnamed(now - MARGIN)
    gone = [key for key in unnamed.values_list("pk", flat=True) if key not in remembered]
    if not is_rehearsal:
        for start in range(0, len(gone), BATCH):
            with transaction.atomic():
                # Locked and asked again: somebody may have chosen one meanwhile, which makes it new.
                still = unnamed.select_for_update().filter(pk__in=gone[start : start + BATCH])
                Image.objects.filter(pk__in=list(still.values_list("pk", flat=True))).delete()
    files = list(_strays(remembered, set(gone), now - MARGIN))
    for name in files if not is_rehearsal else ():
        default_storage.delete(name)
    return Removed(len(gone), len(files))


def _unnamed(before: datetime) -> QuerySet[Image]:
    """Pictures from before then that no record names."""
    found = Image.objects.filter(created_at__lt=before).order_by()
    for model in apps.get_models():
        for column in (field.attname for field in model._meta.concrete_fields if field.related_model is Image):
            named = model._base_manager.exclude(**{column: None})
            found = found.exclude(pk__in=named.values(column))
    return found


def _in_history(since: datetime) -> set[str]:
    """The pictures that edits since then name or changed: 1 query."""
    columns = {
        table.name: [column for column, model in table.links.items() if model is Image] for table in every_table()
    }
    own = str(Image._meta.label_lower)
    changes = Change.objects.filter(
        edit__made_at__gte=since, table__in=[own, *(name for name, found in columns.items() if found)]
    )
    found = set()
    for table, row, *states in changes.values_list("table", "row", "before", "after").iterator():
        if table == own:
            found.add(row)
        found.update(state[column] for state in states if state for column in columns[table] if state.get(column))
    return found


def _strays(remembered: set[str], gone: set[str], before: datetime) -> Iterator[str]:
    """Files from before then that belong to no picture: 1 query a folder."""
    for kind in images.SIZES:
        for folder in _listed(f"{kind}s")[0]:
            place = f"{kind}s/{folder}"
            names = _listed(place)[1]
            digests = {name.partition("-")[0] for name in names} - remembered
            strays = digests - (set(Image.objects.filter(pk__in=digests).values_list("pk", flat=True)) - gone)
            for name in names:
                path = f"{place}/{name}"
                if name.partition("-")[0] in strays and default_storage.get_modified_time(path) < before:
                    yield path


def _listed(place: str) -> tuple[list[str], list[str]]:
    """Folders and files in a folder of the storage; none where there is no such folder."""
    try:
        return default_storage.listdir(place)
    except FileNotFoundError:
        return [], []
