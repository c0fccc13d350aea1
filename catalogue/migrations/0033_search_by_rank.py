"""Lists of beginnings of up to five letters on PostgreSQL, in ranges of so many documents. No rebuild_search is needed."""

from django.db import migrations

from catalogue.search import postgresql


def change(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        postgresql.renew()


class Migration(migrations.Migration):
    atomic = False  # the index is searched while its successor is written
    dependencies = [("catalogue", "0032_search_beginnings")]

    operations = [migrations.RunPython(change, migrations.RunPython.noop)]
