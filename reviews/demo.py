"""The demo's members and their reviews, from fixtures/."""

import json
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from catalogue.models import Movie
from reviews.groups import EDITORS, MODERATORS
from reviews.models import Member, Review, Vote
from reviews.services import recount_ratings, recount_votes

# Known to everybody who reads this, which is why load_demo refuses to run with production settings.
ACCOUNTS = {
    "editor": "every-frame-a-record",
    "moderator": "the-house-is-quiet",
    "admin": "keeper-of-the-archive",
}
GROUPS_OF = {"editor": EDITORS, "moderator": MODERATORS}


@transaction.atomic
def load_reviews(folder: Path, *, only: Collection[str] = ()) -> tuple[int, int]:
    """Create the members, reviews and bare ratings of ``folder`` that are missing; return how many, of how many in all.

    ``only`` names the files to load, none: all.
    """
    members = _members(folder)
    known = set(Review.objects.values_list("movie", "author__username"))
    ratings: dict[str, dict[str, tuple[int, str]]] = json.loads((folder / "ratings.json").read_text(encoding="utf-8"))
    new: list[tuple[str, Review]] = []  # file, review
    total = 0
    for file in sorted((folder / "movies").glob("*.json")):
        if only and file.stem not in only:
            continue
        record = json.loads(file.read_text(encoding="utf-8"))
        movie = Movie.objects.get(title=record["title"], release_year=record["release_date"][:4])
        bare = [
            {"member": member, "rating": rating, "published": day, "headline": "", "text": "", "spoilers": False}
            for member, (rating, day) in ratings.get(file.stem, {}).items()
        ]
        for review in record["reviews"] + bare:
            total += 1
            if (movie.pk, review["member"]) not in known:
                new.append((file.stem, _review(movie, members[review["member"]], review)))
    Review.objects.bulk_create(review for _, review in new)
    _vote(folder, new, members)
    recount_ratings(sorted({review.movie_id for _, review in new}))
    return len(new), total


def _vote(folder: Path, reviews: list[tuple[str, Review]], members: dict[str, Member]) -> None:
    """What the demo's members think of each other's reviews."""
    votes: dict[str, dict[str, dict[str, list[str]]]] = json.loads((folder / "votes.json").read_text(encoding="utf-8"))
    given = []
    authors = {member.pk: name for name, member in members.items()}
    for stem, review in reviews:
        said = votes.get(stem, {}).get(authors[review.author_id or 0], {})
        for word, is_helpful in (("yes", True), ("no", False)):
            given += [Vote(review=review, member=members[name], is_helpful=is_helpful) for name in said.get(word, [])]
    Vote.objects.bulk_create(given)
    recount_votes([review.pk for _, review in reviews])


def _members(folder: Path) -> dict[str, Member]:
    names: dict[str, dict[str, str]] = json.loads((folder / "members.json").read_text(encoding="utf-8"))
    known = set(Member.objects.filter(username__in=names).values_list("username", flat=True))
    Member.objects.bulk_create(
        Member(
            username=username,
            display_name=record["display_name"],
            date_joined=datetime.fromisoformat(record["joined"]).replace(tzinfo=UTC),
            password=make_password(None),  # nobody can sign in as them
        )
        for username, record in names.items()
        if username not in known
    )
    return {member.username: member for member in Member.objects.filter(username__in=names)}


def _review(movie: Movie, author: Member, record: dict[str, Any]) -> Review:
    return Review(
        movie=movie,
        author=author,
        rating=record["rating"],
        headline=record["headline"],
        text=record["text"],
        language_id=record.get("language", "en"),
        has_spoilers=record["spoilers"],
        published_at=datetime.fromisoformat(record["published"]).replace(tzinfo=UTC),
    )


@transaction.atomic
def create_accounts() -> None:
    """Create the demo's editor, moderator and administrator where they are missing."""
    for username, password in ACCOUNTS.items():
        account, is_new = Member.objects.get_or_create(username=username, defaults={"is_staff": True})
        if is_new:
            account.is_superuser = username == "admin"
            account.set_password(password)
            account.save()
            account.groups.set(Group.objects.filter(name=GROUPS_OF.get(username)))
