"""Many movies at once in the admin: choose what, look at what would change, apply, watch."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalogue.curation.bulk import ACTIONS, BATCH, MOST, carry_out, preview, told
from catalogue.desk.tasks import apply_bulk, send
from catalogue.models import BulkChange, Collection, Country, Feature, Genre, Language, Movie
from catalogue.models.bulk import BUSY
from catalogue.vocabulary import RunState, Status

# The field of the form that an action reads; publishing and unpublishing read none.
READS = {
    "status": "status", "language": "language", "country": "country", "add_genre": "genre", "remove_genre": "genre",
    "collection": "collection",
}  # fmt: skip
READ_BY = {**{what: (name,) for what, name in READS.items()}, "feature": ("kicker", "starts_on", "ends_on")}


class BulkForm(forms.Form):
    """What to do, and with what."""

    what = forms.ChoiceField(label="What")
    genre = forms.ModelChoiceField(Genre.objects.order_by("name"), required=False)
    collection = forms.ModelChoiceField(Collection.objects.order_by("name"), required=False)
    country = forms.ModelChoiceField(Country.objects.order_by("name"), required=False)
    language = forms.ModelChoiceField(Language.objects.order_by("name"), required=False)
    status = forms.ChoiceField(choices=[("", "---------"), *Status.choices], required=False)
    kicker = forms.CharField(max_length=60, required=False, help_text="The line above the title of a feature.")
    starts_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(max_length=500, required=False, label="Why")

    def __init__(self, member: Any, row: BulkChange, data: Any = None) -> None:
        super().__init__(data, initial={"what": row.what, "note": row.note})
        allowed = [(name, action.label) for name, action in ACTIONS.items() if member.has_perms(action.rights)]
        self.fields["what"].choices = allowed  # type: ignore[attr-defined]

    def told(self) -> list[tuple[forms.BoundField, str]]:
        """The fields, each with the actions that read it; "" for all."""
        return [(field, " ".join(what for what, names in READ_BY.items() if field.name in names)) for field in self]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        name = READS.get(cleaned.get("what", ""))
        if name and not cleaned.get(name) and name not in self.errors:
            self.add_error(name, "Choose one.")
        if cleaned.get("what") == "feature":
            self._clean_feature(cleaned)
        return cleaned

    def _clean_feature(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("starts_on"):
            self.add_error("starts_on", "A feature starts on a day.")
            return
        feature = Feature(starts_on=cleaned["starts_on"], ends_on=cleaned.get("ends_on"))
        try:
            feature.validate_constraints()
        except ValidationError as error:
            self.add_error("ends_on", error.messages)

    @property
    def value(self) -> Any:
        """What the action reads, as BulkChange keeps it."""
        cleaned = self.cleaned_data
        if cleaned["what"] == "feature":
            days = {name: str(cleaned[name]) for name in ("starts_on", "ends_on") if cleaned[name]}
            return days | ({"kicker": cleaned["kicker"]} if cleaned["kicker"] else {})
        if cleaned["what"] in ("publish", "unpublish"):
            return cleaned["what"] == "publish"
        found = cleaned[READS[cleaned["what"]]]
        return getattr(found, "pk", found)


def begin(request: HttpRequest, queryset: QuerySet[Movie], **offered: Any) -> HttpResponse | None:
    """The action of the list: the chosen, or all of the list up to ``MOST``.

    ``offered``: what the form offers to begin with, as columns of BulkChange.
    """
    keys = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    if len(keys) > MOST:
        messages.error(request, f"These are more than {MOST:,} movies: narrow the list first.")
        return None
    return redirect(BulkChange.objects.create(made_by_id=request.user.pk, movies=keys, **offered))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, key: int, site: AdminSite) -> HttpResponse:
    """The form; with ``do=preview``, or what is offered, what would change; with ``do=apply`` it is done; how far."""
    if not request.user.has_perm("catalogue.change_movie"):
        raise PermissionDenied
    row = get_object_or_404(BulkChange.objects.select_related("edit", "made_by"), pk=key)
    if row.made_by_id != request.user.pk and not getattr(request.user, "is_superuser", False):
        raise PermissionDenied
    if request.method == "POST" and request.POST.get("do") == "resume":
        return _resume(request, row)
    form = BulkForm(request.user, row, request.POST if request.method == "POST" else None)
    found = None
    if row.state == RunState.PLANNING and form.is_bound and form.is_valid():
        row.what, row.value, row.note = form.cleaned_data["what"], form.value, form.cleaned_data["note"]
        if request.POST.get("do") == "apply":
            return _apply(request, row)
        found = preview(row)
    elif row.state == RunState.PLANNING and row.what and not form.is_bound:
        found = preview(row)
    context = {
        **site.each_context(request),
        "title": "Many movies at once",
        "row": row,
        "form": form,
        "number": len(row.movies),
        "preview": found,
        "label": told(row) if row.what else "",
        "is_busy": row.state in BUSY and not row.is_broken_off,
    }
    return render(request, "admin/catalogue/movie/bulk.html", context)


def _resume(request: HttpRequest, row: BulkChange) -> HttpResponse:
    """Go on behind the last batch that was written. Two that do are no harm: each batch is taken once."""
    if row.is_broken_off:
        BulkChange.objects.filter(pk=row.pk).update(state=RunState.WAITING, message="", moved_at=timezone.now())
        send(apply_bulk, row.pk)
    return redirect(row)


def _apply(request: HttpRequest, row: BulkChange) -> HttpResponse:
    is_long = len(row.movies) > BATCH
    state = RunState.WAITING if is_long else RunState.RUNNING
    mine = BulkChange.objects.filter(pk=row.pk, state=RunState.PLANNING)
    if not mine.update(what=row.what, value=row.value, note=row.note, state=state):
        messages.error(request, "It is at work already.")
    elif is_long:
        send(apply_bulk, row.pk)
    else:
        carry_out(row)
    return redirect(row)
