from django.db import migrations


class Migration(migrations.Migration):
    """review_newest is there."""

    dependencies = [("reviews", "0008_review_newest")]
    operations = [migrations.RemoveIndex("review", "review_by_time")]
