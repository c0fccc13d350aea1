"""Which movies, in which order, and how many under every other filter."""

from catalogue.browse.index import Counts
from catalogue.browse.listing import (
    DEFAULT_SORT,
    FACETS,
    LOWEST,
    SORTS,
    Browsed,
    Listing,
    Ranking,
    Selection,
    Sort,
    browse,
    most_popular,
)
from catalogue.browse.store import fold_changes, rebuild_browse

__all__ = [
    "DEFAULT_SORT",
    "FACETS",
    "LOWEST",
    "SORTS",
    "Browsed",
    "Counts",
    "Listing",
    "Ranking",
    "Selection",
    "Sort",
    "browse",
    "fold_changes",
    "most_popular",
    "rebuild_browse",
]
