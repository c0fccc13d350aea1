"""The first page of the desk: what to work on, what waits, what changed lately, as far as somebody may see it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from catalogue import completeness
from catalogue.completeness import lacks, missing
from catalogue.models import DeadLink, Disagreement, Edit, ImportRun, MatchQuestion, Movie, Suggestion, Suspect
from catalogue.quality import quality
from catalogue.vocabulary import Answer, RunState, Suspicion
from catalogue.waiting import QUEUES, Waiting, queue, waiting

WORK = 10  # movies
RECENT = 10  # edits
GAPS_TOLD = 4


def index(request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
    """For an administrator 8 queries for movies and what they lack, 1 for each queue, 1 for the edits.

    The bars of genres and collections are those that housekeeping made, 7 queries more when there are none.
    """
    member: Any = request.user
    may_movies = member.has_perm("catalogue.view_movie")
    context = {
        "queues": [found for each in QUEUES if (found := each(member))],
        "work": _work() if may_movies else [],
        "gaps": _gaps() if may_movies else [],
        "quality": quality() if may_movies else None,
        "edits": list(Edit.objects.all()[:RECENT]) if member.has_perm("catalogue.revert_edits") else [],
        **(extra_context or {}),
    }
    return admin.AdminSite.index(admin.site, request, context)


def _work() -> list[tuple[Movie, str]]:
    """The movies most looked at that lack most, with the heaviest of it: 1 query, of an index."""
    rows = (
        Movie.objects.filter(need__gt=0).order_by("-need", "pk").only("title", "release_date", "completeness", "gaps")
    )
    found = []
    for movie in rows[:WORK]:
        gaps = sorted(missing(completeness.MOVIE, movie.gaps), key=lambda gap: -gap.weight)
        found.append((movie, ", ".join(gap.label for gap in gaps[:GAPS_TOLD])))
    return found


def _gaps() -> list[Waiting]:
    """How many movies lack what: 1 query each, of a partial index."""
    address = _address("movie")
    return [
        waiting(
            gap.label.capitalize(), f"{address}?lacks={gap.name}", Movie.objects.filter(lacks(gap)).order_by("-need")
        )
        for gap in completeness.MOVIE
        if gap.has_queue
    ]


def _address(name: str) -> str:
    return reverse(f"admin:catalogue_{name}_changelist")


@queue("catalogue.view_suggestion")
def suggestions() -> Waiting:
    return waiting("Suggestions", _address("suggestion"), Suggestion.objects.open().order_by("pk"), "made_at")


@queue("catalogue.view_disagreement")
def disagreements() -> Waiting:
    rows = Disagreement.objects.filter(state=Answer.OPEN).order_by("pk")
    return waiting("Disagreements", f"{_address('disagreement')}?state=open", rows, "found_on")


@queue("catalogue.view_matchquestion")
def match_questions() -> Waiting:
    rows = MatchQuestion.objects.filter(state=Answer.OPEN).order_by("pk")
    return waiting("Match questions", f"{_address('matchquestion')}?state=open", rows, "found_on")


@queue("catalogue.view_suspect")
def suspects() -> Waiting:
    rows = Suspect.objects.filter(state=Suspicion.OPEN).order_by("-score", "pk")
    return waiting("Possible duplicates", _address("suspect"), rows)


@queue("catalogue.view_deadlink")
def dead_links() -> Waiting:
    rows = DeadLink.objects.filter(is_dead=True).order_by("failing_since", "pk")
    return waiting("Dead links", _address("deadlink"), rows, "failing_since")


@queue("catalogue.view_importrun")
def running_imports() -> Waiting:
    busy = [RunState.PLANNING, RunState.WAITING, RunState.RUNNING]
    return waiting("Imports at work", _address("importrun"), _runs(busy), "started_at")


@queue("catalogue.view_importrun")
def planned_imports() -> Waiting:
    address = f"{_address('importrun')}?state__exact=planned"
    return waiting("Imports to be looked at", address, _runs([RunState.PLANNED]), "started_at")


@queue("catalogue.view_importrun")
def failed_imports() -> Waiting:
    address = f"{_address('importrun')}?state__exact=failed"
    return waiting("Failed imports", address, _runs([RunState.FAILED]), "started_at")


def _runs(states: list[RunState]) -> Any:
    return ImportRun.objects.filter(state__in=states).order_by("started_at", "pk")
