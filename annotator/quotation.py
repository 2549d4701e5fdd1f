"""Quotations: where somebody's words run, across sentences and paragraphs, however badly they are marked.

Marks are paired paragraph by paragraph with one pass and a stack, so the time is linear and a missing mark can spoil
at most its own paragraph. Three things may lead out of it, each for at most `PARAGRAPHS` paragraphs:

- the next paragraph opens with the same mark again, as printers do with a quotation of several paragraphs;
- the closing mark stands in a next paragraph that opens none of its own before it;
- the quotation was never closed, and the next paragraph speaks in the first person ("my", "us").

A quotation that is never closed ends with its paragraph; where that is longer than `REACH` characters it says nothing
about the quotation, which then ends after `SHORT_REACH`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from annotator import lexicon
from annotator.record import Span

PARAGRAPHS = 4
REACH = 1500
SHORT_REACH = 400
# A double mark, two single ones, or a single one with no letter on one side. It opens with a set of characters, which
# is quick to look for.
MARK = re.compile(r"[“”„«»\"'`‘’](?:(?<=[“”„«»\"])|(?<=')'|(?<=`)`|(?<=[‘’'])(?!\w)|(?<=[‘'])(?<!\w[‘']))")
BREAK = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]\s*")
PAIRS = {"“": '”"', "„": "“”", "«": "»", '"': '"”', "''": "''", "``": "''\"", "‘": "’", "'": "'"}
STOP = re.compile(r"[.!?…]\s")
NEVER_OPENED = frozenset(".,;:!?)]")
SINGLE = frozenset("‘’'")
BEFORE_OPENING = frozenset("([{—–-:/“„«‘\"'")


class Quotation(NamedTuple):
    """A quotation with its marks: half-open offsets, whether a closing mark was found, and how many enclose it."""

    start: int
    end: int
    closed: bool
    depth: int


class _Mark(NamedTuple):
    mark: str
    start: int
    end: int


def find_quotations(text: str, breaks: Sequence[int] | None = None) -> list[Quotation]:
    """Quotations of a text in order of their beginnings; the time is linear in the length of the text.

    Parameters
    ----------
    text : str
        A document.
    breaks : sequence of int, optional
        Where paragraphs begin, in ascending order; found at the line breaks when not given.
    """
    starts = sorted({0, *(breaks if breaks is not None else (found.end() for found in BREAK.finditer(text)))})
    found: list[Quotation] = []
    waiting: Quotation | None = None
    reached = 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        inside, unclosed, orphan = _paragraph(text, start, end)
        if waiting is not None:
            again = text[start : start + 1] == text[waiting.start]
            goes_on = reached < PARAGRAPHS and (again or unclosed is None)
            longer = _continued(text, waiting, start, end, inside, orphan) if goes_on else None
            if longer is None:
                found.append(waiting)
                waiting = None
            else:
                waiting, reached = longer, reached + 1
                found += [quote._replace(depth=quote.depth + 1) for quote in inside]
                if waiting.closed:
                    found.append(waiting)
                    waiting = None
                continue
        found += inside
        waiting, reached = unclosed, 0
    if waiting is not None:
        found.append(waiting)
    return sorted(found)


def _paragraph(text: str, start: int, end: int) -> tuple[list[Quotation], Quotation | None, int | None]:
    """Closed quotations of a paragraph, the outermost one left open, the end of a first mark that closes nothing."""
    found: list[Quotation] = []
    stack: list[_Mark] = []
    orphan: int | None = None
    for mark in _marks(text, start, end):
        if _closes(text, mark, stack):
            opened = _take(stack, mark)
            if opened is not None:
                found.append(Quotation(opened.start, mark.end, True, len(stack)))
            elif not found and not stack and orphan is None:
                orphan = mark.end
        elif _opens(text, mark, end):
            stack.append(mark)
    double = [mark for mark in stack if mark.mark not in SINGLE]
    if not double:
        return found, None, orphan
    first = double[0]
    limit = _next_opening(text, first, end)
    return found, Quotation(first.start, _reach(text, first.start, limit), False, 0), orphan


def _next_opening(text: str, opened: _Mark, end: int) -> int:
    """Where the words of a quotation left open must have ended: before the sentence that introduces the next one."""
    again = text.find(f": {opened.mark}", opened.end, min(end, opened.end + REACH))
    stops = [] if again < 0 else [found.end() for found in STOP.finditer(text, opened.end, again)]
    return stops[-1] if stops else end


def _marks(text: str, start: int, end: int) -> Iterator[_Mark]:
    for found in MARK.finditer(text, start, end):
        yield _Mark(found.group(), found.start(), found.end())


def _closes(text: str, mark: _Mark, stack: Sequence[_Mark]) -> bool:
    if mark.mark in "”»’":
        return True
    if mark.mark == "“":
        return bool(stack) and stack[-1].mark == "„"
    if mark.mark not in ('"', "''", "'"):
        return False
    pending = any(mark.mark in PAIRS[opened.mark] for opened in stack[-3:])
    spaced_before = mark.start == 0 or text[mark.start - 1].isspace()
    spaced_after = mark.end >= len(text) or not text[mark.end].isalnum()
    if not pending:
        return False
    return spaced_after or not spaced_before


def _opens(text: str, mark: _Mark, end: int) -> bool:
    before = text[mark.start - 1] if mark.start else " "
    if mark.mark in SINGLE:
        follows = text[mark.end : mark.end + 1]
        return (before.isspace() or before in BEFORE_OPENING) and follows.isalpha() and follows.isupper()
    if mark.mark in ('"', "''"):
        if mark.end >= end or text[mark.end] in NEVER_OPENED:
            return False
        return not before.isalnum() or text[mark.end].isalnum()
    return mark.mark in PAIRS


def _take(stack: list[_Mark], mark: _Mark) -> _Mark | None:
    """Remove and return the opening mark that a closing one belongs to, with what was opened and lost inside it."""
    for index in range(len(stack) - 1, max(-1, len(stack) - 4), -1):
        if mark.mark in PAIRS[stack[index].mark]:
            opened = stack[index]
            del stack[index:]
            return opened
    return None


def _reach(text: str, start: int, end: int) -> int:
    """End of the words of a quotation that isn't closed before `end`."""
    reach = REACH if end - start <= REACH else SHORT_REACH
    return start + len(text[start : min(end, start + reach)].rstrip())


