"""The desk: curation in Django's admin. No page of it loads an unbounded list."""

from catalogue.admin import lists, movie, people

__all__ = ["lists", "movie", "people"]
