"""Inline spoilers: words between >! and !< are folded where a review is read, and left out everywhere else."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

OPEN, CLOSE = ">!", "!<"
COVER = "[spoiler]"


class Span(NamedTuple):
    """A run of plain text that gives the plot away, or does not."""

    text: str
    is_spoiler: bool


def spans(text: str) -> list[Span]:
    """Split text at its inline spoilers; marks without a partner are plain text. Reads the text once.

    >>> spans("He is >!the killer!<.")
    [Span(text='He is ', is_spoiler=False), Span(text='the killer', is_spoiler=True), Span(text='.', is_spoiler=False)]
    """
    found, here = [], 0
    while (start := text.find(OPEN, here)) >= 0 and (end := text.find(CLOSE, start + len(OPEN) + 1)) >= 0:
        found += [Span(text[here:start], False), Span(text[start + len(OPEN) : end], True)]
        here = end + len(CLOSE)
    return [span for span in [*found, Span(text[here:], False)] if span.text]


def scrub(text: str) -> str:
    """The text for where nothing can be folded: descriptions, previews, feeds.

    >>> scrub("He is >!the killer!<.")
    'He is [spoiler].'
    """
    return "".join(COVER if span.is_spoiler else span.text for span in spans(text))


def prose(paragraphs: Iterable[str]) -> SafeString:
    r"""Paragraphs as HTML, their line ends kept and their inline spoilers folded.

    >>> prose(["He is\n>!the killer!<."])
    '<div>He is<br><details class="covered"><summary>spoiler</summary><span>the killer</span></details>.</div>'
    """
    return mark_safe("\n".join(map(_paragraph, paragraphs)))  # noqa: S308 -- _paragraph escapes


def _paragraph(text: str) -> str:
    if OPEN not in text:
        return f"<p>{_lines(text)}</p>"
    runs = spans(text)
    element = "div" if any(run.is_spoiler for run in runs) else "p"  # a fold may not stand in a paragraph
    return f"<{element}>{''.join(map(_run, runs))}</{element}>"


def _run(run: Span) -> str:
    if run.is_spoiler:
        return f'<details class="covered"><summary>spoiler</summary><span>{escape(run.text)}</span></details>'
    return _lines(run.text)


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def keep_together(text: str) -> str:
    """The text with no blank line inside a spoiler, so that splitting it into paragraphs splits none.

    >>> keep_together("Then >!he\\n\\ndies!<.")
    'Then >!he\\ndies!<.'
    """
    lines = re.compile(r"\n\s*\n")
    return "".join(
        f"{OPEN}{lines.sub(chr(10), span.text)}{CLOSE}" if span.is_spoiler else span.text for span in spans(text)
    )
