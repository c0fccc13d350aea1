"""The search documents in a form that can be replaced while the site serves. Run rebuild_search afterwards."""

import django.db.models.deletion
from django.db import migrations, models

from catalogue.search import postgresql, sqlite


def create(apps, schema_editor):
    (sqlite if schema_editor.connection.vendor == "sqlite" else postgresql).create()


def drop(apps, schema_editor):
    (sqlite if schema_editor.connection.vendor == "sqlite" else postgresql).drop()


def empty(apps, schema_editor):
    for name in ("SearchTypo", "SearchTerm", "SearchDocument"):
        apps.get_model("catalogue", name).objects.all().delete()
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while it has checks to make


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_browse_index")]

    operations = [
        migrations.RunPython(empty, migrations.RunPython.noop),
        migrations.RunPython(drop, create),
        migrations.AddField("searchdocument", "written_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "searchtypo",
            "term",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="catalogue.searchterm",
            ),
        ),
        migrations.RunPython(create, drop),
    ]
