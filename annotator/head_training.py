"""Fitting the heads of the accurate tier, on documents that its encoder has not learned from."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from sklearn.metrics import f1_score, log_loss
from sklearn.model_selection import GroupKFold

from annotator.accurate_tier import Heads
from annotator.calibration import decision_weights
from annotator.citation_head import evidence
from annotator.encoder import Encoder
from annotator.errors import LabelledDataError
from annotator.gold import GoldDocument
from annotator.training import Sourcer

HELD_BACK = 0.1
FOLDS = 5


class Parted(NamedTuple):
    """Documents for the encoder, and those held back for the head."""

    kept: list[GoldDocument]
    held: list[GoldDocument]


def part(documents: Sequence[GoldDocument], seed: int = 0) -> Parted:
    """Hold back a share of the documents, drawn by `seed`; of running text, where most of the sentences stand in it.

    Raises
    ------
    LabelledDataError
        If there are too few documents to fit and check a head on those held back.
    """
    order = _running(documents)
    random.Random(f"{seed} held").shuffle(order)  # noqa: S311 - a draw that anyone can repeat, not a secret
    held = set(order[: round(HELD_BACK * len(order))])
    if len(held) < FOLDS:
        detail = f"the accurate tier needs at least {round(FOLDS / HELD_BACK)} documents; there are {len(order)}"
        raise LabelledDataError("too-few-documents", detail)
    rows = list(enumerate(documents))
    return Parted([one for row, one in rows if row not in held], [one for row, one in rows if row in held])


def _running(documents: Sequence[GoldDocument]) -> list[int]:
    """Places of the documents that the head is fitted on: chances on lone sentences are others than in running text."""
    longer = [place for place, one in enumerate(documents) if len(one.sentences) > 1]
    inside = sum(len(documents[place].sentences) for place in longer)
    return longer if 2 * inside > sum(len(one.sentences) for one in documents) else list(range(len(documents)))


class Fitted(NamedTuple):
    """Heads, and how well heads like them did on documents that they had not learned from."""

    heads: Heads
    metrics: dict[str, Any]


def fit_heads(encoder: Encoder, held: Sequence[GoldDocument], sourcer: Sourcer) -> Fitted:
    """Fit the heads on the held-back documents; their figures come from grouped cross-validation inside these.

    `sourcer` says what the sourcing rules find in a document.
    """
    labelled = [sentence for document in held for sentence in document.labelled]
    citations = encoder.config.citations if all(sentence.citation for sentence in labelled) else ()
    heads = Heads(encoder.config.labels, citations)
    readings = [encoder.read(document.sentences) for document in held]
    answers, features = np.vstack([one.answers for one in readings]), None
    targets = [_codes([sentence.label for sentence in labelled], heads.labels)]
    if citations:
        rows = zip(readings, map(sourcer, held), strict=True)
        features = np.vstack([evidence(reading, sourced, encoder.config) for reading, sourced in rows])
        targets.append(_codes([str(sentence.citation) for sentence in labelled], heads.citations))
    groups = np.repeat(np.arange(len(held)), [len(document.sentences) for document in held])
    found = _out_of_fold(heads, answers, features, targets, groups)
    weights = [decision_weights(truth, chances) for truth, chances in zip(targets, found, strict=False)]
    if citations:
        heads.citation_weights = weights[1]
    return Fitted(heads.fit(answers, features, targets), _metrics(heads, targets, found, weights))


def _codes(names: Sequence[str], order: Sequence[str]) -> np.ndarray:
    places = {name: place for place, name in enumerate(order)}
    return np.array([places[name] for name in names])


def _out_of_fold(
    heads: Heads, answers: np.ndarray, features: np.ndarray | None, targets: Sequence[np.ndarray], groups: np.ndarray
) -> list[np.ndarray]:
    """Probabilities of each task by heads that had not seen the document."""
    chances = [np.zeros((len(answers), len(names))) for names in (heads.labels, heads.citations) if names]
    for inside, outside in GroupKFold(FOLDS).split(answers, groups=groups):
        part = None if features is None else features[inside]
        fold = Heads(heads.labels, heads.citations).fit(answers[inside], part, [target[inside] for target in targets])
        chances[0][outside] = fold.label(answers[outside])
        if features is not None:
            chances[1][outside] = fold.citation(features[outside])
    return chances


def _metrics(
    heads: Heads, targets: Sequence[np.ndarray], chances: Sequence[np.ndarray], weights: Sequence[np.ndarray]
) -> dict[str, Any]:
    metrics: dict[str, Any] = {"head_sentences": len(targets[0])}
    names = (heads.labels, heads.citations)
    for task, order, truth, found, best in zip(("label", "citation"), names, targets, chances, weights, strict=False):
        columns = range(len(order))
        each = f1_score(truth, found.argmax(axis=1), labels=columns, average=None, zero_division=0)
        metrics[task] = {
            "out_of_fold_macro_f1": float(each.mean()),
            "out_of_fold_f1": dict(zip(order, map(float, each), strict=True)),
            "out_of_fold_log_loss": float(log_loss(truth, found, labels=columns)),
            "decision_weights": best.round(3).tolist(),
        }
    return metrics
