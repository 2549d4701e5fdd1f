"""The difference between two drafts as JSON lines and as text for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotator.drafts import DraftDiff, OutputDiff, Pair
from annotator.wording import counted, short

_WIDTH = 100
_WHY = {"lost-source": "lost its source", "added": "added without a source"}


def changes(found: OutputDiff) -> Iterator[dict[str, Any]]:
    """One object for each change: ``label``, ``unsourced``, ``lost_source``, ``sentence`` (added, removed, ...)."""
    for one in found.documents:
        for pair in one.pairs:
            yield from _pair(one.name, pair)
        for source in one.lost_sources:
            yield {"change": "lost_source", "document": one.name, **source._asdict()}
        for text in one.new_sources:
            yield {"change": "new_source", "document": one.name, "text": text}


def _pair(document: str, pair: Pair) -> Iterator[dict[str, Any]]:
    place = {"document": document, "old": _place(pair.old), "new": _place(pair.new)}
    if pair.changed:
        moved = {name: [pair.old[name], pair.new[name]] for name in pair.changed if pair.old and pair.new}
        yield {"change": "answers", "kind": pair.kind, "answers": moved} | place
    if pair.unsourced:
        yield {"change": "unsourced", "why": pair.unsourced} | place
    if pair.kind != "same":
        yield {"change": "sentence", "kind": pair.kind} | place


def _place(record: Any) -> dict[str, Any] | None:
    if record is None:
        return None
    return {name: record[name] for name in ("index", "start", "end", "text", "label", "citation", "voice")}


def to_text(found: OutputDiff) -> str:
    """What changed in each document, in words; documents without a change are only counted."""
    changed = [one for one in found.documents if _is_changed(one)]
    lines = [line for one in changed for line in _document(one)]
    same = len(found.documents) - len(changed)
    return "\n".join([*lines, f"{counted(len(changed), 'document')} changed, {same:,} did not"]) + "\n"


def _is_changed(one: DraftDiff) -> bool:
    return bool(one.relabelled or one.lost_sources or one.of_kind("moved", "reworded", "added", "removed"))


def _document(one: DraftDiff) -> Iterator[str]:
    counts = {kind: len(one.of_kind(kind)) for kind in ("same", "moved", "reworded", "added", "removed")}
    name = one.name if one.name == one.old_name else f"{one.old_name} -> {one.name}"
    yield f"{name}: sentences " + ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    yield from _part("changed answers", [_answers(pair) for pair in one.relabelled])
    yield from _part("newly unsourced claims", [_unsourced(pair) for pair in one.unsourced])
    lost = [
        f"{source.text} ({source.kind.replace('_', ' ')}; {counted(source.sentences, 'sentence')} rested on it)"
        for source in one.lost_sources
    ]
    yield from _part("lost sources", lost)
    yield from _part("new sources", one.new_sources)
    yield ""


def _part(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"  {title}: {len(lines)}"
        yield from (f"    {line}" for line in lines)


def _answers(pair: Pair) -> str:
    moved = [f"{name} {pair.old[name]} -> {pair.new[name]}" for name in pair.changed if pair.old and pair.new]
    return f"{_number(pair)}{', '.join(moved)}{f' ({pair.kind})' if pair.kind != 'same' else ''}: {_short(pair.new)}"


def _unsourced(pair: Pair) -> str:
    return f"{_number(pair)}{_WHY[pair.unsourced or 'added']}: {_short(pair.new)}"


def _number(pair: Pair) -> str:
    """Number of the sentence in the new draft, counted from 1 as the review does."""
    return f"sentence {pair.new['index'] + 1}: " if pair.new else ""


def _short(record: Any) -> str:
    return short(record["text"], _WIDTH)
