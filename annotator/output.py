"""What ``annotator tag`` wrote, read again: every document with its sentence lines, and every line that is none."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

import jsonschema_rs

from annotator.checking import schema
from annotator.errors import ReadError
from annotator.jsonl import BadLine, read_lines
from annotator.record import AnnotatedDocument
from annotator.writing import STDOUT, document_line, sentence_line


@dataclass(slots=True)
class TaggedDocument:
    """A document of an output: its ``sentence`` lines and its ``document`` line, which is empty where it is missing."""

    name: str
    sentences: list[dict[str, Any]] = field(default_factory=list)
    line: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Tagged:
    """The documents of an output in order, and an error for each line or document that can't be used."""

    documents: list[TaggedDocument] = field(default_factory=list)
    errors: list[ReadError] = field(default_factory=list)


@contextmanager
def _open(path: str) -> Iterator[IO[bytes]]:
    if path == STDOUT:
        yield sys.stdin.buffer
        return
    try:
        with open(path, "rb") as stream:
            yield stream
    except OSError as error:
        raise ReadError("unreadable", f"can't be read: {error.strerror}", path=path) from error


def read_tagged(path: str) -> Tagged:
    """Read an output file; ``-`` is standard input.

    Raises
    ------
    ReadError
        If the file can't be read, or holds no line of an output at all.
    """
    found, validator = Tagged(), jsonschema_rs.validator_for(schema())
    shown = "standard input" if path == STDOUT else path
    with _open(path) as stream:
        for number, value in read_lines(stream):
            problem = _problem(value, validator)
            if problem is None and isinstance(value, dict):
                _take(value, found, shown)
            elif problem is not None:
                found.errors.append(ReadError("bad-line", problem, path=shown, line=number))
    if not found.documents:
        raise found.errors[0] if found.errors else ReadError("no-documents", "the file holds no document", path=shown)
    return found


def _problem(value: dict[str, Any] | BadLine, validator: Any) -> str | None:
    if isinstance(value, BadLine):
        return value.detail
    return None if validator.is_valid(value) else "the line is none that 'annotator tag' writes"


def _take(value: dict[str, Any], found: Tagged, path: str) -> None:
    name = value["document"]
    if not found.documents or found.documents[-1].name != name or found.documents[-1].line:
        found.documents.append(TaggedDocument(name))
    if value["record"] == "sentence":
        found.documents[-1].sentences.append(value)
        return
    found.documents[-1].line = value
    if value["status"] == "error":
        detail = f"{name}: was not annotated: {value.get('detail') or value['reason']}"
        found.errors.append(ReadError("failed-document", detail, path=path))


def as_tagged(documents: Iterable[AnnotatedDocument]) -> Iterator[TaggedDocument]:
    """Annotated documents as their output would be read."""
    for one in documents:
        yield TaggedDocument(one.id, [sentence_line(one.id, item) for item in one.sentences], document_line(one))
