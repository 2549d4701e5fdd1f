"""Which claims tell the same thing: near-duplicates among many short texts, without comparing each with each.

Texts with the same words are one to begin with. Pairs that share words or word pairs which are rare in the batch are
compared by the cosine of their TF-IDF weights; frequent words alone bring no two texts together, which bounds the work.
Two texts that differ in a number, in a name or in a "not" tell different things however alike they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from annotator.word_classes import listed

ALIKE = 0.5
_MOST_SHARING = 60
_CHUNK = 2000
_FIRST_LOOK = 0.1
_STEM = 6
_FEWEST_SHARED, _FEWEST_WORDS, _MANY_SHARED = 3, 2, 8
_CONTAINED = 0.6
_LONG_RUN = 10
_YEAR = re.compile(r"1\d{3}|20\d\d")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|es|s|ly|'s)$")
_MOST_COMPARED = 2500


@dataclass(frozen=True, slots=True)
class _Told:
    """What decides whether two texts tell the same: stems, numbers, names, a denial, a pronoun."""

    stems: tuple[str, ...]
    numbers: frozenset[tuple[str, str]]
    names: frozenset[str]
    denied: bool
    points: bool


class _Pair(NamedTuple):
    similarity: float
    first: int
    second: int


def groups(texts: Sequence[str], alike: float = ALIKE) -> list[int]:
    """Number of the group of each text, counted from 0 in order of first appearance.

    Parameters
    ----------
    texts : sequence of str
        The texts. The same texts give the same groups.
    alike : float
        Cosine, 0 to 1, from which two texts tell the same.

    Examples
    --------
    >>> groups(["The north mill burnt down in 1931.", "Roy left.", "In 1931 the north mill burnt."])
    [0, 1, 0]
    """
    keys: dict[tuple[str, ...], int] = {}
    ids = [keys.setdefault(tuple(_words(text)), len(keys)) for text in texts]
    first = dict(zip(reversed(ids), reversed(texts), strict=True))
    told = _read([first[number] for number in range(len(keys))])
    leaders = _joined(len(told), list(_pairs(told, alike)), alike)
    numbers: dict[int, int] = {}
    return [numbers.setdefault(leaders[number], len(numbers)) for number in ids]


def _words(text: str) -> list[str]:
    return [found.replace("’", "'") for found in _WORD.findall(text.casefold())]


@cache
def _idle() -> frozenset[str]:
    """Words that tell nothing by themselves."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS)


def _stem(word: str) -> str:
    return word if word[0].isdigit() else _ENDING.sub("", word)[:_STEM]


def _read(texts: Sequence[str]) -> list[_Told]:
    """What each text tells; a capitalised word is a name unless the batch has it in lower case too."""
    found = [_WORD.findall(text) for text in texts]
    common = {_stem(word) for words in found for word in words if word[0].islower()}
    return [_told(words, common) for words in found]


def _told(words: Sequence[str], common: set[str]) -> _Told:
    lower = [word.casefold().replace("’", "'") for word in words]
    stems = tuple(_stem(word) for word in lower if word not in _idle())
    capital = (low for word, low in zip(words, lower, strict=True) if word[0].isupper() and low not in _idle())
    names = {_stem(low) for low in capital if low not in listed("word_classes", "calendar")} - common
    points = any(low in listed("word_classes", "person_pronoun") for low in lower)
    return _Told(stems, frozenset(_counted(stems)), frozenset(names), any(map(_denies, lower)), points)


def _denies(word: str) -> bool:
    listed_so = word in listed("word_classes", "negation") or word in listed("word_classes", "negative")
    return listed_so or word.endswith("n't")


