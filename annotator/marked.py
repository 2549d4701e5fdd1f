"""Spans that people marked in a sentence, as an encoder's lessons: who is cited, by which words.

Two kinds of file have them. Our labelled sentences copy the words that name the source; the public tables of
attributions (``set, split, doc, cites_source, source, cue, text``, tab-separated) copy sources and cues.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from annotator.errors import LabelledDataError
from annotator.gold import LabelledSentence
from annotator.record import Span

# Whether the cue of an attribution stands in the sentence, and whether any of its words are somebody's.
FLAGS = ("attribution", "attributed")
# Words of the source and the cue of any attribution; words that name the source in the sense of the codebook.
MARKS = ("source", "cue", "named")
_COLUMNS = ("set", "split", "doc", "cites_source", "source", "cue", "text")
_BETWEEN = "|"


class Marked(NamedTuple):
    """What is known of a sentence: a flag, or the spans of a mark, that isn't named here is unknown."""

    text: str
    flags: Mapping[str, bool]
    spans: Mapping[str, Sequence[Span]]


def named(sentence: LabelledSentence) -> Marked:
    """What a labelled sentence says of the words that name its source."""
    if sentence.citation is None:
        return Marked(sentence.text, {}, {})
    if sentence.citation != "explicit":
        return Marked(sentence.text, {}, {"named": ()})
    found = places(sentence.text, [sentence.source or ""])
    return Marked(sentence.text, {}, {"named": found} if found else {})


def read_attributions(path: Path | str, sets: Sequence[str] = ("polnear",), split: str = "train") -> list[list[Marked]]:
    """Documents of some sets of a table of attributions.

    Raises
    ------
    LabelledDataError
        If the file can't be read or isn't such a table.
    """
    rows = [row for row in _rows(Path(path)) if row["set"] in sets and row["split"] == split]
    if not rows:
        raise LabelledDataError("no-sentences", f"holds no sentence of {', '.join(sets)}, {split}", path=path)
    return [[_marked(row) for row in run] for _, run in groupby(rows, key=lambda row: row["doc"])]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, delimiter="\t")
            if tuple(reader.fieldnames or ()) != _COLUMNS:
                raise LabelledDataError("bad-header", f"the columns must be {', '.join(_COLUMNS)}", path=path, line=1)
            yield from reader
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise LabelledDataError("unreadable", f"can't be read: {error}", path=path) from error


def _marked(row: Mapping[str, str]) -> Marked:
    text = row["text"]
    cues = places(text, row["cue"].split(_BETWEEN))
    sources = places(text, row["source"].split(_BETWEEN), near=cues) if row["cue"] else ()
    flags = {"attribution": bool(row["cue"]), "attributed": row["cites_source"] == "1"}
    return Marked(text, flags, {"source": sources, "cue": cues})


def places(text: str, wanted: Iterable[str], near: Sequence[Span] = ()) -> tuple[Span, ...]:
    """Where some words stand in a text; of several places the one nearest to any span of `near`, else the first.

    Examples
    --------
    >>> places("He said that he said it.", ["said"]), places("A b, b c a", ["b"], near=[Span(7, 8)])
    ((Span(start=3, end=7),), (Span(start=5, end=6),))
    """
    found = []
    for words in filter(None, (one.strip() for one in wanted)):
        starts, at = [], text.find(words)
        while at >= 0:
            starts.append(at)
            at = text.find(words, at + 1)
        if starts:
            best = min(starts, key=lambda start: _distance(start, near))
            found.append(Span(best, best + len(words)))
    return tuple(sorted(set(found)))


def _distance(start: int, near: Sequence[Span]) -> int:
    return min((abs(start - other.start) for other in near), default=0)
