"""Who decides about suggestions, on sites that have the groups; and what the mails about them are called."""

from typing import Any

from django.db import migrations, models

from reviews.groups import ADMINISTRATORS, EDITORS, SUGGESTION_REVIEWERS, grant


def give(apps: Any, schema_editor: Any) -> None:
    rights = [("catalogue", "view_suggestion"), ("catalogue", "change_suggestion")]
    names = (ADMINISTRATORS, EDITORS, SUGGESTION_REVIEWERS)
    grant(apps, schema_editor.connection.alias, dict.fromkeys(names, rights))


class Migration(migrations.Migration):
    dependencies = [("reviews", "0005_member_email_once"), ("catalogue", "0022_suggestions")]
    operations = [
        migrations.AlterField(
            model_name="member",
            name="wants_decision_mail",
            field=models.BooleanField(
                default=True,
                help_text="When somebody has decided about a review you wrote or a correction you suggested.",
                verbose_name="mail about my reviews and suggestions",
            ),
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
