from django.db import migrations, models

from catalogue.migrating import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("next_release", "0002_marks")]
    operations = [AddIndexInUse("note", models.Index(fields=["mark"], name="note_by_mark"))]
