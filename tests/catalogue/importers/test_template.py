"""The list that editors start from."""

import pytest
from django.test import Client

from catalogue.importers.template import template_csv


def test_the_site_offers_it_empty_and_filled(client: Client) -> None:
    response = client.get("/list/example.csv")

    assert response.content == template_csv(is_filled=True)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="movies-example.csv"'
    assert client.get("/list/template.csv").content == template_csv()


@pytest.mark.django_db
def test_there_are_no_others(client: Client) -> None:
    assert client.get("/list/secrets.csv").status_code == 404
