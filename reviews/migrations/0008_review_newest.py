from django.db import migrations, models

from catalogue.migrating import AddIndexInUse


class Migration(migrations.Migration):
    """Reviews of one moment are in the index's order too: to sort what one import brought took as long as a page."""

    atomic = False
    dependencies = [("reviews", "0007_outgoing_mail")]
    operations = [
        AddIndexInUse(
            "review", models.Index(fields=["state", "-published_at", "-id"], name="review_newest")
        ),
    ]