def _continued(
    text: str, waiting: Quotation, start: int, end: int, inside: Sequence[Quotation], orphan: int | None
) -> Quotation | None:
    """The waiting quotation with this paragraph added, or None where it ended before."""
    if waiting.end - waiting.start >= REACH:
        return None
    if orphan is not None and (not inside or orphan <= inside[0].start):
        return Quotation(waiting.start, orphan, True, 0)
    if text[start : start + 1] == text[waiting.start]:
        closes = inside[0].end if inside and inside[0].start == start else None
        return Quotation(waiting.start, closes or _reach(text, start, end), closes is not None, 0)
    if len(inside) < 2 and not orphan and first_person(_without(text, start, end, inside)):
        return Quotation(waiting.start, _reach(text, start, end), False, 0)
    return None


def _without(text: str, start: int, end: int, inside: Sequence[Quotation]) -> str:
    """Words of a paragraph before its first quotation."""
    return text[start : min([end, *(quote.start for quote in inside)])]


@cache
def _first_person() -> frozenset[str]:
    return frozenset(lexicon.load("word_classes").phrases("first_person"))


def first_person(text: str) -> bool:
    """Whether the text speaks of its speaker ("I", "our")."""
    return any(word.strip(".,;:!?") in _first_person() for word in text[:REACH].lower().split())


def covering(quotations: Iterable[Quotation], span: tuple[int, int]) -> Span | None:
    """The outermost quotation that holds a span whole, if any."""
    for quote in quotations:
        if quote.start <= span[0] and span[1] <= quote.end:
            return Span(quote.start, quote.end)
    return None
