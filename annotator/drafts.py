"""What changed between two drafts of the same documents: labels, sourcing, sentences, and sources that are gone.

Sentences are matched by their words: unchanged ones in their order, then those that moved, then those that were
reworded (best likeness first, within the same stretch of the document). What is left was added or removed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal, NamedTuple

from annotator.anchoring import EventPlacer, Lost, likeness, plain
from annotator.errors import ReadError
from annotator.review_log import ANSWERS, Event, live
from annotator.review_rows import Draft, read_output

Record = Mapping[str, Any]
Kind = Literal["same", "moved", "reworded", "added", "removed"]
REWORDED = 0.5
_NO_CLAIM = "no_claim"
# A stretch in which everything was rewritten is compared sentence by sentence only up to this many comparisons.
MOST_COMPARED = 40_000
_SOURCED = ("explicit", "carried")


class Pair(NamedTuple):
    """A sentence of the old draft and the one of the new draft that it has become; one of them may be None."""

    kind: Kind
    old: Record | None
    new: Record | None

    @property
    def changed(self) -> tuple[str, ...]:
        """Answers that differ: some of label, citation, voice."""
        if self.old is None or self.new is None:
            return ()
        return tuple(name for name in ANSWERS if self.old.get(name) != self.new.get(name))

    @property
    def unsourced(self) -> str | None:
        """Why the new sentence is a claim newly without a source: ``lost-source`` or ``added``; None where it isn't."""
        if self.new is None or self.new["label"] == _NO_CLAIM or self.new["citation"] in _SOURCED:
            return None
        if self.old is None:
            return "added"
        return "lost-source" if self.old["citation"] in _SOURCED else None


class LostSource(NamedTuple):
    """A source that the old draft named and the new one doesn't, and how many sentences rested on it."""

    text: str
    kind: str
    sentences: int


@dataclass(frozen=True, slots=True)
class DraftDiff:
    """All that changed in one document, in the order of the new draft; `name` is its id there."""

    name: str
    old_name: str
    pairs: list[Pair]
    lost_sources: list[LostSource]
    new_sources: list[str]

    def of_kind(self, *kinds: Kind) -> list[Pair]:
        """Pairs of some kinds."""
        return [pair for pair in self.pairs if pair.kind in kinds]

    @property
    def relabelled(self) -> list[Pair]:
        """Sentences in both drafts of which an answer changed."""
        return [pair for pair in self.pairs if pair.changed]

    @property
    def unsourced(self) -> list[Pair]:
        """Claims newly without a source."""
        return [pair for pair in self.pairs if pair.unsourced]


@dataclass(frozen=True, slots=True)
class OutputDiff:
    """Two outputs compared: documents in both, names of those in one only, and lines skipped, by file and reason."""

    documents: list[DraftDiff]
    only_old: list[str]
    only_new: list[str]
    skipped: dict[str, Counter[str]]


def compare_outputs(old: Path | str, new: Path | str) -> OutputDiff:
    """Compare what ``annotator tag`` wrote for two drafts.

    Documents are matched by id. If both files hold one document each, these are compared whatever their ids.

    Raises
    ------
    ReadError
        If a file can't be read, or the two have no document in common.
    """
    before, skipped_before = read_output(old)
    after, skipped_after = read_output(new)
    names = paired_names(before, after)
    if not names:
        raise ReadError("different-documents", f"has no document in common with {old}", path=new)
    found = [compare(before[was], after[now]) for now, was in names.items()]
    return OutputDiff(
        documents=found,
        only_old=[name for name in before if name not in names.values()],
        only_new=[name for name in after if name not in names],
        skipped={str(old): skipped_before, str(new): skipped_after},
    )


def paired_names(old: Mapping[str, Draft], new: Mapping[str, Draft]) -> dict[str, str]:
    """Old id of each document that both have, by its new id."""
    if len(old) == len(new) == 1:
        return {next(iter(new)): next(iter(old))}
    return {name: name for name in new if name in old}


def compare(old: Draft, new: Draft) -> DraftDiff:
    """Compare two drafts of one document."""
    pairs = pair_sentences(old.records, new.records)
    before, after = _sources(old.records), _sources(new.records)
    lost = [item for name, item in before.items() if name not in after]
    gained = [item.text for name, item in after.items() if name not in before]
    return DraftDiff(new.name, old.name, pairs, sorted(lost, key=lambda item: -item.sentences), gained)


