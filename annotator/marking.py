"""Spans that an encoder marks in a document, read from the log-odds of its tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from annotator.encoder import Reading
from annotator.record import Sentence

# A span goes on as far as its tokens are this probable; how probable its best one is stands in `MarkedSpan.chance`.
_GOES_ON = 0.3
# Of two spans of a mark with no more than so many letters between them the gap is an oversight.
_GAP = 1
_EDGES = " \t\n\r,;:.-–—\"“”„«»‘’'`()"
_WHOLE = {"(": ")", "[": "]"}


class MarkedSpan(NamedTuple):
    """Words of a document that the encoder marks, and how probable it holds the surest of their tokens, 0 to 1."""

    start: int
    end: int
    chance: float


Marks = Mapping[str, tuple[MarkedSpan, ...]]


def marked_spans(reading: Reading, document: Sequence[Sentence], names: Sequence[str]) -> list[Marks]:
    """Spans of each mark in each sentence; offsets count in the document.

    Parameters
    ----------
    reading : Reading
        Of the document.
    document : sequence of Sentence
    names : sequence of str
        Names of the marks, as in the encoder's config.
    """
    if not names:
        return [{} for _ in document]
    rows = zip(document, reading.marks, reading.places, strict=True)
    return [
        {name: tuple(_spans(sentence, expit(odds[:, column]), places)) for column, name in enumerate(names)}
        for sentence, odds, places in rows
    ]


def _spans(sentence: Sentence, chances: np.ndarray, places: Sequence[tuple[int, int]]) -> Iterator[MarkedSpan]:
    """Runs of probable tokens, widened to whole words and without punctuation at their edges."""
    runs: list[list[float]] = []
    for (start, end), chance in zip(places, map(float, chances), strict=True):
        if chance < _GOES_ON:
            continue
        if runs and start - runs[-1][1] <= _GAP:
            runs[-1][1:] = [end, max(runs[-1][2], chance)]
        else:
            runs.append([start, end, chance])
    for begin, stop, chance in runs:
        first, last = _whole_words(sentence.text, int(begin), int(stop))
        if first < last:
            yield MarkedSpan(sentence.start + first, sentence.start + last, chance)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while start < end and text[start] in _EDGES and not _closes_inside(text, start, end):
        start += 1
    while end > start and text[end - 1] in _EDGES and not (text[end - 1] == ")" and "(" in text[start:end]):
        end -= 1
    return start, end


def _closes_inside(text: str, start: int, end: int) -> bool:
    return _WHOLE.get(text[start], "\0") in text[start:end]
