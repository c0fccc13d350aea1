import time
from typing import Any

from django.db import migrations


def mark(apps: Any, schema_editor: Any) -> None:
    """As slow as one of a million rows, but without holding a lock that anybody else waits for."""
    for note in apps.get_model("next_release", "Note").objects.filter(mark=None):
        note.mark = len(note.text)
        note.save()
        time.sleep(0.7)


class Migration(migrations.Migration):
    atomic = False  # in batches: what is done stays done
    dependencies = [("next_release", "0001_initial")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
