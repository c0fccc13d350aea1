"""Turns an export that a member brings along into drafts. Nothing is published before they say so."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction

from catalogue.models import Movie
from catalogue.text import fold, sort_title
from reviews.exports import Entry, Export
from reviews.models import Draft, Member, Review, Upload
from reviews.services.writing import publish_review

CHUNK = 900  # values of one query
LANGUAGES = ("", "fr", "de", "es", "it", "pt", "nl", "sv", "da")  # whose articles titles are filed without
MOST_CANDIDATES = 6
PUBLISH_AT_ONCE = 100
Found = dict[int, tuple[str, int | None]]  # key of a movie: its title and year


@transaction.atomic
def keep_upload(author: Member, export: Export, file_name: str) -> Upload:
    """Match the entries, save drafts for the certain ones, and keep the report.

    An entry is certain by its IMDb id, or by its title and year when one movie has both. The year beside it, no year,
    or several movies make it doubtful. What the member has reviewed or drafted here stays as it is. Some 10 queries for
    every 900 entries.
    """
    matches = match_entries(export.entries)
    taken = _taken(author)
    report: dict[str, Any] = {"drafted": [], "doubtful": [], "missing": [], "known": [], "rejected": export.rejected}
    drafts: dict[int, Entry] = {}
    for entry, (is_certain, keys) in zip(export.entries, matches, strict=True):
        if not keys:
            report["missing"].append([entry.title, entry.year, entry.rating])
        elif not is_certain:
            report["doubtful"].append({**asdict(entry), "movies": keys})
        elif keys[0] in taken or keys[0] in drafts:
            report["known"].append(keys[0])
        else:
            drafts[keys[0]] = entry
    _save_drafts(author, drafts)
    report |= {"drafted": list(drafts), "rows": export.rows, "bare": export.bare, "repeated": export.repeated}
    values = {"source": export.source, "file_name": file_name[:100], "report": report}
    return Upload.objects.update_or_create(author=author, defaults=values)[0]


def _taken(author: Member) -> set[int]:
    """The keys of the movies the member has written about, published or not: 2 queries."""
    reviewed = Review.objects.filter(author=author).values_list("movie", flat=True)
    return {*reviewed, *Draft.objects.filter(author=author).values_list("movie", flat=True)}


def _save_drafts(author: Member, entries: dict[int, Entry]) -> None:
    drafts = [
        Draft(author=author, movie_id=key, rating=entry.rating, text=entry.text) for key, entry in entries.items()
    ]
    Draft.objects.bulk_create(drafts, ignore_conflicts=True)


def match_entries(entries: Sequence[Entry]) -> list[tuple[bool, list[int]]]:
    """For each entry whether its match is certain, and the keys of the published movies it may mean."""
    by_id = _by_imdb_id({entry.imdb_id for entry in entries if entry.imdb_id})
    named = [entry for entry in entries if entry.imdb_id not in by_id]
    by_title = _by_title({entry.title for entry in named})
    return [
        (True, [by_id[entry.imdb_id]]) if entry.imdb_id in by_id else _match(entry, by_title[fold(entry.title)])
        for entry in entries
    ]


def _match(entry: Entry, candidates: Found) -> tuple[bool, list[int]]:
    same = [key for key, (_, year) in candidates.items() if year == entry.year and year is not None]
    if len(same) == 1 and not entry.imdb_id:
        return True, same
    if entry.year is None:
        return False, list(candidates)[:MOST_CANDIDATES]
    near = [key for key, (_, year) in candidates.items() if year is None or abs(year - entry.year) <= 1]
    return False, near[:MOST_CANDIDATES]


def _by_imdb_id(ids: set[str]) -> dict[str | None, int]:
    found: dict[str | None, int] = {}
    for chunk in _chunks(ids):
        found.update(Movie.objects.published().filter(imdb_id__in=chunk).values_list("imdb_id", "pk"))
    return found


def _by_title(titles: set[str]) -> dict[str, Found]:
    """Published movies by folded title: the index of sort titles is asked for the ways each may be filed."""
    filed = {sort_title(title, language)[:200] for title in titles for language in LANGUAGES}
    found: dict[str, Found] = defaultdict(dict)
    for chunk in _chunks(filed):
        rows = Movie.objects.published().filter(sort_title__in=chunk).order_by("-popularity", "pk")
        for key, title, year in rows.values_list("pk", "title", "release_year"):
            found[fold(title)][key] = (title, year)
    return found


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for begin in range(0, len(ordered), CHUNK):
        yield ordered[begin : begin + CHUNK]


@transaction.atomic
def choose_movies(author: Member, chosen: dict[int, int | None]) -> int:
    """Settle doubtful entries by their places: a movie they may mean gets the draft, None drops them.

    Returns how many drafts were saved.
    """
    upload = Upload.objects.select_for_update().get(author=author)
    taken = _taken(author)
    drafts: dict[int, Entry] = {}
    left = []
    for place, item in enumerate(upload.report["doubtful"]):
        key = chosen.get(place)
        if place not in chosen or (key is not None and key not in item["movies"]):
            left.append(item)
        elif key is not None and key not in taken and key not in drafts:
            drafts[key] = Entry(**{name: value for name, value in item.items() if name != "movies"})
    _save_drafts(author, drafts)
    upload.report["doubtful"] = left
    upload.report["drafted"] += drafts
    upload.save(update_fields=["report"])
    return len(drafts)


def publish_ratings(author: Member, movies: Sequence[int]) -> int:
    """Publish the drafts of these movies that are bare ratings, each by the rules of any review; return how many.

    At most ``PUBLISH_AT_ONCE``; each is a transaction of its own, so the movies' rows are locked briefly.
    """
    drafts = bare_drafts(author).filter(movie__in=movies[:PUBLISH_AT_ONCE]).order_by("pk")
    done = 0
    for draft in drafts:
        if draft.rating:
            publish_review(movie=draft.movie, author=author, rating=draft.rating, language=draft.language_id)
            done += 1
    return done


def bare_drafts(author: Member) -> Any:
    """The member's drafts that are a rating without words, for published movies."""
    mine = Draft.objects.filter(author=author, rating__isnull=False, headline="", text="", movie__is_published=True)
    return mine.select_related("movie").defer("movie__synopsis")
