"""A scikit-learn classifier of sentences in their documents: words, cues and neighbours decide together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from annotator import network

Progress = Callable[[str, int, int], None]
_LEAST_STEPS = 300


class WindowClassifier(ClassifierMixin, BaseEstimator):
    """Neural classifier of rows that stand in documents; see `annotator.network` for how it reads.

    Parameters
    ----------
    n_dense : int, optional
        The first columns of X are dense features, standardised here; the rest are hashed words. By default every
        column of an array is dense and every column of a sparse matrix hashed.
    vector, layer : int
        Widths of a sentence's vector and of the layer over the window.
    reach, vicinity : int
        Neighbours on each side that are read one by one, and on each side that are averaged.
    epochs, batch : int
        Passes over the documents, and rows a step at least. Small sets get more passes, up to 300 steps in all.
    rate, word_rate, decay : float
        Learning rates of dense weights and word vectors, and the pull of all towards zero.
    dropout, word_dropout : float
        Shares of hidden units and of words that are left out at random during training.
    random_state : int, optional
        Seed; the same data and seed give the same weights.

    Attributes
    ----------
    classes_ : ndarray, or list of ndarray when several tasks were fitted
        Labels in column order of the probabilities.
    weights_ : dict of str to ndarray
        The network; see `network.starting_weights`.
    """

    def __init__(
        self,
        n_dense: int | None = None,
        vector: int = 32,
        layer: int = 64,
        reach: int = 2,
        vicinity: int = 10,
        epochs: int = 8,
        batch: int = 512,
        rate: float = 0.01,
        word_rate: float = 0.5,
        decay: float = 1e-5,
        dropout: float = 0.2,
        word_dropout: float = 0.1,
        random_state: int | None = 0,
    ) -> None:
        self.n_dense, self.vector, self.layer, self.reach, self.vicinity = n_dense, vector, layer, reach, vicinity
        self.epochs, self.batch, self.rate, self.word_rate, self.decay = epochs, batch, rate, word_rate, decay
        self.dropout, self.word_dropout, self.random_state = dropout, word_dropout, random_state

    def fit(self, X: Any, y: Any, groups: Any = None, sample_weight: Any = None) -> Self:
        """Learn labels `y` (n,) of rows X; rows with equal `groups` stand together and are one document."""
        X, y = validate_data(self, X, y, accept_sparse="csr", dtype=np.float32)
        check_classification_targets(y)
        classes, codes = np.unique(y, return_inverse=True)
        if len(classes) < 2:
            raise ValueError(f"Classifier can't train when only one class is present: {classes[0]!r}")
        targets = np.eye(len(classes), dtype=np.float32)[codes]
        return self._fit(X, [targets], classes, groups, sample_weight, None)

    def fit_soft(
        self,
        X: sparse.csr_matrix,
        targets: Sequence[np.ndarray],
        classes: Sequence[np.ndarray],
        groups: Any = None,
        sample_weight: Any = None,
        progress: Progress | None = None,
    ) -> Self:
        """Learn several tasks at once from soft labels.

        Parameters
        ----------
        X : csr_matrix, shape (n, features)
        targets : sequence of arrays, shape (n, classes of the task)
            Probabilities by row; a row of zeros leaves the row out of the task.
        classes : sequence of arrays of str
            Labels of each task.
        groups, sample_weight : array, shape (n,), optional
        progress : callable, optional
            Told ("epoch", done, of) after each pass.
        """
        X = validate_data(self, X, accept_sparse="csr", dtype=np.float32)
        goals = [np.asarray(target, np.float32) for target in targets]
        return self._fit(X, goals, list(classes), groups, sample_weight, progress)

    def _fit(
        self, X: Any, targets: list[np.ndarray], classes: Any, groups: Any, weight: Any, progress: Progress | None
    ) -> Self:
        self.classes_ = classes
        self.n_dense_ = self.n_dense if self.n_dense is not None else (0 if sparse.issparse(X) else X.shape[1])
        words, dense = self._parts(X)
        self.mean_, self.scale_ = dense.mean(axis=0), np.maximum(dense.std(axis=0), 1e-6)
        self.scale_[dense.std(axis=0) < 1e-6] = 1
        dense = (dense - self.mean_) / self.scale_
        documents = _codes(groups, len(dense))
        weight = _check_sample_weight(weight, X, dtype=np.float32, allow_all_zero_weights=False)
        self._descend(words, dense, targets, documents, weight / weight.mean(), progress)
        return self

    def _descend(
        self,
        words: sparse.csr_matrix,
        dense: np.ndarray,
        targets: list[np.ndarray],
        documents: np.ndarray,
        weight: np.ndarray,
        progress: Progress | None,
    ) -> None:
        random = np.random.default_rng(check_random_state(self.random_state).randint(2**31))
        tasks = tuple(target.shape[1] for target in targets)
        sizes = (words.shape[1], dense.shape[1], self.vector, self.layer, self.reach)
        self.weights_ = network.starting_weights(network.Shape(*sizes, tasks), random)
        descent = network.Descent(self.weights_, self.rate, self.word_rate, self.decay)
        size = min(self.batch, max(len(dense) // 8, 16))
        epochs = max(self.epochs, -(-_LEAST_STEPS * size // len(dense)))
        steps = epochs * -(-len(dense) // size)
        for epoch in range(epochs):
            for rows in network.batches(documents, size, random):
                share = max(1 - descent.steps / steps, 0.02)
                goals = [target[rows] for target in targets]
                self._step(descent, words[rows], dense[rows], goals, documents[rows], weight[rows], share, random)
            if progress is not None:
                progress("epoch", epoch + 1, epochs)
        descent.forget_unseen()
        # Word vectors are stored in half precision, so they are rounded before anything is measured with them.
        self.weights_["words"] = self.weights_["words"].astype(np.float16).astype(np.float32)

    def _step(
        self,
        descent: network.Descent,
        words: sparse.csr_matrix,
        dense: np.ndarray,
        goals: list[np.ndarray],
        documents: np.ndarray,
        weight: np.ndarray,
        share: float,
        random: np.random.Generator,
    ) -> None:
        if self.word_dropout:
            kept = random.random(words.nnz, dtype=np.float32) >= self.word_dropout
            words.data = words.data * kept / np.float32(1 - self.word_dropout)
        columns, places = np.unique(words.indices, return_inverse=True)
        words = sparse.csr_matrix((words.data, places, words.indptr), shape=(len(dense), len(columns)))
        near = network.context(documents, self.reach, self.vicinity)
        drop = (self.dropout, random) if self.dropout else None
        scores, seen = network.forward(self.weights_, words @ self.weights_["words"][columns], dense, near, drop)
        slopes = network.backward(self.weights_, network.loss_slope(scores, goals, weight), seen)
        descent.step(slopes, columns, words.T @ slopes["words"], share)

    def scores(self, X: Any, groups: Any = None) -> list[np.ndarray]:
        """Unnormalised log-probabilities (n, classes) of each task."""
        return network.split_tasks(self.trace(X, groups)[0], self._tasks())

    def trace(self, X: Any, groups: Any = None) -> tuple[np.ndarray, network.Pass]:
        """Scores of all tasks side by side, and the pass that led to them."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", dtype=np.float32, reset=False)
        words, dense = self._parts(X)
        dense = (dense - self.mean_) / self.scale_
        near = network.context(_codes(groups, len(dense)), self.reach, self.vicinity)
        return network.forward(self.weights_, words @ self.weights_["words"], dense, near)

    def predict_proba(self, X: Any, groups: Any = None) -> Any:
        """Probabilities (n, classes); a list of them when several tasks were fitted."""
        found = [network.softmax(part.astype(np.float64)) for part in self.scores(X, groups)]
        return found if isinstance(self.classes_, list) else found[0]

    def predict(self, X: Any, groups: Any = None) -> Any:
        """Most probable label of each row; a list of arrays when several tasks were fitted."""
        found = self.predict_proba(X, groups)
        if isinstance(self.classes_, list):
            return [names[part.argmax(axis=1)] for names, part in zip(self.classes_, found, strict=True)]
        return self.classes_[found.argmax(axis=1)]

    def _tasks(self) -> list[int]:
        return [len(names) for names in (self.classes_ if isinstance(self.classes_, list) else [self.classes_])]

    def _parts(self, X: Any) -> tuple[sparse.csr_matrix, np.ndarray]:
        dense, words = X[:, : self.n_dense_], X[:, self.n_dense_ :]
        dense = dense.toarray() if sparse.issparse(dense) else np.asarray(dense)
        return sparse.csr_matrix(words), dense

    def __getstate__(self) -> dict[str, Any]:
        """State for storing: word vectors in half precision, which loses nothing after `fit`."""
        state = dict(super().__getstate__())
        if "weights_" in state:
            state["weights_"] = state["weights_"] | {"words": state["weights_"]["words"].astype(np.float16)}
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore what `__getstate__` gave."""
        super().__setstate__(state)
        if "weights_" in state:
            self.weights_ = self.weights_ | {"words": self.weights_["words"].astype(np.float32)}

    def __sklearn_tags__(self) -> Any:
        """Tags that scikit-learn asks for: sparse input is welcome."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def _codes(groups: Any, rows: int) -> np.ndarray:
    """Number the runs of equal neighbours from 0; without groups every row is alone."""
    if groups is None:
        return np.arange(rows)
    groups = np.asarray(groups)
    if len(groups) != rows:
        raise ValueError(f"groups has {len(groups)} entries for {rows} rows")
    return np.concatenate([[0], np.cumsum(groups[1:] != groups[:-1])]) if rows else np.arange(0)
