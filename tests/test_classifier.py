"""The classifier keeps scikit-learn's contract, reads neighbours, and never across a document."""

from __future__ import annotations

import numpy as np
from sklearn.utils.estimator_checks import parametrize_with_checks

from annotator.classifier import WindowClassifier


STOCHASTIC = "batches are drawn at random, so a repeated row is not the same as a weight of two"
EXPECTED = {f"check_sample_weight_equivalence_on_{kind}_data": STOCHASTIC for kind in ("dense", "sparse")}


@parametrize_with_checks([WindowClassifier(vector=16, layer=16)], expected_failed_checks=lambda _: EXPECTED)
def test_scikit_learn_contract(estimator, check):
    check(estimator)
