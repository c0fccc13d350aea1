"""Rights that came after the group Editors did, for sites that have it."""

from typing import Any

from django.db import migrations

from reviews.groups import EDITORS, grant


def give(apps: Any, schema_editor: Any) -> None:
    names = ["import_movies", "revert_edits", "view_suspect", "change_suspect"]
    rights = {EDITORS: [("catalogue", name) for name in names]}
    grant(apps, schema_editor.connection.alias, rights)


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0003_upload"),
        ("catalogue", "0016_suspects"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