def _counted(stems: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each number with what it counts: the year, or the words on either side; and each day and month."""
    for at, word in enumerate(stems):
        if word in _calendar():
            yield "calendar", word
        if not word[0].isdigit():
            continue
        year = _YEAR.fullmatch(word) is not None
        beside = (*stems[max(0, at - 1) : at], *stems[at + 1 : at + 2])
        yield from ((name, word) for name in beside if not (name[0].isdigit() or (year and name in _calendar())))
        if year:
            yield "year", word


@cache
def _calendar() -> frozenset[str]:
    return frozenset(map(_stem, listed("word_classes", "calendar")))


def _differ(one: _Told, other: _Told) -> bool:
    """Whether two texts tell different things by a number, a name or a denial; "he" may stand for one name."""
    if one.denied != other.denied:
        return True
    counted = {what for what, _ in one.numbers} & {what for what, _ in other.numbers}
    if any(_of(one, what).isdisjoint(_of(other, what)) for what in counted):
        return True
    apart = min(len(one.names - other.names) - other.points, len(other.names - one.names) - one.points)
    return apart > 0 and len(one.names & other.names) <= apart and not _verbatim(one, other)


def _verbatim(one: _Told, other: _Told) -> bool:
    """Whether two texts share a long run of words, as two that quote the same document do."""
    pairs = (set(pairwise(told.stems)) for told in (one, other))
    return len(next(pairs) & next(pairs)) >= _LONG_RUN


def _of(told: _Told, counted: str) -> set[str]:
    return {number for what, number in told.numbers if what == counted}


def _matrix(rows: Sequence[Sequence[str]], most: int | None = None) -> Any:
    """TF-IDF weights, rows of length 1; with `most`, of the words alone that at most so many rows have."""
    frequency = Counter(word for row in rows for word in set(row))
    vocabulary = {word: at for at, word in enumerate(sorted(frequency))}
    weights = {word: 1.0 + np.log((1 + len(rows)) / (1 + count)) for word, count in frequency.items()}
    cells = [(at, vocabulary[word], weights[word]) for at, row in enumerate(rows) for word in sorted(set(row))]
    if not cells:
        return sparse.csr_matrix((len(rows), 1))
    at, word, weight = zip(*cells, strict=True)
    whole = sparse.csr_matrix((weight, (at, word)), shape=(len(rows), len(vocabulary)))
    length = np.sqrt(whole.multiply(whole).sum(axis=1)).A1
    whole = sparse.diags(1 / np.maximum(length, 1e-9)) @ whole
    if most is None:
        return whole.tocsr()
    kept = [at for at, name in enumerate(sorted(frequency)) if 1 < frequency[name] <= most]
    return whole.tocsr()[:, kept]


def _pairs(told: Sequence[_Told], alike: float) -> Iterator[_Pair]:
    """Pairs that tell the same, compared only where they share something rare."""
    whole = _matrix([one.stems for one in told])
    for first, second in _near(told):
        similar = np.asarray(whole[first].multiply(whole[second]).sum(axis=1)).ravel()
        for at in np.flatnonzero(similar >= alike * _CONTAINED):
            one, other = int(first[at]), int(second[at])
            if _same(told[one], told[other], float(similar[at]), alike):
                yield _Pair(max(alike, float(similar[at])), one, other)


def _near(told: Sequence[_Told]) -> Iterator[tuple[Any, Any]]:
    """Numbers of texts that share something rare, the first and the second of each pair, in chunks."""
    rare = _matrix([[*one.stems, *map(" ".join, pairwise(one.stems))] for one in told], _MOST_SHARING)
    for start in range(0, len(told), _CHUNK):
        near = sparse.triu(rare[start : start + _CHUNK] @ rare.T, k=start + 1).tocoo()
        kept = near.data >= _FIRST_LOOK
        yield near.row[kept] + start, near.col[kept]


def _same(one: _Told, other: _Told, similarity: float, alike: float) -> bool:
    """Whether two texts are alike, or one of them goes on after telling most of the other in the same words."""
    a, b = set(one.stems), set(other.stems)
    shared = len(a & b)
    if a != b and (shared < _FEWEST_SHARED or len((a & b) - one.names) < _FEWEST_WORDS):
        return False
    contained = shared >= _MANY_SHARED and shared >= _CONTAINED * min(len(a), len(b))
    common = similarity >= alike and 2 * shared >= alike * (len(a) + len(b))
    return (common or contained) and not _differ(one, other)


def _joined(count: int, pairs: Sequence[_Pair], alike: float) -> list[int]:
    """Leader of the group of each text: groups join from the likeliest pair down, while they are alike on the whole."""
    leaders = list(range(count))
    members = {number: [number] for number in leaders}
    known = {(pair.first, pair.second): pair.similarity for pair in pairs}
    for pair in sorted(pairs, key=lambda pair: (-pair.similarity, pair.first, pair.second)):
        one, other = sorted((leaders[pair.first], leaders[pair.second]))
        if one == other or not _alike_on_the_whole(members[one], members[other], known, alike):
            continue
        for number in members[other]:
            leaders[number] = one
        members[one] += members.pop(other)
    return leaders


def _alike_on_the_whole(
    one: Sequence[int], other: Sequence[int], known: dict[tuple[int, int], float], alike: float
) -> bool:
    """Whether most pairs across two groups are alike, so that small steps don't join what is far apart."""
    if len(one) * len(other) > _MOST_COMPARED:
        return False
    across = [known.get((min(a, b), max(a, b)), 0.0) for a in one for b in other]
    return sum(similarity >= alike for similarity in across) * 2 > len(across)
