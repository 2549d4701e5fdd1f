"""A model against labelled sentences: they go through the same stages as a document that is tagged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from annotator import gold
from annotator.annotate import judge
from annotator.errors import LabelledDataError
from annotator.evaluation import Prediction, Report, evaluate
from annotator.gold import GoldDocument, LabelledSentence
from annotator.jsonl import dumps
from annotator.model import Model
from annotator.record import AnnotatedSentence
from annotator.writing import open_output

BATCH = 64


def annotate_gold(documents: Sequence[GoldDocument], model: Model) -> Iterator[AnnotatedSentence]:
    """Annotate labelled documents with the sentence boundaries that they come with."""
    for start in range(0, len(documents), BATCH):
        batch = documents[start : start + BATCH]
        texts = [document.document.text for document in batch]
        for sentences in judge(texts, [document.sentences for document in batch], model):
            yield from sentences


def score_model(path: str, model: Model, predictions: str | None = None) -> Report:
    """Score a model on a labelled file; optionally write its answer to every line.

    Raises
    ------
    LabelledDataError
        If the file is broken, or a label of it is unknown to the model.
    OutputError
        If the predictions can't be written.
    """
    labelled = gold.read_labelled(path)
    check_labels(labelled, model, path)
    documents = [gold.rebuild(run) for run in gold.documents(labelled)]
    answers = list(annotate_gold(documents, model))
    if predictions is not None:
        write_predictions(predictions, labelled, answers)
    return evaluate(labelled, [prediction(answer) for answer in answers])


def prediction(answer: AnnotatedSentence) -> Prediction:
    """What evaluation needs of an annotated sentence."""
    return Prediction(answer.verdict.label, answer.verdict.probabilities, answer.sourcing.citation)


def check_labels(labelled: Sequence[LabelledSentence], model: Model, path: Path | str) -> None:
    """Refuse gold that the model can't agree with.

    Raises
    ------
    LabelledDataError
        At the first line whose label the model doesn't know.
    """
    known = set(model.labels)
    for item in labelled:
        if item.label not in known:
            detail = f"the model knows no label {item.label!r}, only {', '.join(model.labels)}"
            raise LabelledDataError("unknown-label", detail, path=path, line=item.line)


def write_predictions(path: str, labelled: Sequence[LabelledSentence], answers: Sequence[AnnotatedSentence]) -> None:
    """Write the answer to every line, in the order of the gold.

    Raises
    ------
    OutputError
        If the file can't be written.
    """
    with open_output(path) as stream:
        for item, answer in zip(labelled, answers, strict=True):
            stream.write(dumps(_line(item, answer)) + "\n")


def _line(item: LabelledSentence, answer: AnnotatedSentence) -> dict[str, Any]:
    return {
        "id": item.id,
        "label": answer.verdict.label,
        "probabilities": answer.verdict.probabilities,
        "citation": answer.sourcing.citation,
        "sources": [source.text for source in answer.sourcing.sources],
    }


def overlap(said: Sequence[str], gold_words: str) -> float:
    """Best overlap of words (Jaccard, 0 to 1) between a source that was found and the one that gold names."""
    wanted = set(re.findall(r"\w+", gold_words.lower()))
    found = [set(re.findall(r"\w+", words.lower())) for words in said]
    return max((len(words & wanted) / len(words | wanted) for words in found if words | wanted), default=0.0)


def source_overlap(path: Path | str, model: Model) -> float:
    """Share of the ``explicit`` sentences of a labelled file whose named source overlaps with ours by half or more."""
    labelled = gold.read_labelled(path)
    documents = [gold.rebuild(run) for run in gold.documents(labelled)]
    pairs = zip(labelled, annotate_gold(documents, model), strict=True)
    scores = [
        overlap([source.text for source in answer.sourcing.sources], item.source)
        for item, answer in pairs
        if item.citation == "explicit" and item.source
    ]
    return sum(score >= 0.5 for score in scores) / len(scores) if scores else 0.0
