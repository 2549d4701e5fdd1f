"""Sentences of a text as exact spans: blocks first, then the stops inside each block, then ends without a stop.

Linear in the length of the text and lossless: every character that is no white space lies in exactly one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from annotator import blocks, boundaries, unmarked
from annotator.record import Block, Sentence

INFORMAL = re.compile(r"i(?<!\wi)(?:['’]?m|['’]ll|['’]ve|['’]d)? ")


def split(text: str, markdown: bool = False) -> list[tuple[int, int]]:
    """Spans of the sentences of a text.

    Parameters
    ----------
    text : str
        Any text; it is not changed.
    markdown : bool
        Whether ``#`` headings and ``>`` quotes are markup.

    Returns
    -------
    list of (int, int)
        Half-open code-point ranges without white space at their edges, in order, not overlapping.
    """
    return [span for block in blocks.find_blocks(text, markdown) for span in _spans(text, block)]


def sentences(text: str, markdown: bool = False) -> list[Sentence]:
    """Sentences of a text, each with its block."""
    found: list[Sentence] = []
    for block in blocks.find_blocks(text, markdown):
        for start, end in _spans(text, block):
            found.append(Sentence(len(found), start, end, text[start:end], block))
    return found


def split_all(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
    """Sentence spans of each text."""
    return [split(text) for text in texts]


def _spans(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """Sentences of a block; a heading, a rule and a caption without a closing stop are one each."""
    if block.kind in ("heading", "rule") or (block.kind == "caption" and text[block.end - 1] not in ".!?"):
        yield block.start, block.end
        return
    start = block.start
    for cut in (*_cuts(text, block), block.end):
        piece = text[start:cut]
        bare = piece.strip()
        if bare:
            begin = start + len(piece) - len(piece.lstrip())
            yield begin, begin + len(bare)
        start = cut


def _cuts(text: str, block: Block) -> list[int]:
    begins, labels = unmarked.items(text, block.start, block.end)
    known = begins + list(unmarked.layout_cuts(text, block.start, block.end))
    cuts = unmarked.merged((*known, *_stop_cuts(text, block, labels)))
    return [*_with_unmarked(text, block, cuts)]


def _stop_cuts(text: str, block: Block, labels: set[int]) -> Iterator[int]:
    words, informal, last, end = boundaries.word_lists(), _is_informal(text, block), block.start, block.end
    for found in boundaries.STOP.finditer(text, block.start, end):
        stop = found.span()
        close = boundaries.tail_end(text, last, *stop, end)
        if close >= end:
            return
        close = boundaries.straight_quote(text, last, close, end)
        if close >= end:
            return
        if close in labels or stop[1] in labels:
            continue
        gap = boundaries.gap_at(text, last, stop, close, end, informal)
        if gap and boundaries.ends(gap, words):
            if gap.stop == "." and not gap.tail and boundaries.inside_title(text, last, stop[0], end):
                continue
            yield close
            last = close


def _with_unmarked(text: str, block: Block, cuts: list[int]) -> Iterator[int]:
    """The cuts of a block and, between them, the ends that no stop marks."""
    words = boundaries.word_lists()
    flat = "\n" not in text and len(text) > unmarked.FLAT_LENGTH
    threshold = unmarked.FLAT_THRESHOLD if flat else unmarked.THRESHOLD
    last = block.start
    for cut in (*cuts, block.end):
        start = last + len(text[last : last + 5]) - len(text[last : last + 5].lstrip())
        greeting = unmarked.greeting_cut(text, start, cut, words)
        if greeting:
            yield greeting
            last = greeting
        if cut - last > unmarked.LEAST_LENGTH:
            yield from unmarked.word_cuts(text, last, cut, threshold)
        if cut < block.end:
            yield cut
        last = cut


def _is_informal(text: str, block: Block) -> bool:
    """Whether a block is written carelessly enough for lower-case words to open sentences."""
    return text[block.start].islower() or INFORMAL.search(text, block.start, block.end) is not None
