"""The right to see dead links and to have them checked, for sites whose groups are there already."""

from typing import Any

from django.db import migrations

from reviews.groups import ADMINISTRATORS, EDITORS, grant


def give(apps: Any, schema_editor: Any) -> None:
    rights = [("catalogue", "view_deadlink"), ("catalogue", "change_deadlink")]
    grant(apps, schema_editor.connection.alias, {EDITORS: rights, ADMINISTRATORS: rights})


class Migration(migrations.Migration):
    dependencies = [("reviews", "0009_no_review_by_time"), ("catalogue", "0028_dead_links")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
