"""Scores of predictions against labelled sentences: how good, how sure, how honest, and where.

Precision, recall, F1 and confusion come from scikit-learn; intervals that respect documents are computed here, and
calibration and risk in `annotator.doubt`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

from annotator.doubt import by_max_risk, calibration_error, reliability, risk_coverage, text_lines, thinned
from annotator.errors import LabelledDataError
from annotator.gold import LabelledSentence
from annotator.record import CITATIONS, LABELS

COVERAGE = 0.6
RESAMPLES = 1000
GROUPS = ("genre", "origin")
_PLACES = 4


class Prediction(NamedTuple):
    """What a model says of one sentence."""

    label: str
    probabilities: Mapping[str, float]
    citation: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Scores of one set of names (the labels, or the citations)."""

    names: list[str]
    scores: dict[str, dict[str, float]]
    macro_f1: float
    accuracy: float
    confusion: list[list[int]]
    intervals: dict[str, tuple[float, float]]

    def to_json(self) -> dict[str, Any]:
        """Precision, recall, F1 and support by name."""
        return {name: dict(self.scores[name]) for name in self.names}


@dataclass(frozen=True, slots=True)
class Report:
    """Everything `evaluate` found; `citation` is None where the gold names none.

    ``risk_coverage`` holds points (share of sentences kept, share of errors among them), surest sentences first;
    ``abstaining`` says the same by the risk that is accepted.
    """

    sentences: int
    documents: int
    label: Task
    citation: Task | None
    calibration_error: float
    accuracy_at_coverage: float
    reliability: list[dict[str, float]]
    risk_coverage: list[tuple[float, float]]
    abstaining: list[dict[str, float | None]]
    groups: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """One JSON object by the contract, with more fields than it asks for."""
        found: dict[str, Any] = {
            "sentences": self.sentences,
            "documents": self.documents,
            "macro_f1": self.label.macro_f1,
            "accuracy": self.label.accuracy,
            "calibration_error": self.calibration_error,
            f"accuracy_at_{COVERAGE:.0%}_coverage".replace("%", ""): self.accuracy_at_coverage,
            "label": self.label.to_json(),
            "confusion": {"order": self.label.names, "gold_by_predicted": self.label.confusion},
            "intervals": {name: list(ends) for name, ends in self.label.intervals.items()},
            "reliability": self.reliability,
            "risk_coverage": [list(point) for point in self.risk_coverage],
            "abstaining": self.abstaining,
            "groups": self.groups,
        }
        if self.citation is not None:
            found["citation"] = {"macro_f1": self.citation.macro_f1} | self.citation.to_json()
            found["citation_confusion"] = {
                "order": self.citation.names, "gold_by_predicted": self.citation.confusion
            }  # fmt: skip
        return found

    def to_text(self) -> str:
        """The same for people."""
        return "\n".join(_lines(self)) + "\n"


def evaluate(gold: Sequence[LabelledSentence], predictions: Sequence[Prediction], *, seed: int = 0) -> Report:
    """Score `predictions` against `gold`, line by line.

    Raises
    ------
    LabelledDataError
        If there is nothing to score, or another number of predictions than of sentences.
    """
    if not gold or len(gold) != len(predictions):
        detail = f"{len(predictions)} predictions for {len(gold)} labelled sentences"
        raise LabelledDataError("nothing-to-score", detail)
    truth, said = [item.label for item in gold], [item.label for item in predictions]
    documents = [item.document for item in gold]
    sure = np.array([item.probabilities.get(item.label, 0.0) for item in predictions])
    right = np.array(truth) == np.array(said)
    curve = risk_coverage(sure, right)
    return Report(
        sentences=len(gold),
        documents=len(set(documents)),
        label=score_task(truth, said, documents, LABELS, seed),
        citation=_citation(gold, predictions, seed),
        calibration_error=calibration_error(sure, right),
        accuracy_at_coverage=_short(1 - curve[int(np.ceil(COVERAGE * len(curve))) - 1]),
        reliability=reliability(sure, right),
        risk_coverage=thinned(curve),
        abstaining=by_max_risk(sure, right),
        groups={name: _by_group(name, gold, said) for name in GROUPS if any(name in item.extra for item in gold)},
    )


def score_task(
    truth: Sequence[str], said: Sequence[str], documents: Sequence[str], usual: Sequence[str], seed: int
) -> Task:
    """Scores by name over the names that the gold uses; macro-F1 is their plain mean."""
    names = _order(truth, usual)
    parts = precision_recall_fscore_support(truth, said, labels=names, zero_division=0)
    rows = zip(names, *(part.tolist() for part in parts), strict=True)
    scores = {n: {"precision": _short(p), "recall": _short(r), "f1": _short(f), "support": s} for n, p, r, f, s in rows}
    everything = names + sorted(set(said) - set(names))
    return Task(
        names=everything[: len(names)],
        scores=scores,
        macro_f1=_short(parts[2].mean()),
        accuracy=_short(accuracy_score(truth, said)),
        confusion=_confusion(truth, said, everything),
        intervals=intervals(truth, said, documents, names, seed),
    )


