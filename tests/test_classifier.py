"""The classifier keeps scikit-learn's contract, reads neighbours, and never across a document."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.utils.estimator_checks import parametrize_with_checks

from annotator import network
from annotator.calibration import Calibrator
from annotator.classifier import WindowClassifier

STOCHASTIC = "batches are drawn at random, so a repeated row is not the same as a weight of two"
EXPECTED = {f"check_sample_weight_equivalence_on_{kind}_data": STOCHASTIC for kind in ("dense", "sparse")}


@parametrize_with_checks([WindowClassifier(vector=16, layer=16)], expected_failed_checks=lambda _: EXPECTED)
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def echo(documents=60, seed=0):
    """Rows whose label is what the row before them shows: no row tells its own label."""
    random = np.random.default_rng(seed)
    shown = random.integers(0, 2, (documents, 5))
    labels = np.roll(shown, 1, axis=1)
    labels[:, 0] = 0
    return np.eye(2)[shown.ravel()], labels.ravel(), np.repeat(np.arange(documents), 5)


def test_reads_its_neighbours():
    rows, labels, groups = echo()
    with_them = WindowClassifier(vector=16, layer=16).fit(rows, labels, groups)
    alone = WindowClassifier(vector=16, layer=16).fit(rows, labels)
    fresh = echo(seed=1)
    assert (with_them.predict(fresh[0], fresh[2]) == fresh[1]).mean() > 0.95
    assert (alone.predict(fresh[0]) == fresh[1]).mean() < 0.85


def test_never_reads_across_documents():
    rows, labels, groups = echo()
    model = WindowClassifier(vector=8, layer=8).fit(rows, labels, groups)
    together = model.predict_proba(rows, groups)
    apart = np.concatenate([model.predict_proba(rows[groups == g], groups[groups == g]) for g in np.unique(groups)])
    assert together == pytest.approx(apart, abs=1e-5)


def test_same_seed_same_weights_and_another_seed_others():
    rows, labels, groups = echo(20)
    one, same, other = (
        WindowClassifier(vector=8, layer=8, random_state=seed).fit(rows, labels, groups).predict_proba(rows, groups)
        for seed in (1, 1, 2)
    )
    assert (one == same).all()
    assert (one != other).any()


def test_several_tasks_and_rows_without_an_answer():
    rows, labels, groups = echo()
    both = [np.eye(2, dtype=np.float32)[labels], np.eye(2, dtype=np.float32)[rows.argmax(axis=1)]]
    both[1][::2] = 0
    names = [np.array(["no", "yes"]), np.array(["left", "right"])]
    model = WindowClassifier(vector=16, layer=16, n_dense=2)
    model.fit_soft(sparse.csr_matrix(rows), both, names, groups)
    first, second = model.predict(sparse.csr_matrix(rows), groups)
    assert (first == names[0][labels]).mean() > 0.95
    assert (second == names[1][rows.argmax(axis=1)]).mean() > 0.95


def test_groups_of_another_length_are_refused():
    rows, labels, groups = echo(10)
    with pytest.raises(ValueError, match="groups has 3 entries for 50 rows"):
        WindowClassifier().fit(rows, labels, groups[:3])


def slopes_by_hand(weights, name, loss):
    """Slope of `loss` by finite differences."""
    found = np.zeros_like(weights[name])
    for place in np.ndindex(found.shape):
        kept = weights[name][place]
        values = []
        for step in (1e-4, -1e-4):
            weights[name][place] = kept + step
            values.append(loss())
        weights[name][place] = kept
        found[place] = (values[0] - values[1]) / 2e-4
    return found


def small_network():
    random = np.random.default_rng(3)
    weights = network.starting_weights(network.Shape(6, 2, 4, 5, 1, (3, 2)), random)
    weights = {name: random.normal(size=value.shape) for name, value in weights.items()}
    words, dense = random.normal(size=(7, 6)), random.normal(size=(7, 2))
    near = network.context(np.array([0, 0, 0, 1, 1, 1, 1]), 1, 2)
    goals = [np.eye(3)[random.integers(0, 3, 7)], np.eye(2)[random.integers(0, 2, 7)]]
    goals[1][2] = 0
    return weights, words, dense, near, goals


def test_slopes_are_those_of_the_loss():
    weights, words, dense, near, goals = small_network()
    weight = np.linspace(0.5, 2, 7)

    def loss():
        scores, _ = network.forward(weights, words @ weights["words"], dense, near)
        parts = network.split_tasks(scores, (3, 2))
        logs = [np.log(network.softmax(part)) * goal for part, goal in zip(parts, goals, strict=True)]
        return -sum((log.sum(axis=1) * weight).sum() for log in logs) / 7

    scores, seen = network.forward(weights, words @ weights["words"], dense, near)
    found = network.backward(weights, network.loss_slope(scores, goals, weight), seen)
    found["words"] = words.T @ found["words"]
    for name, value in found.items():
        assert value == pytest.approx(slopes_by_hand(weights, name, loss), abs=1e-5), name


def test_calibration_brings_stated_and_true_chances_together():
    random = np.random.default_rng(0)
    truth = random.normal(size=(4000, 3)) * 2
    labels = np.array([random.choice(3, p=row) for row in network.softmax(truth)])
    calibrator = Calibrator().fit(truth * 4 + [1, 0, -1], np.eye(3)[labels])
    assert calibrator.temperature_ == pytest.approx(4, rel=0.15)
    assert calibrator.predict_proba(truth * 4 + [1, 0, -1]) == pytest.approx(network.softmax(truth), abs=0.06)


def test_an_unknown_word_says_nothing():
    seen, labels = np.eye(6)[np.arange(60) % 4], np.arange(60) % 2
    model = WindowClassifier(vector=8, layer=8).fit(sparse.csr_matrix(seen), labels)
    nothing, unknown = model.predict_proba(sparse.csr_matrix(np.array([[0.0] * 6, [0, 0, 0, 0, 0, 1.0]])))
    assert (nothing == unknown).all()


def test_own_slope_is_that_of_a_rows_own_words():
    weights, words, dense, near, _ = small_network()
    summed = words @ weights["words"]
    slope = np.random.default_rng(5).normal(size=(7, 5))
    _, seen = network.forward(weights, summed, dense, near)
    found = network.own_slope(weights, slope, seen)
    for row, column in np.ndindex(summed.shape):
        values = []
        for step in (1e-4, -1e-4):
            moved = summed.copy()
            moved[row, column] += step
            values.append((network.forward(weights, moved, dense, near)[0][row] * slope[row]).sum())
        assert found[row, column] == pytest.approx((values[0] - values[1]) / 2e-4, abs=1e-5)
