"""Finding a movie, a person, a studio or a collection by what somebody typed."""

from catalogue.search.engine import POOL, Found, find, search, suggest

__all__ = ["POOL", "Found", "find", "search", "suggest"]
