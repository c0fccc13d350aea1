"""Around the movie's form: its sections, who else has it open, what is next, keys, the address of a title."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import AdminErrorList
from django.core.exceptions import PermissionDenied
from django.forms.utils import ErrorList
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from catalogue.admin.credits import CreditFormSet
from catalogue.admin.fields import named
from catalogue.admin.recorded import edit_of
from catalogue.admin.rows import CONFLICT
from catalogue.curation.castlist import JOBS
from catalogue.curation.presence import arrive
from catalogue.models import (
    AlternativeTitle,
    Country,
    Credit,
    ExternalRating,
    Language,
    Movie,
    MovieGenre,
    MovieStudio,
    RelatedMovie,
    Release,
    SearchKind,
    Video,
    WatchLink,
)
from catalogue.previews import token
from catalogue.search import search
from catalogue.text import slugify

# The sections of the form: a fieldset of this name, and the lists it holds.
SECTIONS: dict[str, list[type]] = {
    "Main": [],
    "Facts": [MovieGenre, MovieStudio],
    "Credits": [Credit],
    "Titles": [AlternativeTitle],
    "Releases": [Release, ExternalRating],
    "Links": [Video, WatchLink],
    "Pictures": [],
    "Relations": [RelatedMovie],
    "Identity": [],
}
NAMED = {"movies": SearchKind.MOVIE, "studios": SearchKind.STUDIO}
SUGGESTED = 8
QUEUE = "movie_queue"
MOST_QUEUED = 500


def prepare(request: HttpRequest, credits: CreditFormSet) -> None:
    """Turn a pasted cast list into rows, or add an empty one: the form is shown again then, with all that was typed."""
    text = request.POST.get("cast_list", "").strip()
    if text and text.split() != request.POST.get("cast_seen", "").split():
        credits.append(text)
    elif is_preview(request):
        credits.add_empty()
    elif text:
        credits.unread = text.splitlines()


def is_preview(request: HttpRequest) -> bool:
    """Whether the form was sent to see a cast list as rows, or one row more."""
    return "_cast" in request.POST or "_row" in request.POST


def forgive(context: dict[str, Any]) -> None:
    """Judge nothing that nobody has saved yet, but say what is said once.

    That is what another changed meanwhile, and what is wrong with a file, which has to be chosen again.
    """
    form, formsets = context["adminform"].form, [found.formset for found in context["inline_admin_formsets"]]
    for one in (form, *(row for formset in formsets for row in formset.forms)):
        for name in list(one.errors):
            if not (name in one.fields and one.fields[name].widget.needs_multipart_form):
                _keep_conflicts(one.errors[name])
            if not one.errors[name]:
                del one.errors[name]
    for formset in formsets:
        _keep_conflicts(formset.non_form_errors())
    context["errors"] = AdminErrorList(form, formsets)


def _keep_conflicts(errors: ErrorList) -> None:
    errors.data = [error for error in errors.as_data() if error.code == CONFLICT]


def record_people(request: HttpRequest, formsets: Iterable[Any]) -> None:
    """The people that the form made belong to its edit."""
    edit = edit_of(request)
    for credits in formsets:
        if edit and isinstance(credits, CreditFormSet):
            for person in credits.people.made.values():
                edit.add("person", person.pk)


def context_of(request: HttpRequest, context: dict[str, Any], movie: Movie | None) -> dict[str, Any]:
    """What the template reads besides: 4 queries, 2 for a new movie."""
    fieldsets = {fieldset.name: fieldset for fieldset in context["adminform"]}
    edited = movie if request.user.has_perm("catalogue.change_movie") else None
    lists = {found.opts.model: found for found in context["inline_admin_formsets"]}
    return {
        "sections": [
            _section(name, fieldsets.get(name), [lists[model] for model in models if model in lists])
            for name, models in SECTIONS.items()
        ],
        "countries": Country.objects.order_by("name").values_list("code", "name"),
        "languages": Language.objects.order_by("name").values_list("code", "name"),
        "jobs": JOBS,
        "others": arrive(edited, request.user) if edited else [],
        "presence": reverse("admin:catalogue_movie_presence", args=[edited.pk]) if edited else "",
        "preview": reverse("movie_preview", args=[token(movie.pk)]) if movie and not movie.is_published else "",
        "queued": len(request.session.get(QUEUE, [])),
    }


def _section(name: str, fieldset: Any, lists: list[Any]) -> dict[str, Any]:
    fields = sum(bool(fieldset.form[field].errors) for field in _fields(fieldset)) if fieldset else 0
    rows = sum(bool(form.errors) for found in lists for form in found.formset.forms)
    errors = [f"{n} {what}{'s' if n > 1 else ''}" for n, what in ((fields, "field"), (rows, "row")) if n]
    fieldsets = [fieldset] if fieldset else []
    return {"name": name, "id": name.lower(), "fieldsets": fieldsets, "formsets": lists, "errors": ", ".join(errors)}


def _fields(fieldset: Any) -> list[str]:
    names = [name for line in fieldset.fields for name in (line if isinstance(line, tuple) else (line,))]
    return [name for name in names if name in fieldset.form.fields]


@never_cache
@require_POST
def presence(request: HttpRequest, key: int) -> JsonResponse:
    """Say that the movie is still open here; the answer names those who have it open, too. 2 queries of its own."""
    _check(request)
    movie = Movie.objects.filter(pk=key).only("pk").first()
    return JsonResponse({"others": arrive(movie, request.user) if movie else []})


@never_cache
def suggestions(request: HttpRequest, kind: str) -> JsonResponse:
    """Movies or studios that what is being typed may become, as the fields take them."""
    _check(request)
    text = request.GET.get("q", "").strip()
    if kind not in NAMED:
        raise Http404("Nothing of this kind is suggested.")
    rows = getattr(search(text, only=NAMED[kind]), kind)[:SUGGESTED] if text else []
    return JsonResponse({"names": [named(row) for row in rows]})


@never_cache
def slug(request: HttpRequest) -> JsonResponse:
    """The words that a title gives its address."""
    _check(request)
    return JsonResponse({"slug": slugify(request.GET.get("title", ""), "movie")})


@never_cache
def keys(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The keys of the form."""
    _check(request)
    return render(request, "admin/catalogue/movie/keys_page.html", {**site.each_context(request), "title": "Keys"})


def begin_queue(request: HttpRequest, movies: list[int]) -> HttpResponseRedirect:
    """Open the first of these movies; the form offers the others one by one."""
    request.session[QUEUE] = movies
    return next_in_queue(request)


def next_in_queue(request: HttpRequest) -> HttpResponseRedirect:
    """Open the next movie that is still there, or the list when there is none."""
    waiting = request.session.get(QUEUE, [])
    there = set(Movie.objects.filter(pk__in=waiting).values_list("pk", flat=True))
    left = [key for key in waiting if key in there]
    request.session[QUEUE] = left[1:]
    if left:
        return redirect("admin:catalogue_movie_change", left[0])
    messages.info(request, "That was the last one.")
    return redirect("admin:catalogue_movie_changelist")


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm("catalogue.change_movie"):
        raise PermissionDenied
