"""Newspapers with a date: looked for only near a figure that can be a year, and where a title may be at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from annotator.lexicon import load, shortest
from annotator.record import Attribution, Span
from annotator.reference_patterns import pattern

_YEAR_FIGURE = re.compile(r"\d{4}|[./]\d\d\b")
_FARTHEST = 120


def newspapers(text: str) -> Iterator[Attribution]:
    """Yield newspapers with a date."""
    if not any(map(text.__contains__, _papers())):
        return
    for start, end in _around_figures(text):
        for found in pattern("newspaper").finditer(text, start, end):
            closed = found.group().endswith(")") and "(" not in found.group()
            yield Attribution(Span(found.start(), found.end() - closed), None, (), "newspaper-date")


@cache
def _papers() -> tuple[str, ...]:
    """Titles and endings of newspapers, as written and in capitals: one must be there before the pattern is tried."""
    names = (*load("newspapers").phrases("title"), *load("newspapers").phrases("ending"))
    return tuple(shortest((*names, *map(str.upper, names))))


def _around_figures(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of a text near a figure that can be a year: a dated newspaper is looked for nowhere else."""
    start = end = 0
    for found in _YEAR_FIGURE.finditer(text):
        if found.start() - _FARTHEST > end:
            if end:
                yield start, end
            start = found.start() - _FARTHEST
        end = found.end() + _FARTHEST
    if end:
        yield max(0, start), min(end, len(text))
