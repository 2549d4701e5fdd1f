"""What the front end draws: one sentence in full, its neighbours at a glance, and how far the review has come."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from annotator.admiralty import in_words, short
from annotator.review import Review
from annotator.review_queue import doubt, is_doubtful
from annotator.review_rows import Row, View


def glance(review: Review, row: Row) -> dict[str, Any]:
    """Sentence in the running text."""
    view = review.view(row)
    return {
        "row": row.at,
        "at": list(row.span),
        "text": row.record["text"],
        "gap": row.gap[:8],
        "block": row.record.get("block", "body"),
        "label": view.answers["label"],
        "decided": view.decided,
        "skipped": view.skipped,
        "flagged": view.flagged,
        "doubtful": is_doubtful(row) and not view.decided,
    }


def detail(review: Review, row: Row, others: bool) -> dict[str, Any]:
    """Sentence in hand with all that is known of it; what other reviewers said only where `others` is true.

    Spans count code points from the start of the sentence; a source that stands elsewhere has none (None).
    """
    view, start = review.view(row), row.span[0]
    answers = dict(view.answers)
    answers["claims"] = [item | _inside(item, row) for item in answers["claims"]]
    answers["sources"] = [_source(review, item, row) for item in answers["sources"]]
    return glance(review, row) | answers | {
        "document": row.record["document"],
        "index": start,
        "number": row.at - review.drafts[row.record["document"]].rows[0].at,
        "probabilities": row.record["probabilities"],
        "doubt": round(doubt(row), 3),
        "reasons": [item | _inside(item, row) for item in row.record["reasons"]],
        "model": row.untouched().values(),
        "recut": row.recut,
        "note": view.note,
        "settles": view.settles,
        "others": _others(review, row) if others else [],
    }  # fmt: skip


def _source(review: Review, item: dict[str, Any], row: Row) -> dict[str, Any]:
    """A source with its place in the sentence, that of its mention, and the sentence that carries it here."""
    mention = {"start": item.get("mention_start"), "end": item.get("mention_end")}
    found = {"from": None, "to": None} if None in mention.values() else _inside(mention, row)
    said = {"rated": in_words(item["rating"]) if item.get("rating") else None}
    carrier = _carrier(review, item, row)
    return item | _inside(item, row) | {"mention_from": found["from"], "mention_to": found["to"]} | carrier | said


def _carrier(review: Review, item: dict[str, Any], row: Row) -> dict[str, Any]:
    """Number of the sentence that a source is carried from, as the sentences are cut now; None where there is none."""
    draft, index = review.drafts[row.record["document"]], item.get("carried_from")
    if index is None or not 0 <= index < len(draft.records):
        return {"carrier": None}
    start = draft.records[index]["start"]
    at = bisect_right(draft.rows, start, key=lambda one: one.span[0]) - 1
    return {"carrier": {"row": draft.rows[at].at, "number": at}}


def _inside(item: dict[str, Any], row: Row) -> dict[str, Any]:
    start, end = row.span
    held = start <= item["start"] <= item["end"] <= end
    return {"from": item["start"] - start if held else None, "to": item["end"] - start if held else None}


def _others(review: Review, row: Row) -> list[dict[str, Any]]:
    views = sorted(row.views.items())
    return [
        {"reviewer": name, "note": view.note, "settles": view.settles, "rated": _ratings(view)} | view.values()
        for name, view in views
        if name != review.reviewer and view.decided
    ]


def _ratings(view: View) -> list[str]:
    return [f"{item['text']} {short(item['rating'])}" for item in view.answers["sources"] if item.get("rating")]


def progress(review: Review, queue: list[Row]) -> dict[str, Any]:
    """How many sentences are decided, flagged and skipped by this reviewer, in the queue and in all."""
    me = review.reviewer
    mine = [row.views[me] for row in review.rows if me in row.views]
    in_queue = mine if len(queue) == len(review.rows) else [row.views[me] for row in queue if me in row.views]
    return {
        "decided": sum(view.decided for view in mine),
        "flagged": sum(view.flagged for view in mine),
        "skipped": sum(view.skipped for view in mine),
        "total": len(review.rows),
        "queue": len(queue),
        "queue_decided": sum(view.decided for view in in_queue),
        "undo": any(event.reviewer == me for event in reversed(review.events)),
    }
