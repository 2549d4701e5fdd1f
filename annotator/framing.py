"""What in a sentence is frame and what is claimed: attributions inside one another, and clauses beside the frame."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from annotator import lexicon
from annotator.clauses import ClauseReader
from annotator.record import Attribution, Span
from annotator.word_classes import listed

_BOUNDARY = re.compile(r";\s*(?:(?:and|but|while)\s+)?|[,–—]\s*(?:and|but|while|until)\s+", re.I)
_CLOSED = re.compile(r"(?:;|[,;]?\s*\b(?:and|but|while))\s*$", re.I)
_QUOTED = re.compile(r"[“«\"]?(?:\w+\W+){6,}")
_NAMING = frozenset({"calling"})
_QUOTE_END = re.compile(r"[.!?…][”»\"]*\s*$")
# The last few words of a beginning may be read otherwise with what follows them.
_BEGINNING, _AHEAD, _LONGEST = 400, 8, 4_000
_FIRST_WORD = re.compile(r"\W*(\w+)")


def asserts(text: str, place: Span) -> bool:
    """Whether some words state something: by a finite verb, after "that", or as a quoted sentence."""
    piece = text[slice(*place)]
    ahead = text[max(0, place.start - 6) : place.start].lower()
    if ahead.endswith("that "):
        return True
    if piece[:3].lower() == "to ":
        return False
    if _has_verb(piece):
        return True
    quoted = piece[:1] in '“«"' or ahead[-1:] in ("“", "«", '"', "…")
    return quoted and _QUOTED.match(piece) is not None and _QUOTE_END.search(piece) is not None


def _has_verb(piece: str) -> bool:
    """Whether there is a finite verb; the rest of a long piece is read only where its beginning has none.

    No person writes a piece longer than `_LONGEST`; what lies behind that is not read.
    """
    piece = piece[:_LONGEST]
    if len(piece) > _BEGINNING:
        words = lexicon.words(piece[:_BEGINNING])
        if ClauseReader(piece, words).states(len(words) - _AHEAD):
            return True
    words = lexicon.words(piece)
    return ClauseReader(piece, words).states(len(words))


def frame_start(found: Attribution) -> int | None:
    """Where the words that say who speaks begin."""
    return min((place.start for place in (found.mention or found.source, found.cue) if place), default=None)


def unnested(text: str, attributions: Sequence[Attribution]) -> list[Attribution]:
    """Attributions whose contents lie beside one another.

    Where one content is nothing but another attribution ("the report says that Moll told him: ..."), the inner one
    counts; where the inner one begins a clause of its own ("..., and Roy claimed that ..."), the outer one ends before
    it; any other inner one is part of what the outer one says. To call something a name is not to claim it.
    """
    kept: list[Attribution] = []
    for found in attributions:
        if found.rule in _NAMING:
            continue
        start = frame_start(found)
        outer = next((at for at, one in enumerate(kept) if start is not None and _holds(one, start)), None)
        if outer is None or start is None:
            kept.append(found)
        elif found.content and any(asserts(text, piece) for piece in found.content):
            kept[outer : outer + 1] = _settled(text, kept[outer], found, start)
    return kept


def _holds(outer: Attribution, start: int) -> bool:
    return any(piece.start <= start < piece.end for piece in outer.content)


def _settled(text: str, outer: Attribution, inner: Attribution, start: int) -> list[Attribution]:
    """What counts of an attribution and of one whose frame begins inside its content."""
    piece = next(piece for piece in outer.content if piece.start <= start < piece.end)
    ahead = text[piece.start : start]
    if not asserts(text, Span(piece.start, start)):
        return [inner]
    joined = _CLOSED.search(ahead)
    if joined is None:
        return [outer]
    cut = Span(piece.start, piece.start + joined.start())
    return [replace(outer, content=tuple(cut if one == piece else one for one in outer.content)), inner]


def hangs(text: str, place: Span) -> bool:
    """Whether some words break off in a clause that they have only opened ("the terms which")."""
    words = lexicon.words(text[slice(*place)])
    return bool(words) and words[-1].lower in listed("clause_words", "opener")


def around_bracket(text: str, found: Attribution, whole: Span) -> tuple[Span, ...]:
    """The content of an attribution, with what stands behind a bracket that holds its frame."""
    start, content = frame_start(found), found.content
    if start is None or len(content) != 1 or not content[0].end <= start:
        return content
    close = text.find(")", start, whole.end)
    if text[content[0].end : start].strip() != "(" or close < 0 or _FIRST_WORD.match(text, close, whole.end) is None:
        return content
    return (*content, Span(close + 1, whole.end))


def clause_before(text: str, whole: Span, attributions: Sequence[Attribution]) -> Span | None:
    """A clause of the author before the frame: "the train stood, until Roy announced that ..."."""
    starts = [start for found in attributions if found.content and (start := frame_start(found)) is not None]
    first = min(starts, default=whole.start)
    if any(piece.start < first for found in attributions for piece in found.content):
        return None
    ends = [found.start() for found in _BOUNDARY.finditer(text, whole.start, first)]
    if not ends:
        return None
    before = Span(whole.start, ends[-1])
    opening = _FIRST_WORD.match(text[slice(*before)])
    open_clause = opening is not None and opening[1].lower() in listed("clause_words", "opener")
    return before if not open_clause and asserts(text, before) else None
