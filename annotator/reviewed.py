"""What reviewers decided as lessons for the model: weighted sentences, in their documents.

A reviewed sentence counts several times. Sentences of the same documents that nobody decided are read as its
neighbours, and having weight 0, teach nothing themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from annotator import gold
from annotator.errors import LabelledDataError, ReadError
from annotator.gold import GoldDocument, LabelledSentence
from annotator.ratings import kind_of
from annotator.review_log import content_hash, decisions, read_log
from annotator.wording import counted

WEIGHT = 3.0


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Documents with reviewed sentences, how many were decided, and what was left out, in words for people.

    A reviewed sentence has ``weight`` above 0 among its `extra` fields, its neighbours have 0.
    """

    documents: list[GoldDocument]
    sentences: int
    notices: list[str]


def read_reviews(path: Path | str, output: Path | str | None = None, weight: float = WEIGHT) -> Reviewed:
    """Read what reviewers decided: a review log, or labelled sentences as ``annotator review export`` writes them.

    Parameters
    ----------
    path : Path or str
        The log or the labelled file.
    output : Path or str, optional
        The output that was reviewed; by default the one beside the log. It supplies the neighbours.
    weight : float
        How many times a reviewed sentence counts.

    Raises
    ------
    ReadError, LabelledDataError
        If a file can't be read, or no sentence is decided.
    """
    path = Path(path)
    if kind_of(path) != "review":
        documents = [[_weighted(item, weight) for item in run] for run in gold.documents(gold.read_labelled(path))]
        return Reviewed([gold.rebuild(run) for run in documents], sum(map(len, documents)), [])
    beside = Path(output) if output else path.with_name(path.name.removesuffix(".review.jsonl") + ".jsonl")
    found = _in_context(path, beside, weight) if beside.is_file() and beside != path else _alone(path, weight)
    if not found.sentences:
        raise ReadError("nothing-decided", "no sentence is decided, or reviewers differ on all of them", path=path)
    return found


def _weighted(item: LabelledSentence, weight: float) -> LabelledSentence:
    return replace(item, extra=dict(item.extra) | {"weight": weight})


def _in_context(log: Path, output: Path, weight: float) -> Reviewed:
    from annotator.review import Review

    review = Review(output, "reader", log=log, read_only=True)
    documents, count = [], 0
    for draft in review.drafts.values():
        verdicts = [review.verdict(row) for row in draft.rows]
        if any(verdicts):
            answers = [verdict.answers if verdict else None for verdict in verdicts]
            count += sum(answer is not None for answer in answers)
            records = [row.record for row in draft.rows]
            lines = [_line(record, answer, weight) for record, answer in zip(records, answers, strict=True)]
            documents.append(gold.rebuild(lines))
    split = sum(any(view.decided for view in row.views.values()) for row in review.rows) - count
    notices = review.notices() + ([f"{counted(split, 'sentence')} left out: reviewers differ"] if split else [])
    return Reviewed(documents, count, notices)


def _line(record: dict[str, Any], answers: dict[str, Any] | None, weight: float) -> LabelledSentence:
    """A sentence with its reviewers' answers, or, undecided, with the model's probabilities and no weight."""
    line = LabelledSentence(
        id=f"{record['document']}.{record['start']}", document=record["document"], text=record["text"],
        label=record["label"], probabilities=record["probabilities"], extra={"weight": 0.0},
    )  # fmt: skip
    if answers is None:
        return line
    return replace(
        line, label=answers["label"], citation=answers["citation"], probabilities=None, extra={"weight": weight}
    )


def _alone(log: Path, weight: float) -> Reviewed:
    """Decided sentences without their neighbours, for want of the output; reviewers must agree."""
    read = read_log(log)
    by_document: dict[str, list[LabelledSentence]] = {}
    split = 0
    for (document, start, _, _), by in sorted(decisions(read.events).items()):
        values = [event.values or {} for event in by.values()]
        if any(value != values[0] for value in values):
            split += 1
            continue
        text = next(iter(by.values())).exact
        line = LabelledSentence(
            f"{document}.{start}", document, text, values[0]["label"], values[0]["citation"], extra={"weight": weight}
        )
        by_document.setdefault(document, []).append(line)
    notices = [f"the output is not beside {log.name}, so its sentences are learned without their neighbours"]
    notices += [f"{counted(len(read.skipped), 'line')} of {log.name} skipped"] if read.skipped else []
    notices += [f"{counted(split, 'sentence')} left out: reviewers differ"] if split else []
    documents = [gold.rebuild(lines) for lines in by_document.values()]
    return Reviewed(documents, sum(len(lines) for lines in by_document.values()), notices)


def weights(documents: Sequence[GoldDocument]) -> np.ndarray:
    """How often each sentence counts, (sentences,): its field ``weight``, or 1.

    Raises
    ------
    LabelledDataError
        If a weight is no number, negative or not finite.
    """
    found = []
    for document in documents:
        for line in document.labelled:
            value = line.extra.get("weight", 1.0)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
                raise LabelledDataError(
                    "bad-field", 'the field "weight" must be a number from 0', line=line.line or None
                )
            found.append(float(value))
    return np.array(found, dtype=np.float32)


def superseded(base: Sequence[GoldDocument], reviewed: Sequence[GoldDocument]) -> list[GoldDocument]:
    """Base documents in which the sentences that were reviewed teach nothing, and are only read as neighbours."""
    hashes = {content_hash(line.text) for document in reviewed for line in document.labelled if is_decided(line)}
    return [
        document._replace(
            labelled=[_muted(line) if content_hash(line.text) in hashes else line for line in document.labelled]
        )
        for document in base
    ]


def is_decided(line: LabelledSentence) -> bool:
    """Whether a line teaches: it has a person's label, and weight."""
    return line.probabilities is None and bool(line.extra.get("weight", 1.0))


def _muted(line: LabelledSentence) -> LabelledSentence:
    """The line without weight and, so that nothing is calibrated or scored by it, as a soft label."""
    return replace(line, probabilities={line.label: 1.0}, extra=dict(line.extra) | {"weight": 0.0})
