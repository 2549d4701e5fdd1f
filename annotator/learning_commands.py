"""The commands ``annotator suspects`` and ``annotator next``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from annotator.errors import ReadError
from annotator.plain_commands import PlainCommand, say, show, show_json
from annotator.wording import counted, short

_WIDTH = 180


@click.command(cls=PlainCommand)
@click.argument("labelled", nargs=-1, required=True, metavar="LABELLED.jsonl...")
@click.option("--most", default=50, show_default=True, type=click.IntRange(1), help="How many to list.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option("--config", metavar="TOML", help="Settings of the training, as for 'annotator train'.")
def suspects(labelled: tuple[str, ...], most: int, as_json: bool, config: str | None) -> None:
    """List the labels that are likely wrong, the likeliest first, by models that never saw the sentence's document.

    A line has the chance that the label is right, the label, the likelier one, and the sentence.

    \b
    Example:
      annotator suspects reviewed.jsonl --most 20
    """
    from annotator import gold
    from annotator.progress import Steps
    from annotator.suspects import find_suspects
    from annotator.training import TrainingConfig

    settings = TrainingConfig.from_toml(config) if config else TrainingConfig()
    lines = [line for path in labelled for line in gold.read_labelled(path)]
    with Steps() as steps:
        found = find_suspects([gold.rebuild(run) for run in gold.documents(lines)], settings, progress=steps)
    for line, likely, confidence in found[:most]:
        row = {
            "id": line.id,
            "document": line.document,
            "label": line.label,
            "likely": likely,
            "confidence": round(confidence, 3),
        }
        _print(
            row | {"text": line.text}, as_json, f"{confidence:.2f}  {line.label} -> {likely}  {line.id}: {line.text}"
        )
    say(f"{counted(len(found), 'suspect label')} among {len(lines):,}")


@click.command("next", cls=PlainCommand)
@click.argument("output", metavar="OUT.jsonl")
@click.option("--most", default=50, show_default=True, type=click.IntRange(1), help="How many to list.")
@click.option("--log", metavar="LOG.jsonl", help="The review log. Default: beside the output.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def next_best(output: str, most: int, log: str | None, as_json: bool) -> None:
    """List the sentences whose review teaches the model most: doubtful ones, no two of a kind, none reviewed already.

    A line has the doubt about the label (0 to 1), the label, and the sentence by its number in the document.

    \b
    Example:
      annotator next out.jsonl --most 20
    """
    import numpy as np

    from annotator.next_best import by_worth, uncertainty
    from annotator.review import Review

    if log and not Path(log).exists():
        raise ReadError("not-found", "there is no such file", path=log)
    review = Review(output, "reader", log=log, read_only=True)
    for notice in review.notices():
        say(f"annotator: {notice}")
    left = [row for row in by_worth(review, review.rows) if not any(view.decided for view in row.views.values())]
    for row in left[:most]:
        record = row.record
        doubt = float(uncertainty(np.array([list(record["probabilities"].values())]))[0])
        found = {name: record[name] for name in ("document", "index", "start", "end", "label", "text")}
        text = f"{doubt:.2f}  {record['label']}  {record['document']} sentence {record['index'] + 1}: {record['text']}"
        _print(found | {"doubt": round(doubt, 3)}, as_json, text)


def _print(row: dict[str, Any], as_json: bool, text: str) -> None:
    if as_json:
        show_json(row)
    else:
        show(short(text, _WIDTH))
