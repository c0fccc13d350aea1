"""What the browse index is kept in. Only catalogue.browse reads and writes these, except for ``mark``."""

import secrets
from collections.abc import Iterable

from django.db import connection, models

STAMP_BITS = 40  # a million of them still add up within 64 bits
MARK = (
    "INSERT INTO catalogue_browsechange (movie, stamp) VALUES (%s, %s) "
    "ON CONFLICT (movie) DO UPDATE SET stamp = excluded.stamp"
)


class BrowseBitmap(models.Model):
    """A set of movies' keys, as a serialized roaring bitmap: "genre:7", "rating/3" (a binary digit of a sort key)."""

    name = models.CharField(max_length=80, primary_key=True)
    bits = models.BinaryField()

    def __str__(self) -> str:
        return self.name


class BrowseState(models.Model):
    """One row: which writing of the bitmaps is stored. Another token means another writing."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.token)


class BrowseChangeQuerySet(models.QuerySet["BrowseChange"]):
    def mark(self, movies: Iterable[int]) -> None:
        """Say that what lists show or filter of these movies has changed, or that they are gone: 1 statement each.

        In the transaction of the change, and whoever makes one calls it: ratings, the admin, importers.
        """
        rows = [(movie, secrets.randbits(STAMP_BITS)) for movie in sorted(movies)]  # one order, so no two writers cross
        with connection.cursor() as cursor:
            if len(rows) == 1:  # a pipeline for one costs half as much again
                cursor.execute(MARK, rows[0])
            elif rows:
                cursor.executemany(MARK, rows)


class BrowseChange(models.Model):
    """A movie that changed since the bitmaps were stored. The stamp is random: each change gives it another one."""

    movie = models.PositiveBigIntegerField(primary_key=True)  # no foreign key: it outlives the movie
    stamp = models.PositiveBigIntegerField()

    objects = BrowseChangeQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.movie)
