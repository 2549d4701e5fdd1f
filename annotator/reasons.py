"""Why a sentence got its label: signed weights of its own words, which add up with the rest to the score.

The network is linear in the inputs of its active units, so the log-odds of a label split without remainder into what
each word of the sentence adds, and a rest: its shape, its neighbours and the label's base rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from annotator import network
from annotator.classifier import WindowClassifier
from annotator.features import Cues, Features, Occurrences, Reading
from annotator.record import Reason, Sentence

LEAST_WEIGHT = 0.05


class Explanation(NamedTuple):
    """Log-odds of each sentence's label, and the part that each piece of all sentences adds.

    ``pieces`` stand in the order of the readings, ``cuts`` say where each sentence's begin; what they do not add up
    to is the share of shape, neighbours and base rate. ``begins`` is false for the words within a cue phrase that go on
    with it, ``spoken`` for marks.
    """

    label: np.ndarray
    log_odds: np.ndarray
    pieces: np.ndarray
    cuts: np.ndarray
    begins: np.ndarray
    spoken: np.ndarray


def explain(
    classifier: WindowClassifier,
    features: Features,
    readings: Sequence[Reading],
    words: Occurrences,
    matrix: sparse.csr_matrix,
    seen: network.Pass,
    chances: np.ndarray,
    scores: np.ndarray,
    temperature: float,
) -> Explanation:
    """Split the log-odds of each row's most probable label over its pieces.

    Parameters
    ----------
    readings, words, matrix : as `features` gave them
    seen : network.Pass
        The pass of the classifier over `matrix`.
    chances, scores : ndarray, shape (n, labels)
        Calibrated probabilities of the labels, and what they are the softmax of.
    temperature : float
        The calibrator's.
    """
    best = chances.argmax(axis=1)
    slope = _log_odds_slope(chances, best)
    outputs = np.zeros((len(best), classifier.weights_["output_bias"].size), np.float32)
    outputs[:, : slope.shape[1]] = slope / temperature
    own = network.own_slope(classifier.weights_, outputs, seen)
    sizes = np.array([len(reading.terms) for reading in readings])
    cuts = np.concatenate([[0], np.cumsum(sizes)])
    pieces = _word_parts(classifier.weights_["words"], features, words, matrix, own, int(cuts[-1]))
    cues = features.cues(readings)
    _add_cues(pieces, classifier, features, cues, own, outputs, matrix, cuts)
    begins = np.ones(len(pieces), dtype=bool)
    begins[_runs(cuts[cues.rows] + cues.first + 1, cues.last - cues.first - 1)] = False
    return Explanation(best, (slope * scores).sum(axis=1), pieces, cuts, begins, words.spoken)


def _log_odds_slope(chances: np.ndarray, best: np.ndarray) -> np.ndarray:
    """How the log-odds of the best label move with each label's score."""
    rows = np.arange(len(best))
    others = chances.copy()
    others[rows, best] = 0
    slope = -others / np.maximum(others.sum(axis=1, keepdims=True), 1e-12)
    slope[rows, best] = 1
    return slope


def _word_parts(
    vectors: np.ndarray,
    features: Features,
    words: Occurrences,
    matrix: sparse.csr_matrix,
    own: np.ndarray,
    count: int,
) -> np.ndarray:
    """Part of each piece through its hashed features; a feature that occurs twice is shared out evenly."""
    hashed = matrix[:, len(features.dense_names) :].tocsr()
    rows = np.repeat(np.arange(hashed.shape[0]), np.diff(hashed.indptr))
    hashed.data = hashed.data * np.einsum("ij,ij->i", vectors[hashed.indices], own[rows])
    counts = features.counts(words, hashed.shape[0])
    hashed.data /= counts.data
    each = np.asarray(hashed[words.rows, words.columns]).ravel()
    return np.bincount(words.places, weights=each, minlength=count)


def _add_cues(
    pieces: np.ndarray,
    classifier: WindowClassifier,
    features: Features,
    cues: Cues,
    own: np.ndarray,
    outputs: np.ndarray,
    matrix: sparse.csr_matrix,
    cuts: np.ndarray,
) -> None:
    """Share out what each cue category adds over the phrases of it that were found, and over their words."""
    weights, many = classifier.weights_, len(features.cue_names)
    slopes = own @ weights["dense"][:many].T + outputs @ weights["direct_dense"][:many].T
    parts = (matrix[:, :many].toarray() / classifier.scale_[:many] * slopes).astype(np.float64)
    cells, lengths = cues.rows * many + cues.columns, cues.last - cues.first
    shares = parts.ravel()[cells] / np.bincount(cells, minlength=parts.size)[cells] / lengths
    np.add.at(pieces, _runs(cuts[cues.rows] + cues.first, lengths), np.repeat(shares, lengths))


def _runs(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Places of runs that begin at `starts`, one run after another."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)


def strongest(
    explanation: Explanation,
    readings: Sequence[Reading],
    sentences: Sequence[Sentence],
    labels: Sequence[str],
    most: int,
) -> list[tuple[Reason, ...]]:
    """The `most` heaviest words or cue phrases of each sentence, heaviest first, with offsets in the document."""
    found: list[list[Reason]] = [[] for _ in readings]
    bases, names = explanation.cuts.tolist(), [labels[label] for label in explanation.label.tolist()]
    for row, first, last, weight in _heaviest(_units(explanation), most):
        base, words, sentence = bases[row], readings[row].words, sentences[row]
        start, end = words[first - base].start, words[last - 1 - base].end
        text = sentence.text[start - sentence.start : end - sentence.start]
        found[row].append(Reason(text, start, end, names[row], round(weight, 3)))
    return [tuple(reasons) for reasons in found]


class _Units(NamedTuple):
    """Words and cue phrases: sentence, first and last word over all readings, and weight."""

    rows: np.ndarray
    first: np.ndarray
    last: np.ndarray
    weight: np.ndarray


def _units(explanation: Explanation) -> _Units:
    """Join the words of each cue phrase; units of punctuation alone, and light ones, are left out."""
    total = len(explanation.pieces)
    first = np.flatnonzero(explanation.begins)
    last = np.append(first[1:], total)
    weight = np.add.reduceat(explanation.pieces, first) if total else np.zeros(0)
    rows = np.searchsorted(explanation.cuts, first, side="right") - 1
    heavy = np.abs(weight) >= LEAST_WEIGHT
    heavy &= np.logical_or.reduceat(explanation.spoken, first) if total else heavy
    return _Units(rows[heavy], first[heavy], last[heavy], weight[heavy])


def _heaviest(units: _Units, most: int) -> Iterator[tuple[int, int, int, float]]:
    """Yield the heaviest units of each row, heaviest first."""
    order = np.lexsort((-np.abs(units.weight), units.rows))
    rows = units.rows[order]
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    chosen = order[rank < most]
    yield from zip(*(part[chosen].tolist() for part in units), strict=True)
