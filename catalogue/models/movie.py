import math
from functools import cached_property, reduce
from operator import add
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast

from catalogue import completeness as complete
from catalogue.compiled import path_of
from catalogue.models.fields import PartialDateField, external_id, not_blank, partial_date, year_of
from catalogue.models.source import Sourced
from catalogue.text import slugify, sort_title, squeeze
from catalogue.vocabulary import Color, Status, Tint

SCORES = range(1, 11)


class MovieQuerySet(models.QuerySet["Movie"]):
    def published(self) -> "MovieQuerySet":
        """Those that visitors see."""
        return self.filter(is_published=True)

    def for_cards(self) -> "MovieQuerySet":
        """Load what templates/components/movie.html movie_card() reads: 1 + 1 queries, no synopsis."""
        return self.defer("synopsis", "provenance", "locked_fields").prefetch_related("genres")

    def touch(self) -> int:
        """Say that their pages show something else than before; return how many there are."""
        return self.update(version=F("version") + 1)

    def newest_first(self) -> "MovieQuerySet":
        """By first release; those without a date last."""
        return self.order_by(F("release_date").desc(nulls_last=True), "sort_title", "pk")

    def for_writing(self) -> "MovieQuerySet":
        """Load what the form and the services of reviews read, for the many who write at once."""
        return self.only("title", "slug", "tint", "release_date", "release_year", "counts_ratings", "is_published")


