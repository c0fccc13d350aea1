"""The movie's form in tests: open it, send it back with changes."""

from typing import Any

from django.test import Client
from django.urls import reverse

from catalogue.models import Genre, Movie, Person
from tests.catalogue.test_images import movie_form
from tests.pages import Element, read


def address(record: Movie | Person | Genre) -> str:
    return reverse(f"admin:catalogue_{record._meta.model_name}_change", args=[record.pk])


def opened(client: Client, movie: Movie | Person | Genre) -> dict[str, str]:
    """What a browser would send back of the form as it is now, nothing touched."""
    return {name: value for name, value in movie_form(client, movie).items() if "__prefix__" not in name}


def send(client: Client, movie: Movie | Person | Genre, form: dict[str, str], **changes: Any) -> Any:
    return client.post(address(movie), form | changes)


def saved(client: Client, movie: Movie | Person | Genre, form: dict[str, str], **changes: Any) -> None:
    response = send(client, movie, form, **changes)
    assert response.status_code == 302, read(response).texts("ul", "errorlist")


def refused(client: Client, movie: Movie | Person | Genre, form: dict[str, str], **changes: Any) -> Element:
    """The form as it is shown again."""
    response = send(client, movie, form, **changes)
    assert response.status_code == 200
    return read(response)


def row(number: int, **columns: str) -> dict[str, str]:
    """A row of the credits."""
    return {f"credits-{number}-{name}": value for name, value in columns.items()}


def new_row(number: int, **columns: str) -> dict[str, str]:
    """A new row at the end of ``number`` credits."""
    return {"credits-TOTAL_FORMS": str(number + 1), **row(number, department="acting", **columns)}


def place_of(form: dict[str, str], value: str, column: str = "character") -> str:
    """The start of the names of the fields of the credit with this value."""
    return next(
        key.removesuffix(column) for key, found in form.items() if key.endswith(f"-{column}") and found == value
    )
