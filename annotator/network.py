"""A small neural network over hashed words that reads each sentence beside its neighbours; plain NumPy and SciPy.

Every sentence becomes a short vector: the sum of its words' vectors (as in fastText, Joulin et al. 2017) and of its
dense features. A second layer reads that vector together with those of the sentences around it, and softmax heads
(one a task) read both layers. Training is stochastic gradient descent over whole documents, with Adam for the dense
weights and one Adagrad rate a row for the word vectors, so that a step touches only the words that it has seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy import sparse
from threadpoolctl import ThreadpoolController

Weights = dict[str, np.ndarray]
_TINY = 1e-7
_ADAGRAD_START = 300.0
_BIASES = ("vector_bias", "layer_bias")


@dataclass(frozen=True)
class Shape:
    """Sizes of a network: hashed and dense inputs, vector and layer widths, context, and classes of each task."""

    hashed: int
    dense: int
    vector: int
    layer: int
    reach: int
    tasks: tuple[int, ...]


@dataclass
class Pass:
    """What a forward pass leaves for the backward one."""

    dense: np.ndarray
    context: list[sparse.csr_matrix]
    vector: np.ndarray
    window: np.ndarray
    layer: np.ndarray
    keep_vector: np.ndarray | float
    keep_layer: np.ndarray | float


def starting_weights(shape: Shape, random: np.random.Generator) -> Weights:
    """Random weights; ``words`` holds the word vectors, the rest is dense."""

    def normal(rows: int, columns: int, scale: float) -> np.ndarray:
        return (random.standard_normal((rows, columns)) * scale).astype(np.float32)

    window, outputs = shape.vector * (2 * shape.reach + 2), sum(shape.tasks)
    return {
        "words": normal(shape.hashed, shape.vector, 0.05),
        "dense": normal(shape.dense, shape.vector, 0.1),
        "vector_bias": np.zeros(shape.vector, np.float32),
        "layer": normal(window, shape.layer, np.sqrt(2 / window)),
        "layer_bias": np.zeros(shape.layer, np.float32),
        "output": normal(shape.layer, outputs, np.sqrt(1 / shape.layer)),
        "output_bias": np.zeros(outputs, np.float32),
        "direct_vector": np.zeros((shape.vector, outputs), np.float32),
        "direct_dense": np.zeros((shape.dense, outputs), np.float32),
    }


def context(groups: np.ndarray, reach: int, vicinity: int) -> list[sparse.csr_matrix]:
    """Matrices that fetch each sentence's neighbours, and the mean of its vicinity, within its document.

    Parameters
    ----------
    groups : array of int, shape (n,)
        Document of each sentence; equal numbers stand together.
    reach : int
        Neighbours on each side that are fetched one by one.
    vicinity : int
        Sentences on each side that the mean is taken over.
    """
    return [_shift(groups, step) for step in range(-reach, reach + 1) if step] + [_mean(groups, vicinity)]


def _shift(groups: np.ndarray, step: int) -> sparse.csr_matrix:
    rows = np.arange(len(groups))
    inside = rows[(rows + step >= 0) & (rows + step < len(groups))]
    same = inside[groups[inside] == groups[inside + step]]
    ones = np.ones(len(same), np.float32)
    return sparse.csr_matrix((ones, (same, same + step)), shape=(len(groups), len(groups)))


def _mean(groups: np.ndarray, vicinity: int) -> sparse.csr_matrix:
    rows = np.arange(len(groups))
    edges = np.flatnonzero(np.diff(groups)) + 1
    starts, ends = np.concatenate([[0], edges]), np.concatenate([edges, [len(groups)]])
    place = np.searchsorted(starts, rows, side="right") - 1
    first, last = np.maximum(rows - vicinity, starts[place]), np.minimum(rows + vicinity + 1, ends[place])
    counts = last - first
    pointers = np.concatenate([[0], np.cumsum(counts)])
    columns = np.arange(pointers[-1]) - np.repeat(pointers[:-1] - first, counts)
    shares = np.repeat(1 / counts, counts).astype(np.float32)
    return sparse.csr_matrix((shares, columns, pointers), shape=(len(groups), len(groups)))


def forward(
    weights: Weights,
    summed: np.ndarray,
    dense: np.ndarray,
    near: list[sparse.csr_matrix],
    drop: tuple[float, np.random.Generator] | None = None,
) -> tuple[np.ndarray, Pass]:
    """Scores (n, outputs) from each sentence's summed word vectors and dense features."""
    keep_vector, keep_layer = (_keep(drop, len(summed), weights[name].size) for name in _BIASES)
    vector = np.maximum(summed + dense @ weights["dense"] + weights["vector_bias"], 0) * keep_vector
    window = np.concatenate([vector, *(fetch @ vector for fetch in near)], axis=1)
    layer = np.maximum(window @ weights["layer"] + weights["layer_bias"], 0) * keep_layer
    scores = layer @ weights["output"] + weights["output_bias"]
    scores += vector @ weights["direct_vector"] + dense @ weights["direct_dense"]
    return scores, Pass(dense, near, vector, window, layer, keep_vector, keep_layer)


def _keep(drop: tuple[float, np.random.Generator] | None, rows: int, columns: int) -> np.ndarray | float:
    """Zeros at random and what makes up for them elsewhere (inverted dropout), or one."""
    if drop is None:
        return 1.0
    share, random = drop
    return (random.random((rows, columns), dtype=np.float32) >= share).astype(np.float32) / np.float32(1 - share)


