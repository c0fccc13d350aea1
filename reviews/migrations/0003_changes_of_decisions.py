from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0002_review_system")]

    operations = [
        migrations.RemoveField(model_name="decision", name="before"),
        migrations.AddField(model_name="decision", name="changes", field=models.JSONField(default=dict)),
        migrations.AddField(model_name="decision", name="batch", field=models.CharField(default="", max_length=32)),
        migrations.AddIndex(
            model_name="decision", index=models.Index(fields=["batch"], name="decision_by_batch", condition=~models.Q(batch=""))
        ),
    ]
