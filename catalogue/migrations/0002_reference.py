import json
from pathlib import Path

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FOLDER = Path(__file__).parent.parent / "reference"


def load(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Fill the two tables that every catalogue needs; what is there already stays."""
    for name, file in (("Country", "countries.json"), ("Language", "languages.json")):
        model = apps.get_model("catalogue", name)
        rows = json.loads((FOLDER / file).read_text(encoding="utf-8"))
        model.objects.bulk_create([model(code=code, name=label) for code, label in rows.items()], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
