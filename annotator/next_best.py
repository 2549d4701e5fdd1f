"""Which sentences to review next, so that the model learns most: those it is unsure of, and no two of a kind.

Uncertainty is 1 less the margin between the two likeliest labels. Each pick lowers the worth of sentences like it
(cosine of their weighted words), as in maximal marginal relevance (Carbonell and Goldstein 1998).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from scipy import sparse

    from annotator.review import Review
    from annotator.review_rows import Row

MOST = 300
_HASH_BITS = 16


def uncertainty(probabilities: np.ndarray) -> np.ndarray:
    """How unsure each row of probabilities (n, labels) is: 0 for certainty, 1 for a tie of the two likeliest labels."""
    if probabilities.shape[1] < 2:
        return np.zeros(len(probabilities))
    best = np.sort(probabilities, axis=1)
    return 1 - (best[:, -1] - best[:, -2])


def word_vectors(texts: Sequence[str]) -> sparse.csr_matrix:
    """Words of each text, rare ones weighing more; rows (n, features) have length one, so that products are cosines."""
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

    words = HashingVectorizer(n_features=2**_HASH_BITS, alternate_sign=False, norm=None, dtype=np.float32)
    return TfidfTransformer(sublinear_tf=True).fit_transform(words.transform(texts)).tocsr()


def choose(
    probabilities: np.ndarray, vectors: sparse.csr_matrix, count: int, seen: Sequence[int] = (), diversity: float = 1.0
) -> list[int]:
    """Rows to review next, the best first.

    Parameters
    ----------
    probabilities : ndarray, shape (n, labels)
        What the model says.
    vectors : csr_matrix, shape (n, features)
        Words of each sentence, rows of length one.
    count : int
        How many to choose.
    seen : sequence of int
        Rows already reviewed: never chosen, and what resembles them is worth less.
    diversity : float
        0 to 1: how much of its worth a sentence loses that equals one chosen before.
    """
    worth = uncertainty(probabilities) + 1e-9
    done = list(seen)
    worth[done] = -1.0
    likeness = _likeness(vectors, done)
    chosen: list[int] = []
    while len(chosen) < min(count, len(worth) - len(done)):
        pick = int(np.argmax(np.where(worth < 0, -1.0, worth * (1 - diversity * likeness))))
        chosen.append(pick)
        worth[pick] = -1.0
        likeness = np.maximum(likeness, _likeness(vectors, [pick]))
    return chosen


def _likeness(vectors: sparse.csr_matrix, rows: Sequence[int]) -> np.ndarray:
    """Greatest cosine of each row with any of some rows."""
    if not len(rows):
        return np.zeros(vectors.shape[0])
    found = np.zeros(vectors.shape[0])
    for start in range(0, len(rows), 256):
        products = (vectors @ vectors[rows[start : start + 256]].T).max(axis=1)
        found = np.maximum(found, products.toarray().ravel())
    return np.minimum(found, 1.0)


def by_worth(review: Review, rows: list[Row]) -> Iterable[Row]:
    """Order for the review: the most worth first, up to `MOST` sentences, the rest most doubtful first."""
    if not rows:
        return rows
    labels = list(review.labels)
    chances: list[list[Any]] = [[row.record["probabilities"].get(name, 0.0) for name in labels] for row in rows]
    probabilities = np.array(chances, dtype=float)
    seen = [place for place, row in enumerate(rows) if any(view.decided for view in row.views.values())]
    first = choose(probabilities, word_vectors([row.record["text"] for row in rows]), MOST, seen)
    taken = set(first)
    rest = sorted((p for p in range(len(rows)) if p not in taken), key=lambda p: -uncertainty(probabilities[[p]])[0])
    return [rows[place] for place in (*first, *rest)]
