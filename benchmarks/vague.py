"""How well the rules alone tell a vague authority, on labelled sentences.

    python benchmarks/vague.py GOLD.jsonl [--wrong N]

Two figures: of the answer `citation == "vague"`, and of the detector itself, which also fires in sentences that name a
source as well. `--wrong` prints so many missed and so many false sentences, chosen at random, to look at.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from typing import NamedTuple

from annotator import gold
from annotator.sourcing import source_sentences


class Row(NamedTuple):
    """A labelled sentence, whether it is vague, and the answer of the rules."""

    text: str
    wanted: str
    found: str


def rows(path: str) -> Iterator[Row]:
    """Every sentence of a labelled file with the answer of the rules."""
    for run in gold.documents(gold.read_labelled(path)):
        document = gold.rebuild(run)
        answers = source_sentences(document.document.text, document.sentences)
        for labelled, answer in zip(run, answers, strict=True):
            yield Row(labelled.text, labelled.citation or "none", answer.citation)


def main() -> None:
    """Print precision, recall and F1 of each citation value, and some wrong answers about "vague"."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gold")
    parser.add_argument("--wrong", type=int, default=0)
    options = parser.parse_args()
    found = list(rows(options.gold))
    for name in ("vague", "explicit", "carried", "none"):
        right = sum(row.wanted == row.found == name for row in found)
        given, wanted = sum(row.found == name for row in found), sum(row.wanted == name for row in found)
        print(
            f"{name:<9} precision {right / max(1, given):.3f} recall {right / max(1, wanted):.3f}"
            f" F1 {2 * right / max(1, given + wanted):.3f}  ({wanted} wanted, {given} given)"
        )
    random.seed(1)
    missed = [row for row in found if row.wanted == "vague" != row.found]
    false = [row for row in found if row.found == "vague" != row.wanted]
    for title, group in (("missed", missed), ("false", false)):
        for row in random.sample(group, min(options.wrong, len(group))):
            print(f"{title} {row.wanted} -> {row.found}: {row.text}")


if __name__ == "__main__":
    main()
