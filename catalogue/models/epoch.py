from typing import Any

from django.db import connection, models, transaction

ADVANCE = (
    "INSERT INTO catalogue_epoch (id, number) VALUES (1, 1) "
    "ON CONFLICT (id) DO UPDATE SET number = catalogue_epoch.number + 1"
)


class EpochQuerySet(models.QuerySet["Epoch"]):
    def advance(self) -> None:
        """Say that something changed whose name or picture may stand on any page: 1 statement, in that transaction."""
        with connection.cursor() as cursor:
            cursor.execute(ADVANCE)


class Epoch(models.Model):
    """One row, a part of the version of every page: genres, studios, countries, languages, images advance it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=1)

    objects = EpochQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.number)


class OnManyPagesQuerySet(models.QuerySet):
    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        gone = super().delete()
        Epoch.objects.advance()
        return gone


class OnManyPages(models.Model):
    """What stands on so many pages that they are all made anew when it is saved or deleted."""

    objects = OnManyPagesQuerySet.as_manager()

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        Epoch.objects.advance()

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        Epoch.objects.advance()
        return gone
