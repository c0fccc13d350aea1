"""Taking back in the admin: a field, an edit, everything by an account since a moment. First it is shown."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from catalogue.admin import bulk
from catalogue.curation import undoing
from catalogue.curation.bulk import MOST
from catalogue.curation.courses import STAYS, Only, Step, field_of, left_out, plan
from catalogue.curation.reverting import WHOLE, RefusedError, revert
from catalogue.curation.snapshots import LOCKED, PROVENANCE
from catalogue.curation.tables import KINDS, table
from catalogue.curation.wording import Words, diffs, label
from catalogue.desk.tasks import send, undo_run
from catalogue.models import Change, Edit, ImportRun, RunUndo

MOST_EDITS = 500  # of an account, at once
MOST_RECORDS = 2_000  # that these touch: it is one transaction
MOST_SHOWN = 500  # steps
MOST_TOLD = 5  # reasons in messages: they travel in a cookie
REVERT = "catalogue.revert_edits"
RUN_RIGHTS = (REVERT, "catalogue.change_movie", "catalogue.change_person")


class AccountForm(forms.Form):
    """Whose edits, and since when."""

    by = forms.CharField(max_length=150, label="Who", help_text="A user name.")
    since = forms.DateTimeField(
        label="Since", widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )

    def clean_by(self) -> Any:
        member = get_user_model()._default_manager.filter(username=self.cleaned_data["by"]).first()
        if member is None:
            raise forms.ValidationError("Nobody has this user name.")
        return member

    def edits(self) -> list[Edit]:
        """The edits that are still in force, oldest first; one more than ``MOST_EDITS`` where there are too many."""
        wanted = self.cleaned_data
        found = Edit.objects.filter(made_by=wanted["by"], made_at__gte=wanted["since"], undone_by=None)
        return list(found.order_by("pk")[: MOST_EDITS + 1])


def check(request: HttpRequest, abouts: Iterable[str], right: str = "change") -> None:
    """Whether the member has this right for the kinds of all these records. Raises PermissionDenied."""
    if right == "view" and request.user.has_perm(REVERT):
        return
    for kind in {about.partition(":")[0] for about in abouts} & KINDS.keys():
        rights = (f"catalogue.{right}_{kind}", f"catalogue.change_{kind}")
        if not any(request.user.has_perm(name) for name in rights):
            raise PermissionDenied


def undo(request: HttpRequest, pk: int, site: Any) -> HttpResponse:
    """An edit, or with ?field= and ?record= one field of it."""
    edit = get_object_or_404(Edit, pk=pk)
    name, record = request.GET.get("field", ""), request.GET.get("record", "")
    changes = list(edit.changes.order_by("pk"))
    check(request, {change.about for change in changes})
    only = _only(name, record) if name else None
    title = f"Put back {label(name)}?" if name else f"Undo “{edit}”?"
    if request.method == "POST":
        return _carry_out(request, [edit], only)
    steps = plan(changes, only)
    is_whole = edit.kind in WHOLE
    return _preview(request, site, steps, {"title": title, "edit": edit, "is_whole": is_whole})


def _only(name: str, record: str) -> Only:
    """One field of a record, with its padlock and its source."""
    return lambda change, column: change.about == record and field_of(table(change.table), column) == name


def account(request: HttpRequest, site: Any) -> HttpResponse:
    """Everything by one account since a moment: ?by=edith&since=2026-11-24T09:30."""
    if not request.user.has_perm(REVERT):
        raise PermissionDenied
    form = AccountForm(request.GET or None)
    context = {"title": "Revert an account’s edits", "form": form}
    if not (form.is_bound and form.is_valid()):
        return render(request, "admin/catalogue/edit/account.html", {**site.each_context(request), **context})
    edits = form.edits()
    if len(edits) > MOST_EDITS:
        form.add_error("since", f"These are more than {MOST_EDITS} edits: choose a later time first.")
    elif (records := sum(edit.records for edit in edits)) > MOST_RECORDS:
        form.add_error(
            "since", f"These are {records:,} records, more than {MOST_RECORDS:,}: undo imports edit by edit."
        )
    if form.errors:
        return render(request, "admin/catalogue/edit/account.html", {**site.each_context(request), **context})
    if request.method == "POST":
        return _carry_out(request, edits, None)
    steps = plan(Change.objects.filter(edit__in=edits).order_by("pk"))
    return _preview(request, site, steps, {**context, "edits": edits})


def run_page(request: HttpRequest, pk: int, site: Any) -> HttpResponse:
    """What an import changed of records that were there, taken back in the background; what it created."""
    if not request.user.has_perms(RUN_RIGHTS):
        raise PermissionDenied
    run = get_object_or_404(ImportRun.objects.select_related("undo__made_by"), pk=pk)
    undo: RunUndo | None = getattr(run, "undo", None)
    if request.method == "POST":
        return _act_on_run(request, run, undo)
    created = list(undoing.created_by(run).values_list("is_published", flat=True)[: MOST + 1])
    left = undoing.edits_of(run).order_by().aggregate(edits=Count("pk"), records=Sum("records"))
    context = {
        **site.each_context(request),
        "title": f"Take back the import of {run.label}",
        "here": reverse("admin:catalogue_importrun_changelist"),
        "run": run,
        "undo": undo,
        "left": left,
        "created": len(created),
        "published": sum(created),
        "most": MOST,
        "is_busy": undo is not None and undo.is_at_work,
    }
    return render(request, "admin/catalogue/edit/run.html", context)


def _act_on_run(request: HttpRequest, run: ImportRun, undo: RunUndo | None) -> HttpResponse:
    """action: begin, stop, resume, unpublish."""
    action = request.POST.get("action")
    if action == "unpublish":
        movies = undoing.created_by(run).filter(is_published=True)
        note = f"Import taken back: {run.label}"
        offered = bulk.begin(request, movies, what="unpublish", value=False, note=note)
        return offered or redirect("admin:catalogue_edit_run", run.pk)
    if action == "begin":
        begun = undoing.begin(run, request.user, request.POST.get("why", "")[:500])
        if begun:
            send(undo_run, begun.pk)
        else:
            messages.error(request, "The import, or taking it back, is at work.")
    elif action == "stop" and undo:
        RunUndo.objects.filter(pk=undo.pk).update(stop_asked=True)
        messages.success(request, "It stops after the edit at hand.")
    elif action == "resume" and undo and undoing.resume(undo):
        send(undo_run, undo.pk)
    return redirect("admin:catalogue_edit_run", run.pk)


def _preview(request: HttpRequest, site: Any, steps: list[Step], context: dict[str, Any]) -> HttpResponse:
    out = left_out(steps)
    asked = [step for step in steps if step.conflicts and not step.blocked][:MOST_SHOWN]
    barred = [step for step in steps if out.get(step.key, STAYS) != STAYS and (step.blocked or not step.conflicts)]
    free = [step for step in steps if step.key not in out or (step.then and step.conflicts and not step.blocked)]
    shown = [_as_change(step) for step in free[:MOST_SHOWN]]
    words = Words([*shown, *(_as_change(step) for step in (*asked, *barred[:MOST_SHOWN]))])
    told = {
        "records": [record for record in diffs(shown, words) if record.fields],
        "conflicts": [one for step in asked for one in _conflicts(step, words)],
        "blocked": [(words.record(step.about), _what(step, words), out[step.key]) for step in barred],
        "is_cut": len(free) > MOST_SHOWN,
        "is_nothing": not steps,
        "is_possible": bool(free or asked),
        "query": request.GET.urlencode(),
    }
    return render(request, "admin/catalogue/edit/undo.html", {**site.each_context(request), **context, **told})


def _as_change(step: Step) -> Change:
    """The change that a step would be; its conflicts are shown apart."""
    now, then = step.now, step.then
    if now is not None and then is not None:
        then = {name: value for name, value in then.items() if name not in step.conflicts}
        now = {name: now.get(name) for name in then}
    return Change(table=step.key[0], row=step.key[1], about=step.about, before=now, after=then)


def _conflicts(step: Step, words: Words) -> list[dict[str, str]]:
    if step.then is None:
        names = [""] if step.conflicts else []
    else:
        names = [name for name in step.conflicts if ":" not in name]
    return [
        {
            "choice": step.name(name),
            "record": words.record(step.about),
            "field": label(field_of(step.table, name)) or "Record",
            "now": words.value(step.table, name, (step.now or {}).get(name)) if name else _what(step, words),
            "then": words.value(step.table, name, step.then[name]) if name and step.then else _gone(step),
        }
        for name in names
    ]


def _gone(step: Step) -> str:
    return "not there, nor what belongs to it" if step.table.kind else "not there"


def _what(step: Step, words: Words) -> str:
    row = step.then if step.now is None else step.now
    return "the record itself" if step.table.kind else words.line(step.table, row or {})


def _carry_out(request: HttpRequest, edits: list[Edit], only: Only | None) -> HttpResponse:
    check(request, Change.objects.filter(edit__in=edits).values_list("about", flat=True).distinct())
    chosen = _with_locks(request.POST.getlist("chosen"))
    try:
        made = revert(edits, request.user, request.POST.get("why", ""), only=only, chosen=chosen) if edits else None
    except RefusedError as error:
        for reason in error.reasons[:MOST_TOLD]:
            messages.error(request, f"Nothing was undone. {reason}")
        return redirect(request.get_full_path())
    if made is None:
        messages.info(request, "There is nothing to put back any more.")
        return redirect("admin:catalogue_edit_change", edits[0].pk) if edits else redirect(request.get_full_path())
    if made.left:
        messages.warning(request, _left(made.left))
    else:
        messages.success(request, "Put back. It is an edit like any other and can be undone.")
    return redirect("admin:catalogue_edit_change", made.edit.pk)


def _left(left: list[tuple[Step, str]]) -> str:
    told = left[:MOST_TOLD]
    words = Words([_as_change(step) for step, _ in told])
    lines = [f"{words.record(step.about)}, {_what(step, words)}: {reason}" for step, reason in told]
    more = [f"And {len(left) - len(told)} more."] if len(left) > len(told) else []
    return " ".join(["Put back in part. Left as it is:", *lines, *more])


def _with_locks(names: list[str]) -> frozenset[str]:
    """What was chosen, and the padlock and source of each chosen column."""
    columns = [(head, column.removesuffix("_id")) for head, _, column in (name.rpartition("|") for name in names)]
    more = [f"{head}|{prefix}{column}" for head, column in columns for prefix in (LOCKED, PROVENANCE)]
    return frozenset([*names, *more])
