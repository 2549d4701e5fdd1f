"""The fast tier as one object: features, classifier and calibration, from documents to probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from annotator import network
from annotator.calibration import Calibrator
from annotator.classifier import WindowClassifier
from annotator.features import Features
from annotator.marking import Marks
from annotator.reasons import explain, strongest
from annotator.record import Reason, Sentence, Sourcing

TRUSTED = (
    "annotator.calibration.Calibrator",
    "annotator.classifier.WindowClassifier",
    "annotator.fast_tier.StatusModel",
    "annotator.features.Features",
)


class Judgement(NamedTuple):
    """What the model says of one document.

    ``label`` (sentences, labels) and ``citation`` (sentences, citations; or None) are probabilities; ``reasons`` has
    the heaviest words of each sentence, ``marks`` the spans that an encoder marks in each, where there is one.
    """

    label: np.ndarray
    citation: np.ndarray | None
    reasons: list[tuple[Reason, ...]]
    marks: Sequence[Marks] = ()


class StatusModel:
    """Labels every sentence of a document, and says how sure it is.

    Parameters
    ----------
    features : Features
    classifier : WindowClassifier
        Fitted on the label, and on the citation too if `citations` are given.
    calibrators : sequence of Calibrator
        One a task.
    labels, citations : sequence of str
        Names of the columns of the probabilities; no `citations` if none were learned.
    uses_sourcing : bool
        The model was trained with what the sourcing rules say, and wants it when it predicts.
    """

    usual_reasons = 3

    def __init__(
        self,
        features: Features,
        classifier: WindowClassifier,
        calibrators: Sequence[Calibrator],
        labels: Sequence[str],
        citations: Sequence[str] = (),
        uses_sourcing: bool = False,
    ) -> None:
        self.features, self.classifier, self.calibrators = features, classifier, list(calibrators)
        self.labels, self.citations, self.uses_sourcing = list(labels), list(citations), uses_sourcing

    def predict_documents(
        self, documents: Sequence[Sequence[Sentence]], sourcings: Sequence[Sequence[Sourcing]] | None = None
    ) -> list[np.ndarray]:
        """Calibrated probabilities (sentences, labels) of each document."""
        return [judgement.label for judgement in self.judge(documents, sourcings)]

    def judge(
        self,
        documents: Sequence[Sequence[Sentence]],
        sourcings: Sequence[Sequence[Sourcing]] | None = None,
        reasons: int = 0,
    ) -> list[Judgement]:
        """Judge each document; many documents at once are faster.

        Parameters
        ----------
        documents : sequence of documents, each a sequence of Sentence
        sourcings : the same of Sourcing, optional
        reasons : int
            Words or cue phrases to give for each sentence at most.

        Raises
        ------
        ValueError
            If the model was trained with sourcing rules and `sourcings` are missing.
        """
        if self.uses_sourcing and sourcings is None:
            raise ValueError("this model needs what the sourcing rules say of each sentence")
        sentences = [sentence for document in documents for sentence in document]
        if not sentences:
            return [self._part(slice(0, 0), *self._nothing()) for _ in documents]
        rules = [item for one in sourcings or () for item in one] if self.uses_sourcing else None
        groups = np.repeat(np.arange(len(documents)), [len(document) for document in documents])
        ends = np.cumsum([len(document) for document in documents])
        with network.one_thread():
            found = self._sentences(sentences, documents, rules, groups, reasons)
        return [
            self._part(slice(end - len(document), end), *found) for end, document in zip(ends, documents, strict=True)
        ]

    def _sentences(
        self,
        sentences: Sequence[Sentence],
        documents: Sequence[Sequence[Sentence]],
        rules: Sequence[Sourcing] | None,
        groups: np.ndarray,
        most: int,
    ) -> tuple[list[np.ndarray], list[tuple[Reason, ...]]]:
        readings = self.features.read(documents)
        words = self.features.occurrences(readings)
        matrix = self.features.matrix(readings, rules, words)
        raw, seen = self.classifier.trace(matrix, groups)
        parts = network.split_tasks(raw, [len(self.labels)] + [len(self.citations)] * bool(self.citations))
        scores = [one.adjust(part) for one, part in zip(self.calibrators, parts, strict=True)]
        chances = [network.softmax(part) for part in scores]
        if not most:
            return chances, [()] * len(sentences)
        explanation = explain(
            self.classifier, self.features, readings, words, matrix, seen,
            chances[0], scores[0], self.calibrators[0].temperature_,
        )  # fmt: skip
        return chances, strongest(explanation, readings, sentences, self.labels, most)

    def _part(self, rows: slice, chances: list[np.ndarray], reasons: list[tuple[Reason, ...]]) -> Judgement:
        return Judgement(chances[0][rows], chances[1][rows] if self.citations else None, reasons[rows])

    def _nothing(self) -> tuple[list[np.ndarray], list[tuple[Reason, ...]]]:
        return [np.zeros((0, len(self.labels))), np.zeros((0, len(self.citations)))], []
