"""The annotator inside a spaCy pipeline: ``nlp.add_pipe("annotator")``.

``annotator_splitter`` sets sentence starts by our own rules; ``annotator`` labels the sentences of a `Doc`, splitting
it first where nobody else has. Results stand in ``Span._`` of each sentence and in ``Doc._``.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from annotator.annotate import Annotator, load
from annotator.profile import cites_source
from annotator.record import AnnotatedDocument, AnnotatedSentence
from annotator.splitting import split

_FIELDS = (
    "label",
    "probabilities",
    "needs_review",
    "citation",
    "cites_source",
    "voice",
    "sources",
    "claims",
    "reasons",
)


def _value(item: AnnotatedSentence, name: str) -> Any:
    if name == "cites_source":
        return cites_source(item)
    return getattr(item.verdict if hasattr(item.verdict, name) else item.sourcing, name)


def _getter(name: str) -> Any:
    def get(span: Span) -> Any:
        annotated: AnnotatedDocument | None = span.doc._.annotated
        if annotated is None:
            return None
        ends = [item.sentence.end for item in annotated.sentences]
        place = bisect_left(ends, span.start_char + 1)
        return _value(annotated.sentences[place], name) if place < len(ends) else None

    return get


def _register() -> None:
    for name in _FIELDS:
        Span.set_extension(name, getter=_getter(name), force=True)
    Doc.set_extension("annotated", default=None, force=True)
    Doc.set_extension("profile", getter=lambda doc: doc._.annotated.profile if doc._.annotated else None, force=True)


@Language.component("annotator_splitter", assigns=["token.is_sent_start", "doc.sents"])
def split_doc(doc: Doc) -> Doc:
    """Set the sentence starts of a `Doc`: a token starts a sentence when one of our spans begins in it or before it."""
    starts = iter([start for start, _ in split(doc.text)])
    following = next(starts, None)
    for token in doc:
        begins = following is not None and token.idx + len(token) > following
        token.is_sent_start = begins or token.i == 0
        while following is not None and token.idx + len(token) > following:
            following = next(starts, None)
    return doc


class AnnotatorComponent:
    """Annotates a `Doc` and keeps the record in ``Doc._.annotated``; `Span` extensions look their sentence up in it."""

    def __init__(self, tool: Annotator) -> None:
        self.tool = tool

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document; sentence starts are set where the pipeline before has set none."""
        if not doc.has_annotation("SENT_START"):
            split_doc(doc)
        doc._.annotated = self.tool(doc.text)
        return doc


@Language.factory("annotator", default_config={"model": None}, assigns=["doc._.annotated", "doc._.profile"])
def create(nlp: Language, name: str, model: str | None) -> AnnotatorComponent:
    """Make the component; `model` is a model's name or folder."""
    _register()
    return AnnotatorComponent(load(model))
