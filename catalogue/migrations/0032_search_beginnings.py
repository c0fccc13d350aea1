"""Lists of beginnings of four and five letters on PostgreSQL. No rebuild_search is needed."""

from django.db import migrations

from catalogue.search import postgresql


def change(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        postgresql.renew()


class Migration(migrations.Migration):
    atomic = False  # the index is searched while its successor is written
    dependencies = [("catalogue", "0031_plain_names_of_fields")]

    operations = [migrations.RunPython(change, migrations.RunPython.noop)]
