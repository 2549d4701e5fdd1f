"""Sentences under review: read from an output, put back into their documents, cut anew where a reviewer says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema_rs

from annotator.admiralty import short
from annotator.checking import schema
from annotator.errors import ReadError
from annotator.jsonl import BadLine, read_lines
from annotator.record import LABELS
from annotator.review_log import CONTEXT, Event, content_hash

Place = tuple[str, int, int, str]
_INSIDE = ("claims", "reasons")


@dataclass(slots=True)
class View:
    """What one reviewer makes of a sentence; before any event it is what the model says."""

    answers: dict[str, Any]
    decided: bool = False
    skipped: bool = False
    flagged: bool = False
    note: str | None = None
    settles: bool = False
    when: str = ""

    def values(self) -> dict[str, str]:
        """Label, citation and voice."""
        return {name: self.answers[name] for name in ("label", "citation", "voice")}

    def rating(self, start: int, end: int) -> dict[str, Any] | None:
        """Rating of the source at this place, if it has one."""
        places = (item for item in self.answers["sources"] if (item["start"], item["end"]) == (start, end))
        return next((item["rating"] for item in places if item.get("rating")), None)

    def apply(self, event: Event) -> None:
        """Take over one event."""
        self.when = event.when
        if event.field in self.answers:
            self.answers[event.field] = event.new
        elif event.field == "rating":
            self.answers["sources"] = _rated(self.answers["sources"], event.new)
        elif event.field == "flag":
            self.flagged = event.new
        elif event.field == "note":
            self.note = event.new
        elif event.field == "decision":
            self.decided, self.skipped = False, event.new == "skipped"
            self.settles = event.new == "adjudicated"
        if event.values is not None:
            self.decided, self.skipped = True, False


@dataclass(slots=True, eq=False)
class Row:
    """A sentence under review: its record, the white space before it, its place among all, and each reviewer's view.

    `recut` is true where a reviewer moved the boundary, so that the record is pieced together from those of the model.
    """

    record: dict[str, Any]
    gap: str
    recut: bool = False
    at: int = 0
    place: Place = ("", 0, 0, "")
    views: dict[str, View] = field(default_factory=dict)

    def __post_init__(self) -> None:
        record = self.record
        self.place = (record["document"], record["start"], record["end"], content_hash(record["text"]))

    @property
    def span(self) -> tuple[int, int]:
        """Start and end in the document."""
        return self.record["start"], self.record["end"]

    def untouched(self) -> View:
        """Answers of the model as a view of nobody."""
        return View({name: self.record[name] for name in ("label", "citation", "voice", "sources", "claims")})

    def ratings(self, start: int, end: int) -> list[dict[str, Any]]:
        """What reviewers make of the source at this place on the Admiralty scale, each different grade once.

        Where somebody has adjudicated the sentence and rated the source, that rating is the only one.
        """
        views = sorted(self.views.values(), key=lambda view: (view.settles, view.when))
        given = [(view, view.rating(start, end)) for view in views]
        rated = [(view.settles, rating) for view, rating in given if rating is not None]
        if rated and rated[-1][0]:
            return [rated[-1][1]]
        return list({short(rating): rating for _, rating in rated}.values())


def _rated(sources: list[dict[str, Any]], source: dict[str, Any]) -> list[dict[str, Any]]:
    """Sources with the rating of one; a rated source that is none of them, as after another run, joins them."""
    place = (source["start"], source["end"])
    found = [item | {"rating": source["rating"]} if (item["start"], item["end"]) == place else item for item in sources]
    known = any((item["start"], item["end"]) == place for item in sources)
    return found if known or source["rating"] is None else [*found, source]


class Draft:
    """One document under review: its text, as far as the output tells it, and its sentences.

    The output holds no white space between sentences; without the document itself a gap of one is taken for a space and
    a longer one for line ends.

    Parameters
    ----------
    name : str
        Document id.
    records : list of dict
        Its ``sentence`` lines, in order.
    text : str, optional
        The document itself; used if the sentences stand in it as the output says.
    """

    def __init__(self, name: str, records: list[dict[str, Any]], text: str | None = None) -> None:
        self.name, self.records = name, records
        stands = text is not None and all(text[item["start"] : item["end"]] == item["text"] for item in records)
        self.text = text if stands and text is not None else _pieced(records)
        self.unlike = text is not None and not stands
        self._made: dict[tuple[int, int], Row] = {}
        self.rows = self._rows([(item["start"], item["end"]) for item in records])

    def recut(self, events: Iterable[Event]) -> list[Event]:
        """Apply the boundary events, oldest first; returns those that fit no sentences."""
        spans, unfit = [(item["start"], item["end"]) for item in self.records], []
        for event in events:
            old, new = [(start, end) for start, end in event.old or []], [(start, end) for start, end in event.new]
            at = spans.index(old[0]) if old and old[0] in spans else len(spans)
            same = spans[at : at + len(old)] == old and self._made[old[0]].place == event.place if old else False
            if same and self.allows(old, new):
                spans[at : at + len(old)] = new
                self._rows(new)
            else:
                unfit.append(event)
        self.rows = self._rows(spans)
        return unfit

    def allows(self, old: list[tuple[int, int]], new: list[tuple[int, int]]) -> bool:
        """Whether new sentences run from the start to the end of the old ones and lose nothing but white space."""
        if (new[0][0], new[-1][1]) != (old[0][0], old[-1][1]) or any(start >= end for start, end in new):
            return False
        return all(a[1] <= b[0] and not self.text[a[1] : b[0]].strip() for a, b in pairwise(new))

    def knew(self, start: int, end: int, sentence: str) -> bool:
        """Whether there ever was this sentence, though it may be cut otherwise now."""
        return (row := self._made.get((start, end))) is not None and row.place[3] == sentence

    def _rows(self, spans: list[tuple[int, int]]) -> list[Row]:
        """Rows without views; those that were made before are used again, since hashing is what takes time."""
        if not self._made:
            self._made = {(item["start"], item["end"]): Row(item, "") for item in self.records}
        rows, last = [], 0
        for start, end in spans:
            row = self._made.get((start, end)) or Row(self._piece(start, end), "", recut=True)
            row.gap, row.views = self.text[last:start], {}
            rows.append(self._made.setdefault((start, end), row))
            last = end
        return rows

    def _piece(self, start: int, end: int) -> dict[str, Any]:
        """Record of a sentence that the model never saw: from the one it shares most characters with."""
        shared = [item for item in self.records if item["start"] < end and start < item["end"]]
        model = max(shared, key=lambda item: min(end, item["end"]) - max(start, item["start"]))
        record = model | {"start": start, "end": end, "text": self.text[start:end], "needs_review": True}
        for kind in _INSIDE:
            parts = [part for item in shared for part in item[kind]]
            record[kind] = [part for part in parts if start <= part["start"] and part["end"] <= end]
        record["sources"] = [
            part for item in shared for part in item["sources"] if part["end"] <= start or start <= part["start"] < end
        ]
        return record

    def context(self, start: int, end: int) -> dict[str, str]:
        """Quotation of a place with what stands before and after it, as an `Event` keeps it."""
        return {
            "prefix": self.text[max(0, start - CONTEXT) : start],
            "exact": self.text[start:end],
            "suffix": self.text[end : end + CONTEXT],
        }


def _pieced(records: list[dict[str, Any]]) -> str:
    pieces, last = [], 0
    for item in records:
        gap = item["start"] - last
        pieces += [" " if gap == 1 else "\n" * gap, item["text"]]
        last = item["end"]
    return "".join(pieces)


@cache
def _validator() -> Any:
    return jsonschema_rs.validator_for(schema())


def read_output(path: Path | str, texts: Mapping[str, str] | None = None) -> tuple[dict[str, Draft], Counter[str]]:
    """Read an output file for review.

    Parameters
    ----------
    path : Path or str
        What ``annotator tag`` wrote.
    texts : mapping, optional
        Original texts by document id.

    Returns
    -------
    (dict of str to Draft, Counter)
        The documents that hold sentences, in their order, and why lines were skipped, with a count of each.

    Raises
    ------
    ReadError
        If the file can't be read or holds no sentence.
    """
    records: dict[str, list[dict[str, Any]]] = {}
    skipped: Counter[str] = Counter()
    try:
        with open(path, "rb") as stream:
            for _, value in read_lines(stream):
                reason = _take(value, records)
                skipped.update([reason] if reason else [])
    except OSError as error:
        raise ReadError("unreadable", f"can't be read: {error.strerror}", path=path) from error
    if not records:
        raise ReadError("no-sentences", "the file holds no sentence to review", path=path)
    known = texts or {}
    return {name: Draft(name, items, known.get(name)) for name, items in records.items()}, skipped


def _take(value: dict[str, Any] | BadLine, records: dict[str, list[dict[str, Any]]]) -> str | None:
    if isinstance(value, BadLine):
        return value.reason
    if value.get("record") == "document":
        return None
    if not _validator().is_valid(value) or value["end"] - value["start"] != len(value["text"]):
        return "not-an-output-line"
    if value["label"] not in value["probabilities"]:
        return "unknown-label"
    before = records.get(value["document"])
    if before and value["start"] < before[-1]["end"]:
        return "out-of-order"
    records.setdefault(value["document"], []).append(value)
    return None


def labels_of(drafts: Iterable[Draft]) -> tuple[str, ...]:
    """Labels that the output knows; ours in their own order, others as they come."""
    found: dict[str, None] = {}
    for draft in drafts:
        for record in draft.records:
            found.update(dict.fromkeys(record["probabilities"]))
    return LABELS if set(found) <= set(LABELS) else tuple(found)
