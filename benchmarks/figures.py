"""Write the measured figures into the docs: ``python benchmarks/figures.py``, after ``benchmarks/measure.py``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results.json"
ABLATION = Path(__file__).parent / "ablation.json"
CHECKTHAT = Path(__file__).parent / "checkthat.json"
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
    return f"{before}{BEGIN}\n{chr(10).join(DOCS[path](results)).rstrip()}\n{END}{after}"


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A Markdown table under its title."""
    yield from (title, "", _row(columns), "| --- " * len(columns) + "|")
    yield from map(_row, rows)
    yield ""


def _row(cells: Sequence[object]) -> str:
    shown = (f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells)
    return f"| {' | '.join(shown)} |".replace("|  |", "| |")


def _readme_lines(results: dict[str, Any]) -> Iterator[str]:
    yield from _label_lines(results["models"])
    yield from _challenge_lines(results["models"])
    yield from _splitting_lines(results["splitting"])
    yield from _span_lines(results["spans"])
    yield from _cited_lines(results["cited_sentences"])


def _models_lines(results: dict[str, Any]) -> Iterator[str]:
    yield from _label_lines(results["models"])
    yield from _challenge_lines(results["models"])
    yield from _checkthat_lines(json.loads(CHECKTHAT.read_text(encoding="utf-8")))
    yield from _ablation_lines()


def _ablation_lines() -> Iterator[str]:
    """What each part brought when the models were developed; the rows were measured once and are kept as data."""
    for name, table in json.loads(ABLATION.read_text(encoding="utf-8")).items():
        title = f"What each part of `{name}` brought, measured while it was developed on {table['protocol']}:"
        rows = ((row["recipe"], row["macro_f1"], row["unsupported_f1"]) for row in table["rows"])
        yield from _table(title, ("recipe", "macro-F1", "F1 of unsupported"), rows)


def _label_lines(models: dict[str, Any]) -> Iterator[str]:
    first = next(iter(models.values()))
    size = f"{first['sentences']:,} sentences of {first['documents']} documents"
    names = [*first["label"], *(name for name in first["citation"] if name != "macro_f1")]
    sure = ("calibration error", "right among the surest 60 %", "source named right")
    rows = (_label_row(name, row, names) for name, row in models.items())
    title = f"F1 on {size} that no model has seen (`../shared/corpus/dev.jsonl`):"
    yield from _table(title, ("model", "macro-F1", *names, *sure), rows)


def _label_row(model: str, row: dict[str, Any], names: Sequence[str]) -> list[object]:
    low, high = row["intervals"]["macro_f1"]
    each = [float((row["label"] | row["citation"])[name]["f1"]) for name in names]
    sure = [row["calibration_error"], row["accuracy_at_60_coverage"], row["source_overlap"]]
    return [f"`{model}`", f"{row['macro_f1']:.3f} ({low:.3f}-{high:.3f})", *each, *sure]


def _challenge_lines(models: dict[str, Any]) -> Iterator[str]:
    first = next(iter(models.values()))["challenge"]
    size = f"{first['groups']['groups']} minimal groups and {first['swaps']['pairs']} name swaps"
    title = f"On {size} of our own (`annotator evaluate --challenge tests/challenge`):"
    kept = ("accuracy", "fair_accuracy", "fair_whole_groups", "endorsed_flagged", "others_flagged")
    columns = ("right", "right or allowed", "whole groups", "plots flagged", "others flagged", "changed by a swap")
    found = {name: row["challenge"] for name, row in models.items()}
    rows = (
        [f"`{name}`", *(one["groups"][key] for key in kept), one["swaps"]["changed"]] for name, one in found.items()
    )
    yield from _table(title, ("model", *columns), rows)


def _checkthat_lines(report: dict[str, Any]) -> Iterator[str]:
    title = (
        f"The recipe of `accurate` on other people's labels: CheckThat! subjectivity, English, {report['sentences']} "
        "sentences of dev_test (`python benchmarks/checkthat.py --first benchmarks/checkthat_first.toml`):"
    )
    columns = ("trained on", "macro-F1", *report["label"], "calibration error")
    each = (float(label["f1"]) for label in report["label"].values())
    yield from _table(title, columns, [(report["trained_on"], report["macro_f1"], *each, report["calibration_error"])])


def _splitting_lines(sets: dict[str, Any]) -> Iterator[str]:
    rows = ((name, str(row["boundary_f1"]), PEERS[name]) for name, row in sets.items())
    yield from _table("Sentence splitting, boundary F1 on public gold sets:", ("set", "annotator", "best peer"), rows)


def _span_lines(scopes: dict[str, Any]) -> Iterator[str]:
    kept = ("content@0.3", "joint", "content@0.8")
    rows = ((title, *(scopes[scope][key] for key in kept), peer) for scope, (title, peer) in SPAN_PEERS.items())
    columns = ("", "content", "content and speaker", "content at overlap 0.8", "best peer, the same")
    title = "Parts of attributions, F1 on the public PolNeAR development documents (`annotator.attributions`):"
    yield from _table(title, columns, rows)


def _cited_lines(sets: dict[str, Any]) -> Iterator[str]:
    rows = ((name, row["f1"], row["quiet_recall"], CITED_PEERS[name]) for name, row in sets.items())
    columns = ("set", "F1", "recall without quotation marks", "best peer")
    yield from _table("Sentences that hold an attribution:", columns, rows)


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
