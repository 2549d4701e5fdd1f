"""Sentences of a text as exact spans: blocks first, then the stops inside each block.

Linear in the length of the text and lossless: every character that is no white space lies in exactly one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from annotator import blocks
from annotator.boundaries import FOOTNOTE_NUMBER, OPENING, REACH, STOP, TAIL, Gap, Words, ends, word_lists
from annotator.record import Block, Sentence

INFORMAL = re.compile(r"\bi(?:'?m|'ll|'ve|'d)? ")
WORD = re.compile(r"[\w'’.&@/:-]*")


def split(text: str, markdown: bool = False) -> list[tuple[int, int]]:
    """Spans of the sentences of a text."""
    return [span for block in blocks.find_blocks(text, markdown) for span in _block_spans(text, block)]


def sentences(text: str, markdown: bool = False) -> list[Sentence]:
    """Sentences of a text, each with its block."""
    found = []
    for block in blocks.find_blocks(text, markdown):
        for start, end in _block_spans(text, block):
            found.append(Sentence(len(found), start, end, text[start:end], block))
    return found


def split_all(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
    """Sentence spans of each text."""
    return [split(text) for text in texts]


def _block_spans(text: str, block: Block) -> Iterator[tuple[int, int]]:
    if block.kind in ("heading", "rule"):
        yield block.start, block.end
        return
    start = block.start
    for cut in _cuts(text, block.start, block.end):
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, block.end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    bare = piece.strip()
    if bare:
        start += len(piece) - len(piece.lstrip())
        yield start, start + len(bare)


def _cuts(text: str, start: int, end: int) -> list[int]:
    words = word_lists()
    informal = _is_informal(text, start, end)
    cuts: list[int] = []
    last = start
    for found in STOP.finditer(text, start, end):
        stop_start, stop_end = found.span()
        if stop_end >= end:
            break
        tail_end = TAIL.match(text, stop_end, end).end()
        if tail_end >= end:
            break
        if tail_end == stop_end and (note := FOOTNOTE_NUMBER.match(text, stop_end, end)):
            if text[max(start, stop_start - 3):stop_start].isalpha():
                tail_end = note.end()
        before = text[max(last, stop_start - REACH):stop_start].split()
        word = before[-1].lstrip(OPENING) if before else ""
        after = text[tail_end:min(end, tail_end + REACH)]
        spaced = after[:1].isspace()
        if not spaced and not after[:1].isupper():
            continue
        following = [WORD.match(w.lstrip(OPENING)).group().rstrip(".:") for w in after.split(None, 4)[:4]]
        gap = Gap(found.group(), text[stop_end:tail_end], spaced, word, before[-2] if len(before) > 1 else "",
                  len(before) == 1, following[0] if following else "", following[1:], informal)
        if ends(gap, words):
            cuts.append(tail_end)
            last = tail_end
    return cuts


def _is_informal(text: str, start: int, end: int) -> bool:
    return text[start:start + 1].islower() or INFORMAL.search(text, start, end) is not None
