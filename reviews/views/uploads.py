"""Bringing one's ratings and reviews along from elsewhere."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalogue.models import Movie
from catalogue.throttle import limited
from reviews.forms import UploadForm
from reviews.models import Member, Upload
from reviews.services import choose_movies, keep_upload, publish_ratings
from reviews.services.uploads import PUBLISH_AT_ONCE, bare_drafts
from reviews.views.writing import refuse_suspended

SHOWN = 100  # of each list; the next ones follow when these are settled


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("upload")
def upload_form(request: HttpRequest) -> HttpResponse:
    """Upload an export, see what became of it, settle what is doubtful, publish bare ratings."""
    assert request.user.is_authenticated
    form = UploadForm()
    if request.method == "POST":
        refuse_suspended(request.user)
        action = request.POST.get("action")
        if action == "choose":
            return _choose(request, request.user)
        if action == "publish":
            return _publish(request, request.user)
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            upload = keep_upload(request.user, form.cleaned_data["file"], form.file_name)
            number = len(upload.report["drafted"])
            messages.success(request, f"{number} draft{'' if number == 1 else 's'} saved. Only you see them.")
            return redirect("upload_form")
    context = {"form": form, **_context(request.user)}
    return render(request, "reviews/upload_form.html", context, status=422 if form.errors else 200)


def _context(member: Member) -> dict[str, Any]:
    """The last upload as the page shows it: 1 query without one, 5 with one."""
    upload = Upload.objects.filter(author=member).first()
    if upload is None:
        return {"upload": None}
    report = upload.report
    doubtful, known = report["doubtful"][:SHOWN], report["known"][:SHOWN]
    keys = {key for item in doubtful for key in item["movies"]} | set(known)
    drafted = [*report["drafted"], *report["known"]]  # known: drafts of an earlier upload among them
    ratings = bare_drafts(member).filter(movie__in=drafted).order_by("pk")[:PUBLISH_AT_ONCE] if drafted else []
    movies = Movie.objects.for_writing().in_bulk(keys)
    return {
        "upload": upload,
        "report": report,
        "doubtful": [
            (place, item, [movies[key] for key in item["movies"] if key in movies])
            for place, item in enumerate(doubtful)
        ],
        "known": [movies[key] for key in known if key in movies],
        "ratings": list(ratings),
        "shown": SHOWN,
    }


def _choose(request: HttpRequest, member: Member) -> HttpResponse:
    """movie-<place>: the key of a movie, or "none"."""
    chosen: dict[int, int | None] = {}
    for name, value in request.POST.items():
        place = name.removeprefix("movie-")
        if place != name and _is_key(place) and (value == "none" or _is_key(value)):
            chosen[int(place)] = None if value == "none" else int(str(value))
    if Upload.objects.filter(author=member).exists():
        number = choose_movies(member, chosen)
        messages.success(request, f"{number} draft{'' if number == 1 else 's'} saved.")
    return redirect("upload_form")


def _publish(request: HttpRequest, member: Member) -> HttpResponse:
    keys = [int(str(value)) for value in request.POST.getlist("movie") if _is_key(value)]
    number = publish_ratings(member, keys)
    messages.success(request, f"{number} rating{'' if number == 1 else 's'} sent.")
    return redirect("upload_form")


def _is_key(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 18
