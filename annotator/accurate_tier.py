"""The accurate tier as one object: an encoder reads, and one calibrated head over it and the cues decides.

The head is multinomial logistic regression. Of each sentence it sees the encoder's log-probabilities of label and
citation, those of the neighbours, their mean over the document, the cue phrases, the shape, and what the sourcing rules
say. It is fitted on documents that the encoder has not learned from, so its probabilities are honest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from annotator.encoder import Encoder
from annotator.fast_tier import Judgement
from annotator.features import Features
from annotator.occlusion import occlude
from annotator.record import Reason, Sentence, Sourcing

TRUSTED = ("annotator.accurate_tier.Head", "annotator.features.Features")


class Head:
    """Turns an encoder's answers into probabilities of label and citation.

    Parameters
    ----------
    labels, citations : sequence of str
        Answers of the encoder in the order of its columns; no `citations` if it gives none.
    reach : int
        Neighbours on each side that are looked at one by one.
    strength : float
        Inverse of the pull of the weights towards zero.
    """

    def __init__(
        self, labels: Sequence[str], citations: Sequence[str] = (), reach: int = 2, strength: float = 0.01
    ) -> None:
        self.labels, self.citations, self.reach, self.strength = list(labels), list(citations), reach, strength
        # Only the first columns of the features are used here: cues, shape and sourcing, not the hashed words.
        self.features = Features(hash_bits=4)
        self.tasks: list[Pipeline] = []

    def fit(self, matrix: np.ndarray, targets: Sequence[Sequence[str]]) -> Head:
        """Learn from rows of `matrix` and the right label, and citation if there is one, of each row."""
        self.tasks = []
        for target in targets:
            task = make_pipeline(StandardScaler(), LogisticRegression(C=self.strength, max_iter=1000))
            self.tasks.append(task.fit(matrix, target))
        return self

    def matrix(
        self,
        documents: Sequence[Sequence[Sentence]],
        sourcings: Sequence[Sequence[Sourcing]],
        answers: Sequence[np.ndarray],
    ) -> np.ndarray:
        """Array (sentences of all documents, features) of what the head sees.

        Parameters
        ----------
        documents, sourcings : sequence of documents
        answers : sequence of ndarray, shape (sentences, labels + citations)
            Log-odds by the encoder, one array a document.
        """
        seen = self.features.transform(documents, sourcings)[:, : len(self.features.dense_names)].toarray()
        return np.hstack([np.vstack([self._around(document) for document in answers]), seen])

    def _around(self, answers: np.ndarray) -> np.ndarray:
        own = self._normal(answers)
        chances, blank = np.exp(own), np.zeros((self.reach, own.shape[1]))
        padded = np.vstack([blank, chances, blank])
        steps = [step for step in range(2 * self.reach + 1) if step != self.reach]
        beside = [padded[step : step + len(own)] for step in steps]
        return np.hstack([own, *beside, np.broadcast_to(chances.mean(axis=0), own.shape)])

    def _normal(self, answers: np.ndarray) -> np.ndarray:
        """Log-probabilities, within the labels and within the citations."""
        cut = len(self.labels)
        parts = [answers[:, :cut], answers[:, cut:]] if self.citations else [answers]
        return np.hstack([log_softmax(part.astype(np.float64), axis=1) for part in parts])

    def chances(self, matrix: np.ndarray) -> list[np.ndarray]:
        """Probabilities (rows, names) of each task, columns in the order of `labels` and of `citations`."""
        return [
            _in_order(task.predict_proba(matrix), list(task.classes_), names)
            for task, names in zip(self.tasks, (self.labels, self.citations), strict=False)
        ]


def _in_order(found: np.ndarray, classes: list[str], names: Sequence[str]) -> np.ndarray:
    ordered = np.zeros((len(found), len(names)))
    for place, name in enumerate(names):
        if name in classes:
            ordered[:, place] = found[:, classes.index(name)]
    return ordered


class AccurateModel:
    """Labels every sentence of a document with an encoder and a head.

    Parameters
    ----------
    encoder : Encoder
    head : Head
        Fitted.
    """

    uses_sourcing = True
    # Each reason costs a reading of the sentence: only on demand.
    usual_reasons = 0

    def __init__(self, encoder: Encoder, head: Head) -> None:
        self.encoder, self.head = encoder, head
        self.labels, self.citations = head.labels, head.citations

    def predict_documents(
        self, documents: Sequence[Sequence[Sentence]], sourcings: Sequence[Sequence[Sourcing]]
    ) -> list[np.ndarray]:
        """Probabilities (sentences, labels) of each document."""
        return [judgement.label for judgement in self.judge(documents, sourcings)]

    def judge(
        self, documents: Sequence[Sequence[Sentence]], sourcings: Sequence[Sequence[Sourcing]], reasons: int = 0
    ) -> list[Judgement]:
        """Judge each document; with `reasons`, also say which words moved each label, which takes many times longer."""
        return [self._judge(*parts, reasons) for parts in zip(documents, sourcings, strict=True)]

    def _judge(self, document: Sequence[Sentence], sourced: Sequence[Sourcing], reasons: int) -> Judgement:
        if not document:
            return Judgement(np.zeros((0, len(self.labels))), np.zeros((0, len(self.citations))), [])
        answers = self.encoder.encode_documents([document])
        chances = self.head.chances(self.head.matrix([document], [sourced], answers))
        citation = chances[1] if self.citations else None
        best = chances[0].argmax(axis=1)
        why: list[tuple[Reason, ...]] = [()] * len(document)
        if reasons:
            why = occlude(self.encoder, document, best, reasons)
        return Judgement(chances[0], citation, why)
