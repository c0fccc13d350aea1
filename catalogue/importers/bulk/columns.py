"""Which columns an insert has to name, as the models say."""

from collections.abc import Sequence
from typing import Any, cast

from django.db import connection, models
from django.utils import timezone

Model = type[models.Model]


def names(model: Model, given: Sequence[str]) -> list[str]:
    """The database's names of fields. Raises FieldDoesNotExist for a name that is none."""
    return [str(cast(models.Field, model._meta.get_field(name)).column) for name in given]


def constants(model: Model, given: Sequence[str]) -> dict[str, Any]:
    """Column and value of every field that is not given and not generated: the models' defaults, and now.

    A column that a model gets later is filled like this, too. The key is left to the database.
    """
    values = {}
    for field in model._meta.local_concrete_fields:
        if {field.name, field.attname} & set(given) or field.generated or isinstance(field, models.AutoField):
            continue
        is_now = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        value = timezone.now() if is_now else field.get_default()
        values[str(field.column)] = field.get_db_prep_save(value, connection)
    return values
