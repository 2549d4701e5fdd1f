#!/usr/bin/env python3
"""Fit the weights of annotator/unmarked.py: where a sentence ends though no stop marks it.

    python benchmarks/fit_unmarked.py ../shared/corpus annotator/lexicons/unmarked_weights.tsv

Reads documents of consecutive sentences (train.jsonl and unlabelled.jsonl.gz), joins the sentences with spaces so that
the line breaks between them are lost, and learns from the gaps inside and between them. Each document is used twice,
once as one block and once cut into blocks, because in most texts paragraph breaks are still there. Rare features are
dropped, so that only words common to several documents count; an L1 penalty leaves the few that matter.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from annotator import unmarked

NOISY = {"biblioteca_pleyades"}  # its lines were broken mid-sentence
STOPS = (".", "!", "?", "…", ":", ";", ",")
LEAST_DOCUMENTS, STRENGTH, LEAST_WEIGHT, SEED = 6, 1.0, 0.1, 7


def documents(corpus: Path) -> Iterator[list[str]]:
    """Sentences of each document."""
    labelled: dict[str, list[str]] = {}
    for line in (corpus / "train.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        if row["origin"] not in NOISY:
            labelled.setdefault(row["document"], []).append(row["text"])
    yield from labelled.values()
    with gzip.open(corpus / "unlabelled.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["origin"] not in NOISY:
                yield row["sentences"]


def marked(sentence: str) -> bool:
    """Whether a sentence ends in a stop."""
    return sentence.rstrip("\"'”’)]*").endswith(STOPS)


def blocks(sentences: list[str], chance: random.Random) -> Iterator[list[str]]:
    """Cut a document into blocks, at most ends without a stop and at some others."""
    block: list[str] = []
    for sentence in sentences:
        block.append(sentence)
        if chance.random() < (0.25 if marked(sentence) else 0.7):
            yield block
            block = []
    if block:
        yield block


def examples(sentences: list[str]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Features of each gap in a block, and whether a sentence ends there."""
    text, last = " ".join(sentences), 0
    for sentence in sentences:
        end = last + len(sentence)
        for gap in unmarked.gaps(text, last, min(len(text), end + 2)):
            if gap[0] <= end:
                yield unmarked.features(text, last, gap, len(text)), gap[0] == end
        last = end + 1


def collect(corpus: Path) -> tuple[list[tuple[str, ...]], list[bool], list[int]]:
    """All examples with the number of their document."""
    chance = random.Random(SEED)
    rows, ends, numbers = [], [], []
    for number, document in enumerate(documents(corpus)):
        sentences = [" ".join(sentence.split()) for sentence in document]
        for block in (sentences, *blocks(sentences, chance)):
            for row, end in examples(block):
                rows.append(row), ends.append(end), numbers.append(number)
    return rows, ends, numbers


def fit(corpus: Path) -> tuple[dict[str, float], float]:
    """Weights of the features, and the bias."""
    rows, ends, numbers = collect(corpus)
    seen = Counter(feature for feature, _ in {(f, n) for row, n in zip(rows, numbers, strict=True) for f in row})
    kept = {feature for feature, count in seen.items() if count >= LEAST_DOCUMENTS}
    vectors = DictVectorizer(dtype=np.float32)
    matrix = vectors.fit_transform([dict.fromkeys((f for f in row if f in kept), 1) for row in rows])
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    model = LogisticRegression(l1_ratio=1, solver="liblinear", C=STRENGTH, max_iter=300, random_state=SEED)
    model.fit(matrix, np.array(ends))
    print(f"{len(ends)} gaps, {sum(ends)} ends, {len(kept)} features", file=sys.stderr)
    return dict(zip(vectors.feature_names_, model.coef_[0], strict=True)), float(model.intercept_[0])


def main(corpus: Path, target: Path) -> None:
    """Fit and write the table."""
    found, bias = fit(corpus)
    lines = [
        "# Weights of annotator/unmarked.py in log-odds; written by benchmarks/fit_unmarked.py, do not edit by hand.",
        "# p= word before, n= word after, b/a shapes before/after, plain lower-case words and long words so far.",
        "\t".join(unmarked.WEIGHTS_HEADER),
        f"{unmarked.BIAS}\t{bias:.2f}",
    ]
    kept = {name: weight for name, weight in found.items() if abs(weight) >= LEAST_WEIGHT and name[0] != "#"}
    lines += [f"{name}\t{weight:.2f}" for name, weight in sorted(kept.items())]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines) - 3} weights in {target}", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
