"""Writes millions of rows into empty tables, past the ORM and by the rules of the models all the same."""

from catalogue.importers.bulk.writer import Writer, bulk_writing, vacuum

__all__ = ["Writer", "bulk_writing", "vacuum"]
