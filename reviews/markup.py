"""Inline spoilers: words between >! and !< are folded where a review is read, and left out everywhere else."""

import re
from typing import NamedTuple

_SPOILER = re.compile(r">!(.+?)!<", re.DOTALL)
COVER = "[spoiler]"


class Span(NamedTuple):
    """A run of plain text that gives the plot away, or does not."""

    text: str
    is_spoiler: bool


def spans(text: str) -> list[Span]:
    """Split text at its inline spoilers; marks without a partner are plain text.

    >>> spans("He is >!the killer!<.")
    [Span(text='He is ', is_spoiler=False), Span(text='the killer', is_spoiler=True), Span(text='.', is_spoiler=False)]
    """
    parts = _SPOILER.split(text)
    return [Span(part, bool(place % 2)) for place, part in enumerate(parts) if part]


def scrub(text: str) -> str:
    """The text for where nothing can be folded: descriptions, previews, feeds.

    >>> scrub("He is >!the killer!<.")
    'He is [spoiler].'
    """
    return _SPOILER.sub(COVER, text)
