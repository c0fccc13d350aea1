"""Templates compiled to plainer Python print what Jinja2's own compiler prints."""

from typing import Any

import pytest
from django.template import engines
from django.test import Client
from jinja2 import DictLoader, StrictUndefined, UndefinedError
from jinja2.compiler import CodeGenerator
from markupsafe import Markup

from catalogue.codegen import PlainEnvironment
from tests.makers import make_cast, make_crew, make_movie, make_review

TEMPLATES = {
    "macros.html": """{% macro link(record, mark="") %}<a href="{{ record.url }}">{{ record.name }}{{ mark }}</a>{% endmacro %}
{% macro around() %}<b>{{ caller() }}</b>{% endmacro %}""",
    "base.html": "<title>{% block title %}?{% endblock %}</title>{% block content %}{% endblock %}",
    "page.html": """{% extends "base.html" %}{% from "macros.html" import around, link %}
{% block title %}{{ records[0].name }}{% endblock %}
{% block content %}{{ self.title() }}{% for record in records %}{{ link(record, mark=", " if not loop.last else "") }}
{% endfor %}{% call around() %}{{ number }}{{ safe }}{{ nothing }}{% endcall %}
{{ records|map(attribute="name")|join(", ") }} {{ records|selectattr("name", "equalto", "Q & A")|list|length }}
{{ table.get("key") }}{{ table["key"] }}{{ text.upper() }}{{ dict(a=1, **table) }}{% endblock %}""",
}


class _Record:
    def __init__(self, name: str) -> None:
        self.name, self.url = name, f"/{name}/"


CONTEXT = {
    "records": [_Record("Q & A"), _Record("<script>"), _Record("'Round Midnight")],
    "number": 7, "safe": Markup("<i>&amp;</i>"), "nothing": None, "table": {"key": '"'}, "text": "a < b",
}  # fmt: skip


class _Usual(PlainEnvironment):
    code_generator_class = CodeGenerator


def test_both_print_the_same() -> None:
    plain, usual = (
        made(loader=DictLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
        for made in (PlainEnvironment, _Usual)
    )
    text = plain.get_template("page.html").render(CONTEXT)
    assert text == usual.get_template("page.html").render(CONTEXT)
    assert "<title>Q &amp; A</title>" in text
    assert "&lt;script&gt;" in text
    assert "<b>7<i>&amp;</i>None</b>" in text


def test_a_movie_page_is_the_same(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    movie = make_movie("Q & A", genres=["Drama"], synopsis="One.\n\nTwo.", tagline="'Quiet'")
    make_cast(movie, "Ann <b>", "Herself")
    make_crew(movie, "Bea")
    make_review(movie, headline="<Good>", text="Long.\n\nLonger.")
    pages: list[bytes] = []
    env: Any = engines["jinja2"].env  # type: ignore[attr-defined]
    for made in (PlainEnvironment.code_generator_class, CodeGenerator):
        monkeypatch.setattr(PlainEnvironment, "code_generator_class", made)
        env.cache.clear()
        pages.append(client.get(movie.get_absolute_url()).content)
    monkeypatch.undo()
    env.cache.clear()
    assert pages[0] == pages[1]
    assert b"Ann &lt;b&gt;" in pages[0]
    assert b"&lt;Good&gt;" in pages[0]


def test_a_dot_is_an_attribute_and_a_name_nobody_gave_an_error() -> None:
    env = PlainEnvironment(autoescape=True, undefined=StrictUndefined)
    with pytest.raises(AttributeError):
        env.from_string("{{ table.key }}").render(table={"key": 1})
    with pytest.raises(UndefinedError):
        env.from_string("{{ missing }}").render()
