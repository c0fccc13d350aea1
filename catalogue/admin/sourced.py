"""Padlocks and sources in the forms of movies and people; what an editor saves there is locked."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from catalogue.admin.recorded import RecordedAdmin
from catalogue.curation.locks import LOCKABLE, SECTIONS, changed_fields, lock_fields
from catalogue.models import Source
from catalogue.models.source import EDITOR, UNKNOWN, UNLOCKED

PADLOCK = "🔒"
_WORDS = {UNKNOWN: "from before sources were kept", UNLOCKED: "an editor, open to imports"}


class SourcedForm(forms.ModelForm):
    """Says of each field whose word it is and whether it is locked; ``unlock`` opens fields to imports again.

    Every field carries what it held when the page was made, so that a value which an import wrote meanwhile is not
    taken for the editor's.
    """

    unlock = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Imports may change these again.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        locked = self.instance.locked_fields
        self.fields["unlock"].choices = [(name, name.replace("_", " ")) for name in locked]  # type: ignore[attr-defined]
        names = dict(Source.objects.values_list("code", "name")) if self.instance.pk else {}
        for name in LOCKABLE[type(self.instance)] & self.fields.keys():
            field = self.fields[name]
            field.show_hidden_initial = bool(self.instance.pk)
            if self.instance.pk:
                field.help_text = format_html("{} {}", field.help_text, self._provenance(name, names))

    def _provenance(self, name: str, names: dict[str, str]) -> str:
        code, since = self.instance.source_of(name)
        source = _WORDS.get(code) or names.get(code, code)
        lock = f"{PADLOCK} Locked: imports leave it. " if name in self.instance.locked_fields else ""
        return f"{lock}Source: {source}{', ' + since if since else ''}."


class SourcedAdmin(RecordedAdmin):
    """Locks what was changed, and writes nothing else, so that an import at the same time loses nothing either."""

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        inlines = super().get_inline_instances(request, obj)
        for inline in inlines:
            if obj and obj.is_locked(SECTIONS.get(inline.model, "")):
                inline.verbose_name_plural = f"{inline.verbose_name_plural} {PADLOCK}"
        return inlines

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.source, obj.sourced_on = EDITOR, timezone.now().date()
            super().save_model(request, obj, form, change)
            return
        columns = {field.name for field in obj._meta.concrete_fields}
        names = {name.removesuffix("_file") for name in form.changed_data} & columns
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
