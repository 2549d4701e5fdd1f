"""Training on reviews beside other labelled sentences, and what the reviews bring."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annotator import gold
from annotator.errors import LabelledDataError
from annotator.gain import SHARES, Gain, hold_back, score_curve
from annotator.gold import GoldDocument
from annotator.record import CITATIONS, LABELS
from annotator.reviewed import WEIGHT, read_reviews, superseded, weights

if TYPE_CHECKING:
    from annotator.training import Lesson, Sourcer, TrainingConfig

LEAST_REVIEWED = 20


class Added(NamedTuple):
    """Documents to train on, base and reviews together; what the reviews brought; and lines that say so to people."""

    documents: list[GoldDocument]
    gain: Gain | None
    lines: list[str]


def add_reviews(
    base: Sequence[GoldDocument],
    paths: Sequence[Path | str],
    config: TrainingConfig | None = None,
    sourcer: Sourcer | None = None,
    weight: float = WEIGHT,
) -> Added:
    """Put reviews beside the documents that a model is trained on, and measure what they bring.

    Where a sentence stands in both, the reviewers' word counts. The model to save is trained on all of it, the
    held-back part too; the gain is that of models that never saw it.

    Raises
    ------
    ReadError, LabelledDataError
        If a file can't be read, or no sentence is decided.
    """
    reads = [read_reviews(path, weight=weight) for path in paths]
    reviewed = [document for read in reads for document in read.documents]
    kept = superseded(base, reviewed)
    lines = [notice for read in reads for notice in read.notices]
    lines.append(f"{sum(read.sentences for read in reads):,} reviewed sentences, each counting {weight:g} times")
    try:
        gain = measure_gain(kept, reviewed, config, sourcer)
    except LabelledDataError as error:
        return Added([*kept, *reviewed], None, [*lines, f"the gain can't be measured: {error.detail}"])
    return Added([*kept, *reviewed], gain, [*lines, *gain.lines()])


def measure_gain(
    base: Sequence[GoldDocument],
    reviewed: Sequence[GoldDocument],
    config: TrainingConfig | None = None,
    sourcer: Sourcer | None = None,
    shares: Sequence[float] = SHARES,
) -> Gain:
    """Learn from more and more of what was reviewed, and score each model on the part held back.

    Parameters
    ----------
    base : sequence of GoldDocument
        What the model knows without the reviews.
    reviewed : sequence of GoldDocument
        From `reviewed.read_reviews`.
    config : TrainingConfig, optional
    sourcer : callable, optional
        The sourcing rules, as in `training.train`.
    shares : sequence of float
        Points of the curve: shares of the reviewed sentences that aren't held back; 0 is the model without reviews.

    Raises
    ------
    LabelledDataError
        If fewer than `LEAST_REVIEWED` sentences were reviewed, or the base has fewer than two labels.
    """
    from annotator.training import TrainingConfig

    config = config or TrainingConfig()
    gold.check_trainable([line for document in base for line in document.labelled])
    lesson, names = weighted_lesson([*base, *reviewed], config, sourcer)
    of_base = sum(len(document.labelled) for document in base)
    decided = of_base + np.flatnonzero((lesson.weight * lesson.firm)[of_base:])
    if len(decided) < LEAST_REVIEWED:
        detail = f"{len(decided)} sentences were reviewed; the gain can be measured from {LEAST_REVIEWED}"
        raise LabelledDataError("too-few-reviewed", detail)
    test = hold_back(decided, lesson.groups, config.seed)
    order = np.random.default_rng(config.seed).permutation(np.setdiff1d(decided, test))
    truth = lesson.targets[0][test].argmax(axis=1)
    guesses = []
    for share in shares:
        learned = lesson.weight.copy()
        learned[np.setdiff1d(decided, order[: round(share * len(order))])] = 0
        guesses.append(_predict(lesson, learned, names, config, test))
    sizes = [round(share * len(order)) for share in shares]
    return score_curve(sizes, truth, guesses, lesson.groups[test], config.seed)


def weighted_lesson(
    documents: Sequence[GoldDocument], config: TrainingConfig, sourcer: Sourcer | None
) -> tuple[Lesson, list[list[str]]]:
    """Arrays of documents, with the weights of their lines, and the names of labels and citations by column."""
    from annotator.features import Features
    from annotator.training import label_order, make_lesson

    lines = [line for document in documents for line in document.labelled]
    labels = label_order((line.label for line in lines), LABELS)
    citations = label_order((line.citation for line in lines if line.citation is not None), CITATIONS)
    citations = citations if len(citations) > 1 else []
    features = Features(hash_bits=config.hash_bits, mask=config.mask)
    lesson = make_lesson(documents, features, labels, citations, config, sourcer)
    counts = np.where(lesson.firm, 1.0, config.soft_weight) * weights(documents)
    return lesson._replace(weight=counts.astype(np.float32)), [labels, citations]


def _predict(
    lesson: Lesson, weight: np.ndarray, names: Sequence[Sequence[str]], config: TrainingConfig, rows: np.ndarray
) -> np.ndarray:
    """Most probable label of some rows by a model that learned with these weights; all rows are read as neighbours."""
    from annotator.classifier import WindowClassifier

    known = set(WindowClassifier().get_params())
    chosen = {name: getattr(config, name) for name in config.__slots__ if name in known}
    dense = lesson.matrix.shape[1] - 2**config.hash_bits
    model = WindowClassifier(n_dense=dense, random_state=config.seed, **chosen)
    classes = [np.array(task) for task in names if len(task)]
    model.fit_soft(lesson.matrix, lesson.targets, classes, lesson.groups, weight)
    inside = np.isin(lesson.groups, lesson.groups[rows])
    scores = np.zeros(lesson.targets[0].shape)
    scores[inside] = model.scores(lesson.matrix[inside], lesson.groups[inside])[0]
    return np.asarray(scores[rows].argmax(axis=1))
