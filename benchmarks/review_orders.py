"""How many reviewed sentences each order needs for the same gain: ``python benchmarks/review_orders.py``.

A simulation on ``../shared/corpus``: a base model learns from some documents of train.jsonl, then "reviewers" (the gold
labels) decide sentences of other documents, in batches, in one of five orders, and the model learns anew after each
batch, from the fast tier's features without the sourcing rules. Scored on dev.jsonl, which no step sees.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.metrics import f1_score

from annotator import gold, network
from annotator.classifier import WindowClassifier
from annotator.features import Features
from annotator.next_best import choose, uncertainty, word_vectors
from annotator.record import LABELS
from annotator.training import TrainingConfig, make_lesson

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
RESULTS = Path(__file__).with_name("review_orders.json")
BASE, POOL = 1500, 6000
POINTS = (0, 250, 500, 1000, 1500, 2000, 3000)
GOALS = (1000, 2000, 3000)


class Sentences(NamedTuple):
    """Sentences as arrays: features, label (n, 4), document, and texts."""

    matrix: object
    targets: np.ndarray
    groups: np.ndarray
    texts: list[str]


def load(name: str, features: Features) -> Sentences:
    """A labelled file of the corpus."""
    documents = [gold.rebuild(run) for run in gold.documents(gold.read_labelled(CORPUS / name))]
    lesson = make_lesson(documents, features, list(LABELS), [], TrainingConfig())
    texts = [line.text for document in documents for line in document.labelled]
    return Sentences(lesson.matrix, lesson.targets[0], lesson.groups, texts)


def split(groups: np.ndarray, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Rows of base and pool: whole documents, drawn at random."""
    order = chance.permutation(np.unique(groups))
    sizes = np.array([(groups == document).sum() for document in order])
    reach = np.cumsum(sizes)
    base, pool = order[reach <= BASE], order[(reach > BASE) & (reach <= BASE + POOL)]
    return np.flatnonzero(np.isin(groups, base)), np.flatnonzero(np.isin(groups, pool))


def fit(data: Sentences, labelled: np.ndarray, around: np.ndarray, n_dense: int, seed: int) -> WindowClassifier:
    """Learn from the labelled rows; the rows around them are only read, as neighbours."""
    config = TrainingConfig()
    rows = np.union1d(labelled, around)
    weight = np.isin(rows, labelled).astype(np.float32)
    model = WindowClassifier(
        n_dense=n_dense, vector=config.vector, layer=config.layer, epochs=config.epochs, rate=config.rate,
        dropout=config.dropout, word_dropout=config.word_dropout, random_state=seed,
    )  # fmt: skip
    return model.fit_soft(data.matrix[rows], [data.targets[rows]], [np.array(LABELS)], data.groups[rows], weight)


def chances(model: WindowClassifier, data: Sentences, rows: np.ndarray) -> np.ndarray:
    """Probabilities of some rows."""
    return network.softmax(model.scores(data.matrix[rows], data.groups[rows])[0].astype(np.float64))


Order = Callable[[np.ndarray, "Sentences", np.ndarray, list[int], int, np.random.Generator], Sequence[int]]


def document_order(probabilities, data, pool, seen, count, chance):  # noqa: ANN001, ANN201, D103
    left = np.setdiff1d(np.arange(len(pool)), seen)
    return left[:count]


def at_random(probabilities, data, pool, seen, count, chance):  # noqa: ANN001, ANN201, D103
    return chance.permutation(np.setdiff1d(np.arange(len(pool)), seen))[:count]


def stratified(probabilities, data, pool, seen, count, chance):  # noqa: ANN001, ANN201, D103
    left = chance.permutation(np.setdiff1d(np.arange(len(pool)), seen))
    label = probabilities[left].argmax(axis=1)
    rank = np.zeros(len(left))
    for one in range(probabilities.shape[1]):
        rank[label == one] = np.arange((label == one).sum())
    return left[np.argsort(rank, kind="stable")[:count]]


def doubtful(probabilities, data, pool, seen, count, chance):  # noqa: ANN001, ANN201, D103
    left = np.setdiff1d(np.arange(len(pool)), seen)
    return left[np.argsort(-uncertainty(probabilities[left]), kind="stable")[:count]]


