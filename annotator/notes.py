"""Numbered notes: the marks that send the reader to a note, and the lines that hold the notes.

A figure in brackets is a mark far more often than not; a raised, glued or parenthesised figure is one only where its
neighbours say so. Each test is a short look at the characters around the figure, so the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotator.record import Attribution, Span
from annotator.reference_patterns import YEAR, known, pattern

_N = r"[1-9]\d{0,2}"
SQUARE = re.compile(
    rf"\[(?:\^[\w-]{{1,40}}|(?:note\s|nb\s|n\s?)?{_N}(?:\s?[,;–—-]\s?{_N}){{0,40}}(?:,\s(?:pp?|с)\.\s?\d{{1,5}}(?:[–-]\d{{1,5}})?)?)\]"
)
LETTER = re.compile(r"(?<=[.,;:!?”\"])\[[a-z]\](?=\s|\[|$)")
RAISED = re.compile(r"[¹²³⁰⁴-⁹]{1,3}(?:[,⁻–-][¹²³⁰⁴-⁹]{1,3}){0,5}|(?<=[.,;:!?”\"])[†‡](?=\s|$)|<sup>\d{1,3}</sup>")
# It opens with a set of characters, which is quick to look for, and only then looks back for the letter before.
GLUED = re.compile(
    rf"[).;!?…\s,\"”»](?<=[^\W\d_].)(?:(?<=\))[.;!?…]{{1,4}}[\"”»]?|(?<=[.;!?…])[.;!?…]{{0,3}}[\"”»]?"
    rf"|(?<=\s)\.{{3,4}}|(?<=,)[\"”»]?|(?<=[\"”»])[.,;]?)({_N})(?=\s|$|[A-Z][a-z])",
    re.DOTALL,
)
# Every figure that GLUED finds stands behind one of these marks; that is much quicker to look for.
BEHIND_MARK = re.compile(rf"[.,;!?…\"”»]{_N}(?=\s|$|[A-Z])")
RAISED_SIGN = re.compile(r"[¹²³⁰⁴-⁹†‡]")
LONE = re.compile(rf"\s{{0,3}}[\"”»]\s?({_N})\s{{0,3}}")
ROUND = re.compile(rf"\((?:note\s|n\.\s)?({_N})\)")
HEAD = re.compile(r"[^\S\n]{0,8}(?:\[\^?[\w-]{1,20}\]:?|\(?\d{1,3}[.)]|\d{1,3}|[¹²³⁰⁴-⁹]{1,3}|\*{1,3}|†)?[^\S\n]{1,4}|")
AUTHOR = re.compile(
    r"[^\W\d_a-z][\w’'-]{1,40}(?:\s[^\W\d_a-z][\w’'-]{1,40})?,"
    r"\s(?:[^\W\d_a-z]\.[\s-]?){1,4}(?:[,;:(“\"&]|and\s|et\sal|\s?[^\W\d_a-z])"
)
SIGNS = (
    re.compile(rf"[(,.]\s?{YEAR}[a-z]?\b"),
    re.compile(r"\bpp?\.\s?\d"),
    re.compile(r"[“\"«*_][^”\"»*_\n]{8,200}[”\"»*_]"),
    re.compile(r"\b[Vv]ol\.\s?\d|\d\s?\(\d{1,3}\)\s?[:,]|\b[Ee]ds?\.\B|\(ed\.|\bno\.\s?\d"),
    re.compile(r"[^\W\d_a-z][\w. ]{2,30}:\s[^\W\d_a-z][^:;\n]{2,60},\s" + YEAR),
)
_LONGEST_ENTRY = 900
_STOP_AND_BLANK = frozenset({". ", "! ", "? ", '" ', "” ", "’ ", "» ", ", "})


def marks(text: str) -> Iterator[Attribution]:
    """Yield the marks of numbered notes: ``[3, 5-7]``, a raised, a glued or a parenthesised figure."""
    yield from (_mark(found.span()) for found in SQUARE.finditer(text) if _free(text, *found.span()))
    if "[" in text:
        yield from (_mark(found.span()) for found in LETTER.finditer(text))
    if "<sup>" in text or (not text.isascii() and RAISED_SIGN.search(text)):
        yield from (_mark(found.span()) for found in RAISED.finditer(text) if _raised(text, found))
    if BEHIND_MARK.search(text):
        yield from (_mark(found.span(1)) for found in GLUED.finditer(text) if _glued(text, found))
    rounds = list(ROUND.finditer(text)) if "(" in text else []
    yield from (_mark(found.span()) for found in rounds if _round(text, found, len(rounds)))
    lone = LONE.fullmatch(text)
    if lone:
        yield _mark(lone.span(1))


def _mark(span: tuple[int, int]) -> Attribution:
    return Attribution(Span(*span), None, (), "note-number")


def _word_before(text: str, end: int) -> str:
    start = end
    while start > max(0, end - 30) and text[start - 1].isalpha():
        start -= 1
    return text[start:end]


def _free(text: str, start: int, end: int) -> bool:
    """Whether the bracket is no index (``x[3]``, ``rows[12] = 0``), no link, no page number in running words."""
    before, after = text[max(0, start - 1) : start], text[end : end + 3].lstrip()
    if before.isalnum():
        word = _word_before(text, start)
        return len(word) > 1 or word.isupper()
    if before == "_" or after.startswith(("=", "(http", "+", "*")):
        return False
    far = end - start == 5 and text[start + 1 : end - 1].isdigit()
    return not far or bool(before.strip()) or after.startswith((".", ",", ";", ":"))


def _raised(text: str, found: re.Match[str]) -> bool:
    start = found.start()
    if text[start] in "†‡<" or text[max(0, start - 1)] in '.,;:!?”"’»)':
        return start > 0
    word = _word_before(text, start)
    return len(word) > 2 and word.lower() not in known("unit")


def _glued(text: str, found: re.Match[str]) -> bool:
    word = _word_before(text, found.start())
    quoted = text[found.start(1) - 1] in '"”»' or text[found.start()] == ")"
    if word.lower() in known("label"):
        return False
    return quoted or (len(word) > 2 and not word.isupper())


def _round(text: str, found: re.Match[str], rounds: int) -> bool:
    """Whether ``(12)`` is a mark: behind a stop or quotation, or at the end behind a plain word; not in a list."""
    start, after = found.start(), text[found.end() : found.end() + 3].strip()
    before = text[max(0, start - 2) : start]
    if not before.strip():
        return rounds == 1 and found.group() == text.strip()
    if before[-1] in '.!?,"”’»':
        return True
    if before in _STOP_AND_BLANK:
        return rounds == 1 or (not after and before != ", ")
    word = _word_before(text, start - 1)
    plain = before[-1] == " " and word.islower() and word not in known("label") and found.end(1) - found.start(1) < 3
    return plain and rounds == 1 and after[:1] in {".", ";"}


def entry_lines(text: str) -> Iterator[Attribution]:
    """Yield lines that hold a note or an entry of a bibliography, without their number.

    A line with a number needs two signs of a work (author with initials, year, page, title in quotation marks, volume,
    imprint) or one that is enough alone (ibid., an identifier, a link); one without a number must open with an author.
    """
    for head in _heads(text):
        start, numbered = head.end(), bool(head.group().strip())
        stop = text.find("\n", start, start + _LONGEST_ENTRY)
        end = min(len(text), start + _LONGEST_ENTRY) if stop < 0 else stop
        if start < end and _is_entry(text, start, end, numbered):
            yield Attribution(Span(start, start + len(text[start:end].rstrip())), None, (), "note-text")


def _heads(text: str) -> Iterator[re.Match[str]]:
    """The number, if any, and the blanks that each line opens with."""
    start = 0
    while start >= 0:
        if (head := HEAD.match(text, start)) is not None:
            yield head
        start = text.find("\n", start) + 1 or -1


def _is_entry(text: str, start: int, end: int, numbered: bool) -> bool:
    author = AUTHOR.match(text, start, end) is not None
    if not (author or numbered):
        return False
    signs = author + sum(sign.search(text, start, end) is not None for sign in SIGNS)
    if numbered and signs < 2:
        sure = ("same", "identifier", "link")
        return any((found := pattern(name).match(text, start, end)) and found.start() == start for name in sure)
    return signs >= 2
