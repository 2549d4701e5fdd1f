"""A teacher's opinion as labelled sentences: soft labels that training takes through the same door as people's.

Two files give it: documents with their sentences, and for each document the probabilities that a large model gave
its sentences, as ``{"document", "label": [[...]], "citation": [[...]]}`` in the column orders below.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from annotator import jsonl
from annotator.errors import LabelledDataError
from annotator.gold import LabelledSentence
from annotator.record import LABELS

CITATION_ORDER = ("none", "explicit", "carried", "vague")


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with gzip.open(path, "rb") as stream:
            for number, value in jsonl.read_lines(cast(BinaryIO, stream)):
                if isinstance(value, jsonl.BadLine):
                    raise LabelledDataError(value.reason, value.detail, path=path, line=number)
                yield value
    except (OSError, EOFError) as error:
        raise LabelledDataError("unreadable", f"can't be read: {error}", path=path) from error


def _shares(names: Sequence[str], values: Sequence[float]) -> dict[str, float]:
    total = sum(values)
    return {name: value / total for name, value in zip(names, values, strict=True)}


def _best(shares: Mapping[str, float]) -> str:
    return max(shares, key=lambda name: shares[name])


def soft_labelled(unlabelled: Path | str, teacher: Path | str) -> Iterator[LabelledSentence]:
    """Yield the sentences of `unlabelled` with the teacher's probabilities; the label is its most probable one.

    Parameters
    ----------
    unlabelled, teacher : path
        Gzipped JSONL files that name the same documents.

    Raises
    ------
    LabelledDataError
        If a file is broken, or a document has another number of sentences than of opinions.
    """
    opinions = {item["document"]: item for item in _objects(Path(teacher))}
    for item in _objects(Path(unlabelled)):
        name, opinion = item["document"], opinions.get(item["document"])
        if opinion is None or len(opinion["label"]) != len(item["sentences"]):
            raise LabelledDataError("no-opinion", f"document {name!r} lacks opinions on its sentences", path=teacher)
        yield from _document(item, opinion)


def _document(item: dict[str, Any], opinion: dict[str, Any]) -> Iterator[LabelledSentence]:
    rows: Iterable[tuple[str, list[float], list[float]]] = zip(
        item["sentences"], opinion["label"], opinion["citation"], strict=True
    )
    for index, (text, label, citation) in enumerate(rows):
        shares, citation_shares = _shares(LABELS, label), _shares(CITATION_ORDER, citation)
        yield LabelledSentence(
            id=f"{item['document']}.{index}",
            document=item["document"],
            text=text,
            label=_best(shares),
            citation=_best(citation_shares),
            probabilities=shares,
            citation_probabilities=citation_shares,
            extra={name: item[name] for name in ("genre", "origin") if name in item},
        )
