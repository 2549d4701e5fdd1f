"""What an encoder learns from: documents with an answer for every sentence, cut into batches of windows.

An answer is a distribution, so a gold label and a teacher's opinion are the same thing here.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from annotator import marked, renaming
from annotator.encoder import EncoderConfig
from annotator.gold import LabelledSentence
from annotator.marked import Marked
from annotator.record import CITATIONS, LABELS, Span
from annotator.sentence_tokens import SentenceTokenizer, Tokens
from annotator.windows import cut_windows

_GROUP = 16  # batches that are sorted by length together: little padding, and still a random mixture


class Lesson(NamedTuple):
    """A document to learn from: its sentences and what to answer.

    ``labels`` and ``citations`` (sentences, answers) are distributions; a row of zeros is no answer. ``flags``
    (sentences, flags) are 0 or 1, NaN where the answer isn't known; ``spans`` has the known marks of each sentence.
    """

    texts: list[str]
    labels: np.ndarray
    citations: np.ndarray
    flags: np.ndarray
    spans: list[Mapping[str, Sequence[Span]]]


class LessonWindow(NamedTuple):
    """Token numbers of some neighbouring sentences, and their answers; ``marks`` (tokens, marks) like ``flags``."""

    tokens: list[list[int]]
    labels: np.ndarray
    citations: np.ndarray
    flags: np.ndarray
    marks: np.ndarray


def answers(documents: Iterable[Sequence[LabelledSentence]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Labels and citation values that occur: the codebook's, in its order, where no others do; else by the alphabet."""
    sentences = [sentence for document in documents for sentence in document]
    citations = {sentence.citation for sentence in sentences if sentence.citation is not None}
    return _ordered({sentence.label for sentence in sentences}, LABELS), _ordered(citations, CITATIONS)


def _ordered(found: set[str], usual: Sequence[str]) -> tuple[str, ...]:
    return tuple(usual) if found and found <= set(usual) else tuple(sorted(found))


def lesson(document: Sequence[LabelledSentence], reading: EncoderConfig, smoothing: float) -> Lesson:
    """What a document's sentences teach; a gold label gives `smoothing` of its weight to all labels alike."""
    labels = [_target(reading.labels, item.label, item.probabilities, smoothing) for item in document]
    citations = [_target(reading.citations, item.citation, item.citation_probabilities, smoothing) for item in document]
    width = len(reading.citations)
    known = [Marked(item.text, {}, {}) if item.probabilities else marked.named(item) for item in document]
    return Lesson(
        [item.text for item in document],
        np.array(labels),
        np.array(citations).reshape(len(document), width),
        _flags(known, reading),
        [one.spans for one in known],
    )


def attribution_lesson(document: Sequence[Marked], reading: EncoderConfig) -> Lesson:
    """What a document teaches in which people marked attributions, and no label."""
    texts, spans = [one.text for one in document], [one.spans for one in document]
    labels = np.zeros((len(document), len(reading.labels)), dtype=np.float32)
    citations = np.zeros((len(document), len(reading.citations)), dtype=np.float32)
    return Lesson(texts, labels, citations, _flags(document, reading), spans)


def _flags(document: Sequence[Marked], reading: EncoderConfig) -> np.ndarray:
    rows = [[float(one.flags.get(name, np.nan)) for name in reading.flags] for one in document]
    return np.array(rows, dtype=np.float32).reshape(len(document), len(reading.flags))


def mark_tokens(tokens: Tokens, spans: Mapping[str, Sequence[Span]], names: Sequence[str]) -> np.ndarray:
    """Which tokens of a sentence lie in a span of each mark: 1 or 0, NaN where unknown and for the closing mark."""
    marks = np.full((len(tokens.ids), len(names)), np.nan, dtype=np.float32)
    for column, name in enumerate(names):
        if name in spans:
            inside = [any(a < span.end and b > span.start for span in spans[name]) for a, b in tokens.places]
            marks[: len(inside), column] = inside
    return marks


def _target(names: Sequence[str], name: str | None, shares: Any, smoothing: float) -> np.ndarray:
    if shares is not None:
        return np.array([shares.get(other, 0.0) for other in names], dtype=np.float32)
    if name not in names:
        return np.zeros(len(names), dtype=np.float32)
    return np.array([(1 - smoothing) * (other == name) + smoothing / len(names) for other in names], dtype=np.float32)


def sample(lessons: Sequence[Lesson], sentences: float, chance: random.Random) -> list[Lesson]:
    """Random documents with about so many sentences together."""
    order, chosen = list(lessons), []
    chance.shuffle(order)
    for one in order:
        if sentences <= 0:
            break
        chosen.append(one)
        sentences -= len(one.texts)
    return chosen


class Cutter:
    """Cuts lessons into batches of windows, elsewhere each time.

    Parameters
    ----------
    tokenizer : SentenceTokenizer
        As in use.
    window_tokens, batch : int
        Longest window, and windows in a batch.
    renamed, swapped : float
        Share of documents in which names are exchanged, and of the names in them.
    marks : sequence of str
        Names of the columns of the windows' marks.
    masked : float
        Share of the words that are hidden.
    """

    def __init__(
        self,
        tokenizer: SentenceTokenizer,
        window_tokens: int,
        batch: int,
        renamed: float,
        swapped: float,
        marks: Sequence[str] = (),
        masked: float = 0.0,
    ) -> None:
        self._tokenizer, self._room, self._batch = tokenizer, window_tokens - 1, batch
        self._renamed, self._swapped, self._marks, self._masked = renamed, swapped, marks, masked
        self._hidden = tokenizer.hidden if masked else -1

    def batches(self, lessons: Sequence[Lesson], chance: random.Random) -> list[list[LessonWindow]]:
        """Windows of all lessons in batches of like length, in random order."""
        windows = list(self._windows(lessons, chance))
        chance.shuffle(windows)
        size, batches = self._batch, []
        for begin in range(0, len(windows), size * _GROUP):
            group = sorted(windows[begin : begin + size * _GROUP], key=lambda window: sum(map(len, window.tokens)))
            batches += [group[at : at + size] for at in range(0, len(group), size)]
        chance.shuffle(batches)
        return batches

    def _windows(self, lessons: Sequence[Lesson], chance: random.Random) -> Iterator[LessonWindow]:
        pool = renaming.names((text for one in lessons for text in one.texts), least=3)
        for one in lessons:
            if chance.random() < self._renamed:
                # Another name is longer or shorter, so the marks no longer stand where they did.
                texts = renaming.rename(one.texts, pool, chance, self._swapped)
                one = one._replace(texts=texts, spans=[{}] * len(texts))
            first = chance.randint(self._room // 4, self._room)
            yield from self._cut(one, first, chance)

    def _cut(self, one: Lesson, first: int, chance: random.Random) -> Iterator[LessonWindow]:
        tokens = self._tokenizer.with_places(one.texts)
        for window in cut_windows([len(sentence.ids) for sentence in tokens], self._room, first=first):
            piece = slice(window.start, window.stop)
            pairs = zip(tokens[piece], one.spans[piece], strict=True)
            marks = [mark_tokens(sentence, spans, self._marks) for sentence, spans in pairs]
            ids = [self._hide(sentence.ids, chance) for sentence in tokens[piece]]
            yield LessonWindow(ids, one.labels[piece], one.citations[piece], one.flags[piece], np.concatenate(marks))

    def _hide(self, ids: list[int], chance: random.Random) -> list[int]:
        """Hide some words, never the closing mark."""
        if not self._masked:
            return ids
        return [self._hidden if chance.random() < self._masked else word for word in ids[:-1]] + ids[-1:]
