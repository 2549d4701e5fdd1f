"""The checkable words of a sentence, without the frame that says who told them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from annotator.framing import around_bracket, asserts, clause_before, hangs, unnested
from annotator.record import Attribution, Claim, Place, Span

_LEADING = re.compile(r"(?:[\s,;:–—.!?)\]”»’]|\"(?!\w))*(?:(?:that|and that|but that|and|but)\b\s*)?[\s,:]*", re.I)
_BARE_LEADING = re.compile(r"(?:[\s,;:–—.!?)\]”»’]|\"(?!\w))*")
_FENCED = re.compile(r"[\s”»\"]*[,;:.!?()–—-]")
_AS = re.compile(r"[\s,–—-]+(?:as|like)[\s,]*$", re.I)
_AFTER_QUOTE = re.compile(r"([“«][^“”«»]{1,2000}[”»]|\"[^\"]{1,2000}\"),?\s+(?:and|but|while)\s+")
_TRAILING = " \t\n\r,;:–—"
_PARTNERS = {"“": "”", "«": "»", "”": "“", "»": "«", '"': '"'}
_DIRECTION = re.compile(r"[^()\[\].?!]{0,40}[.!?]?")
_MOST_DIRECTED = 3
_SHORT_REST = 80
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
        Attributions of the sentence that hold. Their content is claimed by their source; of one inside another, the
        inner counts. Content that asserts nothing ("demanded to be sent home") leaves the whole sentence as the claim.
    marks : iterable of Span
        Reference marks in the sentence; those at either end are no part of the claim.
    holder : str, optional
        Who holds the claim where no attribution of the sentence says so; None for the author.
    """
    if is_stage_direction(text, span):
        return ()
    whole = _paired(text, _without_marks(text, span, sorted(marks)))
    found: list[Claim] = []
    for attributed in unnested(text, attributions):
        pieces = [
            piece
            for content in around_bracket(text, attributed, whole)
            if (piece := _piece(text, content, whole)) is not None
        ]
        owner = text[slice(*attributed.source)] if attributed.source else holder
        found += _of_pieces(text, sorted(set(pieces)), owner)
    if not found:
        return (_claim(text, whole, holder),) if _says_something(text, whole) else ()
    before = clause_before(text, whole, attributions)
    first = [_claim(text, before, holder)] if before else []
    return (*first, *_apart(found))


def _apart(claims: Iterable[Claim]) -> list[Claim]:
    """Claims in order without those that lie in another one."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda claim: (claim.start, -claim.end)):
        if not kept or claim.end > kept[-1].end:
            kept.append(claim)
    return kept


def _claim(text: str, place: Span, holder: str | None) -> Claim:
    return Claim(text[slice(*place)], *place, holder)


def _of_pieces(text: str, pieces: Sequence[Span], owner: str | None) -> list[Claim]:
    """Claims of the pieces of one content: one each where they assert something, else one over the frame amid them."""
    if not any(asserts(text, piece) for piece in pieces) and not _assert_together(text, pieces):
        return []
    if all(_stands_alone(text, piece) for piece in pieces[:-1]) and asserts(text, pieces[-1]):
        return [claim for piece in pieces for claim in _quoted_apart(text, piece, owner)]
    parts = tuple(Place(text[slice(*piece)], *piece) for piece in pieces)
    return [replace(_claim(text, Span(pieces[0].start, pieces[-1].end), owner), parts=parts)]


def _stands_alone(text: str, piece: Span) -> bool:
    """Whether a piece states something and ends at a mark, not at a word of the frame ("was | reportedly")."""
    fenced = _FENCED.match(text, piece.end) is not None or text[piece.end - 1] in ",.!?”»"
    return fenced and asserts(text, piece) and not hangs(text, piece)


def _assert_together(text: str, pieces: Sequence[Span]) -> bool:
    """Whether pieces that state nothing each do so without the frame between them ("The mill | burnt down")."""
    joined = " ".join(text[slice(*piece)] for piece in pieces)
    return len(pieces) > 1 and asserts(joined, Span(0, len(joined)))


def _quoted_apart(text: str, piece: Span, owner: str | None) -> list[Claim]:
    """A piece, or where a clause of the author is joined to a quotation at its beginning, the two of them."""
    joined = _AFTER_QUOTE.match(text, piece.start, piece.end)
    if joined and asserts(text, Span(joined.end(), piece.end)) and asserts(text, Span(piece.start, joined.end(1))):
        rest = _trimmed(text, joined.end(), piece.end)
        return [_claim(text, Span(piece.start, joined.end(1)), owner), _claim(text, rest, None)]
    return [_claim(text, piece, owner)]


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
    lead = (_LEADING if start > whole.start else _BARE_LEADING).match(text, start, end)
    start, end = _outside_bracket(text, lead.end() if lead else start, end)
    dangling = _AS.search(text, max(start, end - 8), end)
    piece = _paired(text, _trimmed(text, start, dangling.start() if dangling else end))
    return piece if _says_something(text, piece) else None


def _outside_bracket(text: str, start: int, end: int) -> Span:
    """A piece up to a bracket that it does not close, or behind one that it does not open."""
    opened = text.rfind("(", start, end)
    if opened > start and text.find(")", opened, end) < 0:
        end = opened
    closed = text.find(")", start, end)
    if closed >= 0 and text.rfind("(", start, closed) < 0 and closed - start < _SHORT_REST:
        start = closed + 1
    return Span(start, end)


def _trimmed(text: str, start: int, end: int) -> Span:
    if start < end and text[start] not in _TRAILING and text[end - 1] not in _TRAILING:
        return Span(start, end)
    piece = text[start:end]
    bare = piece.strip(_TRAILING)
    start += len(piece) - len(piece.lstrip(_TRAILING))
    return Span(start, start + len(bare))


def is_stage_direction(text: str, span: Span) -> bool:
    """Whether a sentence is nothing but a few words in brackets, such as "(Laughter.)"."""
    first = text[span.start : span.start + 1]
    if first not in "([" and not first.isspace():
        return False
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
