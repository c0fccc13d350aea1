"""The credits of a movie's form: people by name, parts, jobs, and the place in the cast list."""

from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache

from catalogue.admin.rows import HangingInline, RowForm, RowFormSet
from catalogue.curation.castlist import JOBS, Part, read_cast_list
from catalogue.curation.people import People, hint
from catalogue.models import Credit, Person
from catalogue.search import suggest
from catalogue.vocabulary import Department

SUGGESTED = 8
MOST_PASTED = 50_000  # characters
NEW = "There is nobody of this name yet. Tick “new person” to make a record, or choose somebody."


class CreditForm(RowForm):
    """One credit. The person is a key; where it is empty or the name was changed, the name says who is meant."""

    person = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    person_name = forms.CharField(required=False, max_length=200)
    is_new = forms.BooleanField(required=False)
    note = forms.CharField(required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.namesakes: list[Person] = []
        self.fresh: tuple[str, str] | None = None
        self.sheet: CreditFormSet
        if self.instance.person_id:
            self.initial["person_name"] = self.instance.person.name

    @property
    def values(self) -> dict[str, Any]:
        """What the row shows: what was typed, else what is stored."""
        names = (*self.fields, "DELETE")
        if self.is_bound:
            return {name: self.data.get(self.add_prefix(name), "") for name in names}
        initial = {name: self.initial.get(name, self.fields[name].initial) for name in self.fields}
        return {name: "" if (value := initial.get(name)) is None else value for name in names}

    @property
    def who(self) -> str:
        """What tells the person apart."""
        if not self.is_bound:
            return hint(self.instance.person) if self.instance.person_id else ""
        key = str(self["person"].data or "")
        person = self.sheet.people.by_key.get(int(key)) if key.isdecimal() else None
        return hint(person) if person else ""

    def has_changed(self) -> bool:
        """A new row that has but a place is empty."""
        return bool(set(self.changed_data) - ({"billing_order"} if self.instance._state.adding else set()))

    @property
    def choices(self) -> list[tuple[int, str]]:
        """The namesakes among whom the editor has to choose."""
        return [(person.pk, f"{person.name} ({hint(person) or person.pk})") for person in self.namesakes]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.has_changed():
            return super().clean()
        if "person" in cleaned and "person_name" in cleaned:
            cleaned["person"] = self._person(cleaned["person"], " ".join(cleaned["person_name"].split()))
        self._place(cleaned)
        return super().clean()

    def _place(self, cleaned: dict[str, Any]) -> None:
        """A usual job says its department; cast without a place comes last, and crew has none."""
        if cleaned.get("job") in JOBS and cleaned.get("department") == Department.ACTING:
            cleaned["department"] = JOBS[cleaned["job"]]
        if cleaned.get("department") != Department.ACTING:
            cleaned["billing_order"] = None
        elif cleaned.get("billing_order") is None and "billing_order" in cleaned:
            cleaned["billing_order"] = self.sheet.next_place()

    def _person(self, key: int | None, name: str) -> Person | None:
        people = self.sheet.people
        if self.cleaned_data.get("is_new") and name:
            self._make(name, " ".join(self.cleaned_data.get("note", "").split()))
            return None
        chosen = people.by_key.get(key or 0)
        if key and (chosen is None or not name or name == chosen.name or "person" in self.changed_data):
            if chosen is None:
                self.add_error("person", f"There is no person with the key {key}.")
            return chosen
        return self._named(name) if name else None

    def _named(self, name: str) -> Person | None:
        found = self.sheet.people.named(name)
        if len(found) == 1:
            return found[0]
        self.namesakes = found
        self.add_error("person", f"There are {len(found)} people of this name: choose one." if found else NEW)
        return None

    def _make(self, name: str, note: str) -> None:
        if not self.sheet.may_add_people:
            self.add_error("person", "You may not add people: ask somebody who may.")
        elif self.sheet.people.named(name) and not note:
            self.add_error("note", "Another person has this name: say who this is, as in “actor, born 1946”.")
        elif self.sheet.people.is_taken(name, note):
            self.add_error("note", "Another person has this name and description.")
        else:
            self.fresh = (name, note)

    def _get_validation_exclusions(self) -> set[str]:
        """The person that save() will make is not there yet, for the rule that a credit names somebody."""
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions | ({"person"} if self.fresh else set())

    def save(self, commit: bool = True) -> Credit:
        if self.fresh:
            self.instance.person = self.sheet.people.make(*self.fresh)
        credit: Credit = super().save(commit)
        return credit


class Shared(dict[str, forms.Field]):
    """The fields of hundreds of rows that are alike: copied for each, they took half of the time of a form."""

    def __deepcopy__(self, memo: Any) -> dict[str, forms.Field]:
        return dict(self)


class CreditFormSet(RowFormSet):
    """The credits of one movie. Loads the people of all rows at once: 3 queries."""

    may_add_people = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unread: list[str] = []
        self.read, self.last = 0, -1
        self.is_preview = self.has_added = False

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)
        form.sheet = self
        return form

    @property
    def empty_form(self) -> Any:
        form: Any = super().empty_form
        form.sheet = self
        return form

    @cached_property
    def people(self) -> People:
        """Those that the rows name."""
        here = {str(row.person_id): row.person.name for row in self.get_queryset() if row.person_id}
        keys = self._sent("person")
        rows = zip(keys, self._sent("person_name"), self._sent("is_new"), strict=True)
        doubtful = {" ".join(name.split()) for key, name, is_new in rows if name and (is_new or here.get(key) != name)}
        return People({int(key) for key in keys if key.isdecimal() and len(key) < 19}, doubtful)

    def _sent(self, column: str) -> list[str]:
        return [self.data.get(f"{self.prefix}-{number}-{column}", "") for number in range(self.total_form_count())]

    def next_place(self) -> int:
        """The place behind the last one of the cast; each call gives the next."""
        places = [int(place) for place in self._sent("billing_order") if place.isdecimal() and len(place) < 10]
        self.last = max([self.last, *places]) + 1
        return self.last

    @property
    def rows(self) -> str:
        """The rows and, for JavaScript, an empty one, as HTML."""
        context = {"forms": self.forms, "empty": self.empty_form, "departments": Department.choices}
        context["has_added"] = self.has_added
        return mark_safe(render_to_string("components/credit_rows.html", context, using="jinja2"))  # noqa: S308 -- a template of ours

    @property
    def unread_text(self) -> str:
        """The lines that are left to the editor."""
        return "\n".join(self.unread)

    def is_valid(self) -> bool:
        """A preview is judged, and never saved."""
        return super().is_valid() and not self.is_preview

    def add_empty(self) -> None:
        """One more row, for those without JavaScript."""
        self.has_added = True
        self._preview(self.total_form_count() + 1)

    def append(self, text: str) -> None:
        """Add what a pasted list says as rows of the form. Nothing is written before the form is saved."""
        reading = read_cast_list(text[:MOST_PASTED])
        self.unread = [*reading.unread, *([text[MOST_PASTED:]] if text[MOST_PASTED:] else [])]
        self.read = len(reading.parts)
        people = People([], {part.name for part in reading.parts})
        total = self.total_form_count()
        for number, part in enumerate(reading.parts[: self.absolute_max - total], total):
            self._add(self.data, number, part, people.named(part.name))
        self.unread += [part.name for part in reading.parts[self.absolute_max - total :]]
        self._preview(total + self.read)

    def _preview(self, total: int) -> None:
        """Have so many rows, made of what ``data`` holds now."""
        self.is_preview = True
        self.data[f"{self.prefix}-TOTAL_FORMS"] = str(min(total, self.absolute_max))
        for name in ("forms", "management_form", "people"):
            self.__dict__.pop(name, None)

    def _add(self, data: QueryDict, number: int, part: Part, found: list[Person]) -> None:
        values = {
            "person": str(found[0].pk) if len(found) == 1 else "", "person_name": part.name,
            "is_new": "" if found else "on", "character": part.character, "department": part.department,
            "credited_as": part.name if len(found) == 1 and found[0].name != part.name else "",
            "job": part.job, "billing_order": "" if part.job else str(self.next_place()),
            "is_uncredited": "on" if part.is_uncredited else "", "is_voice": "on" if part.is_voice else "",
        }  # fmt: skip
        if len(found) == 1:
            values["person_name"] = found[0].name
        data.update({f"{self.prefix}-{number}-{name}": value for name, value in values.items() if value})


