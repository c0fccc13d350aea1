"""Finding a movie, a person, a studio or a collection by what somebody typed."""

from catalogue.search.engine import POOL, Found, search, suggest

__all__ = ["POOL", "Found", "search", "suggest"]
