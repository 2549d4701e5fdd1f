"""What the front end draws: one sentence in full, its neighbours at a glance, and how far the review has come."""

from __future__ import annotations

from typing import Any

from annotator.review import Review
from annotator.review_queue import doubt, is_doubtful
from annotator.review_rows import Row


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
    for kind in ("sources", "claims"):
        answers[kind] = [item | _inside(item, row) for item in answers[kind]]
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


def _inside(item: dict[str, Any], row: Row) -> dict[str, Any]:
    start, end = row.span
    held = start <= item["start"] <= item["end"] <= end
    return {"from": item["start"] - start if held else None, "to": item["end"] - start if held else None}


def _others(review: Review, row: Row) -> list[dict[str, Any]]:
    views = sorted(row.views.items())
    return [
        {"reviewer": name, "note": view.note, "settles": view.settles} | view.values()
        for name, view in views
        if name != review.reviewer and view.decided
    ]


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
