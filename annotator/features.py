"""What the fast tier sees of a sentence: hashed words and word pieces, cue phrases, and the sentence's shape.

Nothing is learned here and nothing depends on other documents, so training and tagging compute the same numbers. Text
is read once a sentence, hashing happens once for each distinct word of a batch, and the rest is arithmetic on arrays.
Words are hashed with MurmurHash3, as `sklearn.feature_extraction.FeatureHasher` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import sparse
from sklearn.utils import murmurhash3_32

from annotator import lexicon
from annotator.record import CITATIONS, VOICES, Sentence, Sourcing

CUES, OPENING = "status_cues", "opening_"
NAME, ACRONYM, YEAR, NUMBER, START = "<name>", "<acronym>", "<year>", "<number>", "<start>"
SHAPE = (
    "words", "word_length", "names", "acronyms", "numbers", "years", "commas", "brackets", "quotes", "dashes",
    "colon", "question", "exclamation", "ellipsis", "no_stop", "lower_start", "all_capitals", "titled",
    "past_forms", "gerunds", "few_words", "inside_quote", "opens_document", "web",
)  # fmt: skip
_YEAR = re.compile(r"1\d{3}s?|20\d\ds?")
_STOPS, _QUOTES = frozenset(".!?…"), frozenset('"“”«»„')
# "I" is a capital for no reason of its own, alone or before an apostrophe.
_SPEAKER = ("i", "i'")
_CLOSERS = "\"'”’»)]"
# Odd constants that mix the hashes of neighbouring words; from the finalizer of MurmurHash3, which is public domain.
_LEFT, _RIGHT = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)


class Reading(NamedTuple):
    """What one look at a sentence finds: its words, its cue phrases and the numbers of its shape.

    ``terms`` are the ``words`` as the classifier sees them (lower case, names and numbers masked).
    """

    terms: list[str]
    words: Sequence[lexicon.Word]
    cues: list[lexicon.Match]
    shape: list[float]


class Occurrences(NamedTuple):
    """Hashed features one by one: row and column in the matrix, and the word, numbered over all readings.

    A pair of words counts for its second one. ``spoken`` says of each word of all readings whether it is more than a
    mark.
    """

    rows: np.ndarray
    columns: np.ndarray
    places: np.ndarray
    spoken: np.ndarray


class Cues(NamedTuple):
    """Cue phrases of all readings one by one: reading, number of the category, first and last word in the reading."""

    rows: np.ndarray
    columns: np.ndarray
    first: np.ndarray
    last: np.ndarray


def read(sentence: Sentence, cues: lexicon.Lexicon, *, mask: bool = True) -> Reading:
    """Look at one sentence; `mask` hides which name and which number it was.

    Masking is what keeps a group's name alone from moving a label.
    """
    words = lexicon.words(sentence.text, sentence.start)
    terms = _terms(sentence, words)
    return Reading(
        terms if mask else [word.lower for word in words],
        words,
        _cues(words, cues),
        _shape(sentence, terms),
    )


def _cues(words: Sequence[lexicon.Word], cues: lexicon.Lexicon) -> list[lexicon.Match]:
    """Cue phrases, without those of an opening category that do not open the sentence."""
    begin = next((place for place, word in enumerate(words) if word.lower[0].isalnum()), 0)
    return [match for match in cues.find(words) if match.first == begin or not match.entry.category.startswith(OPENING)]


def _terms(sentence: Sentence, words: Sequence[lexicon.Word]) -> list[str]:
    text, offset = sentence.text, sentence.start
    terms, begun = [], False
    for lower, start, end in words:
        first = text[start - offset]
        if first.islower():  # as most are
            pass
        elif first.isdigit():
            lower = YEAR if _YEAR.fullmatch(lower) else NUMBER
        elif begun and first.isupper() and lower[:2] not in _SPEAKER:
            lower = ACRONYM if end - start > 1 and text[start - offset : end - offset].isupper() else NAME
        terms.append(lower)
        begun = begun or first.isalnum()
    return terms


def _shape(sentence: Sentence, terms: list[str]) -> list[float]:
    text = sentence.text
    # One string of all terms, since to count in a string is far quicker than to count in a list: each term ends with a
    # line break, which none holds, and a mark is always a term of its own.
    count, many = ("\n".join(terms) + "\n").count, max(len(terms), 1)
    names, acronyms = count(NAME), count(ACRONYM)
    quotes = sum(map(count, _QUOTES))
    bare = text.rstrip(_CLOSERS)
    last = bare[-1:] or text[-1:]
    return [
        _logarithm(many) / 3,
        len(text) / many / 5 - 1,
        names / many * 3,
        acronyms / many * 3,
        count(NUMBER) / many * 3,
        count(YEAR) / many * 5,
        count(",") / many * 5,
        min(count("(") + count("["), 2),
        min(quotes, 2),
        min(count("-") + count("–") + count("—"), 2) / 2,
        last == ":" or count(":") > 0,
        last == "?",
        last == "!",
        "..." in text or "…" in text,
        last not in _STOPS,
        text[0].islower(),
        text.isupper(),
        names + acronyms > many * 0.5,
        count("ed\n") / many * 5,
        count("ing\n") / many * 5,
        many < 6,
        text[0] in _QUOTES and text[-1] in _QUOTES,
        1 / (1 + sentence.index),
        "http" in text or "www." in text,
    ]


@lru_cache(maxsize=500)
def _logarithm(many: int) -> float:
    return float(np.log1p(many))


class Features:
    """Turns documents into one matrix with a row a sentence: cue counts and shape first, then the hashed words.

    Parameters
    ----------
    hash_bits : int
        The hashed part has ``2 ** hash_bits`` columns.
    mask : bool
        Hide which name, acronym or number a word is.
    pieces : bool
        Also hash the beginnings and endings of words.
    pairs : bool
        Also hash neighbouring words together.
    """

    def __init__(self, hash_bits: int = 17, mask: bool = True, pieces: bool = True, pairs: bool = True) -> None:
        self.hash_bits, self.mask, self.pieces, self.pairs = hash_bits, mask, pieces, pairs

    @property
    def cue_names(self) -> tuple[str, ...]:
        """Cue categories: names of the very first columns."""
        return lexicon.load(CUES).categories

    @property
    def dense_names(self) -> tuple[str, ...]:
        """Names of the first columns: cue categories, shape, and what the sourcing rules say."""
        return (*self.cue_names, *SHAPE, *CITATIONS, *VOICES)

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.dense_names) + int(2**self.hash_bits)

    def transform(
        self, documents: Sequence[Sequence[Sentence]], sourcings: Sequence[Sequence[Sourcing]] | None = None
    ) -> sparse.csr_matrix:
        """Matrix (sentences of all documents, `width`) of float32."""
        rules = None if sourcings is None else [item for document in sourcings for item in document]
        return self.matrix(self.read(documents), rules)

    def read(self, documents: Sequence[Sequence[Sentence]]) -> list[Reading]:
        """Look at every sentence of all documents, in order."""
        cues = lexicon.load(CUES)
        return [read(sentence, cues, mask=self.mask) for document in documents for sentence in document]

    def matrix(
        self,
        readings: Sequence[Reading],
        sourcings: Sequence[Sourcing] | None = None,
        words: Occurrences | None = None,
    ) -> sparse.csr_matrix:
        """Matrix (readings, `width`) of float32; the hashed part of a row has length one."""
        counts = self.counts(words or self.occurrences(readings), len(readings))
        data = np.sqrt(counts.data)
        # The square of a root count is the count, so the length of a row is the root of its sum.
        lengths = np.sqrt(np.asarray(counts.sum(axis=1)).ravel())
        counts.data = data / np.repeat(np.maximum(lengths, 1), np.diff(counts.indptr))
        dense = sparse.csr_matrix(self._dense(readings, sourcings))
        return sparse.hstack([dense, counts], format="csr", dtype=np.float32)

    def counts(self, words: Occurrences, rows: int) -> sparse.csr_matrix:
        """How often each hashed feature occurs, (rows, 2 ** hash_bits)."""
        ones = np.ones(len(words.columns), dtype=np.float32)
        return sparse.csr_matrix((ones, (words.rows, words.columns)), shape=(rows, 2**self.hash_bits))

    def occurrences(self, readings: Sequence[Reading]) -> Occurrences:
        """Every hashed feature of every word."""
        vocabulary: dict[str, int] = {START: 0}
        number = vocabulary.setdefault
        terms = [number(term, len(vocabulary)) for reading in readings for term in (START, *reading.terms)]
        ids = np.array(terms, dtype=np.int64)
        rows = np.repeat(np.arange(len(readings)), [1 + len(reading.terms) for reading in readings])
        places, columns = zip(*self._columns(list(vocabulary), ids, rows), strict=True)
        place = np.concatenate(places)
        spoken = np.array([term[0].isalnum() or term[0] == "<" for term in vocabulary])[ids[ids > 0]]
        return Occurrences(rows[place], np.concatenate(columns).astype(np.int64), place - rows[place] - 1, spoken)

    def cues(self, readings: Sequence[Reading]) -> Cues:
        """Every cue phrase."""
        number = {name: column for column, name in enumerate(self.cue_names)}
        found = [
            (row, number[match.entry.category], match.first, match.last)
            for row, reading in enumerate(readings)
            for match in reading.cues
        ]
        return Cues(*np.array(found, dtype=np.int64).reshape(-1, len(Cues._fields)).T)

    def _dense(self, readings: Sequence[Reading], sourcings: Sequence[Sourcing] | None) -> np.ndarray:
        cues = self.cues(readings)
        counts = np.zeros((len(readings), len(self.dense_names)), dtype=np.float32)
        np.add.at(counts, (cues.rows, cues.columns), 1)
        begin = len(self.cue_names)
        end = begin + len(SHAPE)
        counts[:, :begin] = np.log1p(counts[:, :begin])
        counts[:, begin:end] = [reading.shape for reading in readings]
        if sourcings is not None:
            rows = np.arange(len(readings))
            counts[rows, [end + CITATIONS.index(sourcing.citation) for sourcing in sourcings]] = 1
            counts[rows, [end + len(CITATIONS) + VOICES.index(sourcing.voice) for sourcing in sourcings]] = 1
        return counts

    def _columns(self, vocabulary: list[str], ids: np.ndarray, rows: np.ndarray) -> Iterator[tuple[np.ndarray, ...]]:
        """Places in `ids` and columns of one kind of feature after another."""
        shift = np.uint64(64 - self.hash_bits)
        hashes = _spread(vocabulary)
        words = np.flatnonzero(ids > 0)
        yield words, hashes[ids[words]] >> shift
        if self.pairs:
            left = np.flatnonzero(rows[:-1] == rows[1:])
            mixed = (hashes[ids[left]] * _LEFT) ^ (hashes[ids[left + 1]] * _RIGHT)
            yield left + 1, mixed * _LEFT >> shift
        if self.pieces:
            for edges in (_beginnings(vocabulary), _endings(vocabulary)):
                long = np.flatnonzero(np.array([bool(edge) for edge in edges])[ids])
                yield long, _spread(edges)[ids[long]] >> shift


def _spread(terms: Sequence[str]) -> np.ndarray:
    """64-bit hashes whose high bits serve as column numbers for any table size."""
    hashes = [murmurhash3_32(term, positive=True) for term in terms]
    return np.array(hashes, dtype=np.uint64) * _LEFT


def _beginnings(vocabulary: Sequence[str]) -> list[str]:
    return [f"{term[:5]}-" if len(term) > 5 and term.isalpha() else "" for term in vocabulary]


def _endings(vocabulary: Sequence[str]) -> list[str]:
    return [f"-{term[-3:]}" if len(term) > 4 and term.isalpha() else "" for term in vocabulary]
