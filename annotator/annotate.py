"""The page to read first: how a document becomes annotated sentences.

Reading gives a `Document`; it is split into sentences; every sentence is asked three separate questions - who speaks
and on what source (sourcing), how it stands (status, by the model) - and the answers are put side by side in one
record. Nothing here changes the text, and every offset points into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from annotator.ledger import ledger
from annotator.model import NO_CLAIM, Model
from annotator.model_store import load_model
from annotator.profile import profile
from annotator.propositions import apart
from annotator.record import AnnotatedDocument, AnnotatedSentence, Claim, Document, Sentence, Sourcing, Verdict
from annotator.reliability import load_house_list
from annotator.sourcing import source_sentences
from annotator.splitting import sentences

BATCH = 64
READING = "interpretation"


def annotate(documents: Sequence[Document], model: Model) -> list[AnnotatedDocument]:
    """Annotate documents together, which is faster than one by one and gives the same result."""
    split = [sentences(document.text, document.markdown) for document in documents]
    judged = judge([document.text for document in documents], split, model)
    return [_document(document, found, model) for document, found in zip(documents, judged, strict=True)]


def judge(
    texts: Sequence[str], split: Sequence[Sequence[Sentence]], model: Model
) -> list[tuple[AnnotatedSentence, ...]]:
    """Ask who speaks on what source, then how it stands, of every sentence of every text."""
    sourced = [source_sentences(text, found, model.house) for text, found in zip(texts, split, strict=True)]
    opinions = model.judge(split, sourced)
    return [
        tuple(map(_sentence, found, opinion.verdicts, opinion.sourcings))
        for found, opinion in zip(split, opinions, strict=True)
    ]


def _document(document: Document, found: tuple[AnnotatedSentence, ...], model: Model) -> AnnotatedDocument:
    sources = ledger(found)
    return AnnotatedDocument(
        id=document.id,
        sentences=found,
        profile=profile(found, sources),
        sources=sources,
        model=model.name,
        model_sha256=model.sha256,
        metadata=document.metadata,
        house_list=house_list(model),
    )


def house_list(model: Model) -> dict[str, str] | None:
    """Which house list a model uses, for the record."""
    return None if model.house is None else {"file": model.house.file, "sha256": model.house.sha256}


def _sentence(sentence: Sentence, verdict: Verdict, sourcing: Sourcing) -> AnnotatedSentence:
    """Put the answers side by side; a sentence that asserts nothing holds no claim, and one may hold several."""
    if verdict.label == NO_CLAIM:
        claims: tuple[Claim, ...] = ()
    else:
        claims = apart(sentence.text, sentence.start, sourcing.claims, clauses_only=verdict.label == READING)
    if claims != sourcing.claims:
        sourcing = replace(sourcing, claims=claims)
    return AnnotatedSentence(sentence, verdict, sourcing)


def failed(document: str, reason: str, detail: str, model: Model, metadata: dict[str, Any]) -> AnnotatedDocument:
    """The record of a document that can't be annotated."""
    empty = AnnotatedDocument(document, (), profile(()), (), model.name, model.sha256, metadata, reason, detail)
    return replace(empty, house_list=house_list(model))


class Annotator:
    """A loaded model, ready to annotate texts.

    Parameters
    ----------
    model : Model
        As `annotator.model_store.load_model` gives it.

    Examples
    --------
    >>> import annotator
    >>> tool = annotator.load()
    >>> document = tool("The treaty was signed in 1921. Who paid them all those years?", id="note")
    >>> [item.sentence.start for item in document.sentences]
    [0, 31]
    """

    def __init__(self, model: Model) -> None:
        self.model = model

    def __call__(self, text: str, id: str = "text", *, markdown: bool = False) -> AnnotatedDocument:
        """Annotate one text."""
        return annotate([Document(id, text, markdown=markdown)], self.model)[0]

    def pipe(self, documents: Iterable[Document]) -> Iterator[AnnotatedDocument]:
        """Annotate documents as they come, in order and in constant memory."""
        waiting = map(_checked, documents)
        while batch := list(islice(waiting, BATCH)):
            yield from annotate(batch, self.model)


def _checked(document: Document) -> Document:
    if not isinstance(document, Document):
        raise TypeError(f"expected annotator.Document(id, text), found {type(document).__name__}")
    return document


def load(model: str | None = None, *, max_risk: float | None = None, house_list: Path | str | None = None) -> Annotator:
    """Load a model by name or folder, or the best one installed; it abstains above `max_risk`, see `Model`.

    `house_list` is a file with the standing of sources by name or domain; see ``lexicons/house_list_example.tsv``.

    Raises
    ------
    ModelError
        If it is missing, altered or of another version.
    LexiconError
        If a row of the house list is wrong; nothing runs on half of it.
    ValueError
        If `max_risk` is no chance.
    """
    house = load_house_list(house_list) if house_list is not None else None
    return Annotator(replace(load_model(model), max_risk=max_risk, house=house))
