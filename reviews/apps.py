from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate

from catalogue.guests import GUESTS, TOLD_OF_SUGGESTIONS


class ReviewsConfig(AppConfig):
    """Members and reviews."""

    name = "reviews"

    def ready(self) -> None:
        from reviews import checks, doctor, mail  # noqa: F401, PLC0415 -- registers them; models are there from now on
        from reviews.audit import listen  # noqa: PLC0415 -- models are there from now on
        from reviews.groups import create_groups  # noqa: PLC0415 -- models are there from now on
        from reviews.services.merging import ReviewsOfMovies  # noqa: PLC0415 -- the same
        from reviews.sessions import begin  # noqa: PLC0415 -- the same

        listen()
        post_migrate.connect(create_groups, sender=self)
        user_logged_in.connect(begin)
        GUESTS.append(ReviewsOfMovies())
        TOLD_OF_SUGGESTIONS.append(mail.suggestion)
