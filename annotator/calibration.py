"""Honest probabilities: scores are rescaled on sentences that the model did not learn from."""

from __future__ import annotations

from typing import Self

import numpy as np
from scipy.optimize import minimize
from sklearn.base import BaseEstimator

from annotator.network import softmax

_PULL = 1e-3
_CHANCE = 1e-9


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
