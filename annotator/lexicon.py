"""Phrases as data: lexicon files are read, validated row by row, and matched word by word.

A lexicon is a tab-separated file in ``annotator/lexicons`` with the header ``phrase category note``. Lines that begin
with ``#`` are comments; a comment ``# category NAME: meaning`` declares a category that the rows may use, so that a
person who knows no Python can read and mend the rules. Matching is linear: one pass over the words, one step down a
tree of phrases for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from annotator.errors import LexiconError

FOLDER = Path(__file__).parent / "lexicons"
HEADER = ["phrase", "category", "note"]
CATEGORY = re.compile(r"# category (\w+): (.+)")
WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
_END = ""


class Word(NamedTuple):
    """A word or a single punctuation mark, lower-cased with straight apostrophes, at its place in the text."""

    lower: str
    start: int
    end: int


class Entry(NamedTuple):
    """One row of a lexicon."""

    phrase: str
    category: str
    note: str


class Match(NamedTuple):
    """A phrase found in a text; ``first`` and ``last`` are half-open indices into the words searched."""

    entry: Entry
    start: int
    end: int
    first: int
    last: int


@lru_cache(maxsize=20_000)
def words(text: str, offset: int = 0) -> tuple[Word, ...]:
    """Words and punctuation marks of a text, with offsets shifted by `offset`.

    Several stages ask for the words of the same sentence one after the other, so the last answers are kept.
    """
    lower = text.lower().replace("’", "'")
    if len(lower) != len(text):  # a few letters, such as "İ", are longer in lower case
        lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text).replace("’", "'")
    # Every word of every document passes here; building the tuple directly halves the time.
    new = tuple.__new__
    found = WORD.finditer(lower)
    return tuple([new(Word, (one.group(), one.start() + offset, one.end() + offset)) for one in found])


class Lexicon:
    """Phrases with their categories, ready to be found in a list of words.

    Parameters
    ----------
    name : str
        Name of the file without its suffix.
    entries : sequence of Entry
        Rows; a phrase may stand in several categories.
    """

    def __init__(self, name: str, entries: Sequence[Entry]) -> None:
        self.name, self.entries = name, tuple(entries)
        self._tree: dict[str, Any] = {}
        for entry in entries:
            node = self._tree
            for word in words(entry.phrase):
                node = node.setdefault(word.lower, {})
            node.setdefault(_END, []).append(entry)

    @property
    def categories(self) -> tuple[str, ...]:
        """Categories in use, in order of first appearance."""
        return tuple(dict.fromkeys(entry.category for entry in self.entries))

    def phrases(self, category: str) -> tuple[str, ...]:
        """Phrases of one category, as written."""
        return tuple(entry.phrase for entry in self.entries if entry.category == category)

    def find(self, text: Sequence[Word]) -> list[Match]:
        """The longest phrase at each word, left to right; phrases may overlap one another."""
        # Every word of every document passes here: most begin no phrase, and a look at the next word spares most of
        # the others the call of `_longest`.
        tree, end, new = self._tree, len(text) - 1, tuple.__new__
        found: list[Match] = []
        for first, word in enumerate(text):
            node = tree.get(word[0])
            if node is None:
                continue
            if first < end and text[first + 1][0] in node:
                last, best = self._longest(text, first)
                found += [Match(entry, word[1], text[last - 1][2], first, last) for entry in best]
            elif _END in node:
                found += [new(Match, (entry, word[1], word[2], first, first + 1)) for entry in node[_END]]
        return found

    def _longest(self, text: Sequence[Word], first: int) -> tuple[int, Sequence[Entry]]:
        """Where the longest phrase that begins at a word ends, and its entries; none if there is no such phrase."""
        node, last, found = self._tree[text[first][0]], first, list[Entry]()
        for index in range(first + 1, len(text) + 1):
            if _END in node:
                last, found = index, node[_END]
            if index == len(text) or text[index][0] not in node:
                break
            node = node[text[index][0]]
        return last, found


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()  # spreadsheets write a byte order mark
    except (OSError, UnicodeDecodeError) as error:
        detail = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise LexiconError("lexicon-unreadable", f"can't be read: {detail}", path=path) from error


def read_rows(path: Path, header: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of each data row of a tab-separated file.

    Raises
    ------
    LexiconError
        If the file is missing, isn't UTF-8, has another header, or a row has not as many cells as the header.
    """
    rows = [(n, line.split("\t")) for n, line in enumerate(_lines(path), 1) if line and not line.startswith("#")]
    if not rows or rows[0][1] != list(header):
        raise LexiconError("lexicon-header", f"the first row must be {' '.join(header)}", path=path, line=1)
    for number, cells in rows[1:]:
        if len(cells) != len(header):
            detail = f"expected {len(header)} cells, found {len(cells)}"
            raise LexiconError("lexicon-cells", detail, path=path, line=number)
        yield number, cells


def categories(path: Path) -> dict[str, str]:
    """Categories that a lexicon file declares, with their meaning."""
    return {found[1]: found[2] for line in _lines(path) if (found := CATEGORY.fullmatch(line))}


def read_lexicon(path: Path) -> Lexicon:
    """Read one lexicon file, refusing undeclared categories, empty phrases and repeated rows."""
    allowed = categories(path)
    seen: dict[tuple[str, str], int] = {}
    entries = []
    for number, cells in read_rows(path, HEADER):
        entry = Entry(*cells)
        problem = _problem(entry, allowed, seen)
        if problem:
            raise LexiconError("lexicon-row", problem, path=path, line=number)
        seen[entry.phrase.lower(), entry.category] = number
        entries.append(entry)
    return Lexicon(path.stem, entries)


def _problem(entry: Entry, allowed: dict[str, str], seen: dict[tuple[str, str], int]) -> str | None:
    if not entry.phrase.strip():
        return "the phrase is empty"
    if entry.category not in allowed:
        return f"undeclared category {entry.category!r}; the file declares {', '.join(allowed) or 'none'}"
    if (entry.phrase.lower(), entry.category) in seen:
        return f"{entry.phrase!r} stands already in line {seen[entry.phrase.lower(), entry.category]}"
    return None


@cache
def load(name: str) -> Lexicon:
    """Lexicon of the package by name, read once."""
    return read_lexicon(FOLDER / f"{name}.tsv")


def shortest(words: Iterable[str]) -> set[str]:
    """Words without those that hold another of them."""
    found: set[str] = set()
    for word in sorted(words, key=len):
        if not any(shorter in word for shorter in found):
            found.add(word)
    return found
