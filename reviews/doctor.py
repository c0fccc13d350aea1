"""What the doctor looks at of ours. Known to it when the site starts."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from catalogue.doctor.findings import Finding, Options, check
from catalogue.models import Movie
from reviews.models import OutgoingMail, Review, ReviewState

SCORES = range(1, 11)
MOST_WAITING = timedelta(minutes=10)


@check
def ratings_add_up(options: Options) -> Iterator[Finding]:
    """Ratings of movies against their reviews."""
    stored = sum((F(f"rating_{score}") for score in SCORES[1:]), F("rating_1"))
    points = sum((F(f"rating_{score}") * score for score in SCORES[1:]), F("rating_1") * 1)
    mine = Review.objects.filter(movie=OuterRef("pk"), state=ReviewState.PUBLISHED, rating__isnull=False)
    of_all = mine.order_by().values("movie")
    drifted = (
        Movie.objects.filter(counts_ratings=True)
        .annotate(
            stored=stored,
            points=points,
            real=Subquery(of_all.annotate(n=Count("pk")).values("n")),
            real_points=Subquery(of_all.annotate(n=Sum("rating")).values("n")),
        )
        .filter(Q(real=None, stored__gt=0) | (Q(real__gt=0) & (~Q(real=F("stored")) | ~Q(real_points=F("points")))))
        .count()
    )
    if drifted:
        yield Finding(
            f"The ratings of {drifted} movies are not those of their reviews.", "Run: manage.py recount_ratings"
        )


@check
def mails_leave_in_time(options: Options) -> Iterator[Finding]:
    """Mails that wait."""
    waiting = OutgoingMail.objects.order_by("written_at")
    oldest = waiting.values_list("written_at", flat=True).first()
    if oldest and timezone.now() - oldest > MOST_WAITING:
        minutes = int((timezone.now() - oldest).total_seconds() // 60)
        yield Finding(
            f"{waiting.count()} mails wait for the mail server, the oldest for {minutes} minutes.",
            "Start the mail server or mend EMAIL_URL in .env; they then go by themselves.",
        )
