"""The review log: what people decided, one event a line, only ever appended to, beside the output it is about.

`OUT.jsonl` has its log in `OUT.review.jsonl`. Every line says who changed what, when, in which sentence (by a hash of
its words, its offsets, and its words with what stands before and after them, so that the decision can be placed in a
later draft), from what to what, and under which version of the guidelines. Logs merge by concatenation: events carry
their own ids, repeated ones count once, and they are put in order by their time.

An event with ``values`` is a decision on the whole sentence: label, citation and voice as its reviewer left them.
An event of the field ``undo`` takes back the event whose id it names; nothing is ever removed from the file.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from annotator.admiralty import is_rating
from annotator.decoding import without_surrogates
from annotator.errors import ReadError
from annotator.jsonl import BadLine, dumps, read_lines

SCHEMA = 1
CONTEXT = 32
ANSWERS = ("label", "citation", "voice")
SPANS = ("sources", "claims")
FIELDS = (*ANSWERS, *SPANS, "rating", "decision", "flag", "note", "boundary", "undo")
_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"
_WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_TEXTS = ("when", "reviewer", "document", "sentence", "prefix", "exact", "suffix", "field", "event")
_WORDS = ("kind", "reliability", "cue", "holder", "name", "mention")
_PLACES = ("traceability", "carried_from", "cue_start", "cue_end", "mention_start", "mention_end")
_LAST_YEAR = 2200
_CUT = ("not-json", "not-utf8")
_NUMBERS = ("index", "start", "end")


@dataclass(frozen=True, slots=True)
class Event:
    """One change by one reviewer.

    `sentence` is `content_hash` of `exact`, the words of the sentence; `start` and `end` are code points of the
    document; `prefix` and `suffix` up to 32 code points around it. `old` and `new` are values of `field`: a string for
    label, citation and voice; a list of records as in the output for sources and claims; the record of a source with
    its ``rating`` for rating; ``accepted``, ``skipped``, ``adjudicated`` or None for decision; true or false for flag;
    text for note; a list of ``[start, end]`` for boundary; for undo, `new` is the id of the event taken back. `values`
    is set where the sentence stands decided after the event.
    """

    when: str
    reviewer: str
    document: str
    index: int
    field: str
    old: Any
    new: Any
    note: str | None
    values: dict[str, str] | None
    sentence: str
    start: int
    end: int
    prefix: str
    exact: str
    suffix: str
    guideline: str
    event: str

    @property
    def place(self) -> tuple[str, int, int, str]:
        """What sentence it is about: document, start, end, content hash."""
        return self.document, self.start, self.end, self.sentence

    def line(self) -> str:
        """Its line of the log, with the line end."""
        record = {"record": "review", "schema": SCHEMA, **asdict(self)}
        return without_surrogates(dumps(record)) + "\n"


class Skipped(NamedTuple):
    """A line that is no event of this program: its number, a short code, and a sentence for people."""

    line: int
    reason: str
    detail: str


class LogRead(NamedTuple):
    """What a log holds: the events in order of time, each once, and the lines that were skipped."""

    events: list[Event]
    skipped: list[Skipped]


def log_path(output: Path | str) -> Path:
    """Where the log of an output file lies: ``letters.jsonl`` has ``letters.review.jsonl``."""
    path = Path(output)
    return path.with_name(f"{path.stem if path.suffix == '.jsonl' else path.name}.review.jsonl")


def content_hash(text: str) -> str:
    """First 16 hexadecimal digits of the SHA-256 of the words, runs of white space counted as one space."""
    return hashlib.sha256(without_surrogates(" ".join(text.split())).encode("utf-8")).hexdigest()[:16]


def new_id() -> str:
    """A fresh event id."""
    return secrets.token_hex(8)


def now(after: str = "") -> str:
    """Time in UTC to the microsecond, later than `after` even where the clock was set back meanwhile."""
    moment = datetime.now(UTC)
    if after:
        moment = max(moment, datetime.strptime(after, _FORMAT).replace(tzinfo=UTC) + timedelta(microseconds=1))
    return moment.strftime(_FORMAT)


def read_log(path: Path | str) -> LogRead:
    """Read a log, or several concatenated, skipping what is no event by name; an absent log is an empty one.

    Raises
    ------
    ReadError
        If the file is there but can't be read.
    """
    try:
        with open(path, "rb") as stream:
            return read_events(stream)
    except FileNotFoundError:
        return LogRead([], [])
    except OSError as error:
        raise ReadError("unreadable", f"can't be read: {error.strerror}", path=path) from error


def read_events(stream: BinaryIO) -> LogRead:
    """Read the events of an open log; see `read_log`."""
    events: list[Event] = []
    skipped: list[Skipped] = []
    number = 0
    for number, value in read_lines(stream):
        found = parse_event(value)
        if isinstance(found, Event):
            events.append(found)
        else:
            skipped.append(Skipped(number, *found))
    if skipped and skipped[-1].line == number and skipped[-1].reason in _CUT and not _ends_whole(stream):
        skipped[-1] = Skipped(number, "torn", "the last line is torn off; its decision was never confirmed")
    return LogRead(merge(events), skipped)


def _ends_whole(stream: BinaryIO) -> bool:
    try:
        stream.seek(-1, 2)
        return stream.read(1) == b"\n"
    except OSError:
        return True


def parse_event(value: dict[str, Any] | BadLine) -> Event | tuple[str, str]:
    """Hold one object against the schema; what is no event comes out as a code and a sentence for people."""
    if isinstance(value, BadLine):
        return value.reason, value.detail
    if value.get("record") != "review":
        return "foreign", "the line is no event of a review log"
    if value.get("schema") != SCHEMA:
        return "other-schema", f"the event has schema {value.get('schema')!r}; this program reads {SCHEMA}"
    problem = _problem(value)
    if problem:
        return "bad-event", problem
    known: dict[str, Any] = {item.name: value.get(item.name) for item in fields(Event)}
    return Event(**known)


def _problem(value: Mapping[str, Any]) -> str | None:
    for name in _TEXTS:
        if not isinstance(value.get(name), str):
            return f'the field "{name}" is no text'
    for name in _NUMBERS:
        if type(value.get(name)) is not int or value[name] < 0:
            return f'the field "{name}" is no number of characters'
    if not _is_when(value["when"]):
        return 'the field "when" is no time in UTC'
    if value["field"] not in FIELDS:
        return f"the event changes {value['field']!r}, which this program doesn't know"
    if not isinstance(value.get("note"), str | None) or not isinstance(value.get("guideline"), str):
        return 'the field "note" or "guideline" is no text'
    if not _is_values(value.get("values")):
        return 'the field "values" is no set of answers'
    if value["field"] == "boundary" and not _is_new("boundary", value.get("old")):
        return 'the field "old" is no list of sentences'
    return None if _is_new(value["field"], value.get("new")) else f'the field "new" is no value of {value["field"]!r}'


def _is_when(text: str) -> bool:
    """Whether it is a time as `now` writes it; one centuries ahead would leave no later one for anybody."""
    try:
        return _WHEN.fullmatch(text) is not None and datetime.fromisoformat(text).year < _LAST_YEAR
    except ValueError:
        return False


def _is_values(value: object) -> bool:
    return value is None or (isinstance(value, dict) and all(isinstance(value.get(name), str) for name in ANSWERS))


def _is_new(field: str, new: object) -> bool:
    if field in SPANS:
        return isinstance(new, list) and all(_is_span(item) for item in new)
    if field == "rating":
        return _is_span(new)
    if field == "boundary":
        return isinstance(new, list) and bool(new) and all(_is_pair(item) for item in new)
    if field == "flag":
        return isinstance(new, bool)
    if field == "decision":
        return new in ("accepted", "skipped", "adjudicated", None)
    return isinstance(new, str) or (field == "note" and new is None)


def _is_span(item: object) -> bool:
    """Whether it is a source or a claim as in the output; other fields may be missing, but not be something else."""
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        return False
    texts = all(isinstance(item.get(name), str | None) for name in _WORDS)
    numbers = all(type(item.get(name)) in (int, type(None)) for name in _PLACES)
    rated = item.get("rating") is None or is_rating(item["rating"])
    why = item.get("why", [])
    reasons = isinstance(why, list) and all(isinstance(reason, str) for reason in why)
    return texts and numbers and rated and reasons and _is_pair([item.get("start"), item.get("end")])


def _is_pair(item: object) -> bool:
    if not isinstance(item, list) or len(item) != 2 or any(type(number) is not int for number in item):
        return False
    return bool(0 <= item[0] <= item[1])


def merge(*logs: Iterable[Event]) -> list[Event]:
    """Events of all logs in order of time, those with the same id once."""
    found = {event.event: event for log in logs for event in log}
    return sorted(found.values(), key=lambda event: (event.when, event.event))


def live(events: Iterable[Event]) -> list[Event]:
    """Events that count: without those taken back, and without the undo events themselves.

    An undo that was itself undone takes nothing back; a reviewer can only take back their own.
    """
    ordered = list(events)
    owner = {event.event: event.reviewer for event in ordered}
    dead: set[str] = set()
    for event in reversed(ordered):
        if event.field == "undo" and event.event not in dead and owner.get(event.new) == event.reviewer:
            dead.add(event.new)
    return [event for event in ordered if event.event not in dead and event.field != "undo"]


def decisions(events: Iterable[Event]) -> dict[tuple[str, int, int, str], dict[str, Event]]:
    """Last word of each reviewer on each sentence: by `Event.place`, by reviewer, the event with their `values`."""
    found: dict[tuple[str, int, int, str], dict[str, Event]] = {}
    for event in live(events):
        if event.values is not None:
            found.setdefault(event.place, {})[event.reviewer] = event
        elif event.field == "decision":
            found.get(event.place, {}).pop(event.reviewer, None)
    return {place: by for place, by in found.items() if by}


class Conflict(NamedTuple):
    """A field of a sentence on which reviewers differ: who says what, in the order of their names."""

    document: str
    start: int
    end: int
    exact: str
    field: str
    answers: tuple[tuple[str, str], ...]


def conflicts(events: Sequence[Event]) -> Iterator[Conflict]:
    """Yield what reviewers differ on, in document order, less the sentences that somebody has adjudicated since."""
    settled = {event.place for event in live(events) if event.new == "adjudicated" and event.field == "decision"}
    for place, by in sorted(decisions(events).items()):
        if place in settled:
            continue
        document, start, end, _ = place
        exact = next(iter(by.values())).exact
        for field in ANSWERS:
            answers = tuple((name, (by[name].values or {})[field]) for name in sorted(by))
            if len({answer for _, answer in answers}) > 1:
                yield Conflict(document, start, end, exact, field, answers)
