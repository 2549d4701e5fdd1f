"""Fits a model that exists to what reviewers decided, without the sentences that it was once trained on.

Only the last layer moves: a correction of its weights is learned by penalised logistic regression, and how far it may
move is chosen by cross-validation over documents: the least move whose log loss is within one standard error of the
best (Breiman et al. 1984), "not at all" being one of the choices. So a few reviews can't make the model forget, and
reviews that teach nothing change nothing. The new model is another object; nothing of the old one is overwritten.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import minimize

from annotator.errors import LabelledDataError
from annotator.gain import SHARES, Gain, hold_back, score_curve
from annotator.gold import GoldDocument
from annotator.reviewed import is_decided

if TYPE_CHECKING:
    from annotator.calibration import Calibrator
    from annotator.fast_tier import StatusModel
    from annotator.training import Sourcer

FOLDS = 5
LEAST_REVIEWED, LEAST_DOCUMENTS = 20, 5
_TOO_FEW = ("too-few-reviewed", "too-few-documents")
# Penalties tried, in units of one reviewed sentence; the last one leaves the model as it is.
PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, float("inf"))


class Adapted(NamedTuple):
    """The new model, and for each of its tasks the penalty that was chosen: infinite where nothing was learned."""

    model: StatusModel
    penalties: dict[str, float]


class _Rows(NamedTuple):
    """Reviewed sentences as the last layer sees them.

    `layer` (n, units) has root mean square 1 in every column; `scores` (n, names) are the old model's; `truth` (n,).
    """

    layer: np.ndarray
    scores: np.ndarray
    truth: np.ndarray


def adapt(model: StatusModel, documents: Sequence[GoldDocument], sourcer: Sourcer | None = None) -> Adapted:
    """Fit the last layer of a model to reviewed documents.

    Parameters
    ----------
    model : StatusModel
        Stays as it is.
    documents : sequence of GoldDocument
        From `reviewed.read_reviews`; sentences with ``probabilities`` or of weight 0 are only read as neighbours.
    sourcer : callable, optional
        The sourcing rules, needed if the model was trained with them.

    Raises
    ------
    LabelledDataError
        If fewer than `LEAST_REVIEWED` sentences or `LEAST_DOCUMENTS` documents were reviewed, or a label is unknown to
        the model.
    """
    lines = [line for document in documents for line in document.labelled]
    groups = np.repeat(np.arange(len(documents)), [len(document.labelled) for document in documents])
    decided = np.array([is_decided(line) for line in lines], dtype=bool)
    _check_enough(int(decided.sum()), len(np.unique(groups[decided])))
    sourcings = [sourcer(document) for document in documents] if model.uses_sourcing and sourcer else None
    matrix = model.features.transform([document.sentences for document in documents], sourcings)
    scores, seen = model.classifier.trace(matrix, groups)
    scale = np.maximum(np.sqrt((seen.layer**2).mean(axis=0)), 1e-6)
    classifier = copy.deepcopy(model.classifier)
    penalties, first = {}, 0
    tasks = [("label", model.labels), *([("citation", model.citations)] if model.citations else [])]
    for (task, names), calibrator in zip(tasks, model.calibrators, strict=True):
        truth = _codes(
            [getattr(line, task) if known else None for line, known in zip(lines, decided, strict=True)], names
        )
        rows = np.flatnonzero(truth >= 0)
        part = slice(first, first + len(names))
        first += len(names)
        data = _Rows(seen.layer[rows] / scale, scores[rows, part], truth[rows])
        penalties[task], change = _best(data, groups[rows], calibrator)
        classifier.weights_["output"][:, part] += change[1:] / scale[:, None]
        classifier.weights_["output_bias"][part] += change[0]
    return Adapted(_rebuilt(model, classifier), penalties)


def measure_adaptation(
    model: StatusModel, documents: Sequence[GoldDocument], sourcer: Sourcer | None = None, seed: int = 0
) -> Gain:
    """Fit the model to more and more of the reviewed documents, and score it on those held back.

    Points at which there is too little to fit to are those of the model as it is.

    Raises
    ------
    LabelledDataError
        As `adapt`.
    """
    sizes = [sum(map(is_decided, document.labelled)) for document in documents]
    decided = [document for document, size in zip(documents, sizes, strict=True) if size]
    _check_enough(sum(sizes), len(decided))
    groups = np.repeat(np.arange(len(decided)), [size for size in sizes if size])
    test = set(groups[hold_back(np.arange(len(groups)), groups, seed)].tolist())
    order = [one for one in np.random.default_rng(seed).permutation(len(decided)).tolist() if one not in test]
    held = [decided[one] for one in sorted(test)]
    rows = np.array([is_decided(line) for document in held for line in document.labelled])
    answers = [line.label if is_decided(line) else None for document in held for line in document.labelled]
    truth = _codes(answers, model.labels)[rows]
    guesses, counts = [], []
    for share in SHARES:
        learned = [decided[one] for one in order[: round(share * len(order))]]
        guesses.append(_guess(_adapted(model, learned, sourcer), held, sourcer)[rows])
        counts.append(sum(is_decided(line) for document in learned for line in document.labelled))
    where = np.repeat(np.arange(len(held)), [len(document.labelled) for document in held])[rows]
    return score_curve(counts, truth, guesses, where, seed)


def _adapted(model: StatusModel, documents: Sequence[GoldDocument], sourcer: Sourcer | None) -> StatusModel:
    try:
        return adapt(model, documents, sourcer).model
    except LabelledDataError as error:
        if error.reason in _TOO_FEW:
            return model
        raise


def _guess(model: StatusModel, documents: Sequence[GoldDocument], sourcer: Sourcer | None) -> np.ndarray:
    sourcings = [sourcer(document) for document in documents] if model.uses_sourcing and sourcer else None
    found = model.predict_documents([document.sentences for document in documents], sourcings)
    return np.asarray(np.concatenate(found).argmax(axis=1))


def _codes(values: Sequence[str | None], names: Sequence[str]) -> np.ndarray:
    places = {name: place for place, name in enumerate(names)}
    for value in values:
        if value is not None and value not in places:
            detail = f"the model knows no {value!r}, only {', '.join(names)}: train a new one"
            raise LabelledDataError("unknown-label", detail)
    return np.array([-1 if value is None else places[value] for value in values])


def _check_enough(sentences: int, documents: int) -> None:
    if sentences < LEAST_REVIEWED:
        detail = f"{sentences} sentences were reviewed; a model can be fitted to {LEAST_REVIEWED} or more"
        raise LabelledDataError(_TOO_FEW[0], detail)
    if documents < LEAST_DOCUMENTS:
        detail = f"the reviews are of {documents} documents; a model can be fitted to {LEAST_DOCUMENTS} or more"
        raise LabelledDataError(_TOO_FEW[1], detail)


def _best(data: _Rows, groups: np.ndarray, calibrator: Calibrator) -> tuple[float, np.ndarray]:
    """The highest penalty that is as good out of fold as the best one, and the change of the last layer it gives."""
    documents = np.unique(groups, return_inverse=True)[1]
    none = np.zeros((data.layer.shape[1] + 1, data.scores.shape[1]))
    if documents.max(initial=-1) + 1 < LEAST_DOCUMENTS:
        return float("inf"), none
    losses = np.stack([_by_document(data, documents, calibrator, penalty) for penalty in PENALTIES])
    behind = losses - losses[losses.sum(axis=1).argmin()]
    error = behind.std(axis=1, ddof=1) * np.sqrt(behind.shape[1])
    chosen = max(
        penalty for penalty, far, unsure in zip(PENALTIES, behind.sum(axis=1), error, strict=True) if far <= unsure
    )
    return chosen, none if np.isinf(chosen) else _change(data, calibrator, chosen)


def _by_document(data: _Rows, documents: np.ndarray, calibrator: Calibrator, penalty: float) -> np.ndarray:
    """Log loss of each document, (documents,), by a correction that was learned from others."""
    losses = np.zeros(len(data.truth))
    for fold in range(FOLDS):
        outside = documents % FOLDS == fold
        change = np.zeros((data.layer.shape[1] + 1, data.scores.shape[1]))
        if np.isfinite(penalty):
            change = _change(_part(data, ~outside), calibrator, penalty)
        losses[outside] = _log_losses(_part(data, outside), calibrator, change)
    return np.bincount(documents, losses)


def _part(data: _Rows, rows: np.ndarray) -> _Rows:
    return _Rows(data.layer[rows], data.scores[rows], data.truth[rows])


def _chances(data: _Rows, calibrator: Calibrator, change: np.ndarray) -> np.ndarray:
    return calibrator.predict_proba(data.scores + data.layer @ change[1:] + change[0])


def _log_losses(data: _Rows, calibrator: Calibrator, change: np.ndarray) -> np.ndarray:
    chances = _chances(data, calibrator, change)[np.arange(len(data.truth)), data.truth]
    return np.asarray(-np.log(np.maximum(chances, 1e-12)))


def _change(data: _Rows, calibrator: Calibrator, penalty: float) -> np.ndarray:
    """Change of bias (first row) and weights with the least log loss plus penalty, (units + 1, names)."""
    shape = (data.layer.shape[1] + 1, data.scores.shape[1])
    goal = np.eye(shape[1])[data.truth]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        change = flat.reshape(shape)
        slope = (_chances(data, calibrator, change) - goal) / calibrator.temperature_
        down = np.concatenate([slope.sum(axis=0, keepdims=True), data.layer.T @ slope]) + penalty * change
        worth = float(_log_losses(data, calibrator, change).sum() + penalty / 2 * (change**2).sum())
        return worth, down.ravel()

    found = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return np.asarray(found.x.reshape(shape))


def _rebuilt(model: StatusModel, classifier: object) -> StatusModel:
    new = copy.copy(model)
    new.classifier = classifier  # type: ignore[assignment]
    return new