def doubtful_and_diverse(probabilities, data, pool, seen, count, chance):  # noqa: ANN001, ANN201, D103
    return choose(probabilities, word_vectors([data.texts[row] for row in pool]), count, seen)


ORDERS: dict[str, Order] = {
    "document order": document_order,
    "random": at_random,
    "stratified by label": stratified,
    "most doubtful": doubtful,
    "doubtful and diverse": doubtful_and_diverse,
}


def curve(order: Order, data: Sentences, test: Sentences, n_dense: int, seed: int) -> list[float]:
    """Macro-F1 on the test after so many reviewed sentences as `POINTS` says."""
    chance = np.random.default_rng(seed)
    base, pool = split(data.groups, chance)
    seen: list[int] = []
    scores = []
    model = fit(data, base, pool[:0], n_dense, seed)
    for before, after in zip((0, *POINTS), POINTS, strict=False):
        if after > before:
            seen += list(order(chances(model, data, pool), data, pool, seen, after - before, chance))
            touched = pool[np.isin(data.groups[pool], data.groups[pool[seen]])]
            model = fit(data, np.union1d(base, pool[seen]), touched, n_dense, seed)
        guess = chances(model, test, np.arange(len(test.texts))).argmax(axis=1)
        scores.append(float(f1_score(test.targets.argmax(axis=1), guess, average="macro")))
    return scores


def needed(scores: np.ndarray, goal: float) -> float | None:
    """Reviewed sentences at which a curve, made monotone, first reaches a score; None if it never does."""
    best = np.maximum.accumulate(scores)
    if best[-1] < goal:
        return None
    at = int(np.argmax(best >= goal))
    if at == 0:
        return 0.0
    share = (goal - best[at - 1]) / (best[at] - best[at - 1])
    return float(POINTS[at - 1] + share * (POINTS[at] - POINTS[at - 1]))


def main() -> None:
    """Run all orders and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--results", type=Path, default=RESULTS, help="write the curves here as JSON")
    parser.add_argument("--again", action="store_true", help="only print the tables of --results")
    chosen = parser.parse_args()
    if chosen.again:
        report(json.loads(chosen.results.read_text(encoding="utf-8"))["curves"])
        return
    features = Features(hash_bits=TrainingConfig().hash_bits)
    data, test = load("train.jsonl", features), load("dev.jsonl", features)
    width = len(features.dense_names)
    curves: dict[str, list[list[float]]] = {name: [] for name in ORDERS}
    for seed in range(chosen.seeds):
        for name, order in ORDERS.items():
            curves[name].append(curve(order, data, test, width, seed))
            print(f"seed {seed}  {name:<22}" + " ".join(f"{score:.3f}" for score in curves[name][-1]), flush=True)
            chosen.results.write_text(json.dumps({"points": POINTS, "curves": curves}), encoding="utf-8")
    report(curves)


def report(curves: dict[str, list[list[float]]]) -> None:
    """Print mean curves, what each order needs for the scores of document order, and its lead over random order."""
    many = min(map(len, curves.values()))
    means = {name: np.mean(rows[:many], axis=0) for name, rows in curves.items()}
    steady = np.maximum.accumulate(means["document order"])
    goals = {point: float(steady[POINTS.index(point)]) for point in GOALS}
    print(f"\nmacro-F1 on dev, mean of {many} seeds, after so many reviewed sentences")
    print(f"{'':<22}" + " ".join(f"{point:>6}" for point in POINTS) + "   mean lead over random (standard error)")
    for name, scores in means.items():
        lead = np.mean(np.array(curves[name][:many]) - np.array(curves["random"][:many]), axis=1)
        error = lead.std(ddof=1) / many**0.5 if many > 1 else float("nan")
        print(f"{name:<22}" + " ".join(f"{score:>6.3f}" for score in scores) + f"   {lead.mean():+.3f} ({error:.3f})")
    print("\nreviewed sentences needed for the score that document order has after so many")
    print(f"{'':<22}" + " ".join(f"{point:>6} ({goal:.3f})" for point, goal in goals.items()))
    for name, scores in means.items():
        found = [needed(scores, goal) for goal in goals.values()]
        print(f"{name:<22}" + " ".join(f"{'-' if count is None else round(count):>14}" for count in found))


if __name__ == "__main__":
    main()
