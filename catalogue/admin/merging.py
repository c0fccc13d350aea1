"""Merging two records and splitting a person in the admin: both side by side, what would come along, then do it."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from catalogue.admin.recorded import RecordedAdmin
from catalogue.admin.reverting import check
from catalogue.admin.uploads import preview
from catalogue.curation.courses import field_of
from catalogue.curation.merging import IDS, MERGEABLE, Choice, choices, merge, sharing
from catalogue.curation.reverting import RefusedError
from catalogue.curation.splitting import split
from catalogue.curation.tables import KINDS, Table, table
from catalogue.curation.wording import Words, label
from catalogue.guests import GUESTS
from catalogue.models import Change, Person
from catalogue.vocabulary import Department

_ADDRESS = re.compile(r"/(?:movies|people|studios|movie|person|studio)/([0-9]{1,18})/")
MOST_CREDITS = 3_000
MOST_SHOWN = 600  # characters of a value
PICTURES = {"poster_id": "poster", "backdrop_id": "backdrop", "portrait_id": "portrait"}


class MergeableAdmin(RecordedAdmin):
    """An admin whose list offers to merge two chosen records."""

    actions = ["merge_chosen"]

    @admin.action(description="Merge the two selected …", permissions=["change"])
    def merge_chosen(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(keys) != 2:
            messages.error(request, "Select two: one stays and receives everything of the other.")
            return None
        return redirect(f"{reverse('admin:catalogue_edit_merge', args=[self.kind])}?winner={keys[0]}&loser={keys[1]}")


class PickForm(forms.Form):
    """Which two: each by its key, its address, or its IMDb or Wikidata id."""

    winner = forms.CharField(
        max_length=300,
        label="Stays",
        help_text="Its number, its address here, or its IMDb or Wikidata id.",
    )
    loser = forms.CharField(max_length=300, label="Goes", help_text="In the same ways.")

    def __init__(self, kind: str, data: Any) -> None:
        super().__init__(data)
        self.kind = kind

    def clean_winner(self) -> Any:
        return self._find("winner")

    def clean_loser(self) -> Any:
        return self._find("loser")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("winner") and cleaned.get("winner") == cleaned.get("loser"):
            raise ValidationError("These are the same record.")
        return cleaned

    def _find(self, name: str) -> Any:
        text, model = self.cleaned_data[name].strip(), KINDS[self.kind]
        found = _ADDRESS.search(text)
        key = found.group(1) if found else text
        wanted = Q(pk=None)
        if key.isascii() and key.isdigit() and len(key) < 19:
            wanted = Q(pk=int(key))
        elif not found:
            names = {field.name for field in model._meta.concrete_fields} & set(IDS) - {"tmdb_id"}
            for column in names:
                wanted |= Q(**{column: key})
        record = model._default_manager.filter(wanted).first()
        if record is None:
            raise ValidationError(f"There is no such {model._meta.verbose_name}.")
        return record


def merge_page(request: HttpRequest, kind: str, site: Any) -> HttpResponse:
    """?winner= and ?loser= say which two; without them it asks."""
    if kind not in MERGEABLE:
        raise Http404("These are not merged.")
    check(request, {f"{kind}:"})
    form = PickForm(kind, request.GET or None)
    plural = KINDS[kind]._meta.verbose_name_plural
    context = {
        **site.each_context(request),
        "title": f"Merge two {plural}",
        "here": reverse(f"admin:catalogue_{kind}_changelist"),
        "kind": kind,
        "plural": plural,
        "form": form,
    }
    if not (form.is_bound and form.is_valid()):
        return render(request, "admin/catalogue/edit/merge_pick.html", context)
    winner, loser = form.cleaned_data["winner"], form.cleaned_data["loser"]
    if request.method == "POST":
        return _merge(request, kind, winner, loser)
    shown = _choices(kind, winner, loser)
    stays, goes = _told_apart(winner, loser)
    more = {
        "title": f"Merge {goes} into {stays}",
        "winner": winner,
        "loser": loser,
        "pictures": [_picture(winner), _picture(loser)],
        "choices": shown,
        "lists": [(label(name), *numbers) for name, numbers in sharing(kind, winner.pk, loser.pk).items()],
        "reviews": [line for guest in GUESTS for line in guest.affected(loser.pk, winner.pk)]
        if kind == "movie"
        else [],
    }
    return render(request, "admin/catalogue/edit/merge.html", {**context, **more})


def _merge(request: HttpRequest, kind: str, winner: Any, loser: Any) -> HttpResponse:
    chosen: Mapping[str, str] = {
        name.removeprefix("take-"): str(value) for name, value in request.POST.items() if name.startswith("take-")
    }
    try:
        edit = merge(kind, winner.pk, loser.pk, request.user, request.POST.get("why", ""), chosen)
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect("admin:catalogue_edit_merge", kind)
    stays, goes = _told_apart(winner, loser)
    messages.success(request, f"{goes} is merged into {stays}. The edit can be undone.")
    return redirect(edit)


def _told_apart(*records: Any) -> list[str]:
    """What two records are called, with their numbers where both are called the same."""
    names = [str(record) for record in records]
    return names if len(set(names)) > 1 else [f"{record}, number {record.pk}" for record in records]


def _choices(kind: str, winner: Any, loser: Any) -> list[dict[str, Any]]:
    of, name = table(f"catalogue.{kind}"), f"catalogue.{kind}"
    found = choices(kind, winner.pk, loser.pk)
    rows = [{choice.name: getattr(choice, whose) for choice in found} for whose in ("winner", "loser")]
    words = Words([Change(table=name, row="0", about="", before=row, after=None) for row in rows])
    both_first = sorted(
        found, key=lambda choice: None in (choice.winner, choice.loser) or "" in (choice.winner, choice.loser)
    )
    return [
        {
            "name": choice.name,
            "label": label(field_of(of, choice.name)),
            "winner": _shown(words, of, choice, winner, choice.winner),
            "loser": _shown(words, of, choice, loser, choice.loser),
            "default": choice.default,
        }
        for choice in both_first
    ]


def _shown(words: Words, of: Table, choice: Choice, record: Any, value: Any) -> SafeString | str:
    """A picture as itself; another value in words, which alone may be cut."""
    if choice.name in PICTURES:
        return preview(getattr(record, PICTURES[choice.name]))
    return Truncator(words.value(of, choice.name, value)).chars(MOST_SHOWN)


def _picture(record: Any) -> SafeString | str:
    return preview(getattr(record, "poster", None) or getattr(record, "portrait", None))


class SplitForm(forms.Form):
    """The new person, and what goes to them."""

    name = forms.CharField(max_length=200)
    disambiguation = forms.CharField(
        max_length=120, required=False, help_text="Tells the two apart: “actor, born 1946”."
    )
    credits = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label="Credits of the new person",
        error_messages={"required": "Choose at least one credit."},
    )
    names = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, required=False, label="Alternative names of the new person"
    )

    def __init__(self, person: Person, data: Any) -> None:
        super().__init__(data, initial={"name": person.name})
        rows = person.credits.order_by("movie__release_date", "movie", "pk").values_list(
            "pk", "movie__title", "movie__release_year", "character", "job", "department", "credited_as"
        )[:MOST_CREDITS]
        lines = [
            (pk, f"{title}{f' ({year})' if year else ''}: {character or job or Department(department).label}"
             f"{f', as {name}' if name else ''}")
            for pk, title, year, character, job, department, name in rows
        ]  # fmt: skip
        self.fields["credits"].choices = lines  # type: ignore[attr-defined]
        self.fields["names"].choices = list(person.alternative_names.values_list("pk", "name"))  # type: ignore[attr-defined]


def split_page(request: HttpRequest, pk: int, site: Any) -> HttpResponse:
    """Choose what belongs to somebody else. 2 queries beside the person and who asks."""
    if not request.user.has_perms(["catalogue.change_person", "catalogue.add_person"]):
        raise PermissionDenied
    person = get_object_or_404(Person, pk=pk)
    form = SplitForm(person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            new, edit = split(
                person.pk, given["name"], given["disambiguation"], given["credits"], given["names"],
                request.user, request.POST.get("why", ""),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"{new} is a person of their own now. The edit can be undone.")
            return redirect(edit)
    context = {
        **site.each_context(request),
        "title": f"Split {person}",
        "here": reverse("admin:catalogue_person_changelist"),
        "person": person,
        "form": form,
    }
    return render(request, "admin/catalogue/edit/split.html", context)