def _confusion(truth: Sequence[str], said: Sequence[str], names: Sequence[str]) -> list[list[int]]:
    if len(names) == 1:  # scikit-learn warns here, as it can't know that one name is all there is
        return [[len(truth)]]
    counts: list[list[int]] = confusion_matrix(truth, said, labels=names).tolist()
    return counts


def _order(truth: Sequence[str], usual: Sequence[str]) -> list[str]:
    found = set(truth)
    return [name for name in usual if name in found] if found <= set(usual) else sorted(found)


def _citation(gold: Sequence[LabelledSentence], predictions: Sequence[Prediction], seed: int) -> Task | None:
    pairs = [
        (item.citation, guess.citation or "none", item.document)
        for item, guess in zip(gold, predictions, strict=True)
        if item.citation is not None
    ]
    if not pairs or all(guess.citation is None for guess in predictions):
        return None
    truth, said, documents = zip(*pairs, strict=True)
    return score_task(truth, said, documents, CITATIONS, seed)


def intervals(
    truth: Sequence[str], said: Sequence[str], documents: Sequence[str], names: Sequence[str], seed: int
) -> dict[str, tuple[float, float]]:
    """95 % bootstrap intervals of macro-F1 and of each F1, drawing whole documents (percentile method)."""
    counts = _counts_by_document(truth, said, documents, names)
    draws = np.random.default_rng(seed).multinomial(len(counts), np.full(len(counts), 1 / len(counts)), RESAMPLES)
    right, gold, guessed = np.moveaxis(np.tensordot(draws, counts, axes=1), 1, 0)
    each = 2 * right / np.maximum(gold + guessed, 1)
    rows = {"macro_f1": each.mean(axis=1)} | dict(zip(names, each.T, strict=True))
    ends = {name: np.percentile(values, [2.5, 97.5]) for name, values in rows.items()}
    return {name: (_short(low), _short(high)) for name, (low, high) in ends.items()}


def _counts_by_document(
    truth: Sequence[str], said: Sequence[str], documents: Sequence[str], names: Sequence[str]
) -> np.ndarray:
    """Array (documents, 3, names): right, gold and predicted sentences of each name."""
    places = {name: place for place, name in enumerate(dict.fromkeys(documents))}
    columns = {name: column for column, name in enumerate(names)}
    counts = np.zeros((len(places), 3, len(names)))
    for answer, guess, document in zip(truth, said, documents, strict=True):
        counts[places[document], 1, columns[answer]] += 1
        if guess in columns:
            counts[places[document], 2, columns[guess]] += 1
            counts[places[document], 0, columns[guess]] += answer == guess
    return counts


def _by_group(name: str, gold: Sequence[LabelledSentence], said: Sequence[str]) -> dict[str, dict[str, float]]:
    values = [str(item.extra.get(name, "")) for item in gold]
    found = {}
    for value in sorted(set(values)):
        rows = [row for row, one in enumerate(values) if one == value]
        truth, guesses = [gold[row].label for row in rows], [said[row] for row in rows]
        f1 = precision_recall_fscore_support(truth, guesses, labels=_order(truth, LABELS), zero_division=0)[2]
        accuracy = accuracy_score(truth, guesses)
        found[value] = {"sentences": len(rows), "macro_f1": _short(f1.mean()), "accuracy": _short(accuracy)}
    return found


def _short(value: float) -> float:
    return round(float(value), _PLACES)


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.sentences:,} sentences of {report.documents:,} documents"
    yield from _task_lines("label", report.label)
    yield ""
    yield f"calibration error {report.calibration_error:.3f}"
    yield f"accuracy on the {COVERAGE:.0%} most confident {report.accuracy_at_coverage:.3f}"
    yield from text_lines(report.reliability, report.risk_coverage, report.abstaining)
    if report.citation is not None:
        yield from _task_lines("citation", report.citation)
    for name, groups in report.groups.items():
        yield ""
        yield f"{name:<24} {'macro-F1':>9} {'accuracy':>9} {'sentences':>9}"
        for value, row in groups.items():
            yield f"{value:<24} {row['macro_f1']:>9.3f} {row['accuracy']:>9.3f} {row['sentences']:>9,}"


def _task_lines(title: str, task: Task) -> Iterator[str]:
    low, high = task.intervals["macro_f1"]
    yield ""
    yield f"{title}: macro-F1 {task.macro_f1:.3f} (95 % interval {low:.3f} to {high:.3f}), accuracy {task.accuracy:.3f}"
    yield f"{'':<18} {'precision':>9} {'recall':>9} {'F1':>9} {'95 % interval':>15} {'support':>8}"
    for name in task.names:
        row, (low, high) = task.scores[name], task.intervals[name]
        figures = f"{row['precision']:>9.3f} {row['recall']:>9.3f} {row['f1']:>9.3f}"
        yield f"{name:<18} {figures} {f'{low:.3f} - {high:.3f}':>15} {row['support']:>8,}"
    yield "rows: gold, columns: predicted"
    for name, counts in zip(task.names, task.confusion, strict=False):
        yield f"{name:<18} " + " ".join(f"{count:>8,}" for count in counts)