def _to_window(weights: Weights, slope: np.ndarray, seen: Pass) -> tuple[np.ndarray, np.ndarray]:
    layer = slope @ weights["output"].T * (seen.layer > 0) * seen.keep_layer
    return layer, layer @ weights["layer"].T


def own_slope(weights: Weights, slope: np.ndarray, seen: Pass) -> np.ndarray:
    """Slope (n, vector) of each row's scores in its own summed word vectors, leaving its neighbours as they are.

    As every unit is a ReLU, scores are linear in the inputs of the active units: word vectors times this slope,
    summed over the words, is what a sentence's own words add to its scores.
    """
    _, window = _to_window(weights, slope, seen)
    width = seen.vector.shape[1]
    mean = seen.context[-1].diagonal()[:, None]
    own = window[:, :width] + mean * window[:, -width:] + slope @ weights["direct_vector"].T
    return own * (seen.vector > 0)


def backward(weights: Weights, slope: np.ndarray, seen: Pass) -> Weights:
    """Slopes of the loss by weight; ``words`` holds that of the summed word vectors (n, vector)."""
    layer, window = _to_window(weights, slope, seen)
    width = seen.vector.shape[1]
    vector = window[:, :width] + slope @ weights["direct_vector"].T
    for place, fetch in enumerate(seen.context, 1):
        vector += fetch.T @ window[:, place * width : (place + 1) * width]
    vector *= (seen.vector > 0) * seen.keep_vector
    return {
        "words": vector,
        "dense": seen.dense.T @ vector,
        "vector_bias": vector.sum(axis=0),
        "layer": seen.window.T @ layer,
        "layer_bias": layer.sum(axis=0),
        "output": seen.layer.T @ slope,
        "output_bias": slope.sum(axis=0),
        "direct_vector": seen.vector.T @ slope,
        "direct_dense": seen.dense.T @ slope,
    }


@cache
def _pools() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[Any]:
    """Multiply matrices on one thread meanwhile: ours are so small that threads that wait for each other cost more."""
    return _pools().limit(limits=1, user_api="blas")


def softmax(scores: np.ndarray) -> np.ndarray:
    """Probabilities (n, classes) of scores (n, classes)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def split_tasks(scores: np.ndarray, tasks: Sequence[int]) -> list[np.ndarray]:
    """Columns of each task."""
    return np.split(scores, np.cumsum(tasks)[:-1], axis=1)


def loss_slope(scores: np.ndarray, targets: Sequence[np.ndarray], weight: np.ndarray) -> np.ndarray:
    """Slope of the weighted mean cross-entropy; a row of zeros in a task's targets leaves the row out of the task."""
    parts = split_tasks(scores, [target.shape[1] for target in targets])
    slopes = [softmax(part) * goal.sum(axis=1, keepdims=True) - goal for part, goal in zip(parts, targets, strict=True)]
    return np.concatenate(slopes, axis=1) * (weight / len(scores))[:, None]


def batches(groups: np.ndarray, size: int, random: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield the rows of whole documents in random order, at least `size` rows at a time (fewer in the last batch)."""
    edges = np.flatnonzero(np.diff(groups)) + 1
    documents = np.split(np.arange(len(groups)), edges)
    held: list[np.ndarray] = []
    for choice in random.permutation(len(documents)):
        held.append(documents[choice])
        if sum(map(len, held)) >= size:
            yield np.concatenate(held)
            held = []
    if held:
        yield np.concatenate(held)


class Descent:
    """State of the descent: Adam (Kingma and Ba 2015) for dense weights, one Adagrad rate a row for word vectors.

    Adagrad starts from a large sum, so that only frequent words slow down: rare ones at full speed were overfitted.
    """

    def __init__(self, weights: Weights, rate: float, word_rate: float, decay: float) -> None:
        self.weights, self.rate, self.word_rate, self.decay = weights, rate, word_rate, decay
        self.first = {name: np.zeros_like(value) for name, value in weights.items() if name != "words"}
        self.second = {name: np.zeros_like(value) for name, value in self.first.items()}
        self.rows = np.full(len(weights["words"]), _ADAGRAD_START, np.float32)
        self.steps = 0

    def step(self, slopes: Weights, columns: np.ndarray, word_slopes: np.ndarray, share: float) -> None:
        """Move downhill; `share` scales the rates, `columns` are the rows of ``words`` that `word_slopes` speak of."""
        self.steps += 1
        for name, first in self.first.items():
            self._adam(name, slopes[name] + self.decay * self.weights[name], first, self.rate * share)
        # A word's slope is the mean over the batch; its rate is meant for one sentence.
        slope = word_slopes * len(slopes["words"]) + self.decay * self.weights["words"][columns]
        self.rows[columns] += (slope * slope).mean(axis=1)
        rates = self.word_rate * share * np.sqrt(_ADAGRAD_START / self.rows[columns])
        self.weights["words"][columns] -= rates[:, None].astype(np.float32) * slope

    def forget_unseen(self) -> None:
        """Set word vectors that no step touched to zero, so that an unknown word says nothing."""
        self.weights["words"][self.rows == np.float32(_ADAGRAD_START)] = 0

    def _adam(self, name: str, slope: np.ndarray, first: np.ndarray, rate: float) -> None:
        second = self.second[name]
        first += 0.1 * (slope - first)
        second += 0.01 * (slope * slope - second)
        mean, spread = first / (1 - 0.9**self.steps), second / (1 - 0.99**self.steps)
        self.weights[name] -= rate * mean / (np.sqrt(spread) + _TINY)
