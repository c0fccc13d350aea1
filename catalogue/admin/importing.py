"""Importing files in the admin: upload, look at the plan, apply, watch, stop and resume."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalogue.curation.wording import label
from catalogue.desk import uploads
from catalogue.desk.keeping import RefusedError, most_bytes
from catalogue.desk.sources import LABELS
from catalogue.importers.imdb.options import TITLE_TYPES
from catalogue.importers.plan import CREATED, UPDATED
from catalogue.importers.report import OUTCOMES, Report
from catalogue.models import ImportRun, Source
from catalogue.models.importing import AT_WORK
from catalogue.vocabulary import RunState

RIGHT = "catalogue.import_movies"
ONLY = {"": "Both", CREATED: "New movies and people alone", UPDATED: "Changes of those that are there alone"}


class _Files(forms.FileField):
    """Several files. Its cleaned value is a list of uploads."""

    class Input(forms.FileInput):
        allow_multiple_selected = True

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [super(_Files, self).clean(file, initial) for file in data or [None]]
        if sum(file.size or 0 for file in files) > most_bytes():
            raise ValidationError(f"The files are larger than {most_bytes() // 1024 // 1024} MB.")
        return files


class UploadForm(forms.Form):
    """Which files, of which source, and how to read them."""

    source = forms.ChoiceField(choices=list(LABELS.items()), label="What is it?")
    upload = _Files(
        widget=_Files.Input(),
        label="Files",
        help_text="One or several, or a zip of a folder. Keep the names under which a source publishes its files.",
    )
    drafts = forms.BooleanField(required=False, label="New movies stay unpublished")
    name = forms.CharField(
        required=False,
        max_length=25,
        label="Name of the list",
        help_text="Where there are several: each list is a source of its own and known again by its name.",
    )
    adult = forms.BooleanField(required=False, label="Adult titles, too")
    types = forms.MultipleChoiceField(
        required=False,
        choices=[(name, name) for name in TITLE_TYPES],
        initial=["movie"],
        widget=forms.CheckboxSelectMultiple,
        label="Types of titles",
    )
    minimum_votes = forms.IntegerField(
        required=False, min_value=0, max_value=10**9, label="Minimum votes", help_text="Only titles with so many."
    )
    maximum_billing = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=10**6,
        label="Maximum billing",
        help_text="Only the first so many of each cast.",
    )
    groups = (
        ("Files", ("source", "upload", "drafts")),
        ("For our own list", ("name",)),
        ("For IMDb and TMDB", ("adult",)),
        ("For IMDb", ("types", "minimum_votes", "maximum_billing")),
    )

    def grouped(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(heading, [self[name] for name in names]) for heading, names in self.groups]

    def choices(self) -> dict[str, Any]:
        """What was chosen, as ImportRun keeps it."""
        cleaned = self.cleaned_data
        chosen = {name: cleaned[name] for name in ("drafts", "name", "adult", "maximum_billing")}
        return {**chosen, "types": cleaned["types"] or ["movie"], "minimum_votes": cleaned["minimum_votes"] or 0}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The form: 3 queries; a valid one leads on to the plan."""
    _check(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            chosen = form.choices()
            run = uploads.begin_upload(form.cleaned_data["upload"], form.cleaned_data["source"], chosen, request.user)
            return redirect("admin:catalogue_importrun_follow", run.pk)
        except RefusedError as error:
            form.add_error("upload", str(error))
    most = most_bytes() // 1024 // 1024
    context = {**site.each_context(request), "title": "Import a file", "form": form, "most": most}
    return render(request, "admin/catalogue/importrun/upload.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, key: int, site: AdminSite) -> HttpResponse:
    """The plan of a run, its progress, its result, and what can be done about it. The same queries for any number."""
    _check(request)
    run = get_object_or_404(with_source_name(ImportRun.objects.select_related("started_by")), pk=key)
    if request.method == "POST":
        return _act(request, run)
    is_broken_off = run.is_broken_off
    report = Report.from_json(run.plan if run.state == RunState.PLANNED else run.counts)
    context = {
        **site.each_context(request),
        "title": f"Import of {run.label}",
        "run": run,
        "source": source_of(run),
        "planned": run.plan.get("counts", {}).get("read", 0),
        "report": report,
        "totals": [(name, report.counts[name]) for name in ("read", *OUTCOMES)],
        "changes": [(label(name), number) for name, number in report.fields.most_common(20)],
        "skipped": report.why_skipped.most_common(20),
        "rows": run.plan.get("rows", {}) if run.state == RunState.PLANNED else {},
        "edit": run.state != RunState.PLANNED and run.edits.exists(),
        "problems": [] if run.state == RunState.PLANNED else list(run.problems.all()[:50]),
        "progress": uploads.Progress.of(run),
        "is_busy": run.state in AT_WORK and not is_broken_off,
        "is_broken_off": is_broken_off,
        "can_resume": run.folder and (is_broken_off or (run.state in uploads.ENDED and "only" in run.choices)),
        "is_mine": _is_theirs(request, run),
        "only": ONLY,
    }
    return render(request, "admin/catalogue/importrun/follow.html", context)


def _act(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """action: apply, resume, stop, discard. Everything but stopping is for who uploaded it, and administrators."""
    action, problem = request.POST.get("action"), ""
    if action == "stop":
        uploads.stop(run)
        messages.success(request, "It stops after the batch at hand.")
        return redirect("admin:catalogue_importrun_follow", run.pk)
    if not _is_theirs(request, run):
        raise PermissionDenied
    if action == "apply":
        only = request.POST.get("only", "")
        problem = uploads.apply(run, only if only in ONLY else "")
    elif action == "resume":
        problem = uploads.resume(run)
    elif action == "discard" and (run.state not in AT_WORK or run.is_broken_off):
        uploads.discard(run)
        messages.success(request, "Discarded: the files are removed.")
        return redirect("admin:catalogue_importrun_changelist")
    if problem:
        messages.error(request, problem)
    return redirect("admin:catalogue_importrun_follow", run.pk)


def with_source_name(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each row with ``source_name``, None where its source has no row of its own."""
    name = Source.objects.filter(pk=OuterRef("source")).values("name")[:1]
    found: QuerySet[Any] = rows.annotate(source_name=Subquery(name))
    return found


def source_of(run: Any) -> str:
    """What the source is called; a list that was never imported has no row among the sources yet."""
    return str(run.source_name or run.choices.get("name") or run.source)


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied


def _is_theirs(request: HttpRequest, run: ImportRun) -> bool:
    return bool(getattr(request.user, "is_superuser", False)) or run.started_by_id == request.user.pk
