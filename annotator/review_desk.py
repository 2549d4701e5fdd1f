"""What the review page and the notebook widget talk to: small requests in, and what to show next out.

A request is an object with ``do`` and what that needs; the answer holds ``view``, everything that the front end draws,
and ``says``, a sentence for people, or ``error`` where nothing was saved. What is shown is always what is on the disk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from annotator.admiralty import in_words, rated, scale
from annotator.errors import AnnotatorError
from annotator.record import CITATIONS, VOICES
from annotator.review import Review, ReviewError
from annotator.review_log import SPANS, now
from annotator.review_queue import FILTERS, ORDERS, STATES, Filter, Order, doubt, is_doubtful, queue
from annotator.review_rows import Row
from annotator.review_view import detail, glance, progress
from annotator.selection import marked_claim, marked_source, snap

FRONTEND = Path(__file__).parent / "frontend"
GUIDELINES = FRONTEND / "guidelines.md"
NEIGHBOURHOOD = 40
_VERSION = re.compile(r"^Version (\S{1,40})", re.MULTILINE)
_MAX_NOTE = 10_000


def guideline_version(text: str) -> str:
    """Version that guidelines give themselves on a line ``Version 2``, or ``unversioned``."""
    found = _VERSION.search(text)
    return found[1].rstrip(".,;") if found else "unversioned"


class Desk:
    """One reviewer at work: a queue, the sentence in hand, and the requests that move both.

    Parameters
    ----------
    review : Review
        What is reviewed.
    guidelines : str
        Their text, shown at a key.
    orders : mapping, optional
        Further orders by name, such as the next best sentences for training.
    """

    def __init__(self, review: Review, guidelines: str = "", orders: Mapping[str, Order] | None = None) -> None:
        self.review, self.guidelines = review, guidelines
        self.orders = {**ORDERS, **(orders or {})}
        self.order, self.filter = "document", Filter()
        self._lock = Lock()
        self._requests: dict[str, Callable[[dict[str, Any]], str]] = {
            "open": lambda _: "Press ? for all keys.", "look": self._look,
            "move": self._move, "go": self._go, "doubtful": self._doubtful,
            "label": self._answer, "citation": self._answer, "voice": self._answer, "accept": self._decide,
            "adjudicate": self._decide, "skip": self._decide, "flag": self._flag, "note": self._note,
            "undo": self._undo, "order": self._reorder, "filter": self._filter, "span": self._span,
            "drop": self._drop, "rate": self._rate, "merge": self._merge, "split": self._split,
        }  # fmt: skip
        self.current: Row | None = None
        self._middle: int | None = None
        self._line_up()
        self.current = self._next_open(-1) or (self.rows[0] if self.rows else None)

    def handle(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Carry out one request; never raises for what a user, a file or a full disk can cause."""
        with self._lock:
            wanted = dict(request)
            answer: dict[str, Any] = {"setting": self._setting()} if wanted.get("do") == "open" else {}
            try:
                answer["says"] = self._carry_out(wanted)
            except AnnotatorError as error:
                answer["error"] = str(error)
            except (KeyError, TypeError, ValueError) as error:
                answer["error"] = f"the request can't be carried out: {error!r}"
            return answer | {"view": self._view()}

    def _carry_out(self, request: dict[str, Any]) -> str:
        if "at" in request and self.current is not None and request["at"] != list(self.current.span):
            raise ReviewError("out-of-step", "the page was out of step, and nothing was changed; look again")
        carry_out = self._requests.get(request.get("do", "look"))
        return carry_out(request) if carry_out else ""

    def _row(self) -> Row:
        if self.current is None:
            raise ReviewError("no-sentence", "no sentence is in hand; widen the filter")
        return self.current

    # The queue

    def _line_up(self) -> None:
        self.rows = queue(self.review, self.orders[self.order], self.filter)
        self._position = {id(row): n for n, row in enumerate(self.rows)}

    def _here(self) -> int:
        return self._position.get(id(self.current), -1)

    def _next_open(self, after: int) -> Row | None:
        """Next sentence of the queue, from a position on and round, that is not yet decided; skipped ones come last."""
        turned = self.rows[after + 1 :] + self.rows[: after + 1]
        views = ((row, self.review.view(row)) for row in turned)
        skipped = None
        for row, view in views:
            if not view.decided and not view.skipped:
                return row
            if view.skipped and skipped is None and row is not self.current:
                skipped = row
        return skipped

    def _advance(self, done: str) -> str:
        following = self._next_open(self._here())
        if following is None:
            return f"{done} Everything in this queue is decided."
        self.current = following
        return done

    def _reorder(self, request: dict[str, Any]) -> str:
        if request["name"] not in self.orders:
            raise ReviewError("bad-order", f"there is no order {request['name']!r}")
        self.order = request["name"]
        return self._start_over()

    def _filter(self, request: dict[str, Any]) -> str:
        wanted = dict(request["filter"])
        self.filter = Filter(**{name: str(wanted.get(name) or "") for name in FILTERS})
        return self._start_over()

    def _start_over(self) -> str:
        self._line_up()
        self.current = self._next_open(-1) or (self.rows[0] if self.rows else None)
        return f"{len(self.rows):,} sentences in the queue."

    def _move(self, request: dict[str, Any]) -> str:
        if self.rows:
            self.current = self.rows[min(max(self._here() + int(request["by"]), 0), len(self.rows) - 1)]
        return ""

    def _look(self, request: dict[str, Any]) -> str:
        """Show another part of the document; the sentence in hand stays in hand."""
        self._middle = int(request["middle"])
        return ""

    def _go(self, request: dict[str, Any]) -> str:
        self.current = self.review.rows[min(max(int(request["row"]), 0), len(self.review.rows) - 1)]
        return ""

    def _doubtful(self, request: dict[str, Any]) -> str:
        here = self._here()
        turned = self.rows[here + 1 :] + self.rows[: max(here, 0)]
        still = [row for row in turned if not (view := self.review.view(row)).decided and not view.skipped]
        marked = next((row for row in still if is_doubtful(row)), None)
        self.current = marked or max(still, key=doubt, default=self.current)
        if marked or not still:
            return "" if marked else "No undecided sentence is left in this queue."
        return "The model marked no other sentence as doubtful; this is the most doubtful of the rest."

    # Decisions

    def _answer(self, request: dict[str, Any]) -> str:
        field, value = request["do"], request["value"]
        self.review.change(self._row(), field, value)
        return self._advance(f"Saved: {value}.") if field == "label" else f"Saved: {field} {value}."

    def _decide(self, request: dict[str, Any]) -> str:
        decision = {"accept": "accepted", "adjudicate": "adjudicated", "skip": "skipped"}[request["do"]]
        self.review.change(self._row(), "decision", decision)
        return self._advance(f"Saved: {decision}.")

    def _flag(self, request: dict[str, Any]) -> str:
        flagged = not self.review.view(self._row()).flagged
        self.review.change(self._row(), "flag", flagged)
        return "Saved: flagged." if flagged else "Saved: flag taken off."

    def _note(self, request: dict[str, Any]) -> str:
        self.review.change(self._row(), "note", str(request["text"])[:_MAX_NOTE].strip() or None)
        return "Saved: note."

    def _undo(self, request: dict[str, Any]) -> str:
        event = self.review.undo()
        if event is None:
            return "There is nothing to take back."
        if event.field == "boundary":
            self._line_up()
        self.current = self.review.find(event) or self.current
        return f"Taken back: {event.field} {event.new if isinstance(event.new, str) else ''}".rstrip() + "."

    # Words

    def _span(self, request: dict[str, Any]) -> str:
        """Set a source or a claim to the words selected; one that they overlap is replaced."""
        row, field = self._row(), request["field"]
        if field not in SPANS:
            raise ReviewError("bad-field", f"{field!r} can't be selected")
        start, end = snap(row.record["text"], int(request["start"]), int(request["end"]))
        text, start, end = row.record["text"][start:end], start + row.span[0], end + row.span[0]
        standing = self.review.view(row).answers[field]
        met = [item for item in standing if item["start"] < end and start < item["end"]]
        made = marked_source(text, row.record["text"], met) if field == "sources" else marked_claim(met)
        new = [item for item in standing if item not in met] + [{"text": text, "start": start, "end": end} | made]
        self.review.change(row, field, sorted(new, key=lambda item: item["start"]))
        return f"Saved: {field[:-1]} “{text}”."

    def _drop(self, request: dict[str, Any]) -> str:
        row, field = self._row(), request["field"]
        standing = self.review.view(row).answers[field] if field in SPANS else []
        self.review.change(row, field, [item for n, item in enumerate(standing) if n != int(request["number"])])
        return f"Saved: {field[:-1]} removed."

    def _rate(self, request: dict[str, Any]) -> str:
        """Set or clear the letter or the figure of a source, or the whole rating where no part is named."""
        row, number = self._row(), int(request["number"])
        sources = self.review.view(row).answers["sources"]
        if not 0 <= number < len(sources):
            raise ReviewError("no-source", "the sentence has no such source")
        source, by = sources[number], self.review.reviewer
        new = rated(source.get("rating"), request.get("part"), request.get("value"), by, now()[:10])
        self.review.change(row, "rating", source | {"rating": new})
        return f"Saved: “{source['text']}” rated {in_words(new)}." if new else "Saved: rating taken off."

    def _merge(self, request: dict[str, Any]) -> str:
        row = self._row()
        rows = self.review.drafts[row.record["document"]].rows
        both = rows[rows.index(row) : rows.index(row) + 2]
        if len(both) < 2:
            raise ReviewError("last-sentence", "no sentence of this document follows to merge with")
        return self._recut(both, [(both[0].span[0], both[1].span[1])], "Saved: merged with the next sentence.")

    def _split(self, request: dict[str, Any]) -> str:
        row = self._row()
        text, (start, end) = row.record["text"], row.span
        at = snap(text, int(request["start"]), int(request["start"]) + 1)[0]
        cut = start + len(text[:at].rstrip())
        return self._recut([row], [(start, cut), (start + at, end)], "Saved: split in two.")

    def _recut(self, rows: list[Row], spans: list[tuple[int, int]], says: str) -> str:
        event = self.review.recut(rows, spans)
        self._line_up()
        self.current = self.review.find(event)
        return says

    # What is shown

    def _setting(self) -> dict[str, Any]:
        review = self.review
        records = [row.record for row in review.rows]
        return {
            "labels": list(review.labels), "citations": list(CITATIONS), "voices": list(VOICES),
            "orders": list(self.orders), "states": list(STATES), "documents": list(review.drafts),
            "kinds": sorted({item["kind"] for record in records for item in record["sources"]}),
            "reviewers": sorted({event.reviewer for event in review.events} | {review.reviewer}),
            "reviewer": review.reviewer, "log": review.log.name, "guidelines": self.guidelines,
            "guideline": review.guideline, "notices": review.notices(), "scale": scale(),
        }  # fmt: skip

    def _view(self) -> dict[str, Any]:
        shared = {"order": self.order, "filter": {name: getattr(self.filter, name) for name in FILTERS}}
        shared |= progress(self.review, self.rows) | {"position": self._here()}
        if self.current is None:
            return shared | {"row": None, "window": [], "before": 0, "after": 0}
        rows = self.review.drafts[self.current.record["document"]].rows
        middle = self.current.at - rows[0].at
        if self._middle is not None:
            middle, self._middle = min(max(self._middle, 0), len(rows) - 1), None
        first, last = max(0, middle - NEIGHBOURHOOD), min(len(rows), middle + NEIGHBOURHOOD + 1)
        others = self.order == "disagreements" or self.review.view(self.current).decided
        return shared | {
            "row": detail(self.review, self.current, others),
            "window": [glance(self.review, row) for row in rows[first:last]],
            "before": first, "after": len(rows) - last,
        }  # fmt: skip
