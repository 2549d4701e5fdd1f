"""The checkable words of a sentence, without the frame that says who told them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from annotator.record import Attribution, Claim, Span

_LEADING = re.compile(r"[\s,;:–—.!?)\]\"”»’]*(?:that\b\s*)?[\s,:]*", re.I)
_TRAILING = " \t\n\r,;:–—"
_PARTNERS = {"“": "”", "«": "»", "”": "“", "»": "«", '"': '"'}
_DIRECTION = re.compile(r"[^()\[\].?!]{0,40}[.!?]?")
_MOST_DIRECTED = 3
_SOMETHING = re.compile(r"\w\W{0,3}\w\W{0,3}\w")


def claims_of(
    text: str,
    span: Span,
    attributions: Sequence[Attribution] = (),
    marks: Iterable[Span] = (),
    holder: str | None = None,
) -> tuple[Claim, ...]:
    """Claims of one sentence, in order, inside its span.

    Parameters
    ----------
    text : str
        The document.
    span : Span
        Place of the sentence.
    attributions : sequence of Attribution
        Attributions of the sentence that hold; the content of the first one with any is the claim, and its source the
        holder. Without one, the whole sentence is.
    marks : iterable of Span
        Reference marks in the sentence; those at either end are no part of the claim.
    holder : str, optional
        Who holds the claim where no attribution of the sentence says so; None for the author.
    """
    if is_stage_direction(text, span):
        return ()
    whole = _paired(text, _without_marks(text, span, sorted(marks)))
    for found in attributions:
        pieces = [piece for content in found.content if (piece := _piece(text, content, whole)) is not None]
        if pieces:
            owner = text[slice(*found.source)] if found.source else holder
            return tuple(Claim(text[slice(*piece)], *piece, owner) for piece in sorted(set(pieces)))
    return (Claim(text[slice(*whole)], *whole, holder),) if _says_something(text, whole) else ()


def _without_marks(text: str, span: Span, marks: Sequence[Span]) -> Span:
    """The sentence without reference marks, and brackets around them, at its ends."""
    start, end = span
    for mark in marks:
        if not text[start : mark.start].strip(" ([\t\n") and mark.end < end:
            start = end - len(text[mark.end : end].lstrip(" )].,;\t\n"))
    for mark in reversed(marks):
        if mark.start > start and not text[mark.end : end].strip(" )].,;\t\n"):
            end = start + len(text[start : mark.start].rstrip(" ([\t\n"))
    return _trimmed(text, start, end)


def _piece(text: str, content: Span, whole: Span) -> Span | None:
    """Part of a content span that lies in the sentence, without a leading "that"; None where nothing is left."""
    start, end = max(content.start, whole.start), min(content.end, whole.end)
    if start >= end:
        return None
    lead = _LEADING.match(text, start, end)
    piece = _paired(text, _trimmed(text, lead.end() if lead else start, end))
    return piece if _says_something(text, piece) else None


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    bare = piece.strip(_TRAILING)
    start += len(piece) - len(piece.lstrip(_TRAILING))
    return Span(start, start + len(bare))


def is_stage_direction(text: str, span: Span) -> bool:
    """Whether a sentence is nothing but a few words in brackets, such as "(Laughter.)"."""
    piece = text[slice(*span)].strip().rstrip(".")
    if len(piece) < 2 or (piece[0], piece[-1]) not in (("(", ")"), ("[", "]")):
        return False
    inside = piece[1:-1].strip()
    few = len(inside.split()) <= _MOST_DIRECTED and not any(map(str.isdigit, inside))
    return few and _DIRECTION.fullmatch(inside) is not None


def _paired(text: str, piece: Span) -> Span:
    """The piece without a quotation mark at either end whose partner lies outside."""
    start, end = piece
    if end - start > 1 and _lone(text, start, start, end):
        start += 1
    if end - start > 1 and _lone(text, end - 1, start, end):
        end -= 1
    return _trimmed(text, start, end)


def _lone(text: str, place: int, start: int, end: int) -> bool:
    """Whether a quotation mark has no partner in a piece."""
    mark = text[place]
    if mark not in _PARTNERS:
        return False
    if mark == _PARTNERS[mark]:
        return text.count(mark, start, end) % 2 == 1
    return text.count(mark, start, end) > text.count(_PARTNERS[mark], start, end)


def _says_something(text: str, span: Span) -> bool:
    return _SOMETHING.search(text, span.start, span.end) is not None
