"""The search index by kind and level on PostgreSQL; without triggers on SQLite. No rebuild_search is needed."""

from django.db import migrations

from catalogue.search import postgresql


def change(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("insert", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS catalogue_search_{name}")
        return
    for name in ("top", "middle", "all"):
        schema_editor.execute(f"DROP INDEX IF EXISTS search_{name}")
    postgresql.create()


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0009_epoch")]

    operations = [migrations.RunPython(change, migrations.RunPython.noop)]
