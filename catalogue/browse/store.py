"""Writes the stored browse index."""

import secrets
from collections.abc import Callable

from django.db import transaction

from catalogue.browse.facts import facts_between, facts_of
from catalogue.browse.index import Bitmaps
from catalogue.models import BrowseBitmap, BrowseChange, BrowseState, Movie

BATCH = 4_000
Progress = Callable[[int], object]


def rebuild_browse(progress: Progress | None = None) -> int:
    """Build the index anew from the catalogue while the site serves; return how many movies it has.

    ``progress`` is told how many movies each step has done.
    """
    while True:
        token, stamps = _token(), _stamps()
        bitmaps, last = Bitmaps(), 0
        while part := list(Movie.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
            bitmaps.put((), facts_between(part[0], part[-1]))
            if progress:
                progress(len(part))
            last = part[-1]
        if _store(bitmaps, stamps, token):
            return len(bitmaps.everything)


def fold_changes(progress: Progress | None = None) -> int:
    """Work the changes since the last writing into the stored index; return how many movies had changed."""
    while True:
        token, stamps = _token(), _stamps()
        if not stamps:
            return 0
        bitmaps, changed = Bitmaps.load(), list(stamps)
        for start in range(0, len(changed), BATCH):
            part = changed[start : start + BATCH]
            bitmaps.put(part, facts_of(part))
            if progress:
                progress(len(part))
        if _store(bitmaps, stamps, token):
            return len(stamps)


def _token() -> int | None:
    return BrowseState.objects.values_list("token", flat=True).first()


def _stamps() -> dict[int, int]:
    return dict(BrowseChange.objects.values_list("movie", "stamp"))


@transaction.atomic
def _store(bitmaps: Bitmaps, stamps: dict[int, int], token: int | None) -> bool:
    """Replace what is stored, unless somebody else has since ``token``: what they worked in would be lost.

    A movie that changed again since ``stamps`` were read keeps its mark.
    """
    state, is_first = BrowseState.objects.select_for_update().get_or_create(id=1, defaults={"token": 0})
    if not is_first and state.token != token:
        return False
    state.token = secrets.randbits(62)
    state.save()
    BrowseBitmap.objects.all().delete()
    BrowseBitmap.objects.bulk_create(bitmaps.dump(), batch_size=50)
    keys = list(stamps)
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        now = dict(BrowseChange.objects.select_for_update().filter(movie__in=part).values_list("movie", "stamp"))
        done = [movie for movie in part if now.get(movie) == stamps[movie]]
        BrowseChange.objects.filter(movie__in=done).delete()
    return True
