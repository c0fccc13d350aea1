"""What a record was at a moment: what it is now, with every later edit taken off."""

from datetime import datetime
from typing import Any

from catalogue.curation.snapshots import Rows, read
from catalogue.curation.tables import KINDS, parts_of
from catalogue.models import Change


def as_of(kind: str, key: str, moment: datetime) -> Rows:
    """The rows of a record at ``moment``, as far as the history goes back: 1 query a table and 1 for the changes.

    Empty for one that was not there then.
    """
    pk: Any = KINDS[kind]._meta.pk.to_python(key)
    rows = read(parts_of(kind, [pk]))
    later = Change.objects.filter(about=f"{kind}:{key}", edit__made_at__gt=moment).order_by("-pk")
    for change in later.iterator(chunk_size=500):
        where = change.table, change.row
        if change.before is None:
            rows.pop(where, None)
        elif change.after is None:
            rows[where] = change.before
        else:
            rows[where] = {**rows.get(where, {}), **change.before}
    made_at = rows.get((f"catalogue.{kind}", key), {}).get("created_at")
    return {} if made_at and datetime.fromisoformat(made_at) > moment else rows
