"""What a sentence's citation is, from all that is known of it: the encoder's answers and marks, and what the rules say.

The encoder judges by meaning and context, the rules by form; each is right where the other is blind, so a logistic
regression over both, and over both for the sentence before, decides (stacking: Wolpert 1992). It is fitted on documents
that the encoder has not learned from.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from annotator.encoder import EncoderConfig, Reading
from annotator.network import softmax
from annotator.record import CITATIONS, Sourcing

# Inverse strength of the regularisation; chosen by cross-validation over the documents held back.
STRENGTH = 0.1
_LEAST = 1e-6


def evidence(reading: Reading, sourced: Sequence[Sourcing], config: EncoderConfig) -> np.ndarray:
    """Features of a document's sentences, shape (sentences, features).

    The encoder's log-probabilities of the citation values, its flags and the highest log-odds of each mark, the rules'
    citation; and of these the first and the last for the sentence before, zeros for the first sentence.
    """
    answers = np.asarray(reading.answers, dtype=np.float64)
    start = len(config.labels)
    stop = start + len(config.citations)
    chances = np.log(softmax(answers[:, start:stop]) + _LEAST)
    rules = np.array([[float(one.citation == name) for name in CITATIONS] for one in sourced])
    both = np.hstack([chances, rules.reshape(len(sourced), len(CITATIONS))])
    before = np.vstack([np.zeros((1, both.shape[1])), both[:-1]]) if len(both) else both
    return np.hstack([both, answers[:, stop:], _highest(reading, config), before])


def _highest(reading: Reading, config: EncoderConfig) -> np.ndarray:
    """The surest token of each mark; a sentence without tokens has none."""
    rows = [odds.max(axis=0) if len(odds) else np.zeros(len(config.marks)) for odds in reading.marks]
    return np.array(rows, dtype=np.float64).reshape(len(reading.answers), len(config.marks))


def fit_citation(features: np.ndarray, truth: np.ndarray) -> Pipeline | DummyClassifier:
    """Learn from features of sentences and the columns of their right citations, int of shape (sentences,)."""
    if len(np.unique(truth)) == 1:
        return DummyClassifier(strategy="prior").fit(features, truth)
    return make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=2000)).fit(features, truth)


def citation_chances(fitted: Pipeline | DummyClassifier, features: np.ndarray, width: int) -> np.ndarray:
    """Probabilities (sentences, width); a value that no sentence of the training had gets none."""
    chances = np.zeros((len(features), width))
    if len(features):
        chances[:, fitted.classes_] = fitted.predict_proba(features)
    return chances
