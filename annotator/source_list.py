"""The sources of a batch: each once over all documents, with what rests on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from annotator.ledger import fullest
from annotator.output import TaggedDocument
from annotator.same_source import same_sources
from annotator.source_names import read_name
from annotator.wording import counted, short

_NAME_WIDTH = 46


def source_rows(documents: Iterable[TaggedDocument]) -> list[dict[str, Any]]:
    """Every source of every document, one row each: the entry of its ledger with the document and its counts."""
    return [_row(document.name, entry) for document in documents for entry in document.line.get("sources", [])]


def _row(document: str, entry: dict[str, Any]) -> dict[str, Any]:
    claims = entry.get("claims", [])
    counts = {"claims": len(claims), "claims_alone": sum(claim["alone"] for claim in claims)}
    names = entry.get("names") or {entry["text"]: entry["mentions"]}
    kept = {name: entry[name] for name in ("text", "kind", "traceability", "reliability", "mentions")}
    return {"document": document} | kept | {"sentences": len(entry["sentences"])} | counts | {"names": names}


def batch_sources(documents: Iterable[TaggedDocument]) -> list[dict[str, Any]]:
    """The sources of a batch, those with most claims first.

    A person with a given name or initials is one source in all documents, and so is a lone surname, but the two are put
    together only within a document; what has no name of its own ("the report") is another one in each.

    Returns
    -------
    list of dict
        ``text``: the fullest name; ``kind``, ``traceability``, ``reliability`` of its best mention; ``documents``,
        ``mentions``, ``sentences``, ``claims``, ``claims_alone`` (those that nothing else carries): counts; ``names``:
        in which words it is named, with counts; ``where``: the same counts by document.
    """
    rows = source_rows(documents)
    numbers = same_sources([_across(row) for row in rows])
    found: dict[int, list[dict[str, Any]]] = {}
    for number, row in zip(numbers, rows, strict=True):
        found.setdefault(number, []).append(row)
    return sorted((_merged(same) for same in found.values()), key=lambda one: (-one["claims"], -one["mentions"]))


def _across(row: dict[str, Any]) -> str:
    """The name of a source among those of other documents, where a lone surname is never taken for a longer name."""
    text: str = row["text"]
    name = read_name(text)
    if name.surname and not name.given:
        return f"“{name.title} {name.surname} {name.year}”"
    nameless = not name.is_person and text[1:] == text[1:].lower() and "“" not in text
    return f"{text} @{row['document']}" if nameless else text


def _merged(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    best = max(rows, key=lambda row: row["traceability"])
    names: Counter[str] = Counter()
    for row in rows:
        names.update(row["names"])
    counts = ("mentions", "sentences", "claims", "claims_alone")
    return {
        "text": fullest(row["text"] for row in rows),
        "kind": best["kind"],
        "traceability": best["traceability"],
        "reliability": best["reliability"],
        "documents": len({row["document"] for row in rows}),
        **{name: sum(row[name] for row in rows) for name in counts},
        "names": dict(names),
        "where": [{"document": row["document"]} | {name: row[name] for name in counts} for row in rows],
    }


def vague_authorities(documents: Iterable[TaggedDocument]) -> Iterator[dict[str, Any]]:
    """Every gesture at a source that nobody could find, with its document."""
    for document in documents:
        for row in document.line.get("profile", {}).get("vague_authorities", []):
            yield {"document": document.name} | row


def to_text(listed: Sequence[dict[str, Any]], vague: Sequence[dict[str, Any]]) -> str:
    """The ledger of a batch as a table for people."""
    head = f"{'source':{_NAME_WIDTH}}  {'kind':18}{'reliability':13}documents mentions claims alone"
    lines = [_line(one) for one in listed]
    alone = sum(one["claims_alone"] for one in listed)
    rest = "rests" if alone == 1 else "rest"
    total = f"{counted(len(listed), 'source')}; {counted(alone, 'claim')} {rest} on one source alone"
    gestures = Counter((row["text"] or "in words unknown").lower() for row in vague)
    told = ", ".join(f"{text} ({count})" for text, count in gestures.most_common())
    return "\n".join([head, *lines, total, f"vague authorities: {told or 'none'}"])


def _line(one: dict[str, Any]) -> str:
    name = short(one["text"], _NAME_WIDTH)
    counts = f"{one['documents']:9} {one['mentions']:8} {one['claims']:6} {one['claims_alone']:5}"
    return f"{name:{_NAME_WIDTH}}  {one['kind'].replace('_', ' '):18}{one['reliability']:13}{counts}"
