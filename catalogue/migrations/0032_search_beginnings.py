"""Lists of beginnings of four and five letters on PostgreSQL: 0033 writes the index that has them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0031_plain_names_of_fields")]

    operations = []
