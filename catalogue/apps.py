from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The catalogue."""

    name = "catalogue"

    def ready(self) -> None:
        from catalogue.observe.queries import watch  # noqa: PLC0415 -- settings are there from now on

        watch()