def _sources(records: Sequence[Record]) -> dict[str, LostSource]:
    """Sources by name without regard to case, as in the ledger of a document, with the sentences that rest on each."""
    found: dict[str, LostSource] = {}
    for record in records:
        for name, source in {plain(item["text"]).casefold(): item for item in record["sources"]}.items():
            known = found.get(name, LostSource(source["text"], source["kind"], 0))
            found[name] = known._replace(sentences=known.sentences + 1)
    return found


def pair_sentences(old: Sequence[Record], new: Sequence[Record]) -> list[Pair]:
    """Match the sentences of two drafts; new sentences in their order, each removed one where it stood."""
    before, after = ([plain(record["text"]) for record in records] for records in (old, new))
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    matched: dict[int, tuple[int, Kind]] = {
        b: (a, "same") for tag, a0, a1, b0, b1 in steps if tag == "equal" for a, b in _along(a0, a1, b0)
    }
    matched |= _moved(before, after, matched)
    taken = {a for a, _ in matched.values()}
    for _, a0, a1, b0, b1 in steps:
        gone = [a for a in range(a0, a1) if a not in taken]
        come = [b for b in range(b0, b1) if b not in matched]
        matched |= {b: (a, "reworded") for a, b in _reworded(gone, come, before, after)}
    return list(_in_order(old, new, matched, steps))


def _along(a0: int, a1: int, b0: int) -> Iterator[tuple[int, int]]:
    return zip(range(a0, a1), range(b0, b0 + a1 - a0), strict=True)


def _moved(before: Sequence[str], after: Sequence[str], matched: Mapping[int, Any]) -> dict[int, tuple[int, Kind]]:
    """Sentences that stand elsewhere now; of those that occur several times it can't be told which went where."""
    taken = {a for a, _ in matched.values()}
    gone = _single({a: words for a, words in enumerate(before) if a not in taken})
    come = _single({b: words for b, words in enumerate(after) if b not in matched})
    return {b: (gone[words], "moved") for words, b in come.items() if words in gone}


def _single(words: Mapping[int, str]) -> dict[str, int]:
    counts = Counter(words.values())
    return {text: place for place, text in words.items() if counts[text] == 1}


def _reworded(gone: list[int], come: list[int], before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of one stretch, most alike first; stretches too long to compare give none."""
    if len(gone) * len(come) > MOST_COMPARED:
        return []
    ranked = sorted((-likeness(before[a], after[b]), a, b) for a in gone for b in come)
    found: list[tuple[int, int]] = []
    left, right = set(gone), set(come)
    for score, a, b in ranked:
        if -score < REWORDED:
            break
        if a in left and b in right:
            found.append((a, b))
            left.discard(a)
            right.discard(b)
    return found


def _in_order(
    old: Sequence[Record], new: Sequence[Record], matched: Mapping[int, tuple[int, Kind]], steps: Sequence[Any]
) -> Iterator[Pair]:
    taken = {a for a, _ in matched.values()}
    added: tuple[int | None, Kind] = (None, "added")
    for _, a0, a1, b0, b1 in steps:
        yield from (Pair("removed", old[a], None) for a in range(a0, a1) if a not in taken)
        for b in range(b0, b1):
            a, kind = matched.get(b, added)
            yield Pair(kind, None if a is None else old[a], new[b])


class Carried(NamedTuple):
    """Decisions moved from the log of one draft to another: those placed, and those that could not be."""

    events: list[Event]
    lost: list[Lost]


def carry(events: Sequence[Event], old: Mapping[str, Draft], new: Mapping[str, Draft]) -> Carried:
    """Move the decisions on an old draft to a new one; what can't be placed is listed, never guessed.

    Events keep reviewer and time, and get ids made of the old id and the new place, so that carrying twice is
    carrying once.
    """
    names = {was: now for now, was in paired_names(old, new).items()}
    placer = EventPlacer(new, names)
    moved = [event for event in map(placer, live(events)) if event is not None]
    return Carried([_renamed(event) for event in moved], placer.lost)


def _renamed(event: Event) -> Event:
    place = f"{event.event} {event.document} {event.start} {event.end} {event.sentence}"
    identity = hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return replace(event, event=identity)
