"""The desk: curation in Django's admin. No page of it loads an unbounded list."""

from catalogue.admin import doubts, duplicates, history, imports, links, lists, movie, people, suggestions, today

__all__ = ["doubts", "duplicates", "history", "imports", "links", "lists", "movie", "people", "suggestions", "today"]
