"""What other tables say of each movie, in batches; then the indexes of the editors' queues."""

from typing import Any

import catalogue.completeness
from django.db import migrations, models

BATCH = 20_000
_FILL = """
    UPDATE catalogue_movie SET missing_parts =
        CASE WHEN EXISTS (SELECT 1 FROM catalogue_moviegenre g WHERE g.movie_id = catalogue_movie.id) THEN 0 ELSE 1 END
        + CASE WHEN EXISTS (
            SELECT 1 FROM catalogue_movie_countries_of_origin c WHERE c.movie_id = catalogue_movie.id
        ) THEN 0 ELSE 2 END
        + CASE WHEN EXISTS (SELECT 1 FROM catalogue_moviestudio s WHERE s.movie_id = catalogue_movie.id) THEN 0 ELSE 4 END
        + CASE WHEN EXISTS (
            SELECT 1 FROM catalogue_credit p
            WHERE p.movie_id = catalogue_movie.id AND p.department = 'acting' AND p.character = ''
        ) THEN 8 ELSE 0 END
    WHERE id BETWEEN %s AND %s"""


def fill(apps: Any, schema_editor: Any) -> None:
    last = apps.get_model("catalogue", "Movie").objects.aggregate(last=models.Max("pk"))["last"] or 0
    with schema_editor.connection.cursor() as cursor:
        for start in range(0, last + 1, BATCH):
            cursor.execute(_FILL, [start, start + BATCH - 1])


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0018_completeness")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='movie',
            index=models.Index(fields=['-need', 'id'], name='movie_by_need'),
        ),
        migrations.AddIndex(
            model_name='movie',
            index=models.Index(condition=models.Q(catalogue.completeness.HasBit('gaps', bit=1)), fields=['-need', 'id'], name='movie_lacks_synopsis'),
        ),
        migrations.AddIndex(
            model_name='movie',
            index=models.Index(condition=models.Q(catalogue.completeness.HasBit('gaps', bit=2)), fields=['-need', 'id'], name='movie_lacks_poster'),
        ),
        migrations.AddIndex(
            model_name='movie',
            index=models.Index(condition=models.Q(catalogue.completeness.HasBit('gaps', bit=4)), fields=['-need', 'id'], name='movie_lacks_release_date'),
        ),
        migrations.AddIndex(
            model_name='movie',
            index=models.Index(condition=models.Q(catalogue.completeness.HasBit('gaps', bit=16)), fields=['-need', 'id'], name='movie_lacks_genres'),
        ),
        migrations.AddIndex(
            model_name='movie',
            index=models.Index(condition=models.Q(catalogue.completeness.HasBit('gaps', bit=32)), fields=['-need', 'id'], name='movie_lacks_countries'),
        ),
        migrations.AddIndex(
            model_name='movie',
            index=models.Index(condition=models.Q(catalogue.completeness.HasBit('gaps', bit=128)), fields=['-need', 'id'], name='movie_lacks_director'),
        ),
        migrations.AddIndex(
            model_name='movie',
            index=models.Index(condition=models.Q(catalogue.completeness.HasBit('gaps', bit=256)), fields=['-need', 'id'], name='movie_lacks_cast'),
        ),
        migrations.AddIndex(
            model_name='movie',
            index=models.Index(condition=models.Q(catalogue.completeness.HasBit('gaps', bit=512)), fields=['-need', 'id'], name='movie_lacks_characters'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['-need', 'id'], name='person_by_need'),
        ),
    ]
