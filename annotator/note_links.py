"""Which note a mark leads to, which marks lead to a note, and which work "ibid." and "op. cit." mean.

- A mark leads to the next note of its number below it, else to the last above; numbers may start again with each part.
- A numbered line is a note where it is a Markdown definition (``[^1]:``), stands under a heading such as "Notes", has
  its number in square brackets, or reads like a reference.
- "Ibid." means the reference before it; "Keller, op. cit." the last one before it that names Keller.
- "Keller 2004" leads to the entry of a bibliography that opens with Keller and has the year.

Each place is looked at once, so the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import NamedTuple

from annotator.record import Attribution, Span
from annotator.reference_patterns import YEAR, known, pattern

_NOTE = re.compile(
    r"^[^\S\n]{0,8}(?:(\[\^?[\w-]{1,20}\]:?)|\(?(\d{1,3})[.)]|(\d{1,3})(?=\s)|([¹²³⁰⁴-⁹]{1,3}))[^\S\n]{0,4}(?=\S)",
    re.M,
)
_HEADING = re.compile(r"^[^\w\n]{0,10}([^\W\d_][^\W\d_ ]{2,20}(?: [^\W\d_]{2,12}){0,2})[^\w\n]{0,10}$", re.M)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FIGURES = re.compile(r"(\d{1,3})(?:\s?[–-]\s?(\d{1,3}))?")
_NAME = re.compile(r"[^\W\d_][\w’'-]+")
_YEAR = re.compile(YEAR)
_MAY_REPEAT = frozenset({"same-work", "note-text", "bracketed-work"})
_MOST, _LONGEST, _FAR, _MOST_BACK = 20, 900, 60, 200


class Target(NamedTuple):
    """A place that a reference leads to, and the reference there by which it is graded."""

    span: Span
    found: Attribution


class _Note(NamedTuple):
    key: str
    start: int
    span: Span
    sure: bool


@dataclass(slots=True)
class Links:
    """What each reference leads to, and what leads to each, by the place of its words."""

    targets: dict[Span, tuple[Target, ...]] = field(default_factory=dict)
    back: dict[Span, dict[Span, None]] = field(default_factory=dict)

    def add(self, source: Span, targets: Sequence[Target], ends: Sequence[Span]) -> None:
        """Note that `source` leads to `targets`, whose references stand at `ends`."""
        if targets:
            self.targets[source] = tuple(targets)
        for end in ends:
            met = self.back.setdefault(end, {})
            if len(met) < _MOST_BACK:
                met[source] = None


def linked(text: str, references: Sequence[Attribution]) -> tuple[list[Attribution], Links]:
    """References of a document, with its notes added and the numbers before notes left out, and their links.

    Parameters
    ----------
    text : str
        The document.
    references : sequence of Attribution
        As `annotator.references.find_references` gives them.
    """
    found, links = list(references), Links()
    marks = [one for one in found if one.rule == "note-number"]
    if marks:
        found = _with_notes(text, found, marks, links)
    _works(text, found, links)
    return found, links


def _with_notes(text: str, found: list[Attribution], marks: list[Attribution], links: Links) -> list[Attribution]:
    notes = _notes(text, found)
    if not notes:
        return found
    heads = {note.start: note.span.start for note in notes}
    numbers = {one.source for one in marks if one.source and heads.get(one.source.start, 0) >= one.source.end}
    marks = [one for one in marks if one.source not in numbers]
    by_key: dict[str, list[_Note]] = {}
    for note in notes:
        by_key.setdefault(note.key, []).append(note)
    places, added = _Places(found), dict[Span, Attribution]()
    for mark in marks:
        nearest = (_nearest(by_key.get(key, ()), _start(mark)) for key in _keys(text, mark))
        met = [note for note in nearest if note is not None]
        for note in met:
            if not places.inside(note.span):
                added[note.span] = Attribution(note.span, None, (), "note-text")
        targets = [Target(note.span, _first(places, added, note.span)) for note in met]
        ends = [end for note in met for end in (places.spans(note.span) or [note.span])]
        links.add(mark.source or Span(0, 0), targets, ends)
    return sorted([*(one for one in found if one.source not in numbers), *added.values()], key=_start)


class _Places:
    """References that stand inside a span, marks of notes left out."""

    def __init__(self, found: Sequence[Attribution]) -> None:
        self._found = [one for one in found if one.rule != "note-number"]
        self._starts = [_start(one) for one in self._found]

    def inside(self, span: Span) -> list[Attribution]:
        """References in a span, in order."""
        first, last = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
        return self._found[first : min(last, first + _MOST)]

    def spans(self, span: Span) -> list[Span]:
        """Places of the references in a span."""
        return [one.source for one in self.inside(span) if one.source]


def _first(places: _Places, added: dict[Span, Attribution], span: Span) -> Attribution:
    inside = places.inside(span)
    return inside[0] if inside else added[span]


def _start(one: Attribution) -> int:
    return one.source.start if one.source else 0


def _notes(text: str, found: Sequence[Attribution]) -> list[_Note]:
    """Numbered lines that are notes, in order."""
    entries = {_start(one) for one in found if one.rule == "note-text"}
    begins = next((match.end() for match in _HEADING.finditer(text) if match.group(1).lower() in known("notes")), None)
    notes = []
    for match in _NOTE.finditer(text):
        start = match.end()
        stop = text.find("\n", start, start + _LONGEST)
        end = min(len(text), start + _LONGEST) if stop < 0 else stop
        bracketed = match.group(1) is not None
        under = begins is not None and match.start() >= begins
        if (bracketed or under or start in entries) and text[start:end].strip():
            key = next(filter(None, match.groups())).strip("[]:^").translate(_RAISED)
            head = match.start() + len(match.group()) - len(match.group().lstrip())
            notes.append(_Note(key, head, Span(start, start + len(text[start:end].rstrip())), bracketed))
    return notes


def _nearest(notes: Sequence[_Note], place: int) -> _Note | None:
    """The first note below a place, else the last above it."""
    index = bisect_left(notes, place, key=attrgetter("start"))
    return notes[min(index, len(notes) - 1)] if notes else None


def _keys(text: str, mark: Attribution) -> Iterator[str]:
    """Numbers or names of the notes that a mark leads to, `_MOST` at most."""
    words = text[slice(*mark.source)].translate(_RAISED) if mark.source else ""
    if words.startswith("[^"):
        yield words.strip("[]^")
        return
    for found in list(_FIGURES.finditer(words.partition("p.")[0]))[:_MOST]:
        first, last = int(found.group(1)), int(found.group(2) or found.group(1))
        yield from map(str, range(first, min(last, first + _MOST) + 1))


def _works(text: str, found: Sequence[Attribution], links: Links) -> None:
    """Lead "ibid." to the work before it and a name with a year to its entry in the bibliography."""
    entries = _entries(text, found)
    named: dict[str, Target] = {}
    last: Target | None = None
    for one in found:
        if one.source is None:
            continue
        target = _target(text, one, entries, named, last)
        if target is not None:
            links.add(one.source, [target], [target.found.source or target.span])
        meant = next(iter(links.targets.get(one.source, ())), None)
        if meant is not None or one.rule not in ("note-number", "page", "same-work"):
            last = meant or Target(one.source, one)
            named |= dict.fromkeys(_names(text, last.span), last)


def _target(
    text: str, one: Attribution, entries: dict[str, list[Target]], named: dict[str, Target], last: Target | None
) -> Target | None:
    span = one.source or Span(0, 0)
    same = (
        pattern("same").search(text, span.start, min(span.end, span.start + _FAR)) if one.rule in _MAY_REPEAT else None
    )
    if same is not None:
        opens = same.group().lower().startswith(_same())
        return last if opens else named.get(same.group().partition(" ")[0].rstrip(",").lower())
    words = text[slice(*span)]
    if one.rule != "author-date":
        return None
    year, name = _YEAR.search(words), next(_names(text, span), "")
    near = entries.get(name, ()) if year else ()
    return next((entry for entry in near if year and year.group() in text[slice(*entry.span)]), None)


@cache
def _same() -> tuple[str, ...]:
    return tuple(known("same"))


def _entries(text: str, found: Sequence[Attribution]) -> dict[str, list[Target]]:
    """Entries of a bibliography by the name that they open with, `_MOST` for a name."""
    entries: dict[str, list[Target]] = {}
    for one in found:
        name = _NAME.match(text, _start(one)) if one.rule == "note-text" else None
        if name is not None and one.source is not None:
            group = entries.setdefault(name.group().lower(), [])
            if len(group) < _MOST:
                group.append(Target(one.source, one))
    return entries


def _names(text: str, span: Span) -> Iterator[str]:
    """Capitalised words at the head of a reference, in lower case."""
    for found in _NAME.finditer(text, span.start, min(span.end, span.start + _FAR)):
        if text[found.start()].isupper():
            yield found.group().lower()
