"""From reviews and a model that exists to a new model folder: ``annotator train --add`` without labelled files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from annotator.adaptation import Adapted, adapt, measure_adaptation
from annotator.errors import ModelError
from annotator.fast_tier import StatusModel
from annotator.gain import Gain
from annotator.gold import GoldDocument
from annotator.model import Model
from annotator.model_card import card
from annotator.model_store import CONFIG, METRICS, checksum, find_model, installed, load_model, read_config, save_model
from annotator.record import Sourcing
from annotator.reviewed import read_reviews
from annotator.sourcing import source_sentences


def adapt_model(reviews: Sequence[str], output: str, model: str | None = None, *, replace: bool = False) -> list[str]:
    """Fit a model to reviews, measure that, and save it as a new model; returns the lines that say what came of it.

    Parameters
    ----------
    reviews : sequence of str
        Review logs, or what ``annotator review export`` wrote.
    output : str
        Folder of the new model; never that of the model it is made from.
    model : str, optional
        Model to start from, by name or folder; it must be of the fast tier. Default: the fast one installed.
    replace : bool
        Allow `output` to be another model that exists.

    Raises
    ------
    ReadError, LabelledDataError, ModelError
        Before anything is written, if a file is broken, there is too little to learn from, or `output` is taken.
    """
    folder, start = Path(output), find_model(model) if model else _fast()
    if folder.resolve() == start.resolve():
        raise ModelError("same-model", "a model is never fitted to reviews in its own place; name another", path=folder)
    if (folder / CONFIG).exists() and not replace:
        raise ModelError("exists", "there is a model here already; --replace allows to replace it", path=folder)
    old = load_model(str(start))
    if not isinstance(old.status, StatusModel):
        raise ModelError("other-tier", "only models of the fast tier can be fitted to reviews", path=start)
    reads = [read_reviews(path) for path in reviews]
    documents = [document for read in reads for document in read.documents]
    gain = measure_adaptation(old.status, documents, _source)
    fitted = adapt(old.status, documents, _source)
    metrics = _metrics(start, reviews, gain, fitted)
    text = card(folder.name, fitted.model.labels, metrics) + "\n".join(_card_lines(old.name, gain)) + "\n"
    new = Model(folder.name, "", old.review_below, fitted.model, weights=old.weights)
    save_model(folder, new, metrics, card=text)
    return [notice for read in reads for notice in read.notices] + _lines(fitted, gain)


def _fast() -> Path:
    found = next((folder for folder in installed() if read_config(folder)["tier"] == "fast"), None)
    return found or find_model()


def _source(document: GoldDocument) -> Sequence[Sourcing]:
    return source_sentences(document.document.text, document.sentences)


def _metrics(start: Path, reviews: Sequence[str], gain: Gain, fitted: Adapted) -> dict[str, Any]:
    """Metrics of the model it is made from, less its scores, which no longer hold, with what the reviews brought."""
    try:
        metrics: dict[str, Any] = json.loads((start / METRICS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError("bad-metrics", f"can't be read: {error}", path=start / METRICS) from error
    for name in ("held_out", "floors"):
        metrics.pop(name, None)
    moved = {task: None if penalty == float("inf") else penalty for task, penalty in fitted.penalties.items()}
    data = [{"file": Path(path).name, "sha256": checksum(Path(path))} for path in reviews]
    metrics["reviews"] = {"made_from": start.name, "made_from_sha256": checksum(start / CONFIG), "data": data}
    metrics["reviews"] |= {"penalties": moved} | gain.to_json()
    return metrics


def _card_lines(old: str, gain: Gain) -> Iterator[str]:
    yield ""
    yield f"## Fitted to reviews, from the model `{old}`"
    yield ""
    yield "The figures above are those of that model's training. What the reviews brought, on some that were held back:"
    yield ""
    yield from (f"    {line}" for line in gain.lines())


def _lines(fitted: Adapted, gain: Gain) -> list[str]:
    still = [task for task, penalty in fitted.penalties.items() if penalty == float("inf")]
    notes = (
        [f"{' and '.join(still)}: the reviews teach nothing that holds across documents; left as it was"]
        if still
        else []
    )
    return [*gain.lines(), *notes]
