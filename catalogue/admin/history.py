"""The history in the admin: recent changes, an edit, the history of a record, and what it was on a date."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from catalogue.admin import merging, reverting
from catalogue.curation.past import as_of
from catalogue.curation.tables import KINDS
from catalogue.curation.wording import RecordDiff, Words, diffs
from catalogue.models import Change, Edit, Source
from catalogue.models.source import EDITOR, UNKNOWN
from catalogue.vocabulary import EditKind

PER_PAGE = 50
EDITS_PER_PAGE = 20
MOST_CHANGES = 1_000  # that one page puts into words
REVERT = "catalogue.revert_edits"
READINGS = {"catalogue.externalrating"}  # no history is kept of what other places count


class RecentForm(forms.Form):
    """What of the recent changes is wanted."""

    by = forms.CharField(required=False, max_length=150, label="Who", help_text="A user name.")
    kind = forms.ChoiceField(required=False, choices=[("", "Any"), *EditKind.choices], label="What")
    record = forms.ChoiceField(
        required=False, choices=[("", "Any"), *((kind, kind.capitalize()) for kind in KINDS)], label="About a"
    )
    since = forms.DateField(required=False, label="Since", widget=forms.DateInput(attrs={"type": "date"}))
    run = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def edits(self) -> QuerySet[Edit]:
        """The edits that fit, newest first; none for a form that is none."""
        if not self.is_valid():
            return Edit.objects.none()
        wanted, edits = self.cleaned_data, Edit.objects.all()
        if wanted["by"]:
            edits = edits.filter(made_by__in=get_user_model()._default_manager.filter(username=wanted["by"]))
        if wanted["kind"]:
            edits = edits.filter(kind=wanted["kind"])
        if wanted["record"]:
            edits = edits.filter(record_kind=wanted["record"])
        if wanted["since"]:
            edits = edits.filter(made_at__gte=timezone.make_aware(datetime.combine(wanted["since"], time())))
        if wanted["run"]:
            edits = edits.filter(run=wanted["run"])
        if wanted["before"]:
            edits = edits.filter(pk__lt=wanted["before"])
        return edits


@admin.register(Edit)
class EditAdmin(admin.ModelAdmin):
    """Recent changes for those who may revert them; what somebody may change, they may see the history of."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(REVERT)

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, Any, str]] = [
            ("account/", reverting.account, "account"),
            ("<int:pk>/change/", self.edit_page, "change"),
            ("<int:pk>/undo/", reverting.undo, "undo"),
            ("run/<int:pk>/", reverting.run_page, "run"),
            ("merge/<slug:kind>/", merging.merge_page, "merge"),
            ("split/<int:pk>/", merging.split_page, "split"),
            ("record/<slug:kind>/<slug:key>/", self.record_page, "record"),
            ("record/<slug:kind>/<slug:key>/on/", self.past_page, "past"),
        ]
        wrap, site = self.admin_site.admin_view, {"site": self.admin_site}
        own = [path(address, wrap(page), site, name=f"catalogue_edit_{name}") for address, page, name in pages]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Recent changes, newest first: 1 query for the page, whatever its length."""
        if not request.user.has_perm(REVERT):
            raise PermissionDenied
        form = RecentForm(request.GET)
        edits = list(form.edits()[: PER_PAGE + 1])
        query = request.GET.copy()
        if len(edits) > PER_PAGE:
            query["before"] = str(edits[PER_PAGE - 1].pk)
        context = {
            **self.admin_site.each_context(request),
            "title": "Recent changes",
            "form": form,
            "edits": edits[:PER_PAGE],
            "older": query.urlencode() if len(edits) > PER_PAGE else "",
        }
        return render(request, "admin/catalogue/edit/recent.html", context)

    def edit_page(self, request: HttpRequest, pk: int, site: Any) -> HttpResponse:
        """One edit, record by record."""
        edit = get_object_or_404(Edit.objects.select_related("undone_by"), pk=pk)
        changes = list(edit.changes.all()[: MOST_CHANGES + 1])
        reverting.check(request, {change.about for change in changes}, "view")
        context = {
            **site.each_context(request),
            "title": str(edit),
            "edit": edit,
            "records": diffs(changes, Words(changes)),
            "is_cut": len(changes) > MOST_CHANGES,
            "undoes": list(edit.undoes.all()[:MOST_CHANGES]),
        }
        return render(request, "admin/catalogue/edit/edit.html", context)

    def record_page(self, request: HttpRequest, kind: str, key: str, site: Any) -> HttpResponse:
        """The history of a record, newest first, with what each edit did to it."""
        about = _about(request, kind, key)
        before = request.GET.get("before", "")
        found = Change.objects.filter(about=about)
        if before.isascii() and before.isdigit() and len(before) < 19:
            found = found.filter(edit__lt=int(before))
        keys = list(found.order_by("-edit").values_list("edit", flat=True).distinct()[: EDITS_PER_PAGE + 1])
        edits = list(Edit.objects.filter(pk__in=keys[:EDITS_PER_PAGE]))
        changes = list(Change.objects.filter(about=about, edit__in=edits).order_by("-edit", "pk")[:MOST_CHANGES])
        words = Words(changes)
        shown = [(edit, _of(edit, changes, words)) for edit in edits]
        record = KINDS[kind]._default_manager.filter(pk=key).first()
        context = {
            **site.each_context(request),
            "title": f"History of {_name(kind, key, words, about)}",
            "here": reverse(f"admin:catalogue_{kind}_changelist"),
            "kind": kind,
            "key": key,
            "record": record,
            "origin": _origin(record),
            "edits": shown,
            "older": keys[EDITS_PER_PAGE - 1] if len(keys) > EDITS_PER_PAGE else "",
            "today": timezone.localdate(),
        }
        return render(request, "admin/catalogue/edit/record.html", context)

    def past_page(self, request: HttpRequest, kind: str, key: str, site: Any) -> HttpResponse:
        """What a record was at the end of a day: ?date=2026-11-24."""
        about = _about(request, kind, key)
        day = forms.DateField(required=False).clean(_day(request)) or timezone.localdate()
        rows = as_of(kind, key, timezone.make_aware(datetime.combine(day, time.max)))
        made = [
            Change(table=name, row=row, about=about, before=None, after=values)
            for (name, row), values in rows.items()
            if name not in READINGS
        ]
        words = Words(made, rows)
        records = [record for record in diffs(made, words) if record.about == about]
        context = {
            **site.each_context(request),
            "title": f"{_name(kind, key, words, about)} on {day:%-d %B %Y}",
            "here": reverse(f"admin:catalogue_{kind}_changelist"),
            "kind": kind,
            "key": key,
            "day": day,
            "fields": records[0].fields if rows and records else [],
        }
        return render(request, "admin/catalogue/edit/past.html", context)


def _day(request: HttpRequest) -> str:
    text = request.GET.get("date", "")
    try:
        return text if datetime.strptime(text, "%Y-%m-%d").year > 1000 else ""
    except ValueError:
        return ""


def _about(request: HttpRequest, kind: str, key: str) -> str:
    """The record of an address; 404 for none, 403 for those who may not look at it."""
    if kind not in KINDS or (kind != "image" and not (key.isascii() and key.isdigit() and len(key) < 19)):
        raise Http404("There is no such record.")
    reverting.check(request, {f"{kind}:{key}"}, "view")
    return f"{kind}:{key}"


def _origin(record: Any) -> str:
    """The source that a record was imported from; "" for those made here."""
    code = getattr(record, "source", "")
    if code in (UNKNOWN, EDITOR):
        return ""
    return Source.objects.filter(pk=code).values_list("name", flat=True).first() or code


def _of(edit: Edit, changes: list[Change], words: Words) -> RecordDiff | None:
    found = diffs([change for change in changes if change.edit_id == edit.pk], words)
    return found[0] if found else None


def _name(kind: str, key: str, words: Words, about: str) -> str:
    name = words.record(about)
    record = None if (KINDS[kind], key) in words.names else KINDS[kind]._default_manager.filter(pk=key).first()
    return str(record) if record else name
