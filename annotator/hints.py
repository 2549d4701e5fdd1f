"""Hints that a written reference may stand in a text: a rule of `references` is tried only where its hint is there.

A pattern that looks behind, or ignores case, is tried at every letter. Each hint is something without which its pattern
can't match and that is found at a fraction of the cost: a few fixed characters, or an expression that opens with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, cached_property

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


class Looked:
    """A text looked at once: itself, in lower case, and whether it has a figure or a raised sign."""

    def __init__(self, text: str) -> None:
        self.text, self.lower, self.figures = text, text.lower(), _DIGIT.search(text) is not None

    @cached_property
    def capitalised(self) -> frozenset[str]:
        """Its words from their first capital on."""
        return frozenset(_CAPITALISED.findall(self.text))


Hint = Callable[[Looked], bool]


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
    return not seen.capitalised.isdisjoint(_archives())


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
    return _last_words(load("archives").phrases("archive"))


def _last_words(names: Iterable[str]) -> frozenset[str]:
    """The last capitalised word of each name: a text that has the name has it as a word of its own."""
    return frozenset(found[-1] for name in names if (found := _CAPITALISED.findall(name)))


def newspaper(seen: Looked) -> bool:
    """Hint of a date, and of a newspaper."""
    capitalised, others = _papers()
    named = not seen.capitalised.isdisjoint(capitalised) or any(map(seen.text.__contains__, others))
    return named and dated(seen.text)


@cache
def _papers() -> tuple[frozenset[str], tuple[str, ...]]:
    """Titles and endings of newspapers, as written and in capitals: their last words, and those without a capital."""
    written = (*load("newspapers").phrases("title"), *load("newspapers").phrases("ending"))
    names = (*written, *map(str.upper, written))
    return _last_words(names), tuple(name for name in names if not _CAPITALISED.search(name))


def dated(text: str) -> bool:
    """Whether a text may hold a date: a month or two figures with a mark between them."""
    return any(map(text.__contains__, _months())) or _DATE.search(text) is not None


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
