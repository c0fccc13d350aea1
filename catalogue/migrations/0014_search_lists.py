"""Lists of beginnings and functions that keep their plans on PostgreSQL. No rebuild_search is needed."""

from django.db import migrations

from catalogue.search import postgresql


def change(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        postgresql.drop()
        postgresql.create()


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0013_history")]

    operations = [migrations.RunPython(change, migrations.RunPython.noop)]
