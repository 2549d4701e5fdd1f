"""Labelled sentences: what training learns from and evaluation scores against, one JSON object a line.

Lines of one document stand together in document order. A text is rebuilt by joining a document's sentences with a
space, so that training sees the same `Sentence` records, and therefore the same features, as tagging does.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from annotator import jsonl
from annotator.errors import LabelledDataError
from annotator.record import CITATIONS, Block, Document, Sentence

MIN_SENTENCES = 20
_FOREIGN = dict.fromkeys(("sentence", "document"), "an output of 'annotator tag'") | {"review": "a review log"}
_KNOWN = frozenset(
    {"id", "document", "text", "label", "citation", "source", "title"} | {"probabilities", "citation_probabilities"}
)


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """One labelled sentence; `probabilities` hold a soft label, such as a teacher model's, and `extra` other fields.

    ``line`` is its place in the file it was read from, counted from 1 (0: not from a file).
    """

    id: str
    document: str
    text: str
    label: str
    citation: str | None = None
    source: str | None = None
    title: str | None = None
    probabilities: Mapping[str, float] | None = None
    citation_probabilities: Mapping[str, float] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    line: int = 0

    def to_json(self) -> dict[str, Any]:
        """Fields of its line; those without a value are left out."""
        fields = {name: getattr(self, name) for name in sorted(_KNOWN)}
        ordered = {name: fields[name] for name in ("id", "document", "text", "label")} | fields
        return {name: value for name, value in ordered.items() if value is not None} | dict(self.extra)


class GoldDocument(NamedTuple):
    """A run of labelled sentences of one document, as the document that tagging would see."""

    document: Document
    sentences: list[Sentence]
    labelled: list[LabelledSentence]


def _open(path: Path) -> BinaryIO:
    try:
        return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")
    except OSError as error:
        raise LabelledDataError("unreadable", f"can't be read: {error.strerror}", path=path) from error


def iter_labelled(path: Path | str) -> Iterator[LabelledSentence]:
    """Yield the labelled sentences of a JSONL file (gzip when it ends in ``.gz``), one line in memory at a time.

    Raises
    ------
    LabelledDataError
        With path and line, at the first line that is no labelled sentence.
    """
    path = Path(path)
    with _open(path) as stream:
        try:
            for number, value in jsonl.read_lines(stream):
                if isinstance(value, jsonl.BadLine):
                    raise LabelledDataError(value.reason, value.detail, path=path, line=number)
                yield _sentence(value, path, number)
        except (OSError, EOFError) as error:
            raise LabelledDataError("unreadable", f"can't be read: {error}", path=path) from error


def read_labelled(path: Path | str) -> list[LabelledSentence]:
    """All labelled sentences of a file, in order.

    Raises
    ------
    LabelledDataError
        As `iter_labelled`, and if there is no line at all.
    """
    found = list(iter_labelled(path))
    if not found:
        raise LabelledDataError("no-sentences", "the file holds no labelled sentence", path=path)
    return found


def check_trainable(labelled: Sequence[LabelledSentence], path: Path | str | None = None) -> None:
    """Refuse a set that nothing can be learned from: too few sentences, or one label only.

    Raises
    ------
    LabelledDataError
        That says how many there are of what.
    """
    if len(labelled) < MIN_SENTENCES:
        detail = f"training needs at least {MIN_SENTENCES} labelled sentences; there are {len(labelled)}"
        raise LabelledDataError("too-few-sentences", detail, path=path)
    labels = {sentence.label for sentence in labelled}
    if len(labels) < 2:
        detail = f"training needs at least two labels; every sentence is labelled {labels.pop()!r}"
        raise LabelledDataError("one-label", detail, path=path)


def documents(labelled: Iterable[LabelledSentence]) -> list[list[LabelledSentence]]:
    """Sentences by document: one list for each unbroken run of lines with the same document id."""
    return [list(run) for _, run in groupby(labelled, key=lambda sentence: sentence.document)]


def rebuild(labelled: Sequence[LabelledSentence]) -> GoldDocument:
    """One document's text, its sentences joined with a space, and the records of its sentences in that text."""
    text = " ".join(sentence.text for sentence in labelled)
    block = Block(0, len(text), "body")
    records, start = [], 0
    for index, sentence in enumerate(labelled):
        end = start + len(sentence.text)
        records.append(Sentence(index, start, end, sentence.text, block))
        start = end + 1
    return GoldDocument(Document(labelled[0].document, text), records, list(labelled))


def _sentence(value: dict[str, Any], path: Path, number: int) -> LabelledSentence:
    problem = _problem(value)
    if problem:
        raise LabelledDataError("bad-field", problem, path=path, line=number)
    identity = str(value.get("id", f"{path.stem}.{number}"))
    return LabelledSentence(
        id=identity,
        document=str(value.get("document", identity)),
        text=value["text"],
        label=value["label"],
        citation=value.get("citation"),
        source=value.get("source"),
        title=value.get("title"),
        probabilities=value.get("probabilities"),
        citation_probabilities=value.get("citation_probabilities"),
        extra={name: item for name, item in value.items() if name not in _KNOWN},
        line=number,
    )


def _problem(value: Mapping[str, Any]) -> str | None:
    foreign = _FOREIGN.get(str(value.get("record")))
    if foreign:
        return f"the file is {foreign}, no labelled sentences; 'annotator review export' makes them from a review"
    for name in ("text", "label"):
        if name not in value:
            return f'the field "{name}" is missing'
        if not isinstance(value[name], str) or not value[name].strip():
            return f'the field "{name}" must be a text that is not empty'
    for name in ("citation", "source", "title"):
        if not isinstance(value.get(name), str | None):
            return f'the field "{name}" must be a text'
    if value.get("citation") not in (*CITATIONS, None):
        return f'the field "citation" must be one of {", ".join(CITATIONS)}, not {value["citation"]!r}'
    weight = value.get("weight", 1.0)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight < float("inf"):
        return 'the field "weight" must be a number from 0'
    for name in ("probabilities", "citation_probabilities"):
        if not _is_distribution(value.get(name)):
            return f'the field "{name}" must give each label a share between 0 and 1 that together make 1'
    return None


def _is_distribution(value: object) -> bool:
    if value is None:
        return True
    if not isinstance(value, dict) or not value:
        return False
    shares = list(value.values())
    if any(isinstance(share, bool) or not isinstance(share, int | float) for share in shares):
        return False
    return all(0 <= share <= 1 for share in shares) and abs(sum(shares) - 1) < 0.02
