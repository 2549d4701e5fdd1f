"""`annotator train --add`: weights reach the training, with labelled files and without."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from annotator.cli import main
from annotator.features import Features
from annotator.jsonl import dumps
from annotator.record import LABELS
from annotator.training import make_lesson
from tests.test_adaptation import house
from tests.test_learning import SMALL, documents


def test_weights_of_lines_reach_the_lesson():
    lesson = make_lesson([*documents(1), *documents(1, weight=0.5)], Features(hash_bits=12), LABELS, [], SMALL)
    assert np.array_equal(lesson.weight, [1.0] * 12 + [0.5] * 12)


@pytest.fixture
def files(tmp_path):
    for name, found in {"base": documents(8), "reviews": house(10)}.items():
        lines = [dumps(line.to_json()) + "\n" for document in found for line in document.labelled]
        (tmp_path / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "small.toml").write_text("hash_bits = 12\nvector = 8\nlayer = 8\nepochs = 2\nfolds = 3\n")
    return tmp_path


def train(*args):
    return CliRunner().invoke(main, ["train", *map(str, args)])


def test_with_and_without_labelled_files(files):
    base, reviews, config = files / "base.jsonl", files / "reviews.jsonl", ["--config", files / "small.toml"]
    assert train(base, "--output", files / "old", *config).exit_code == 0
    both = train(base, "--add", reviews, "--output", files / "both", *config)
    assert both.exit_code == 0
    assert "120 reviewed sentences, each counting 3 times" in both.stderr
    assert "in macro-F1" in both.stderr
    assert "reviews" in json.loads((files / "both" / "metrics.json").read_text())
    fitted = train("--add", reviews, "--model", files / "old", "--output", files / "new")
    assert fitted.exit_code == 0
    assert "gain +" in fitted.stderr
    own = train("--add", reviews, "--model", files / "old", "--output", files / "old", "--replace")
    assert (own.exit_code, "in its own place" in own.stderr) == (2, True)
    assert train("--output", files / "none").exit_code == 2
