"""Finding a movie, a person, a studio or a collection by what somebody typed."""

from catalogue.search.engine import Found, search

__all__ = ["Found", "search"]