class Movie(Sourced):
    """A movie released, or meant to be released, as one work."""

    title = models.CharField(max_length=500, help_text="The name it is known by to our readers.")
    original_title = models.CharField(
        max_length=500, blank=True, help_text="As first released, in its own script; empty when it is the title."
    )
    original_language = models.ForeignKey(
        "catalogue.Language", on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    sort_title = models.CharField(max_length=200, editable=False)  # save() and the importers, by text.sort_title
    slug = models.SlugField(max_length=80, editable=False)  # save() and the importers, by text.slugify
    tagline = models.CharField(max_length=300, blank=True)
    synopsis = models.TextField(
        blank=True, help_text="The plot without its ending. A blank line starts a new paragraph."
    )
    status = models.CharField(max_length=16, choices=Status, default=Status.RELEASED)
    release_date = PartialDateField(null=True, blank=True)
    release_year = models.GeneratedField(
        expression=Cast(year_of("release_date"), models.SmallIntegerField()),
        output_field=models.SmallIntegerField(null=True),
        db_persist=True,
    )
    # 32-bit: "Logistics" (2012) lasts 51,420 minutes, more than a small integer holds.
    runtime_minutes = models.PositiveIntegerField(
        "running time",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Whole minutes of the main version.",
    )
    color = models.CharField(max_length=16, choices=Color, blank=True)
    aspect_ratio = models.DecimalField(
        max_digits=4, decimal_places=2, null=True, blank=True, help_text="Width over height: 1.37"
    )
    budget_usd = models.PositiveBigIntegerField(
        "budget", null=True, blank=True, help_text="Whole US dollars; empty: not known."
    )
    revenue_usd = models.PositiveBigIntegerField("revenue", null=True, blank=True, help_text="Whole US dollars.")
    homepage = models.URLField(blank=True)
    imdb_id = models.CharField("IMDb id", max_length=12, null=True, blank=True, unique=True)
    tmdb_id = models.PositiveIntegerField("TMDB id", null=True, blank=True, unique=True)
    wikidata_id = models.CharField("Wikidata id", max_length=16, null=True, blank=True, unique=True)

    genres = models.ManyToManyField(
        "catalogue.Genre", through="catalogue.MovieGenre", related_name="movies", blank=True
    )
    studios = models.ManyToManyField(
        "catalogue.Studio", through="catalogue.MovieStudio", related_name="movies", blank=True
    )
    countries_of_origin = models.ManyToManyField("catalogue.Country", related_name="movies", blank=True)
    spoken_languages = models.ManyToManyField("catalogue.Language", related_name="movies", blank=True)

    poster = models.ForeignKey(
        "catalogue.Image", on_delete=models.SET_NULL, related_name="+", null=True, blank=True, db_index=False
    )
    backdrop = models.ForeignKey(
        "catalogue.Image", on_delete=models.SET_NULL, related_name="+", null=True, blank=True, db_index=False
    )
    tint = models.CharField(
        max_length=12, choices=Tint, default=Tint.ARGENT, help_text="The hue of its page: the poster's."
    )

    is_published = models.BooleanField("published", default=False, help_text="Drafts are seen by editors only.")
    publish_at = models.DateTimeField(
        "publish at", null=True, blank=True, help_text="When a draft becomes visible by itself; UTC."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # The histogram of our members' ratings: how many gave each score. reviews.services only, by differences under F().
    rating_1 = models.PositiveIntegerField(default=0, editable=False)
    rating_2 = models.PositiveIntegerField(default=0, editable=False)
    rating_3 = models.PositiveIntegerField(default=0, editable=False)
    rating_4 = models.PositiveIntegerField(default=0, editable=False)
    rating_5 = models.PositiveIntegerField(default=0, editable=False)
    rating_6 = models.PositiveIntegerField(default=0, editable=False)
    rating_7 = models.PositiveIntegerField(default=0, editable=False)
    rating_8 = models.PositiveIntegerField(default=0, editable=False)
    rating_9 = models.PositiveIntegerField(default=0, editable=False)
    rating_10 = models.PositiveIntegerField(default=0, editable=False)
    # Generated, so they cannot disagree with the histogram.
    rating_count = models.GeneratedField(
        expression=reduce(add, [F(f"rating_{score}") * 1 for score in SCORES]),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    rating_sum = models.GeneratedField(
        expression=reduce(add, [F(f"rating_{score}") * score for score in SCORES]),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    # False until the first release: ratings wait in early_rating_count instead of the histogram. reviews.services only.
    counts_ratings = models.BooleanField(default=True, editable=False)
    early_rating_count = models.PositiveIntegerField(default=0, editable=False)  # reviews.services only
    held_rating_count = models.PositiveIntegerField(default=0, editable=False)  # part of a burst: reviews.services only
    # (sum + prior count * prior mean) / (count + prior count): reviews.services only. Null: nobody has rated it.
    weighted_rating = models.FloatField(null=True, editable=False)
    # The most votes any other source counts: curation.derive only. Popularity starts from it.
    external_votes = models.PositiveIntegerField(default=0, editable=False)
    # How much it is looked at, no unit: reviews.services and curation.derive. See docs/glossary.md.
    popularity = models.PositiveSmallIntegerField(default=0, editable=False)
    review_count = models.PositiveIntegerField(
        default=0, editable=False
    )  # published ones with words: reviews.services only
    cast_line = models.CharField(
        max_length=200, blank=True, editable=False
    )  # top three: curation.derive.refresh_movie only
    cast_count = models.PositiveIntegerField(default=0, editable=False)  # curation.derive.refresh_movie only
    director_line = models.CharField(
        "director", max_length=200, blank=True, editable=False
    )  # curation.derive.refresh_movie only
    # Bits of what other tables say nothing of, see catalogue.completeness: curation.derive and bulk imports only.
    missing_parts = models.PositiveSmallIntegerField(default=complete.NO_PARTS, editable=False)
    # Generated, so no write leaves them wrong: the bits of what is missing, 0 to 100, the order of editors' lists.
    gaps = models.GeneratedField(
        expression=complete.gaps(complete.MOVIE), output_field=models.IntegerField(), db_persist=True
    )
    completeness = models.GeneratedField(
        expression=complete.score(complete.MOVIE), output_field=models.SmallIntegerField(), db_persist=True
    )
    need = models.GeneratedField(
        expression=complete.need(complete.MOVIE, "popularity"), output_field=models.IntegerField(), db_persist=True
    )
    version = models.PositiveIntegerField(default=1, editable=False)  # raised by every write that its page shows
    related_at = models.DateTimeField(null=True, blank=True, editable=False)  # catalogue.related only; null: due

    objects = MovieQuerySet.as_manager()

    class Meta:
        ordering = ["sort_title", "pk"]
        constraints = [
            not_blank("movie", "title"),
            partial_date("movie", "release_date"),
            models.CheckConstraint(
                name="movie_runtime_positive",
                condition=Q(runtime_minutes=None) | Q(runtime_minutes__gt=0),
                violation_error_message="A movie lasts at least a minute; leave unknown empty.",
            ),
            models.CheckConstraint(
                name="movie_aspect_ratio_plausible",
                condition=Q(aspect_ratio=None) | Q(aspect_ratio__gte=1, aspect_ratio__lte=4.1),
                violation_error_message="A picture is between square (1.00) and three screens wide (4.00).",
            ),
            models.CheckConstraint(
                name="movie_published_or_scheduled",
                condition=Q(is_published=False) | Q(publish_at=None),
                violation_error_message="A published movie has no time of publication to come: remove one of the two.",
            ),
            external_id("movie", "imdb_id", r"^tt[0-9]{7,10}$", "tt0000001"),
            external_id("movie", "wikidata_id", r"^Q[1-9][0-9]*$", "Q42"),
        ]
        indexes = [
            # Lists and charts are ordered by catalogue.browse. No column of the rating is in an index: so that a review
            # changes the row alone, in place on PostgreSQL.
            models.Index(fields=["is_published", "-popularity", "sort_title"], name="movie_by_popularity"),  # related
            # The few that wait for their time.
            models.Index(fields=["publish_at"], name="movie_by_publish_at", condition=Q(publish_at__isnull=False)),
            models.Index(fields=["-updated_at", "-id"], name="movie_by_update"),  # the desk
            # The desk's search, among a few drafts or many.
            models.Index(fields=["-updated_at", "-id"], name="movie_draft_by_update", condition=Q(is_published=False)),
            models.Index(fields=["is_published", "sort_title"], name="movie_by_title"),  # members' uploads
            models.Index(fields=["-need", "id"], name="movie_by_need"),  # the desk: what to work on
            # The desk's queues: "no synopsis", most needed first.
            *(
                models.Index(fields=["-need", "id"], condition=complete.lacks(gap), name=f"movie_lacks_{gap.name}")
                for gap in complete.MOVIE
                if gap.has_queue
            ),
        ]

    @cached_property
    def poster_avif(self) -> bool | None:
        """Whether the poster is there as AVIF, if the poster was loaded too: cards never ask the database for it."""
        poster = self.poster if Movie.poster.is_cached(self) else None
        return poster.has_avif if poster else None

    def __str__(self) -> str:
        return f"{self.title} ({self.release_date.year})" if self.release_date else self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return path_of("movie_detail", self.pk, self.slug)

    def derive(self) -> None:
        """Set what follows from the titles; bulk writers call it too."""
        language = "" if self.original_title else (self.original_language_id or "")
        self.sort_title = sort_title(self.title, language)[:200]
        self.slug = slugify(self.title, "movie")

    @property
    def squeeze(self) -> int:
        return squeeze(self.title)

    @property
    def genre_names(self) -> list[str]:
        """As cards list them; 1 query where they were not loaded."""
        return [genre.name for genre in self.genres.all()]

    @property
    def year(self) -> int | None:
        return self.release_date.year if self.release_date else None

    @property
    def histogram(self) -> list[int]:
        """How many gave 1, 2 ... 10."""
        return [getattr(self, f"rating_{score}") for score in SCORES]

    @property
    def rating_average(self) -> float | None:
        """The mean of our members' ratings, 1 to 10; None when there are none."""
        return self.rating_sum / self.rating_count if self.rating_count else None


def weighted_rating(points: int, votes: int) -> float | None:
    """The mean pulled to the site's prior by few votes: (points + m * C) / (votes + m).

    C and m are settings.RATING_PRIOR_MEAN (1-10) and settings.RATING_PRIOR_COUNT. None without votes.
    IMDb's published formula for its Top 250.
    """
    prior: int = settings.RATING_PRIOR_COUNT
    return (points + prior * settings.RATING_PRIOR_MEAN) / (votes + prior) if votes else None


def popularity(votes: int) -> int:
    """How much a movie with so many votes, ours and others', is looked for: ln(1 + votes) * 50, 0 to 1023."""
    return min(round(math.log1p(votes) * 50), 1023)
