"""The moderators' queues on the first page of the desk."""

from django.urls import reverse

from catalogue.waiting import Waiting, queue, waiting
from reviews.models import Outcome, Report, Review, ReviewState


@queue("reviews.moderate_review")
def held_reviews() -> Waiting:
    rows = Review.objects.filter(state=ReviewState.HELD).order_by("published_at")
    return waiting("Held reviews", reverse("admin:reviews_review_queue"), rows, "published_at")


@queue("reviews.moderate_review")
def open_reports() -> Waiting:
    rows = Report.objects.filter(outcome=Outcome.OPEN).order_by("made_at")
    return waiting("Reports", f"{reverse('admin:reviews_review_queue')}?show=reported", rows, "made_at")
