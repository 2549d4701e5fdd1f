"""What is said, where only source and cue are known: the words on their right, on their left, or on both sides."""

from __future__ import annotations

import re

from annotator.record import Sentence, Span

# Fewer words than this beside a source and its cue are a date or a place, not what was said.
_LEAST = 3
_WORD = re.compile(r"\w+")
_SPACES = " \t\n\r,;-–—"
_CLOSED = re.compile(r"[\"”»’',—–][\s\"”»’']*\Z")


def content_of(text: str, sentence: Sentence, cue: Span, source: Span | None) -> tuple[Span, ...]:
    """Content of an attribution in its sentence.

    Parameters
    ----------
    text : str
        The document.
    sentence : Sentence
    cue : Span
    source : Span or None

    Returns
    -------
    tuple of Span
        In order; none where nothing but source and cue stands in the sentence.
    """
    start, end = cue.start, cue.end
    if source is not None:
        start, end = min(start, source.start), max(end, source.end)
    left, right = _stripped(text, sentence.start, start), _stripped(text, end, sentence.end)
    behind, before = _counts(text, right), _counts(text, left)
    if before and behind and _CLOSED.search(text, sentence.start, start):
        return (left, right)
    if behind:
        return (right,)
    return (left,) if before else ()


def _counts(text: str, piece: Span) -> bool:
    return len(_WORD.findall(text, piece.start, piece.end)) >= _LEAST


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in _SPACES:
        start += 1
    while end > start and text[end - 1] in _SPACES:
        end -= 1
    return Span(start, end)
