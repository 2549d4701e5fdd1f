"""Labels that are likely wrong, ranked: what a model that never saw a sentence's document thinks of its label.

The idea is confident learning (Northcutt, Jiang and Chuang 2021, Journal of Artificial Intelligence Research 70: 1373),
known from cleanlab: a label is suspect if the model is as sure of another one as it usually is where that other one was
given. Suspects are ranked by how improbable the model holds the given label.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annotator import gold
from annotator.gold import GoldDocument, LabelledSentence

if TYPE_CHECKING:
    from annotator.training import Progress, Sourcer, TrainingConfig


class Suspect(NamedTuple):
    """A label that is likely wrong: its row, what was given, what is likelier, and the probability of the given one."""

    row: int
    given: int
    likely: int
    confidence: float


def rank_suspects(given: np.ndarray, probabilities: np.ndarray) -> list[Suspect]:
    """Rows whose label is likely wrong, the likeliest first.

    Parameters
    ----------
    given : ndarray of int, shape (n,)
        Labels, as columns of `probabilities`.
    probabilities : ndarray, shape (n, labels)
        By models that learned from none of these rows' documents.
    """
    if not len(given):
        return []
    rows = np.arange(len(given))
    usual = _usual_confidence(given, probabilities)
    confident = np.where(probabilities >= usual, probabilities, -1.0)
    confident[rows, given] = -1.0
    likely = confident.argmax(axis=1)
    confidence = probabilities[rows, given]
    found = np.flatnonzero((confident[rows, likely] >= 0) & (probabilities[rows, likely] > confidence))
    order = found[np.argsort(confidence[found], kind="stable")]
    return [Suspect(int(row), int(given[row]), int(likely[row]), float(confidence[row])) for row in order]


def _usual_confidence(given: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Mean probability of each label where it was given; above all reach for a label that never was."""
    usual = np.full(probabilities.shape[1], 2.0)
    for label in np.unique(given):
        usual[label] = probabilities[given == label, label].mean()
    return usual


class SuspectLabel(NamedTuple):
    """A labelled sentence whose label is likely wrong, a likelier one, and the probability of the given one."""

    sentence: LabelledSentence
    likely: str
    confidence: float


def find_suspects(
    documents: Sequence[GoldDocument],
    config: TrainingConfig | None = None,
    sourcer: Sourcer | None = None,
    progress: Progress | None = None,
) -> list[SuspectLabel]:
    """Likely errors among people's labels, from probabilities calibrated out of fold.

    Raises
    ------
    LabelledDataError
        If there is too little to learn from.
    """
    from annotator.calibration import Calibrator
    from annotator.features import Features
    from annotator.learning import weighted_lesson
    from annotator.training import TrainingConfig, out_of_fold

    config = config or TrainingConfig()
    lines = [line for document in documents for line in document.labelled]
    gold.check_trainable([line for line in lines if line.probabilities is None])
    lesson, names = weighted_lesson(documents, config, sourcer)
    features = Features(hash_bits=config.hash_bits, mask=config.mask)
    scores = out_of_fold(lesson, features, names, config, progress or (lambda stage, done, of: None))[0]
    rows = np.flatnonzero(lesson.firm)
    targets = lesson.targets[0][rows]
    probabilities = Calibrator().fit(scores[rows], targets).predict_proba(scores[rows])
    found = rank_suspects(targets.argmax(axis=1), probabilities)
    return [SuspectLabel(lines[rows[item.row]], names[0][item.likely], item.confidence) for item in found]
