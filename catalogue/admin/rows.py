"""Rows of lists in the admin's forms that two may edit at once.

Every row carries what it held when the page was made. What only another changed since is kept, what only this editor
changed is written, and a value that both changed is shown, for choosing, before anything is written.
"""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth import get_permission_codename
from django.core.exceptions import ValidationError
from django.db.models import UniqueConstraint
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property

from catalogue.admin.fields import CodeInput, NamedField, RowKey
from catalogue.admin.rules import RuledForm, columns
from catalogue.importers.state import canonical
from catalogue.models.fields import CodeField

CONFLICT = "conflict"  # the code of errors that say what another wrote meanwhile
GONE = "Somebody removed this row meanwhile. Save again to keep it as a new one, or remove it here, too."


class LabelledForm(RuledForm):
    """One row of a table, whose columns have one heading for all rows: each field says what it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("aria-label", str(field.label or name))


class LabelledFormSet(forms.BaseInlineFormSet):
    """A list whose boxes that remove a row say so."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Remove"


class HangingInline(admin.TabularInline):
    """A list that is seen by all who see the record it hangs on."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        record = self.parent_model._meta
        right = f"{record.app_label}.{get_permission_codename('view', record)}"
        return super().has_view_permission(request, obj) or request.user.has_perm(right)


class LabelledInline(HangingInline):
    """A list whose columns and fields all have names."""

    form = LabelledForm
    formset = LabelledFormSet
    extra = 0
    template = "admin/catalogue/movie/rows.html"


class RowForm(LabelledForm):
    """One row. A row that was not touched costs no query when it is sent back."""

    data: Any
    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns_of(type(self))
        self.now = {name: self.initial.get(name) for name in self.columns}
        self.is_gone = False  # set by the list: another removed the row
        if self.instance.pk:
            self.initial["was"] = snapshot(self.now)
            self.initial.update(self.seen)
        for name, field in self.fields.items():
            if isinstance(field, NamedField) and self.instance.pk:
                field.known = getattr(self.instance, name)

    @cached_property
    def seen(self) -> dict[str, Any]:
        """What the editor saw in this row; empty where that was not sent, or is no such thing."""
        raw = self.data.get(self.add_prefix("was"), "") if self.is_bound else ""
        try:
            values = json.loads(raw) if raw else {}
            return {name: self._python(name, values[name]) for name in self.columns if name in values}
        except (AttributeError, TypeError, ValueError, ValidationError):
            return {}

    def _python(self, name: str, value: Any) -> Any:
        field = self.fields[name]
        return value if isinstance(field, forms.ModelChoiceField) else field.to_python(value)

    def _post_clean(self) -> None:
        if self.has_changed():
            super()._post_clean()  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.is_gone:
            raise ValidationError(GONE, CONFLICT)
        if not self.instance.pk or not self.seen:
            return cleaned
        for name in self.columns:
            if self.fields[name].has_changed(self.seen[name], plain(self.now[name])):
                self._merge(name, cleaned)
        return cleaned

    def _merge(self, name: str, cleaned: dict[str, Any]) -> None:
        if name not in self.changed_data:
            cleaned[name] = getattr(self.instance, name)
        elif self[name].data is not None and self.fields[name].has_changed(self.now[name], self[name].data):
            was, now = self.shown(name, self.seen[name]), self.shown(name, self.now[name])
            text = f"Another changed this meanwhile, from {was} to {now}. Save again to have yours."
            self.add_error(name, ValidationError(text, CONFLICT))
            self.data[self.add_prefix("was")] = snapshot(self.now)

    def shown(self, name: str, value: Any) -> str:
        """A value as the editor reads it."""
        field: Any = self._meta.model._meta.get_field(name)
        if field.is_relation and value:
            value = field.related_model.objects.filter(pk=value).first()
        return "nothing" if value in (None, "") else f"“{dict(field.flatchoices).get(value, value)}”"


class RowFormSet(LabelledFormSet):
    """A list whose rows another may have added, changed or removed since the page was made."""

    data: Any
    form: Any
    forms: Any
    initial_forms: Any
    model: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.revived: set[int] = set()
        if self.is_bound:
            self.data = self._rebased(self._own())

    def _own(self) -> QueryDict:
        """What was sent of this list: of a form of hundreds of rows each list would copy those of all others, too."""
        own, start = QueryDict(mutable=True), f"{self.prefix}-"
        for name, values in self.data.lists():
            if name.startswith(start):
                own.setlist(name, values)
        return own

    def _rebased(self, data: QueryDict) -> QueryDict:
        """What was sent, with every row that is no longer there found again, dropped or made a new one."""
        total, start = data.get(f"{self.prefix}-TOTAL_FORMS", ""), f"{self.prefix}-INITIAL_FORMS"
        if not (self.instance.pk and total.isdecimal() and len(total) < 5 and data.get(start, "").isdecimal()):
            return data
        rows = self._take(data, min(int(total), self.absolute_max))
        sent = {row.get("id") for row in rows}
        spare = {snapshot(self._values(row)): key for key, row in self.here.items() if key not in sent}
        kept = [row for row in rows if self._find(row, spare)]
        kept.sort(key=lambda row: not row.get("id"))  # rows that are there come first, as Django counts them
        for number, row in enumerate(kept):
            data.update({f"{self.prefix}-{number}-{name}": value for name, value in row.items() if name != "gone"})
        self.revived = {number for number, row in enumerate(kept) if "gone" in row}
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(kept))
        data[start] = str(sum(bool(row.get("id")) for row in kept))
        return data

    def _take(self, data: QueryDict, number: int) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = [{} for _ in range(number)]
        start = f"{self.prefix}-"
        for name in [name for name in data if name.startswith(start)]:
            place, _, column = name.removeprefix(start).partition("-")
            if place.isdecimal() and len(place) < 5 and int(place) < number:
                rows[int(place)][column] = data.pop(name)[-1]
        return rows

    def _find(self, row: dict[str, str], spare: dict[str, str]) -> bool:
        """Whether a row that was sent is still wanted; one that an import wrote anew gets its new key."""
        if not row.get("id") or row["id"] in self.here:
            return True
        if key := spare.pop(row.get("was", ""), ""):
            row["id"] = key
            return True
        sent = self.form(row, instance=self.form._meta.model(), **{**self.form_kwargs, "prefix": None})
        sent.initial.update(sent.seen)
        if "DELETE" in row or not set(sent.changed_data) & set(sent.columns):
            return False
        row.update({"id": "", "was": "", "gone": "1"})
        return True

    def _values(self, row: Any) -> dict[str, Any]:
        return forms.model_to_dict(row, columns_of(self.form))

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        initial = form.fields["id"].initial
        form.fields["id"] = RowKey(self.here)
        form.fields["id"].initial = initial

    @cached_property
    def here(self) -> dict[str, Any]:
        """The rows that are there, by key: 1 query."""
        return {str(row.pk): row for row in self.get_queryset()}

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.is_gone = i in self.revived
        return form

    def clean(self) -> None:
        super().clean()
        for rule in self.model._meta.constraints:
            if isinstance(rule, UniqueConstraint) and rule.expressions:
                self._compare(rule)
        for form in self.initial_forms:
            changed = [name for name in form.columns if form.seen and form.fields[name].has_changed(
                form.seen[name], plain(form.now[name])
            )]  # fmt: skip
            if changed and self._should_delete_form(form):  # type: ignore[attr-defined]
                form.data[form.add_prefix("was")] = snapshot(form.now)
                text = f"“{form.instance}” was changed by another meanwhile. Save again to remove it."
                raise ValidationError(text, CONFLICT)

    def _compare(self, rule: UniqueConstraint) -> None:
        """Say which row is there twice: where a rule is made of expressions, Django leaves that to the database."""
        names = [self.model._meta.get_field(name).attname for name in columns(self.model, rule)]
        seen = set()
        for form in self.forms:
            is_empty = form.empty_permitted and not form.has_changed()
            if is_empty or form.errors or self._should_delete_form(form):  # type: ignore[attr-defined]
                continue
            key = tuple(str(getattr(form.instance, name) or "") for name in names)
            if key in seen:
                form.add_error(form.field_of(rule), rule.get_violation_error_message())
            seen.add(key)


class RowInline(LabelledInline):
    """A list of a movie, light enough for hundreds of rows: one query for them and what they point to."""

    form = RowForm
    formset = RowFormSet
    codes: dict[str, str] = {}  # columns that hold a code, and the list of the page that suggests it
    records: dict[str, str] = {}  # columns that name a record, and what is suggested for them

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in self.codes:
            kwargs |= {"form_class": CodeField, "widget": CodeInput(self.codes[db_field.name])}
        if db_field.name in self.records:
            queryset = db_field.remote_field.model._default_manager.all()
            label = db_field.verbose_name.capitalize()
            return NamedField(queryset, kind=self.records[db_field.name], label=label)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Without the links that open another window: they would be three in each cell."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_fields(request, obj)
        return fields if self.has_change_permission(request, obj) else [name for name in fields if name != "was"]

    def get_queryset(self, request: Any) -> Any:
        codes = () if self.has_change_permission(request) else self.codes  # shown by name to those who but read
        return super().get_queryset(request).select_related(*self.records, *codes)


def columns_of(form: type[forms.ModelForm]) -> list[str]:
    """The model's own columns among the fields of a form."""
    concrete = {field.name for field in form._meta.model._meta.concrete_fields}
    return [name for name, field in form.base_fields.items() if name in concrete]


def snapshot(values: dict[str, Any]) -> str:
    """A row as text, to compare it and to send it along."""
    return json.dumps({name: plain(value) for name, value in values.items()}, ensure_ascii=False, sort_keys=True)


def plain(value: Any) -> Any:
    """A value of a row as JSON holds it, decimals as text."""
    return value if value is None or isinstance(value, (bool, int, str)) else str(canonical(value))
