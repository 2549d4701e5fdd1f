"""Weights read from files of skops: the same objects, and nothing that was not named."""

from __future__ import annotations

import random
import subprocess
import sys

import numpy as np
import pytest
import skops.io

from annotator.calibration import Calibrator
from annotator.model_store import TRUSTED, WEIGHTS, installed
from annotator.weights import read_weights


@pytest.mark.parametrize("folder", installed(), ids=lambda path: path.name)
def test_reads_what_skops_reads(folder):
    ours, theirs = read_weights(folder / WEIGHTS, TRUSTED), skops.io.load(folder / WEIGHTS, trusted=[*TRUSTED])
    assert vars(ours).keys() == vars(theirs).keys()
    assert ours.labels == theirs.labels
    for one, other in zip(ours.calibrators, theirs.calibrators, strict=True):
        assert (one.temperature_, *one.shift_) == (other.temperature_, *other.shift_)
    if hasattr(ours, "classifier"):
        pairs = [(ours.classifier.weights_[name], array) for name, array in theirs.classifier.weights_.items()]
        assert all(one.dtype == other.dtype and np.array_equal(one, other) for one, other in pairs)
        assert ours.classifier.get_params() == theirs.classifier.get_params()


@pytest.mark.parametrize(
    "value",
    [random.Random(1), print, np.array([{"a": 1}], dtype=object), {1, 2}, {1: "key of another type"}, Calibrator()],
    ids=["object", "function", "array of objects", "set", "key", "class that was not named"],
)
def test_anything_else_is_refused(tmp_path, value):
    skops.io.dump({"deep": [value]}, tmp_path / "w.skops")
    with pytest.raises(ValueError, match="none of ours"):
        read_weights(tmp_path / "w.skops", {})


def test_to_load_a_model_imports_no_skops():
    code = "import sys, annotator; annotator.load('fast'); sys.exit('skops' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
