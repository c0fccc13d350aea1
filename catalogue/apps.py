from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The catalogue."""

    name = "catalogue"

    def ready(self) -> None:
        from catalogue import reconnecting  # noqa: PLC0415 -- settings are there from now on
        from catalogue.observe import queries  # noqa: PLC0415

        queries.watch()
        reconnecting.watch()
