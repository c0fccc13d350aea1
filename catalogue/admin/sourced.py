"""Locks and sources in the forms of movies and people; what an editor saves there is locked."""

import json
from collections import defaultdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalogue.admin.recorded import RecordedAdmin
from catalogue.admin.rows import CONFLICT
from catalogue.admin.uploads import PicturesForm, send_pictures, warn_of_doubles
from catalogue.curation.locks import LOCKABLE, SECTIONS, changed_fields, lock_fields
from catalogue.curation.wording import label
from catalogue.importers import decisions
from catalogue.models import Disagreement, Source
from catalogue.models.source import EDITOR, UNKNOWN, UNLOCKED
from catalogue.vocabulary import Answer

_WORDS = {UNKNOWN: "from before sources were kept", UNLOCKED: "an editor, open to imports"}


class SourcedForm(PicturesForm):
    """Says of each field whose word it is and whether it is locked; ``unlock`` opens fields to imports again.

    Every field carries what it held when the page was made. What an import or another editor wrote meanwhile is kept
    where this editor left the field alone; where both changed it, both values are shown before anything is written.
    """

    unlock = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Imports may change these again.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        locked = self.instance.locked_fields
        self.fields["unlock"].choices = [(name, label(name)) for name in locked]  # type: ignore[attr-defined]
        names = dict(Source.objects.values_list("code", "name")) if self.instance.pk else {}
        columns = {field.name for field in self._meta.model._meta.get_fields()}
        others = self._disagreements() if self.instance.pk else {}
        for name in columns & self.fields.keys() if self.instance.pk else ():
            field = self.fields[name]
            field.show_hidden_initial = True
            if name in LOCKABLE[type(self.instance)]:
                said = (self._provenance(name, names), _others(others.get(name, []), names))
                field.help_text = format_html("{} {}{}", field.help_text, *said)

    def _disagreements(self) -> dict[str, list[Disagreement]]:
        """What other sources say, by field: 1 query."""
        found: dict[str, list[Disagreement]] = defaultdict(list)
        for row in self.instance.disagreements.filter(state=Answer.OPEN).order_by("source"):
            found[row.field].append(row)
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            if field.show_hidden_initial and name in cleaned:
                self._merge(name, cleaned)
        return cleaned

    def _merge(self, name: str, cleaned: dict[str, Any]) -> None:
        """Keep what another wrote since the page was made, or say that both did."""
        field, shown = self.fields[name], self.add_initial_prefix(name)
        sent = field.hidden_widget().value_from_datadict(self.data, self.files, shown)
        try:
            was = field.to_python(sent)
        except ValidationError:
            return
        now = field.prepare_value(self.initial.get(name, field.initial))
        if sent is None or not field.has_changed(was, now):
            return
        if name not in self.changed_data or name in self.data.getlist("theirs"):  # type: ignore[attr-defined]
            cleaned[name] = field.clean(now)
            self.changed_data[:] = [other for other in self.changed_data if other != name]
        elif field.has_changed(now, self[name].data):
            text = _difference(name, _read(field, was), _read(field, field.to_python(now)))
            self.add_error(name, ValidationError(text, CONFLICT))
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data.setlist(shown, now if isinstance(now, list) else ["" if now is None else str(now)])  # type: ignore[attr-defined]

    def _provenance(self, name: str, names: dict[str, str]) -> str:
        lock = "Locked: imports leave it. " if name in self.instance.locked_fields else ""
        if self.initial.get(name) in (None, "", []):
            return lock
        code, since = self.instance.source_of(name)
        source = _WORDS.get(code) or names.get(code, code)
        return f"{lock}Source: {source}{', ' + since if since else ''}."


def _read(field: forms.Field, value: Any) -> str:
    """A value as the editor reads it."""
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        value = dict(field.choices).get(value, value)  # type: ignore[arg-type]
    if isinstance(value, (list, tuple, QuerySet)):
        value = ", ".join(map(str, value))
    return "nothing" if value in (None, "") else f"“{value}”"


def _difference(name: str, was: str, now: str) -> SafeString:
    return format_html(
        "Another changed this meanwhile, from {} to {}. Save again to have yours. "
        '<label class="edit-theirs"><input type="checkbox" name="theirs" value="{}"> Have theirs</label>',
        was, now, name,
    )  # fmt: skip


def _others(rows: list[Disagreement], names: dict[str, str]) -> SafeString:
    """The values of other sources, one click away, each with a box that takes it when the form is saved."""
    return format_html_join(
        "",
        '<details class="edit-others"><summary>{} says otherwise</summary>{} <label><input type="checkbox" '
        'name="take" value="{}"> Take it when saving</label></details>',
        ((names.get(row.source, row.source), _brief(row.theirs), row.pk) for row in rows),
    )


def _brief(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 500 else f"{text[:499]}…"


class SourcedAdmin(RecordedAdmin):
    """Locks what was changed, and writes nothing else, so that an import at the same time loses nothing either."""

    class Media:
        css = {"all": ["catalogue/editing.css"]}
        js = ("catalogue/pictures.js",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without what has nothing to show: locks where there are none, questions of a form where it is only read."""
        absent = set() if obj and obj.locked_fields else {"unlock"}
        if obj and not self.has_change_permission(request, obj):
            absent = self.form.declared_fields.keys() - {field.name for field in self.opts.get_fields()}
        found = []
        for name, options in super().get_fieldsets(request, obj):
            lines = [(line,) if isinstance(line, str) else line for line in options["fields"]]
            lines = [kept for line in lines if (kept := tuple(field for field in line if field not in absent))]
            if lines:
                found.append((name, {**options, "fields": lines}))
        return found

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        inlines = super().get_inline_instances(request, obj)
        for inline in inlines:
            if obj and obj.is_locked(SECTIONS.get(inline.model, "")):
                inline.verbose_name_plural = f"{inline.verbose_name_plural} (locked)"
        return inlines

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form = context["adminform"].form
        if form.is_bound:
            form.hold_pictures()
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.source, obj.sourced_on = EDITOR, timezone.now().date()
            super().save_model(request, obj, form, change)
            return
        columns = {field.name for field in obj._meta.concrete_fields}
        names = {name.rpartition("_")[0] for name in form.changed_data if name.startswith(form.kinds)}
        names = (names | set(form.changed_data)) & columns
        obj.derive()
        derived = {"sort_title", "sort_name", "slug", "updated_at"} & columns
        obj.save(update_fields=names | derived)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for field in form.instance._meta.many_to_many:
            if change and field.name not in form.changed_data:
                form.cleaned_data.pop(field.name, None)
        changed = changed_fields(form, formsets)
        super().save_related(request, form, formsets, change)
        lock_fields(form.instance, changed, form.cleaned_data.get("unlock", ()))
        asked = [key for key in request.POST.getlist("take") if key.isdecimal() and len(key) < 19]
        warn_of_doubles(request, form)
        send_pictures(form)
        if asked and change:
            for row in form.instance.disagreements.filter(pk__in=asked, state=Answer.OPEN):
                decisions.take(row, request.user, "In the form")
