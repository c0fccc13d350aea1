from typing import Any

from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    for text in ("one", "two", "three"):
        apps.get_model("next_release", "Note").objects.create(text=text)


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("mark", models.IntegerField(null=True)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
