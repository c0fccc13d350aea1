from django.db import models

OBJECT_BITS, LEVEL_BITS = 44, 10
MOST_LEVEL = (1 << LEVEL_BITS) - 1


class SearchKind(models.IntegerChoices):
    """What a search document stands for."""

    MOVIE = 1, "Movie"
    PERSON = 2, "Person"
    STUDIO = 3, "Studio"
    COLLECTION = 4, "Collection"


class SearchDocument(models.Model):
    """The words one record is found by. Written by catalogue.search.index only; rebuild_search makes it anew.

    The key is kind, level and record in one number: in its order the documents of a kind come the most looked at first,
    so a search reads from the top and stops when it has enough, however common the word. The full-text indexes of
    SQLite (FTS5) and PostgreSQL (tsvector) hang on this table: search.sqlite and search.postgresql.
    """

    id = models.BigIntegerField(primary_key=True)
    kind = models.PositiveSmallIntegerField(choices=SearchKind)
    object_id = models.BigIntegerField()
    level = models.PositiveSmallIntegerField(default=0)  # 0 to 1023: how much it is looked at
    # Folded, without articles, each between bars, the shown one first: "|seven samurai|shichinin no samurai|".
    names = models.TextField()
    words = models.TextField()  # what full text indexes: see search.words.of_document
    written_at = models.DateTimeField(null=True)  # null: by rebuild_search, which looks for what others wrote meanwhile

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="searchdocument_once")]

    def __str__(self) -> str:
        return self.names

    @staticmethod
    def key(kind: int, object_id: int, level: int) -> int:
        """The primary key of a record's document."""
        return (kind << LEVEL_BITS | (MOST_LEVEL - level)) << OBJECT_BITS | object_id

    @staticmethod
    def keys_of(kind: int) -> tuple[int, int]:
        """The first key of a kind, and the first behind it."""
        return kind << LEVEL_BITS + OBJECT_BITS, (kind + 1) << LEVEL_BITS + OBJECT_BITS


class SearchTerm(models.Model):
    """A word that documents hold, for mending misspelt ones. Written by catalogue.search.spelling only."""

    term = models.CharField(max_length=32, unique=True)
    level = models.PositiveSmallIntegerField(default=0)  # how likely it is meant: see search.spelling.level_of

    def __str__(self) -> str:
        return self.term


class SearchTypo(models.Model):
    """A term without one of its letters, or whole: two words that share one of these are a slip apart."""

    variant = models.CharField(max_length=32)
    # No constraint, since a rebuild puts other tables in the place of both.
    term = models.ForeignKey(
        "catalogue.SearchTerm", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["variant", "term"], name="searchtypo_once")]

    def __str__(self) -> str:
        return self.variant
