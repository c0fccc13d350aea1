from django.db import migrations, models
from django.db.models.functions import Lower


def part(apps, schema_editor):
    """Of several accounts with one address the oldest confirmed one keeps it; the others sign in by their names."""
    Member = apps.get_model("reviews", "Member")
    Address = apps.get_model("account", "EmailAddress")
    twice = (
        Member.objects.exclude(email="")
        .annotate(lowered=Lower("email"))
        .values("lowered")
        .annotate(number=models.Count("pk"))
        .filter(number__gt=1)
        .order_by()
    )
    for lowered in list(twice.values_list("lowered", flat=True)):
        members = Member.objects.filter(email__iexact=lowered).order_by("pk")
        confirmed = Address.objects.filter(email__iexact=lowered, verified=True).values("user")
        keeper = members.filter(pk__in=confirmed).first() or members.first()
        others = list(members.exclude(pk=keeper.pk).values_list("pk", flat=True))
        Address.objects.filter(user__in=others, email__iexact=lowered).delete()
        Member.objects.filter(pk__in=others).update(email="")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0004_roles"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [
        migrations.RunPython(part, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="member_email_once",
                violation_error_message="There is an account with this address.",
            ),
        ),
    ]
