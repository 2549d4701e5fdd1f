"""The accurate tier as one object: an encoder reads the document, and calibrated heads turn its answers into chances.

The encoder sees words, neighbours and layout at once. Heads of logistic regression over its answers, the cue phrases
and the neighbours were tried on documents held back and did worse, so a temperature and one shift a label is all that
stands between the encoder and its probabilities. They are fitted on documents that it has not learned from.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from annotator.calibration import Calibrator
from annotator.encoder import Encoder
from annotator.fast_tier import Judgement
from annotator.marking import marked_spans
from annotator.occlusion import occlude
from annotator.record import Reason, Sentence, Sourcing


class Heads:
    """Turns an encoder's answers into probabilities of label and citation.

    Parameters
    ----------
    labels, citations : sequence of str
        Answers of the encoder in the order of its columns; no `citations` if it gives none.
    """

    def __init__(self, labels: Sequence[str], citations: Sequence[str] = ()) -> None:
        self.labels, self.citations = list(labels), list(citations)
        self.calibrators: list[Calibrator] = []

    def parts(self, answers: np.ndarray) -> list[np.ndarray]:
        """Columns of `answers` (sentences, labels + citations + others) by task, the others left out."""
        cut = len(self.labels)
        return [answers[:, :cut], answers[:, cut : cut + len(self.citations)]] if self.citations else [answers[:, :cut]]

    def fit(self, answers: np.ndarray, targets: Sequence[np.ndarray]) -> Heads:
        """Learn from answers and, for each task, the right probabilities (sentences, names) of sentences held back."""
        pairs = zip(self.parts(answers), targets, strict=True)
        self.calibrators = [Calibrator().fit(part, target) for part, target in pairs]
        return self

    def chances(self, answers: np.ndarray) -> list[np.ndarray]:
        """Probabilities (sentences, names) of each task."""
        return [one.predict_proba(part) for one, part in zip(self.calibrators, self.parts(answers), strict=True)]


class AccurateModel:
    """Labels every sentence of a document with an encoder and its heads.

    Parameters
    ----------
    encoder : Encoder
    heads : Heads
        Fitted.
    """

    # Each reason costs a reading of the sentence: only on demand.
    usual_reasons = 0

    def __init__(self, encoder: Encoder, heads: Heads) -> None:
        self.encoder, self.heads = encoder, heads
        self.labels, self.citations = heads.labels, heads.citations

    def predict_documents(
        self, documents: Sequence[Sequence[Sentence]], sourcings: Sequence[Sequence[Sourcing]] | None = None
    ) -> list[np.ndarray]:
        """Probabilities (sentences, labels) of each document."""
        return [judgement.label for judgement in self.judge(documents, sourcings)]

    def judge(
        self,
        documents: Sequence[Sequence[Sentence]],
        sourcings: Sequence[Sequence[Sourcing]] | None = None,
        reasons: int = 0,
    ) -> list[Judgement]:
        """Judge each document; with `reasons`, also say which words moved each label, which takes many times longer.

        What the rules say in `sourcings` isn't needed here.
        """
        return [self._judge(document, reasons) for document in documents]

    def _judge(self, document: Sequence[Sentence], reasons: int) -> Judgement:
        if not document:
            return Judgement(np.zeros((0, len(self.labels))), np.zeros((0, len(self.citations))), [])
        reading = self.encoder.read(document)
        chances = self.heads.chances(reading.answers)
        why: list[tuple[Reason, ...]] = [()] * len(document)
        if reasons:
            why = occlude(self.encoder, document, chances[0].argmax(axis=1), reasons)
        marks = marked_spans(reading, document, self.encoder.config.marks)
        return Judgement(chances[0], chances[1] if self.citations else None, why, marks)
