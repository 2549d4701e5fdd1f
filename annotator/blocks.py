"""Blocks of a text: headings, list items, rules, block quotes, captions and body paragraphs.

A line break ends a block, except inside hard-wrapped text (e-mails, Gutenberg books), where a line was broken only
because its next word would not have fitted. Markup decides where there is any (`Block.marked`); in plain text headings
and captions are guessed from their shape, and in doubt a line is body. Linear in the length of the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from annotator import lexicon
from annotator.record import Block, BlockKind

LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+")
BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029\x0b\x0c\x85]")
RULE = re.compile(r"[*_=~#—–•·-](?:[ \t]?[*_=~#—–•·-]){2,}")
BULLET = re.compile(r"(?:[*+•‣◦⁃▪●○–—-])[ \t]+(?=\S)")
NUMBERED = re.compile(
    r"\(?(?:\d{1,3}|[a-z]|[ivx]{2,5})(?:\)\.?|\.\)?)[ \t]+(?=\S)|\(?(?:[A-Z]|[IVX]{2,5})\)[ \t]+(?=\S)"
)
MARKDOWN_HEADING = re.compile(r"#{1,6}[ \t]+\S")
MARKDOWN_QUOTE = re.compile(r">")
UNDERLINE = re.compile(r"=+|-+")
FIRST_WORD = re.compile(r"\S{1,40}")
WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
DATED = re.compile(r", (?:ok\. |c\. |ca\. )?\d{4}\Z")
LABELLED = re.compile(r"[^\W\d_]{3,14}\.? (?:\d{1,3}(?:[.-]\d{1,3})?|[IVX]{1,5}|ok\.)(?:[.:]? |$)")
SECTION_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}\.?[ \t]")

WRAP_LEAST, WRAP_MOST = 45, 100
WRAPPED_LINES, WRAPPED_SHARE = 2, 0.5
HEADING_WORDS, HEADING_CHARACTERS, CAPTION_CHARACTERS = 10, 90, 160
ENDS = tuple(".!?…:;,\"'”’»)]")


class Line(NamedTuple):
    """One line without its white space, and whether blank lines stand around it."""

    start: int
    end: int
    text: str
    after_blank: bool


@cache
def _words(category: str) -> frozenset[str]:
    return frozenset(lexicon.load("block_words").phrases(category))


def find_blocks(text: str, markdown: bool = False) -> list[Block]:
    """Blocks of a text in order; together they cover every character that is no white space.

    Parameters
    ----------
    text : str
        The document.
    markdown : bool
        Whether ``#`` headings and ``>`` quotes are markup.
    """
    lines = list(_lines(text))
    width = _wrap_width(lines)
    found: list[Block] = []
    index = 0
    while index < len(lines):
        kind, marked = _marked_kind(lines[index].text, markdown)
        last = index
        if kind in ("body", "list_item", "quote"):
            last = _last_of_wrapped(lines, index, width, kind, markdown)
        if kind == "body" and last == index:
            kind, marked = _shape(lines, index, markdown)
        found.append(Block(lines[index].start, lines[last].end, kind, marked))
        index = last + 1
    return found


def _lines(text: str) -> Iterator[Line]:
    previous = 0
    for match in LINE.finditer(text):
        raw = match.group()
        bare = raw.strip()
        if bare:
            start = match.start() + len(raw) - len(raw.lstrip())
            gap = text[previous : match.start()]
            yield Line(start, start + len(bare), bare, previous == 0 or _is_blank(gap))
            previous = match.end()


def _is_blank(gap: str) -> bool:
    """Whether white space between two lines holds an empty line."""
    first = BREAK.search(gap)
    return first is not None and BREAK.search(gap, first.end()) is not None


def _wrap_width(lines: Sequence[Line]) -> int | None:
    """Width that a text is wrapped to, or None: most lines that go on without a blank are about equally long."""
    inner = [(a.text, b.text) for a, b in itertools.pairwise(lines) if not b.after_blank]
    if len(inner) < WRAPPED_LINES:
        return None
    width = sorted(len(line) for line, _ in inner)[len(inner) * 9 // 10]
    if not WRAP_LEAST <= width <= WRAP_MOST:
        return None
    full = sum(_is_full(line, following, width) for line, following in inner)
    return width if full >= WRAPPED_SHARE * len(inner) else None


def _is_full(line: str, following: str, width: int) -> bool:
    """Whether the first word of the following line would not have fitted on this one."""
    word = FIRST_WORD.match(following)
    return word is not None and len(line) + 1 + len(word.group()) > width


def _marked_kind(line: str, markdown: bool) -> tuple[BlockKind, bool]:
    if markdown and MARKDOWN_HEADING.match(line):
        return "heading", True
    if RULE.fullmatch(line):
        return "rule", True
    if markdown and MARKDOWN_QUOTE.match(line):
        return "quote", True
    if BULLET.match(line) or NUMBERED.match(line):
        return "list_item", True
    return "body", False


def _last_of_wrapped(lines: Sequence[Line], first: int, width: int | None, kind: BlockKind, markdown: bool) -> int:
    """Index of the last line of the paragraph that begins at `first`."""
    last = first
    while last + 1 < len(lines) and _continues(lines[last], lines[last + 1], width, kind, markdown):
        last += 1
    return last


def _continues(line: Line, following: Line, width: int | None, kind: BlockKind, markdown: bool) -> bool:
    """Whether a line was broken only because the next word would not have fitted."""
    if following.after_blank:
        return False
    if kind == "quote":
        return bool(MARKDOWN_QUOTE.match(following.text))
    if width is None or len(line.text) > WRAP_MOST or not _is_full(line.text, following.text, width):
        return False
    other, _ = _marked_kind(following.text, markdown)
    return other == "body" or (other == "list_item" and kind == "body" and line.text[-1] not in ".!?…:;")


def _shape(lines: Sequence[Line], index: int, markdown: bool) -> tuple[BlockKind, bool]:
    """Kind of an unmarked line that stands for itself."""
    line = lines[index]
    if markdown and index + 1 < len(lines) and _is_underline(lines[index + 1]):
        return "heading", True
    if _is_caption(line.text):
        return "caption", False
    return ("heading" if _is_heading(lines, index) else "body"), False


def _is_underline(line: Line) -> bool:
    return not line.after_blank and len(line.text) >= 3 and UNDERLINE.fullmatch(line.text) is not None


def _is_caption(line: str) -> bool:
    """``Figure 2. Growth of ...``, ``Photo ok. 1920-1921``, ``Anna with her sons, 1928``."""
    if len(line) > CAPTION_CHARACTERS or not (LABELLED.match(line) or YEAR.search(line)):
        return False
    words = [word.lower() for word in WORDS.findall(line)]
    if not words or not _words("finite").isdisjoint(words):
        return False
    if words[0] in _words("picture") and LABELLED.match(line):
        return True
    if line.endswith(ENDS) or not YEAR.search(line) or not line[0].isupper():
        return False
    return DATED.search(line) is not None or (len(words) <= HEADING_WORDS and not _words("picture").isdisjoint(words))


def _is_heading(lines: Sequence[Line], index: int) -> bool:
    """A short line that stands alone over other text, is no sentence and looks like a title."""
    line = lines[index]
    text = line.text
    if len(text) > HEADING_CHARACTERS or text[0] in "#>*|<" or not _stands_alone(lines, index):
        return False
    words = WORDS.findall(text)
    if not 1 <= len(words) <= HEADING_WORDS or not (
        words[0][0].isupper() or len(words) <= 2 or SECTION_NUMBER.match(text)
    ):
        return False
    if text.isupper() and text.endswith(":"):
        return True
    if text.endswith(ENDS):
        return False
    return text.isupper() or _words("finite").isdisjoint(word.lower() for word in words)


def _stands_alone(lines: Sequence[Line], index: int) -> bool:
    if index + 1 >= len(lines):
        return False
    following = lines[index + 1]
    if following.after_blank and lines[index].after_blank:
        return True
    return lines[index].after_blank and len(following.text) > 2 * HEADING_CHARACTERS
