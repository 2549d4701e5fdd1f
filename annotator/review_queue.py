"""In what order sentences come up for review, and which of them: orders and filters over the rows of a review."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields

from annotator.review import Review
from annotator.review_rows import Row

Order = Callable[[Review, list[Row]], Iterable[Row]]
STATES = ("open", "decided", "flagged", "skipped", "doubtful", "changed")


def doubt(row: Row) -> float:
    """How unsure the model is: 1 less the margin between its two likeliest labels; 1 where a reviewer moved the cut."""
    best, second, *_ = sorted(row.record["probabilities"].values(), reverse=True)
    return 1.0 if row.recut else float(1 - (best - second))


def disagreement(row: Row) -> tuple[int, int]:
    """On how many answers reviewers differ, and on how many they differ from the model; none once it is settled."""
    views = [view for view in row.views.values() if view.decided]
    if any(view.settles for view in views):
        return 0, 0
    model = row.untouched().values()
    among = sum(len({view.values()[name] for view in views}) > 1 for name in model)
    return among, sum(any(view.values()[name] != model[name] for view in views) for name in model)


def is_doubtful(row: Row) -> bool:
    """Whether the model, or a moved boundary, asks for a look."""
    return row.recut or bool(row.record["needs_review"])


def in_document_order(review: Review, rows: list[Row]) -> Iterable[Row]:
    """As they stand."""
    return rows


def by_doubt(review: Review, rows: list[Row]) -> Iterable[Row]:
    """Most doubtful first."""
    return sorted(rows, key=lambda row: (-doubt(row), row.at))


def by_disagreement(review: Review, rows: list[Row]) -> Iterable[Row]:
    """Reviewers against reviewers first, then reviewers against the model, then the rest."""
    scored = [(disagreement(row), row) for row in rows]
    return [row for _, row in sorted(scored, key=lambda pair: (-pair[0][0], -pair[0][1], pair[1].at))]


def by_sample(review: Review, rows: list[Row]) -> Iterable[Row]:
    """Stratified sample: the labels of the model take turns, drawn at random but the same way every time.

    However early one stops, every label has come up equally often, as long as it lasts.
    """
    strata: dict[str, list[tuple[bytes, Row]]] = {}
    for row in rows:
        draw = hashlib.blake2b(repr(row.place).encode("utf-8", "replace"), digest_size=8).digest()
        strata.setdefault(row.record["label"], []).append((draw, row))
    turns = []
    for label, drawn in sorted(strata.items()):
        drawn.sort(key=lambda pair: (pair[0], pair[1].at))
        turns += [(turn, label, row) for turn, (_, row) in enumerate(drawn)]
    return [row for _, _, row in sorted(turns, key=lambda item: item[:2])]


ORDERS: Mapping[str, Order] = {
    "document": in_document_order,
    "doubtful": by_doubt,
    "disagreements": by_disagreement,
    "sample": by_sample,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which sentences to review; an empty field lets everything through.

    `state` is one of `STATES`, `kind` a kind of source, `reviewer` somebody who has decided the sentence, `text` words
    that it holds, in any case. Label and citation are those of the present reviewer's view.
    """

    document: str = ""
    label: str = ""
    citation: str = ""
    kind: str = ""
    reviewer: str = ""
    state: str = ""
    text: str = ""

    def lets(self, review: Review, row: Row) -> bool:
        """Whether a sentence comes through."""
        view = review.view(row)
        answers, by = view.answers, row.views.get(self.reviewer)
        return (
            self.document in ("", row.record["document"])
            and self.label in ("", answers["label"])
            and self.citation in ("", answers["citation"])
            and (not self.kind or any(item.get("kind") == self.kind for item in answers["sources"]))
            and (not self.reviewer or (by is not None and by.decided))
            and (not self.text or self.text.casefold() in row.record["text"].casefold())
            and (not self.state or self._is(review, row))
        )

    def _is(self, review: Review, row: Row) -> bool:
        view = review.view(row)
        return {
            "open": not view.decided,
            "decided": view.decided,
            "flagged": view.flagged,
            "skipped": view.skipped,
            "doubtful": is_doubtful(row),
            "changed": view.decided and view.values() != row.untouched().values(),
        }.get(self.state, True)


FILTERS = tuple(item.name for item in fields(Filter))


def queue(review: Review, order: Order, chosen: Filter) -> list[Row]:
    """Sentences that a filter lets through, in an order."""
    rows = review.rows if chosen == Filter() else [row for row in review.rows if chosen.lets(review, row)]
    return list(order(review, rows))
