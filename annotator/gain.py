"""What a model gains from reviews: a learning curve on a part of them that is held back, and an interval of the gain.

Held back are whole documents, or the end of each where there are few. The gain is measured there and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

HELD_BACK = 0.25
SHARES = (0.0, 0.25, 0.5, 1.0)
LEAST_DOCUMENTS = 4
RESAMPLES = 1000


class Point(NamedTuple):
    """A model on the held-back part, after learning from so many reviewed sentences."""

    sentences: int
    macro_f1: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Gain:
    """Before and after: the learning curve, its first point without any review, on `held_back` reviewed sentences.

    `interval` is the 95 % bootstrap interval, by document, of the gain in macro-F1 from the first to the last point;
    None where the held-back part is one document.
    """

    curve: list[Point]
    held_back: int
    documents: int
    interval: tuple[float, float] | None

    def to_json(self) -> dict[str, Any]:
        """Fields for the metrics of a model."""
        return {
            "held_back_sentences": self.held_back,
            "held_back_documents": self.documents,
            "curve": [point._asdict() for point in self.curve],
            "gain": self.curve[-1].macro_f1 - self.curve[0].macro_f1,
            "interval": None if self.interval is None else list(self.interval),
        }

    def lines(self) -> list[str]:
        """The same for people."""
        before, after = self.curve[0], self.curve[-1]
        found = [f"on {self.held_back:,} reviewed sentences held back, of {self.documents} documents:"]
        found += [
            f"  after {point.sentences:>6,} reviewed: macro-F1 {point.macro_f1:.3f}, accuracy {point.accuracy:.3f}"
            for point in self.curve
        ]
        gain = f"gain {after.macro_f1 - before.macro_f1:+.3f} in macro-F1"
        if self.interval is None:
            return [*found, f"{gain}; one document is too little for an interval"]
        low, high = self.interval
        verdict = "" if low > 0 or high < 0 else "; the reviews so far don't prove a change"
        return [*found, f"{gain} (95 % interval {low:+.3f} to {high:+.3f}){verdict}"]


def hold_back(decided: np.ndarray, groups: np.ndarray, seed: int) -> np.ndarray:
    """Rows of `decided` to hold back: a quarter of the documents, or the end of each where there are under four."""
    documents = np.unique(groups[decided])
    if len(documents) < LEAST_DOCUMENTS:
        parts = [decided[groups[decided] == document] for document in documents]
        return np.concatenate([part[len(part) - max(round(HELD_BACK * len(part)), 1) :] for part in parts])
    order = np.random.default_rng(seed).permutation(documents)
    sizes = np.array([(groups[decided] == document).sum() for document in order])
    # Whole documents until a quarter of the sentences is reached, but never all of them.
    wanted = int(np.searchsorted(np.cumsum(sizes), HELD_BACK * len(decided))) + 1
    return decided[np.isin(groups[decided], order[: min(wanted, len(order) - 1)])]


def score_curve(
    sizes: Sequence[int], truth: np.ndarray, guesses: Sequence[np.ndarray], groups: np.ndarray, seed: int
) -> Gain:
    """Score models on the held-back part.

    Parameters
    ----------
    sizes : sequence of int
        How many reviewed sentences each model learned from.
    truth : ndarray of int, shape (n,)
        Labels of the held-back sentences.
    guesses : sequence of ndarray, shape (n,)
        What each model says of them.
    groups : ndarray, shape (n,)
        Document of each.
    seed : int
        Seeds the bootstrap.
    """
    points = [_point(size, truth, guess) for size, guess in zip(sizes, guesses, strict=True)]
    documents = np.unique(groups, return_inverse=True)[1]
    interval = _interval(truth, guesses[0], guesses[-1], documents, seed)
    return Gain(points, len(truth), int(documents.max()) + 1, interval)


def _point(count: int, truth: np.ndarray, guess: np.ndarray) -> Point:
    return Point(
        count, float(_macro_f1(_counts(truth, guess, np.zeros(len(truth), int))[0])), float((truth == guess).mean())
    )


def _counts(truth: np.ndarray, guess: np.ndarray, documents: np.ndarray) -> np.ndarray:
    """Array (documents, 3, labels): right, true and guessed sentences, for the labels that are true anywhere."""
    labels = np.unique(truth)
    hits = np.stack(
        [(truth == guess)[:, None] & (truth[:, None] == labels), truth[:, None] == labels, guess[:, None] == labels]
    )
    found = np.zeros((int(documents.max()) + 1, 3, len(labels)))
    np.add.at(found, documents, hits.transpose(1, 0, 2).astype(float))
    return found


def _macro_f1(counts: np.ndarray) -> np.ndarray:
    """Macro-F1 from counts (..., 3, labels)."""
    right, true, guessed = np.moveaxis(counts, -2, 0)
    return np.asarray((2 * right / np.maximum(true + guessed, 1)).mean(axis=-1))


def _interval(
    truth: np.ndarray, before: np.ndarray, after: np.ndarray, documents: np.ndarray, seed: int
) -> tuple[float, float] | None:
    """Paired bootstrap by document of the gain in macro-F1."""
    many = int(documents.max()) + 1
    if many < 2:
        return None
    draws = np.random.default_rng(seed).multinomial(many, np.full(many, 1 / many), RESAMPLES)
    old, new = (np.tensordot(draws, _counts(truth, guess, documents), axes=1) for guess in (before, after))
    low, high = np.percentile(_macro_f1(new) - _macro_f1(old), [2.5, 97.5])
    return float(low), float(high)
