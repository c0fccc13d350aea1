from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReviewsConfig(AppConfig):
    """Members and reviews."""

    name = "reviews"

    def ready(self) -> None:
        from reviews import checks  # noqa: F401, PLC0415 -- registers them
        from reviews.groups import create_groups  # noqa: PLC0415 -- models are there from now on

        post_migrate.connect(create_groups, sender=self)
