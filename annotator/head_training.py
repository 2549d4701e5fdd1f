"""Training of the head of the accurate tier, on documents that its encoder has not learned from."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from sklearn.metrics import f1_score, log_loss
from sklearn.model_selection import GroupKFold

from annotator.accurate_tier import Head
from annotator.calibration import decision_weights
from annotator.encoder import Encoder
from annotator.errors import LabelledDataError
from annotator.gold import GoldDocument
from annotator.record import Sourcing

HELD_BACK = 0.15
STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1)
FOLDS = 5


class Parted(NamedTuple):
    """Documents for the encoder, and those held back for the head."""

    kept: list[GoldDocument]
    held: list[GoldDocument]


def part(documents: Sequence[GoldDocument], seed: int = 0) -> Parted:
    """Hold back a share of the documents, drawn by `seed`.

    Raises
    ------
    LabelledDataError
        If there are too few documents to fit and check a head on those held back.
    """
    order = list(range(len(documents)))
    random.Random(f"{seed} held").shuffle(order)  # noqa: S311 - a draw that anyone can repeat, not a secret
    held = set(order[: round(HELD_BACK * len(documents))])
    if len(held) < FOLDS:
        detail = f"the accurate tier needs at least {round(FOLDS / HELD_BACK)} documents; there are {len(documents)}"
        raise LabelledDataError("too-few-documents", detail)
    rows = list(enumerate(documents))
    return Parted([one for row, one in rows if row not in held], [one for row, one in rows if row in held])


class Fitted(NamedTuple):
    """A head, and how well heads like it did on documents that they had not learned from."""

    head: Head
    metrics: dict[str, Any]


def fit_head(encoder: Encoder, held: Sequence[GoldDocument], sourcings: Sequence[Sequence[Sourcing]]) -> Fitted:
    """Fit a head on the held-back documents; its strength has the least log loss in grouped cross-validation."""
    documents = [document.sentences for document in held]
    labelled = [sentence for document in held for sentence in document.labelled]
    targets = [[sentence.label for sentence in labelled]]
    citations = encoder.config.citations if all(sentence.citation for sentence in labelled) else ()
    if citations:
        targets.append([sentence.citation or "none" for sentence in labelled])
    head = Head(encoder.config.labels, citations)
    matrix = head.matrix(documents, sourcings, encoder.encode_documents(documents))
    groups = np.repeat(np.arange(len(held)), [len(document) for document in documents])
    found = {strength: _out_of_fold(head, strength, matrix, targets, groups) for strength in STRENGTHS}
    head.strength = min(found, key=lambda strength: log_loss(targets[0], found[strength][0], labels=_sorted(head)))
    return Fitted(head.fit(matrix, targets), _metrics(head, targets, found[head.strength]))


def _sorted(head: Head) -> list[str]:
    return sorted(head.labels)


def _out_of_fold(
    head: Head, strength: float, matrix: np.ndarray, targets: list[list[str]], groups: np.ndarray
) -> list[np.ndarray]:
    """Probabilities of each task, columns in the order of the alphabet, by heads that had not seen the document."""
    names = [sorted(head.labels), sorted(head.citations)]
    chances = [np.zeros((len(matrix), len(name))) for name in names[: len(targets)]]
    arrays = [np.array(target) for target in targets]
    for inside, outside in GroupKFold(FOLDS).split(matrix, groups=groups):
        fold = Head(head.labels, head.citations, head.reach, strength)
        fold.fit(matrix[inside], [target[inside].tolist() for target in arrays])
        for task, found in enumerate(fold.chances(matrix[outside])):
            order = [(head.labels, head.citations)[task].index(name) for name in names[task]]
            chances[task][outside] = found[:, order]
    return chances


def _metrics(head: Head, targets: list[list[str]], chances: list[np.ndarray]) -> dict[str, Any]:
    metrics: dict[str, Any] = {"head_sentences": len(targets[0]), "head_strength": head.strength}
    for task, names, target, found in zip(
        ("label", "citation"), (head.labels, head.citations), targets, chances, strict=False
    ):
        truth = np.array([sorted(names).index(name) for name in target])
        said = np.array(sorted(names))[found.argmax(axis=1)]
        weights = dict(zip(sorted(names), decision_weights(truth, found).round(3).tolist(), strict=True))
        each = f1_score(target, said, labels=names, average=None, zero_division=0)
        metrics[task] = {
            "out_of_fold_macro_f1": float(each.mean()),
            "out_of_fold_f1": dict(zip(names, map(float, each), strict=True)),
            "out_of_fold_log_loss": float(log_loss(target, found, labels=sorted(names))),
            "decision_weights": [weights[name] for name in names],
        }
    return metrics
