"""The accurate tier as one object: an encoder reads the document, and calibrated heads turn its answers into chances.

The encoder sees words, neighbours and layout at once. For the label, logistic regression over its answers, the cue
phrases and the neighbours was tried on documents held back and did worse, so a temperature and one shift a label is all
that stands between the encoder and its probabilities. For the citation the sourcing rules know what it doesn't; see
`citation_head`. Both are fitted on documents that the encoder has not learned from.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from annotator.calibration import Calibrator
from annotator.citation_head import citation_chances, evidence, fit_citation
from annotator.encoder import Encoder
from annotator.fast_tier import Judgement
from annotator.marking import marked_spans
from annotator.occlusion import occlude
from annotator.record import Reason, Sentence, Sourcing

TRUSTED = ("annotator.accurate_tier.Heads", "annotator.calibration.Calibrator")


class Heads:
    """Turns an encoder's answers, and what the rules say, into probabilities of label and citation.

    Parameters
    ----------
    labels, citations : sequence of str
        Answers of the encoder in the order of its columns; no `citations` if it gives none.
    """

    def __init__(self, labels: Sequence[str], citations: Sequence[str] = ()) -> None:
        self.labels, self.citations = list(labels), list(citations)
        self.citation_weights = np.ones(len(self.citations))

    def fit(self, answers: np.ndarray, features: np.ndarray | None, targets: Sequence[np.ndarray]) -> Heads:
        """Learn from sentences held back.

        Parameters
        ----------
        answers : ndarray, shape (sentences, columns)
            Of the encoder.
        features : ndarray, optional
            Of the citation; see `citation_head.evidence`.
        targets : sequence of ndarray of int, shape (sentences,)
            Columns of the right label and, with citations, of the right citation.
        """
        width = len(self.labels)
        self.calibrator = Calibrator().fit(answers[:, :width], np.eye(width)[targets[0]])
        self.citing = fit_citation(features, targets[1]) if features is not None else None
        return self

    def label(self, answers: np.ndarray) -> np.ndarray:
        """Probabilities (sentences, labels)."""
        return self.calibrator.predict_proba(answers[:, : len(self.labels)])

    def citation(self, features: np.ndarray) -> np.ndarray:
        """Probabilities (sentences, citations), times `citation_weights`: the highest is the answer."""
        return citation_chances(self.citing, features, len(self.citations)) * self.citation_weights


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

        Without `sourcings`, which say what the rules found, there are no citations.
        """
        rules = [None] * len(documents) if sourcings is None else sourcings
        return [self._judge(document, sourced, reasons) for document, sourced in zip(documents, rules, strict=True)]

    def _judge(self, document: Sequence[Sentence], sourced: Sequence[Sourcing] | None, reasons: int) -> Judgement:
        if not document:
            return Judgement(np.zeros((0, len(self.labels))), np.zeros((0, len(self.citations))), [])
        reading = self.encoder.read(document)
        label = self.heads.label(reading.answers)
        citation = None
        if self.citations and sourced is not None:
            citation = self.heads.citation(evidence(reading, sourced, self.encoder.config))
        why: list[tuple[Reason, ...]] = [()] * len(document)
        if reasons:
            why = occlude(self.encoder, document, label.argmax(axis=1), reasons)
        marks = marked_spans(reading, document, self.encoder.config.marks)
        return Judgement(label, citation, why, marks)
