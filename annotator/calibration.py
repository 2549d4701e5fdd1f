"""Honest probabilities: scores are rescaled on sentences that the model did not learn from."""

from __future__ import annotations

from typing import Self

import numpy as np
from scipy.optimize import minimize
from sklearn.base import BaseEstimator
from sklearn.metrics import f1_score

from annotator.network import softmax

_PULL = 1e-3
_CHANCE = 1e-9
_WEIGHTS = (1.0, 1.2, 1.4, 1.6, 1.8, 2.0)
_LEAST_GAIN = 0.003


class Calibrator(BaseEstimator):
    """Temperature and one shift a label, so that a stated probability is the share of right answers.

    The method is temperature scaling (Guo et al. 2017) with a bias, fitted by least log loss; the order of two
    sentences by one label's score changes little, so accuracy hardly does.

    Attributes
    ----------
    temperature_ : float
        Scores are divided by it; above 1 the model was too sure.
    shift_ : ndarray, shape (classes,)
        Added after that.
    """

    def fit(self, scores: np.ndarray, targets: np.ndarray) -> Self:
        """Learn from held-out `scores` (n, classes) and `targets` (n, classes), rows of probabilities."""
        scores = np.asarray(scores, dtype=np.float64)
        start = np.zeros(1 + scores.shape[1])
        found = minimize(_loss, start, args=(scores, targets), jac=True, method="L-BFGS-B", options={"maxiter": 200})
        self.temperature_ = float(np.exp(-found.x[0]))
        self.shift_ = found.x[1:] - found.x[1:].mean()
        return self

    def adjust(self, scores: np.ndarray) -> np.ndarray:
        """Scores (n, classes) after scaling: log-probabilities up to a constant a row."""
        return np.asarray(scores, dtype=np.float64) / self.temperature_ + self.shift_

    def predict_proba(self, scores: np.ndarray) -> np.ndarray:
        """Calibrated probabilities (n, classes)."""
        return softmax(self.adjust(scores))


def _loss(parameters: np.ndarray, scores: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    sharpness = np.exp(parameters[0])
    chances = softmax(scores * sharpness + parameters[1:])
    slope = (chances - targets) / len(scores)
    loss = -(targets * np.log(chances + _CHANCE)).sum() / len(scores) + _PULL * (parameters**2).sum()
    down = np.concatenate([[sharpness * (slope * scores).sum()], slope.sum(axis=0)]) + 2 * _PULL * parameters
    return loss, down


def decision_weights(truth: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """What to multiply the labels' probabilities by before the highest wins, for the best macro-F1.

    A rare label is seldom the most probable one, however honest the probabilities are; macro-F1 counts it as much as
    the others. The weights are found label by label on a short grid, twice around, and are all 1 where the gain is
    within what chance gives.

    Parameters
    ----------
    truth : ndarray of int, shape (n,)
        Right column of each row, of sentences that the probabilities were not fitted to.
    chances : ndarray, shape (n, labels)

    Returns
    -------
    ndarray, shape (labels,)
    """
    columns = range(chances.shape[1])
    weights = np.ones(chances.shape[1])

    def score(candidate: np.ndarray) -> float:
        said = (chances * candidate).argmax(axis=1)
        return float(f1_score(truth, said, labels=columns, average="macro", zero_division=0))

    start = score(weights)
    for column in [*columns, *columns]:
        tried = [np.where(np.arange(len(weights)) == column, value, weights) for value in _WEIGHTS]
        weights = max(tried, key=score)
    return weights / weights.min() if score(weights) - start >= _LEAST_GAIN else np.ones(len(weights))
