"""The distinct claims of a batch: who says so, where, on what source, and which have none.

A claim told twice, in one document or in two, in the same words or in slightly other ones, is listed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from annotator.likeness import groups
from annotator.output import TaggedDocument
from annotator.same_source import same_sources
from annotator.wording import counted, short

_GRADES = ("untraceable", "weak", "moderate", "strong")
_WIDTH = 100


def told_claims(documents: Iterable[TaggedDocument]) -> list[dict[str, Any]]:
    """Every claim of every document, one row each, with the number of its group.

    Returns
    -------
    list of dict
        ``group``, ``document``, ``index`` (of the sentence), ``start``, ``end``, ``text``, ``words`` (without
        the frame, with the subject where it stands elsewhere), ``holder``, ``sources``,
        ``label``, ``voice``, ``citation``.
    """
    rows = [
        row
        for document in documents
        for entries in [_entries(document)]
        for sentence in document.sentences
        for row in _rows(sentence, entries)
    ]
    numbers = groups([row["words"] for row in rows])
    return [{"group": number} | row for number, row in zip(numbers, rows, strict=True)]


def _entries(document: TaggedDocument) -> dict[str, str]:
    """Name in the ledger of the document of each name that a source goes by there."""
    entries = document.line.get("sources", [])
    return {name: entry["text"] for entry in entries for name in entry.get("names", ())}


def _rows(sentence: dict[str, Any], entries: dict[str, str]) -> Iterator[dict[str, Any]]:
    kept = {name: sentence[name] for name in ("document", "index")}
    asked = {name: sentence[name] for name in ("label", "voice", "citation")}
    holders = {claim["holder"] for claim in sentence["claims"]}
    for claim in sentence["claims"]:
        sources = [
            {"text": entries.get(source["text"], source["text"])}
            | {name: source[name] for name in ("kind", "traceability", "reliability")}
            for source in sentence["sources"]
            if source["text"] == claim["holder"] or source["text"] not in holders
        ]
        place = {name: claim[name] for name in ("start", "end", "text")}
        yield (
            kept
            | place
            | {"words": claim_words(claim), "holder": entries.get(claim["holder"], claim["holder"])}
            | asked
            | {"sources": sources}
        )


def claim_words(claim: dict[str, Any]) -> str:
    """The claim as a person would say it: its parts without the frame between them, its subject before it."""
    words = " ".join(part["text"] for part in claim.get("parts") or []) or claim["text"]
    subject = claim.get("subject")
    return " ".join((f"[{subject['text']}] {words}" if subject else words).split())


def claim_groups(documents: Iterable[TaggedDocument]) -> list[dict[str, Any]]:
    """The distinct claims of a batch, the most repeated first, then in their order.

    Returns
    -------
    list of dict
        ``claim``: the fullest wording; ``times``, ``documents``: how often and in how many documents it is told;
        ``holders``: who says so, None for the author; ``sources``: each with kind, best reliability and the number of
        tellings that name it; ``has_source``; ``single_source``: whether one source alone carries it; ``reliability``:
        the best of its sources; ``labels``; ``where``: document, index and offsets of each telling.
    """
    rows = told_claims(documents)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["group"], []).append(row)
    listed = [_group(members) for members in found.values()]
    return sorted(listed, key=lambda group: -group["times"])


def _group(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    sources = _sources(rows)
    best = max((source["reliability"] for source in sources), key=_GRADES.index, default=None)
    return {
        "claim": max((row["words"] for row in rows), key=len),
        "times": len(rows),
        "documents": len({row["document"] for row in rows}),
        "holders": list(dict.fromkeys(row["holder"] for row in rows)),
        "sources": sources,
        "has_source": any(row["citation"] in ("explicit", "carried") for row in rows),
        "single_source": len(sources) == 1,
        "reliability": best,
        "labels": list(dict.fromkeys(row["label"] for row in rows)),
        "where": [_telling(row) for row in rows],
    }


def _telling(row: dict[str, Any]) -> dict[str, Any]:
    names = ("document", "index", "start", "end", "text", "holder", "label", "voice", "citation")
    return {name: row[name] for name in names} | {"sources": [source["text"] for source in row["sources"]]}


def _sources(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sources of all tellings, each once under its longest name, with the best grade that it has anywhere."""
    told = [source for row in rows for source in row["sources"]]
    found: dict[int, list[dict[str, Any]]] = {}
    for number, source in zip(same_sources([source["text"] for source in told]), told, strict=True):
        found.setdefault(number, []).append(source)
    return [_source(same) for same in found.values()]


def _source(same: Sequence[dict[str, Any]]) -> dict[str, Any]:
    best = max(same, key=lambda source: _GRADES.index(source["reliability"]))
    text = max((source["text"] for source in same), key=len)
    return {"text": text, "kind": best["kind"], "reliability": best["reliability"], "tellings": len(same)}


def to_text(listed: Sequence[dict[str, Any]]) -> str:
    """The groups as a table for people: times told, source, holder, claim, and below it where it is told again."""
    unsourced = sum(not group["has_source"] for group in listed)
    repeated = sum(group["times"] > 1 for group in listed)
    lines = [line for group in listed for line in _lines(group)]
    total = f"{counted(len(listed), 'claim')}, {repeated:,} told more than once, {unsourced:,} without a source"
    return "\n".join([*lines, total])


def _lines(group: dict[str, Any]) -> Iterator[str]:
    yield f"{group['times']} x  {short(group['claim'], _WIDTH)}"
    yield f"      says: {', '.join(holder or 'the author' for holder in group['holders'])}"
    named = [f"{one['text']} ({one['kind'].replace('_', ' ')}, {one['reliability']})" for one in group["sources"]]
    yield f"      source: {'; '.join(named) or ('named, in words unknown' if group['has_source'] else 'none')}"
    yield f"      where: {'; '.join(_places(group['where']))}"


def _places(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The tellings by document, each document named once; people count sentences from 1, as the review does."""
    found: dict[str, list[str]] = {}
    for row in rows:
        place = f"sentence {row['index'] + 1} ({row['start']}-{row['end']})"
        found.setdefault(row["document"], []).append(place)
    for document, places in found.items():
        yield f"{document} {', '.join(places)}"
