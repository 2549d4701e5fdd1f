"""Newspapers with a date: looked for only near a figure that can be a year, and where a title may be at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotator.hints import dated
from annotator.record import Attribution, Span
from annotator.reference_patterns import pattern

# Four figures, or two behind a stop or stroke; it opens with a set of characters, which is quick to look for.
_YEAR_FIGURE = re.compile(r"[\d./](?:(?<=\d)\d{3}|(?<=[./])\d\d\b)")
_FARTHEST = 120


def newspapers(text: str) -> Iterator[Attribution]:
    """Yield newspapers with a date."""
    for start, end in _around_figures(text):
        if not dated(text[start:end]):
            continue
        for found in pattern("newspaper").finditer(text, start, end):
            closed = found.group().endswith(")") and "(" not in found.group()
            yield Attribution(Span(found.start(), found.end() - closed), None, (), "newspaper-date")


def _around_figures(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of a text near a figure that can be a year: a dated newspaper is looked for nowhere else."""
    start = end = 0
    for found in _YEAR_FIGURE.finditer(text):
        if found.start() - _FARTHEST > end:
            if end:
                yield start, end
            start = max(0, found.start() - _FARTHEST)
        end = found.end() + _FARTHEST
    if end:
        yield start, min(end, len(text))
