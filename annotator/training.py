"""Training of the fast tier: any label set, people's labels and a teacher's soft ones, calibrated out of fold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse
from sklearn.metrics import f1_score, log_loss
from sklearn.model_selection import GroupKFold

from annotator import gold
from annotator.calibration import Calibrator, decision_weights
from annotator.classifier import WindowClassifier
from annotator.doubt import calibration_error
from annotator.fast_tier import StatusModel
from annotator.features import Features
from annotator.gold import GoldDocument, LabelledSentence
from annotator.record import CITATIONS, LABELS, Sourcing
from annotator.settings import read_settings

Progress = Callable[[str, int, int], None]
Sourcer = Callable[[GoldDocument], Sequence[Sourcing]]


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """Everything that decides what is learned; a TOML file may set any of these.

    ``soft_weight`` is the weight of a sentence with a soft label against one that a reader labelled,
    ``citation_weight`` that of the citation task against the label. The others are parameters of
    `features.Features` and `classifier.WindowClassifier`; ``folds`` and ``seed`` rule the calibration.
    """

    hash_bits: int = 17
    mask: bool = True
    vector: int = 48
    layer: int = 96
    reach: int = 2
    vicinity: int = 10
    epochs: int = 10
    batch: int = 512
    rate: float = 0.005
    word_rate: float = 0.5
    decay: float = 1e-5
    dropout: float = 0.2
    word_dropout: float = 0.3
    soft_weight: float = 1.0
    citation_weight: float = 0.5
    folds: int = 4
    seed: int = 0

    @classmethod
    def from_toml(cls, path: Path | str) -> TrainingConfig:
        """Read a TOML file whose keys are fields of this class.

        Raises
        ------
        LabelledDataError
            If the file can't be read, names another key or gives a value of another type.
        """
        return cls(**read_settings(path, cls))


class Trained(NamedTuple):
    """A model, and how well it did on sentences it had not learned from."""

    model: StatusModel
    metrics: dict[str, Any]


class Lesson(NamedTuple):
    """Sentences as arrays: features, targets by task, document and weight of each row, and which rows are firm.

    Firm rows were labelled by a reader; the others carry a teacher's probabilities.
    """

    matrix: sparse.csr_matrix
    targets: list[np.ndarray]
    groups: np.ndarray
    weight: np.ndarray
    firm: np.ndarray


def label_order(found: Iterable[str], usual: Sequence[str]) -> list[str]:
    """Names in the usual order where they are the usual ones, sorted where they are not."""
    names = set(found)
    return list(usual) if names <= set(usual) and len(names) > 1 else sorted(names)


def train(
    paths: Sequence[Path | str],
    config: TrainingConfig | None = None,
    progress: Progress | None = None,
    sourcer: Sourcer | None = None,
) -> Trained:
    """Train on labelled files; lines with ``probabilities`` teach, but never calibrate or score.

    Parameters
    ----------
    paths : sequence of path
        Labelled JSONL files.
    config : TrainingConfig, optional
    progress : callable, optional
        Told (stage, done, of) as training goes on.
    sourcer : callable, optional
        The sourcing rules; with it the model learns from what they say, and wants it when it predicts.

    Raises
    ------
    LabelledDataError
        If a file is broken or there is too little to learn from.
    """
    labelled = [sentence for path in paths for sentence in gold.read_labelled(path)]
    firm = [sentence for sentence in labelled if sentence.probabilities is None]
    gold.check_trainable(firm, paths[0] if len(paths) == 1 else None)
    documents = [gold.rebuild(run) for run in gold.documents(labelled)]
    return train_documents(documents, config or TrainingConfig(), progress, sourcer)


def train_documents(
    documents: Sequence[GoldDocument],
    config: TrainingConfig,
    progress: Progress | None = None,
    sourcer: Sourcer | None = None,
) -> Trained:
    """Train on documents already read; see `train`."""
    tell = progress or (lambda stage, done, of: None)
    sentences = [sentence for document in documents for sentence in document.labelled]
    labels = label_order((sentence.label for sentence in sentences), LABELS)
    citations = label_order((s.citation for s in sentences if s.citation is not None), CITATIONS)
    citations = citations if len(citations) > 1 else []
    features = Features(hash_bits=config.hash_bits, mask=config.mask)
    lesson = make_lesson(documents, features, labels, citations, config, sourcer)
    tell("features", len(sentences), len(sentences))
    held_out = out_of_fold(lesson, features, [labels, citations], config, tell)
    calibrators = [_calibrate(scores, goals, lesson) for scores, goals in zip(held_out, lesson.targets, strict=True)]
    classifier = _fit(_classifier(features, config), lesson, np.arange(len(sentences)), [labels, citations], tell)
    model = StatusModel(features, classifier, calibrators, labels, citations, sourcer is not None)
    return Trained(model, _metrics(held_out, calibrators, lesson, [labels, citations], config))


def make_lesson(
    documents: Sequence[GoldDocument],
    features: Features,
    labels: Sequence[str],
    citations: Sequence[str],
    config: TrainingConfig,
    sourcer: Sourcer | None = None,
) -> Lesson:
    """Arrays that training works on."""
    sentences = [sentence for document in documents for sentence in document.labelled]
    sourcings = None if sourcer is None else [sourcer(document) for document in documents]
    matrix = features.transform([document.sentences for document in documents], sourcings)
    targets = [_targets(sentences, labels, "label", 1.0)]
    if citations:
        targets.append(_targets(sentences, citations, "citation", config.citation_weight))
    groups = np.repeat(np.arange(len(documents)), [len(document.sentences) for document in documents])
    firm = np.array([sentence.probabilities is None for sentence in sentences])
    own = np.array([sentence.extra.get("weight", 1.0) for sentence in sentences])
    weight = np.where(firm, 1.0, config.soft_weight) * own
    return Lesson(matrix, targets, groups, weight.astype(np.float32), firm)


def _targets(sentences: Sequence[LabelledSentence], names: Sequence[str], field: str, weight: float) -> np.ndarray:
    soft = "probabilities" if field == "label" else "citation_probabilities"
    column = {name: place for place, name in enumerate(names)}
    targets = np.zeros((len(sentences), len(names)), np.float32)
    for row, sentence in enumerate(sentences):
        shares = getattr(sentence, soft) or {getattr(sentence, field): 1.0}
        for name, share in shares.items():
            if name in column:
                targets[row, column[name]] = share * weight
    return targets


def _classifier(features: Features, config: TrainingConfig) -> WindowClassifier:
    own = {field.name for field in fields(TrainingConfig)} & set(WindowClassifier().get_params())
    chosen = {name: value for name, value in asdict(config).items() if name in own}
    return WindowClassifier(n_dense=len(features.dense_names), random_state=config.seed, **chosen)


def _fit(
    classifier: WindowClassifier, lesson: Lesson, rows: np.ndarray, names: Sequence[Sequence[str]], tell: Progress
) -> WindowClassifier:
    classes = [np.array(task) for task in names if len(task)]
    targets = [target[rows] for target in lesson.targets]
    return classifier.fit_soft(
        lesson.matrix[rows], targets, classes, lesson.groups[rows], lesson.weight[rows], progress=tell
    )


def out_of_fold(
    lesson: Lesson, features: Features, names: Sequence[Sequence[str]], config: TrainingConfig, tell: Progress
) -> list[np.ndarray]:
    """Scores of every firmly labelled row by a model that saw nothing of its document; one array a task."""
    held_out = [np.zeros(target.shape, np.float32) for target in lesson.targets]
    firm, soft = np.flatnonzero(lesson.firm), np.flatnonzero(~lesson.firm)
    stretches = _stretches(lesson.groups[firm], config.folds)
    splitter = GroupKFold(n_splits=config.folds, shuffle=True, random_state=config.seed)
    for done, (inside, outside) in enumerate(splitter.split(firm, groups=stretches), 1):
        rows = np.sort(np.concatenate([firm[inside], soft]))
        fitted = _fit(_classifier(features, config), lesson, rows, names, lambda stage, done, of: None)
        test = firm[outside]
        for scores, found in zip(held_out, fitted.scores(lesson.matrix[test], lesson.groups[test]), strict=True):
            scores[test] = found
        tell("fold", done, config.folds)
    return held_out


def _stretches(groups: np.ndarray, folds: int) -> np.ndarray:
    """Documents, or where there are too few of them, stretches of consecutive sentences."""
    if len(np.unique(groups)) >= folds:
        return groups
    return np.arange(len(groups)) * folds // len(groups)


def _known(targets: np.ndarray, lesson: Lesson) -> np.ndarray:
    return np.flatnonzero(lesson.firm & (targets.sum(axis=1) > 0))


def _calibrate(scores: np.ndarray, targets: np.ndarray, lesson: Lesson) -> Calibrator:
    rows = _known(targets, lesson)
    return Calibrator().fit(scores[rows], targets[rows] / targets[rows].sum(axis=1, keepdims=True))


def _metrics(
    held_out: Sequence[np.ndarray],
    calibrators: Sequence[Calibrator],
    lesson: Lesson,
    names: Sequence[Sequence[str]],
    config: TrainingConfig,
) -> dict[str, Any]:
    counts = {"sentences": int(lesson.firm.sum()), "soft_sentences": int((~lesson.firm).sum())}
    found: dict[str, Any] = counts | {"documents": len(np.unique(lesson.groups[lesson.firm])), "config": asdict(config)}
    for task, scores, calibrator, targets, order in zip(
        ("label", "citation"), held_out, calibrators, lesson.targets, names, strict=False
    ):
        rows = _known(targets, lesson)
        truth, chances = targets[rows].argmax(axis=1), calibrator.predict_proba(scores[rows])
        each = f1_score(truth, chances.argmax(axis=1), labels=range(len(order)), average=None, zero_division=0)
        found[task] = {
            "out_of_fold_macro_f1": float(each.mean()),
            "out_of_fold_f1": dict(zip(order, map(float, each), strict=True)),
            "out_of_fold_calibration_error": calibration_error(chances.max(axis=1), chances.argmax(axis=1) == truth),
            "out_of_fold_log_loss": float(log_loss(truth, chances, labels=range(len(order)))),
            "decision_weights": decision_weights(truth, chances).round(3).tolist(),
        }
    return found
