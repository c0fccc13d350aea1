"""Bringing records in from files: parse, then save."""
