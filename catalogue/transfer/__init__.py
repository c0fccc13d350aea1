"""The catalogue as open files, and back: docs/data-format.md describes them."""
