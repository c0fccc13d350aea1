from django.db import migrations, models
from django.db.models import Q

from catalogue.migrating import AddIndexInUse


class Migration(migrations.Migration):
    """The desk's search looks through the drafts written last: without it, through every movie."""

    atomic = False
    dependencies = [("catalogue", "0029_undone_imports")]
    operations = [
        AddIndexInUse(
            "movie",
            models.Index(fields=["-updated_at", "-id"], name="movie_draft_by_update", condition=Q(is_published=False)),
        ),
    ]
