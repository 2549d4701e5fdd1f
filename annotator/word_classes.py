"""Words with their classes: what decides, without a parser, where a noun phrase begins and ends.

The classes stand in ``lexicons/word_classes.tsv``, the nouns that sources are named with in ``source_nouns.tsv``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from annotator import lexicon
from annotator.lexicon import Word

# Classes that leave a word a noun or an adjective.
PLAIN = frozenset({"opener", "plural", "noun"})
_TIME = frozenset({"time", "calendar", "adverb"})
# Classes of words that are surnames too, and how many words a name takes up to its initial and stop.
_ALSO_NAMES = frozenset({"adverb", "conjunction", "modal", "auxiliary", "plain_verb", "noun", "opener"})
_INITIAL = 3
NONE: frozenset[str] = frozenset()


class Phrase(NamedTuple):
    """A noun phrase as half-open indices into the words of a sentence."""

    first: int
    last: int


@cache
def classes() -> dict[str, frozenset[str]]:
    """Word classes by word; names of days and titles are kept as lower case."""
    found: dict[str, set[str]] = {}
    for entry in lexicon.load("word_classes").entries:
        found.setdefault(entry.phrase.lower(), set()).add(entry.category)
    return {word: frozenset(names) for word, names in found.items()}


@cache
def nouns() -> dict[str, str]:
    """Kind of source by noun, such as ``person``, ``document`` or ``group``."""
    return {entry.phrase.lower(): entry.category for entry in lexicon.load("source_nouns").entries}


def sort_of(word: str) -> str | None:
    """Kind of source that a noun names in the singular or the plural."""
    return nouns().get(word) or nouns().get(word.removesuffix("s"))


@cache
def listed(name: str, category: str) -> frozenset[str]:
    """Phrases of a lexicon's category, lower-cased."""
    return frozenset(phrase.lower() for phrase in lexicon.load(name).phrases(category))


@cache
def first_names() -> frozenset[str]:
    """First names that tell whether somebody is a man or a woman, in lower case, less those that are words too."""
    found = (entry.phrase.lower() for entry in lexicon.load("genders").entries if entry.note == "first name")
    return frozenset(name for name in found if name not in classes())


class ClassedWords:
    """The words of one sentence with their classes.

    Parameters
    ----------
    text : str
        The document.
    words : sequence of Word
        Words and marks of the sentence, with offsets into the document.
    """

    def __init__(self, text: str, words: Sequence[Word]) -> None:
        self.text, self.words, self.count = text, words, len(words)
        self.lowers = [word[0] for word in words]
        table = classes()
        self.classes = [table.get(lower, NONE) for lower in self.lowers]

    def is_name(self, index: int) -> bool:
        """Whether a word is capitalised and no function word."""
        start, end = self.words[index].start, self.words[index].end
        if not self.text[start].isupper():
            return False
        names = self.classes[index]
        if names and end - start == 1 and self.lower(index + 1) == "." and self.words[index + 1].start == end:
            return index + 2 < len(self.words)
        if names and self._ends_initials(index):
            return True
        if "opener" in names:
            return index > 0 and len(names) == 1
        if "modal" in names and index > 0 and end - start > 1:  # "Anna May", where "May" alone is a month or a verb
            return self.text[self.words[index - 1].start].isupper() and not self.classes[index - 1]
        if names == {"noun"}:
            return index > 0
        if names and names <= _TIME:
            return index > 0 and "calendar" not in names
        return not names or "title" in names or (end - start > 1 and self._is_acronym(index))

    def _ends_initials(self, index: int) -> bool:
        """Whether a word that is also an adverb or a verb stands behind a first name or an initial: "Tom T. Still"."""
        if index == 0 or not self.classes[index] <= _ALSO_NAMES:
            return False
        if self.lowers[index - 1] != ".":
            return self.lowers[index - 1] in first_names() and self.text[self.words[index - 1].start].isupper()
        if index < _INITIAL:
            return False
        initial, first = self.words[index - 2], self.words[index - 3]
        alone = initial.end - initial.start == 1 and self.text[initial.start].isupper()
        return alone and self.text[first.start].isupper() and not self.classes[index - 3]

    def _is_acronym(self, index: int) -> bool:
        """Whether a word is all capitals where the next one isn't: "US officials" but "WE WIN"."""
        start, end = self.words[index].start, self.words[index].end
        shouted = index + 1 < len(self.words) and self.text[self.words[index + 1].start : self.words[index + 1].end]
        return self.text[start:end].isupper() and (index > 0 or not (shouted and shouted.isupper()))

    def is_plain(self, index: int) -> bool:
        """Whether a word could be a noun or an adjective in lower case."""
        return self.classes[index] <= PLAIN and self.lowers[index][0].isalpha() and not self.is_adverb(index)

    def is_adverb(self, index: int) -> bool:
        """Whether a word ends like an adverb and is none of the nouns that do."""
        return 0 <= index < self.count and self.lowers[index][-2:] == "ly" and not self.classes[index]

    def has(self, index: int, name: str) -> bool:
        """Whether there is such a word and it is in a class."""
        return 0 <= index < self.count and name in self.classes[index]

    def lower(self, index: int) -> str:
        """Word at an index, the empty string outside the sentence."""
        return self.lowers[index] if 0 <= index < self.count else ""

    def glued(self, index: int) -> bool:
        """Whether a mark stands between two words without white space."""
        words = self.words
        return (
            0 < index < len(words) - 1
            and words[index - 1].end == words[index].start
            and words[index].end == words[index + 1].start
        )

    def is_inner_stop(self, index: int) -> bool:
        """Whether a stop belongs to an initial or a title, as in "V. Z. Rogovin" and "Dr. Brown"."""
        if self.lowers[index] != "." or index == 0 or self.words[index - 1].end != self.words[index].start:
            return False
        before = self.words[index - 1]
        capital = self.text[before.start].isupper()
        short = before.end - before.start <= 2 and capital
        shortened = capital and self.lower(index + 1) == "," and self.words[index].end == self.words[index + 1].start
        return short or shortened or "title" in self.classes[index - 1]
