"""The search documents in a new form, and the full-text index of each database. Run rebuild_search afterwards."""

import django.db.models.deletion
from django.db import migrations, models

SQLITE = [
    # The table holds the text; the triggers keep the index with it. Beginnings of up to four letters have their own lists.
    """CREATE VIRTUAL TABLE catalogue_search USING fts5(words, content='catalogue_searchdocument', content_rowid='id',
       tokenize="unicode61 remove_diacritics 0 tokenchars '=@+'", prefix='1 2 3 4', detail=none, columnsize=0)""",
    """CREATE TRIGGER catalogue_search_insert AFTER INSERT ON catalogue_searchdocument BEGIN
       INSERT INTO catalogue_search(rowid, words) VALUES (new.id, new.words); END""",
    """CREATE TRIGGER catalogue_search_delete AFTER DELETE ON catalogue_searchdocument BEGIN
       INSERT INTO catalogue_search(catalogue_search, rowid, words) VALUES ('delete', old.id, old.words); END""",
]
POSTGRESQL = [
    # Without fastupdate, since every search reads the list of what was put off.
    # Words are folded already, so no dictionary, locale or stop word has a say.
    """ALTER TABLE catalogue_searchdocument ADD COLUMN tsv tsvector
       GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED""",
    "CREATE INDEX search_top ON catalogue_searchdocument USING gin(tsv) WITH (fastupdate = off) WHERE level >= 300",
    "CREATE INDEX search_middle ON catalogue_searchdocument USING gin(tsv) WITH (fastupdate = off) WHERE level >= 30",
    "CREATE INDEX search_all ON catalogue_searchdocument USING gin(tsv) WITH (fastupdate = off)",
]


def create(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("insert", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS catalogue_search_{name}")
        schema_editor.execute("DROP TABLE IF EXISTS catalogue_search")


KINDS = [(1, "Movie"), (2, "Person"), (3, "Studio"), (4, "Collection")]


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_review_system")]

    operations = [
        migrations.DeleteModel(name="SearchDocument"),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.PositiveSmallIntegerField(choices=KINDS)),
                ("object_id", models.BigIntegerField()),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("names", models.TextField()),
                ("words", models.TextField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "object_id"), name="searchdocument_once")]
            },
        ),
        migrations.CreateModel(
            name="SearchTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.CharField(max_length=32, unique=True)),
                ("level", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="SearchTypo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("variant", models.CharField(max_length=32)),
                (
                    "term",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalogue.searchterm",
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("variant", "term"), name="searchtypo_once")]},
        ),
        migrations.RunPython(create, drop),
    ]
