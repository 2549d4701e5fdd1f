"""Hints that a written reference may stand in a text: a rule of `references` is tried only where its hint is there.

A pattern that looks behind, or ignores case, is tried at every letter. Each hint is something without which its pattern
can't match and that is found at a fraction of the cost: a few fixed characters, or an expression that opens with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from annotator.lexicon import load, shortest
from annotator.reference_patterns import known, phrases

_DIGIT = re.compile(r"[\d¹²³⁰⁴-⁹†‡]")
_DATE = re.compile(r"\d[./-]\d")
_VERSE = re.compile(r"\d:\d")
_NARRATED = re.compile(r"\(\s?(?:\[?(?:1[4-9]|20)\d\d|n\.|forthcoming|in\s)")
_VOLUME = re.compile(r"\(\d{1,3}\)[:,]")
_JOURNAL = re.compile(r";\s?\d{0,4}(?:\(\d{1,4}\))?:")
_CAPITALISED = re.compile(r"[^\W\d_a-z]\w*")
_OPIS = re.compile(r"(?:op|оп)\.\s?\d")
_NUMBERS = ("10.", "isbn", "issn", "arxiv", "pmid")


class Looked(NamedTuple):
    """A text looked at once: itself, in lower case, and whether it has a figure or a raised sign."""

    text: str
    lower: str
    figures: bool


Hint = Callable[[Looked], bool]


def look(text: str) -> Looked:
    """Look at a text before its rules are tried."""
    return Looked(text, text.lower(), _DIGIT.search(text) is not None)


def any_reference(seen: Looked) -> bool:
    """Whether there is a figure, or a word or sign that opens a reference without figures."""
    return seen.figures or any(map(seen.lower.__contains__, _signs()))


@cache
def _signs() -> tuple[str, ...]:
    """Signs that open a reference without figures, in lower case; a blank behind "see" spares "seem" and "seen"."""
    words = (f"{word} " if word.isalpha() else word for word in (*known("see"), *known("same")))
    labels = (f"{word}:" for word in known("source_label"))
    return ("://", "www.", "[^", " v. ", "](", "(", *sorted(shortest(words)), *labels)


def holds(*signs: str) -> Hint:
    """Hint that one of some signs in lower case is there."""
    return lambda seen: any(map(seen.lower.__contains__, signs))


def names(category: str) -> Hint:
    """Hint that a phrase of a category of ``references.tsv`` is there."""
    return lambda seen: any(map(seen.lower.__contains__, _phrases(category)))


@cache
def _phrases(category: str) -> tuple[str, ...]:
    return tuple(shortest(known(category)))


def law(seen: Looked) -> bool:
    """Hint of a part of a law with its number."""
    return _signs_of("part").search(seen.text) is not None


def statute(seen: Looked) -> bool:
    """Hint of a law report or of an act with its number."""
    return seen.figures and any(_signs_of(name).search(seen.text) for name in ("act", "report"))


def page(seen: Looked) -> bool:
    """Hint of a page with its number."""
    return _signs_of("page").search(seen.lower) is not None


def direction(seen: Looked) -> bool:
    """Hint of "see" as a word of its own."""
    return _signs_of("see").search(seen.lower) is not None


def shelfmark(seen: Looked) -> bool:
    """Hint of an archive, of a record series, or of an opis."""
    if not seen.figures:
        return False
    if _OPIS.search(seen.lower) or _signs_of("series").search(seen.text):
        return True
    return not _archives().isdisjoint(_CAPITALISED.findall(seen.text))


@cache
def _signs_of(name: str) -> re.Pattern[str]:
    """Expression for phrases of a category with what must stand behind them."""
    sources = {
        "part": rf"(?:{phrases('law_part')})\s?[\dIVXLC]",
        "act": rf"(?:{phrases('law_number')})\s[(Nn№\d]",
        "report": rf"\d\s(?:{phrases('reporter')})\s",
        "page": rf"(?:{phrases('page')})\s?[\divxlc]",
        "see": rf"(?:{phrases('see')})(?!\w):?\s",
        "series": rf"(?:{phrases('series', 'archives')})\s\d{{1,4}}/",
    }
    return re.compile(sources[name])


@cache
def _archives() -> frozenset[str]:
    """The last capitalised word of each archive's name: a text that names the archive has it as a word of its own."""
    return frozenset(_CAPITALISED.findall(name)[-1] for name in load("archives").phrases("archive"))


def dated(seen: Looked) -> bool:
    """Hint of a date."""
    return seen.figures and (any(map(seen.text.__contains__, _months())) or _DATE.search(seen.text) is not None)


@cache
def _months() -> tuple[str, ...]:
    return tuple(shortest(load("references").phrases("month")))


def identifier(seen: Looked) -> bool:
    """Hint of a DOI and the like."""
    return seen.figures and any(map(seen.lower.__contains__, _NUMBERS))


def searched(sign: re.Pattern[str]) -> Hint:
    """Hint that there is a figure, and a match of an expression."""
    return lambda seen: seen.figures and sign.search(seen.lower) is not None


verse, narrated, volume, journal = map(searched, (_VERSE, _NARRATED, _VOLUME, _JOURNAL))
