"""Windows of whole sentences: how an encoder reads a long document piece by piece, and the arrays it is handed.

A window is as many whole neighbouring sentences as fit, so each sentence is read in its context and encoded about once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np


class Window(NamedTuple):
    """Sentences ``start`` to ``stop`` are read together; the answers ``keep_start`` to ``keep_stop`` count."""

    start: int
    stop: int
    keep_start: int
    keep_stop: int


class Batch(NamedTuple):
    """Input of the network: `ids`, `mask` (windows, tokens) int64, `pooling` (windows, sentences, tokens) float32."""

    ids: np.ndarray
    mask: np.ndarray
    pooling: np.ndarray


def cut_windows(lengths: Sequence[int], room: int, *, overlap: int = 0, first: int | None = None) -> list[Window]:
    """Cover a document with windows of whole sentences; each sentence's answer is kept once.

    Parameters
    ----------
    lengths : sequence of int
        Tokens of each sentence, its mark included; one longer than `room` gets a window of its own.
    room : int
        Tokens that a window holds.
    overlap : int
        Tokens that a window may share with the one before.
    first : int, optional
        Room of the first window, to move the cuts.

    Examples
    --------
    >>> [window[:2] for window in cut_windows([4, 4, 4, 4, 4], 8)]
    [(0, 2), (2, 4), (4, 5)]
    >>> cut_windows([4, 4, 4, 4, 4], 12, overlap=4)
    [Window(start=0, stop=3, keep_start=0, keep_stop=3), Window(start=2, stop=5, keep_start=3, keep_stop=5)]
    """
    bounds, start, space = [], 0, room if first is None else first
    while start < len(lengths):
        stop = _reach(lengths, start, space)
        bounds.append((start, stop))
        if stop == len(lengths):
            break
        start, space = _back(lengths, stop, min(overlap, room - lengths[stop])), room
    return list(_kept(bounds))


def _reach(lengths: Sequence[int], start: int, space: int) -> int:
    """End of the window that begins at `start`: always one sentence, then all that fit."""
    stop, used = start + 1, lengths[start]
    while stop < len(lengths) and used + lengths[stop] <= space:
        used += lengths[stop]
        stop += 1
    return stop


def _back(lengths: Sequence[int], stop: int, overlap: int) -> int:
    start, used = stop, 0
    while start > 0 and used + lengths[start - 1] <= overlap:
        start -= 1
        used += lengths[start]
    return start


def _kept(bounds: Sequence[tuple[int, int]]) -> Iterator[Window]:
    """Share what two windows both read between them: to each the half that lies deeper inside it."""
    keep = 0
    for number, (start, stop) in enumerate(bounds):
        following = bounds[number + 1][0] if number + 1 < len(bounds) else stop
        middle = (following + stop + 1) // 2
        yield Window(start, stop, keep, middle)
        keep = middle


def pack(windows: Sequence[Sequence[Sequence[int]]], opening: int) -> Batch:
    """Arrays of some windows, each a list of sentences, each a list of token numbers that ends with its mark."""
    tokens = max(1 + sum(map(len, window)) for window in windows)
    shape = (len(windows), tokens)
    ids, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    pooling = np.zeros((len(windows), max(map(len, windows)), tokens), dtype=np.float32)
    for row, window in enumerate(windows):
        ids[row, 0], end = opening, 1
        for number, sentence in enumerate(window):
            start, end = end, end + len(sentence)
            ids[row, start:end] = sentence
            pooling[row, number, start:end] = 1 / len(sentence)
        mask[row, :end] = 1
    return Batch(ids, mask, pooling)
