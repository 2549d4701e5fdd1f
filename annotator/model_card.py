"""The model card: what a model was made from and how good it is, written from its measured metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotator.lexicon import FOLDER, read_rows


def card(name: str, labels: Sequence[str], metrics: Mapping[str, Any]) -> str:
    """Markdown text of the card."""
    return "\n".join(_lines(name, labels, metrics)) + "\n"


def _lines(name: str, labels: Sequence[str], metrics: Mapping[str, Any]) -> Iterator[str]:
    training = metrics["training"]
    yield f"# Model `{name}`"
    yield ""
    yield "Labels each sentence of an English document: " + ", ".join(f"`{label}`" for label in labels) + "."
    yield "Written by `annotator train` from what it measured; not edited by hand."
    yield ""
    yield "## Made from"
    yield ""
    yield f"{training['sentences']:,} labelled sentences of {training['documents']} documents"
    if training["soft_sentences"]:
        yield f"and {training['soft_sentences']:,} sentences with the probabilities of a larger model."
    yield ""
    yield "| file | SHA-256 |"
    yield "| --- | --- |"
    for row in metrics["data"]:
        yield f"| {row['file']} | `{row['sha256']}` |"
    yield ""
    yield "| origin of the sentences | count | licence of the texts |"
    yield "| --- | --- | --- |"
    licences = _licences()
    for origin, count in metrics["origins"].items():
        yield f"| {origin} | {count:,} | {licences.get(origin, 'not stated')} |"
    yield ""
    if set(metrics["origins"]) & set(licences):
        yield "No text is part of the model. Some texts are non-commercial or without a stated licence: ask before you"
        yield "build a product on these weights. The labels are a language model's readings under the codebook, not"
        yield "people's; `annotator train seeds/sentences.jsonl` makes a model from the project's own sentences alone."
        yield ""
    yield from _scores("Out of fold, on the labelled training sentences", training["label"]["out_of_fold_f1"])
    yield f"Macro-F1 {training['label']['out_of_fold_macro_f1']:.3f}."
    if "held_out" in metrics:
        yield ""
        yield from _held_out(metrics["held_out"])


def _licences() -> dict[str, str]:
    return {cells[0]: cells[1] for _, cells in read_rows(FOLDER / "origins.tsv", ["origin", "licence", "note"])}


def _scores(title: str, scores: Mapping[str, float]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield "| label | F1 |"
    yield "| --- | --- |"
    for label, value in scores.items():
        yield f"| {label} | {value:.3f} |"
    yield ""


def _held_out(found: Mapping[str, Any]) -> Iterator[str]:
    low, high = found["intervals"]["macro_f1"]
    file = found["data"][0]["file"]
    yield f"## On `{file}`: {found['sentences']:,} sentences of {found['documents']} other documents"
    yield ""
    yield "| | precision | recall | F1 | sentences |"
    yield "| --- | --- | --- | --- | --- |"
    for label, row in found["label"].items():
        yield f"| {label} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} | {row['support']:,} |"
    yield ""
    yield f"Macro-F1 {found['macro_f1']:.3f} (95 % interval by document {low:.3f} to {high:.3f}), expected calibration"
    yield f"error {found['calibration_error']:.3f}."
    if "citation" in found:
        parts = [f"{name} {row['f1']:.3f}" for name, row in found["citation"].items() if name != "macro_f1"]
        yield f"Citation, F1: {', '.join(parts)}."
