"""Annotated documents to JSON lines by the contract, and to disk so that a file of the wanted name is always whole."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from annotator import __version__
from annotator.decoding import without_surrogates
from annotator.errors import OutputError
from annotator.jsonl import dumps
from annotator.profile import cites_source
from annotator.record import SCHEMA_VERSION, AnnotatedDocument, AnnotatedSentence, Claim, Reason, Source

STDOUT = "-"
CARRIED = "carried"


def sentence_line(document: str, item: AnnotatedSentence) -> dict[str, Any]:
    """The ``sentence`` record of the contract."""
    sentence, verdict, sourcing = item.sentence, item.verdict, item.sourcing
    return {
        "record": "sentence",
        "document": document,
        "index": sentence.index,
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
        "block": sentence.block.kind,
        "label": verdict.label,
        "probabilities": verdict.probabilities,
        "needs_review": verdict.needs_review,
        "abstained": verdict.abstained,
        "citation": sourcing.citation,
        "cites_source": cites_source(item),
        "voice": sourcing.voice,
        "sources": [_source(source) for source in sourcing.sources],
        "claims": [_claim(claim) for claim in sourcing.claims],
        "vague": [words._asdict() for words in sourcing.vague],
        "reasons": [_reason(reason) for reason in verdict.reasons],
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "text": source.text,
        "start": source.start,
        "end": source.end,
        "cue": source.cue,
        "cue_start": source.cue_start,
        "cue_end": source.cue_end,
        "kind": source.kind,
        "traceability": source.traceability,
        "reliability": source.reliability,
        "why": list(source.why),
        "carried_from": source.carried_from,
        "name": source.full_name,
        "mention": source.mention,
        "mention_start": source.mention_start,
        "mention_end": source.mention_end,
        "rule": source.rule,
        "covers": source.covers if source.carried_from is None else CARRIED,
        "refers_to": [place._asdict() for place in source.refers_to],
        "referred_from": [place._asdict() for place in source.referred_from],
        "rating": None,  # Admiralty scale, A-F and 1-6: for a person to give
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "start": claim.start,
        "end": claim.end,
        "holder": claim.holder,
        "parts": [words._asdict() for words in claim.parts],
        "subject": claim.subject._asdict() if claim.subject else None,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "text": reason.text,
        "start": reason.start,
        "end": reason.end,
        "for": reason.label,
        "weight": round(reason.weight, 3),
    }


def document_line(document: AnnotatedDocument) -> dict[str, Any]:
    """The ``document`` record of the contract; ``detail`` puts the reason of a failure into words."""
    return {
        "record": "document",
        "document": document.id,
        "status": "ok" if document.ok else "error",
        "reason": document.reason,
        "detail": document.detail,
        "sentences": len(document.sentences),
        "profile": document.profile,
        "sources": list(document.sources),
        "metadata": document.metadata,
        "annotator": __version__,
        "model": document.model,
        "model_sha256": document.model_sha256,
        "house_list": document.house_list,
        "schema": SCHEMA_VERSION,
    }


def lines(document: AnnotatedDocument) -> str:
    """Every line of a document, its ``document`` line last, each with its line end."""
    records = [sentence_line(document.id, item) for item in document.sentences] + [document_line(document)]
    return without_surrogates("".join(f"{dumps(record)}\n" for record in records))


@contextmanager
def open_output(path: str) -> Iterator[TextIO]:
    """Open an output that appears under its name only when it is complete; ``-`` is standard output.

    Raises
    ------
    OutputError
        If the file can't be created, written or put in its place; a file that stood there before is then untouched.
    """
    try:
        if path == STDOUT:
            if isinstance(sys.stdout, io.TextIOWrapper):
                sys.stdout.reconfigure(encoding="utf-8", newline="\n")
            yield sys.stdout
            sys.stdout.flush()
        else:
            with _whole_file(Path(path)) as stream:
                yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError("unwritable", f"can't be written: {error.strerror or error}", path=path) from error


@contextmanager
def _whole_file(path: Path) -> Iterator[TextIO]:
    if path.is_dir() or not path.name:
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if not path.parent.exists():
        raise FileNotFoundError(errno.ENOENT, f"there is no folder {path.parent}")
    partial = path.with_name(f"{path.name}.partial")
    try:
        with open(partial, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
