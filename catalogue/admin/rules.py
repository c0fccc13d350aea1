"""Broken rules of the database in the forms of the desk: each is said beside the field that it is about."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import BaseConstraint, CheckConstraint, UniqueConstraint


class RuledForm(forms.ModelForm):
    """What a constraint says stands by a field that it names and the form shows; without one, on top."""

    def _update_errors(self, errors: ValidationError) -> None:
        """What the model found: Django has all constraints on top, and tells them apart by their words alone."""
        rules = {
            rule.get_violation_error_message(): rule for _, some in self.instance.get_constraints() for rule in some
        }
        for error in errors.error_dict.pop(NON_FIELD_ERRORS, []):
            rule = rules.get(error.message)
            self.add_error(self.field_of(rule) if rule else None, error)
        super()._update_errors(errors)  # type: ignore[misc]

    def field_of(self, rule: BaseConstraint) -> str | None:
        """Beside which field a rule is said; None: on top."""
        names = columns(self._meta.model, rule)
        return next((name for name in names if name in self.fields and not self[name].is_hidden), None)


def columns(model: Any, rule: BaseConstraint) -> Iterator[str]:
    """The columns that a rule names: of a condition the first is what it is about, of what is unique the last."""
    if isinstance(rule, CheckConstraint):
        yield from (found[0] for found in model._get_expr_references(rule.condition))
    elif isinstance(rule, UniqueConstraint):
        named = [found[0] for one in rule.expressions for found in model._get_expr_references(one)]
        yield from reversed([*rule.fields, *named])