class CreditInline(HangingInline):
    model = Credit
    form = CreditForm
    formset = CreditFormSet
    extra = 0
    template = "admin/catalogue/movie/credits.html"
    fields = [
        "billing_order", "person", "person_name", "is_new", "note", "character", "department", "job", "credited_as",
        "is_uncredited", "is_voice", "was",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Credit]:
        """Cast in billing order, then crew: 1 query with the people."""
        order = (F("billing_order").asc(nulls_last=True), "pk")
        rows = super().get_queryset(request).select_related("person").order_by(*order)
        kept = ("biography", "provenance", "locked_fields", "birthplace", "homepage")
        return rows.defer(*(f"person__{name}" for name in kept))

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.may_add_people = request.user.has_perm("catalogue.add_person")
        formset.form.base_fields = Shared(formset.form.base_fields)
        return formset


@never_cache
def people(request: HttpRequest) -> JsonResponse:
    """The people that what is being typed may become, with what tells them apart: 4 queries, 1 of them theirs."""
    if not request.user.has_perm("catalogue.change_movie"):
        raise PermissionDenied
    text = request.GET.get("q", "").strip()
    found = suggest(text, movies=0, people=SUGGESTED).people if text else []
    loaded = People((person.pk for person in found), []).by_key
    rows = [loaded[person.pk] for person in found if person.pk in loaded]
    return JsonResponse({"people": [{"key": row.pk, "name": row.name, "hint": hint(row)} for row in rows]})
