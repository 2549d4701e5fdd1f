"""Write the measured figures into the docs: ``python benchmarks/figures.py``, after ``benchmarks/measure.py``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results.json"
ABLATION = Path(__file__).parent / "ablation.json"
BEGIN, END = "<!-- figures: written by `python benchmarks/figures.py`, never by hand -->", "<!-- end of figures -->"
# Best peer on each set, measured outside the project on the same gold with the same scorer (boundary F1).
PEERS = {
    "ewt_test": "91.3 (spaCy's parser after cutting at newlines)",
    "ewt_test_flat": "82.5 (spaCy's parser)",
    "gentle": "92.5 (segtok after cutting at newlines)",
    "golden": "98.5 (pySBD, built on this set)",
}
# Peers on the same documents with the same scorers, measured outside the project.
SPAN_PEERS = {
    "reported": (
        "reported speech",
        "0.816, 0.738, 0.652 (Gender Gap Tracker); 0.833, 0.796, 0.701 (60 lines on a parser)",
    ),
    "complete": (
        "all attributions",
        "0.581, 0.489, 0.448 (Gender Gap Tracker); 0.588, 0.539, 0.481 (60 lines on a parser)",
    ),
}
CITED_PEERS = {
    "polnear_dev": "0.86 (trained on its training part), 0.83",
    "gum_other": "about 0.50",
    "gentle": "0.377",
}


def replaced(path: Path) -> str:
    """Text of a file with the block between its two marks written anew."""
    before, rest = path.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    return f"{before}{BEGIN}\n{chr(10).join(DOCS[path](results))}\n{END}{after}"


def _readme_lines(results: dict[str, Any]) -> Iterator[str]:
    yield from _label_lines(results["models"])
    yield ""
    yield from _challenge_lines(results["models"])
    yield ""
    yield from _splitting_lines(results["splitting"])
    yield ""
    yield from _span_lines(results["spans"])
    yield ""
    yield from _cited_lines(results["cited_sentences"])


def _ablation_lines() -> Iterator[str]:
    """What each part brought when the models were developed; the rows were measured once and are kept as data."""
    for name, table in json.loads(ABLATION.read_text(encoding="utf-8")).items():
        yield ""
        yield f"What each part of `{name}` brought, measured while it was developed on {table['protocol']}:"
        yield ""
        yield "| recipe | macro-F1 | F1 of unsupported |"
        yield "| --- | --- | --- |"
        for row in table["rows"]:
            yield f"| {row['recipe']} | {row['macro_f1']:.3f} | {row['unsupported_f1']:.3f} |"


def _models_lines(results: dict[str, Any]) -> Iterator[str]:
    yield from _label_lines(results["models"])
    yield ""
    yield from _challenge_lines(results["models"])
    yield from _ablation_lines()


def _label_lines(models: dict[str, Any]) -> Iterator[str]:
    first = next(iter(models.values()))
    size = f"{first['sentences']:,} sentences of {first['documents']} documents"
    yield f"F1 on {size} that no model has seen (`../shared/corpus/dev.jsonl`):"
    yield ""
    names = [*first["label"], *(name for name in first["citation"] if name != "macro_f1")]
    yield "| model | macro-F1 | " + " | ".join(names) + " | calibration error | source named right |"
    yield "| --- " * (len(names) + 4) + "|"
    for name, row in models.items():
        low, high = row["intervals"]["macro_f1"]
        each = [f"{(row['label'] | row['citation'])[label]['f1']:.3f}" for label in names]
        figures = [f"{row['macro_f1']:.3f} ({low:.3f}-{high:.3f})", *each, f"{row['calibration_error']:.3f}"]
        yield f"| `{name}` | " + " | ".join([*figures, f"{row['source_overlap']:.3f}"]) + " |"


def _challenge_lines(models: dict[str, Any]) -> Iterator[str]:
    first = next(iter(models.values()))["challenge"]
    size = f"{first['groups']['groups']} minimal groups and {first['swaps']['pairs']} name swaps"
    yield f"On {size} of our own (`annotator evaluate --challenge tests/challenge`):"
    yield ""
    yield "| model | right | right or allowed | whole groups | plots flagged | others flagged | changed by a swap |"
    yield "| --- " * 7 + "|"
    for name, row in models.items():
        groups, swaps = row["challenge"]["groups"], row["challenge"]["swaps"]
        kept = ("accuracy", "fair_accuracy", "fair_whole_groups", "endorsed_flagged", "others_flagged")
        scores = [groups[key] for key in kept]
        yield f"| `{name}` | " + " | ".join(f"{score:.3f}" for score in [*scores, swaps["changed"]]) + " |"


def _splitting_lines(sets: dict[str, Any]) -> Iterator[str]:
    yield "Sentence splitting, boundary F1 on public gold sets:"
    yield ""
    yield "| set | annotator | best peer |"
    yield "| --- | --- | --- |"
    for name, row in sets.items():
        yield f"| {name} | {row['boundary_f1']} | {PEERS[name]} |"


def _span_lines(scopes: dict[str, Any]) -> Iterator[str]:
    yield "Parts of attributions, F1 on the public PolNeAR development documents (`annotator.attributions`):"
    yield ""
    yield "| | content | content and speaker | content at overlap 0.8 | best peer, the same |"
    yield "| --- | --- | --- | --- | --- |"
    for scope, (title, peer) in SPAN_PEERS.items():
        row = scopes[scope]
        yield f"| {title} | {row['content@0.3']} | {row['joint']} | {row['content@0.8']} | {peer} |"


def _cited_lines(sets: dict[str, Any]) -> Iterator[str]:
    yield "Sentences that hold an attribution:"
    yield ""
    yield "| set | F1 | recall without quotation marks | best peer |"
    yield "| --- | --- | --- | --- |"
    for name, row in sets.items():
        yield f"| {name} | {row['f1']} | {row['quiet_recall']} | {CITED_PEERS[name]} |"


DOCS: dict[Path, Callable[[dict[str, Any]], Iterator[str]]] = {
    ROOT / "README.md": _readme_lines,
    ROOT / "models" / "README.md": _models_lines,
}


def main() -> None:
    """Write the blocks."""
    for path in DOCS:
        path.write_text(replaced(path), encoding="utf-8")


if __name__ == "__main__":
    main()
