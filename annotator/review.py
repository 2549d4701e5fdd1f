"""A review in progress: an output, the log beside it, and what they come to; every change is an event in the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from annotator.anchoring import EventPlacer
from annotator.errors import AnnotatorError
from annotator.record import CITATIONS, VOICES
from annotator.review_log import ANSWERS, SPANS, Event, live, log_path, new_id, now, read_log
from annotator.review_rows import Row, View, labels_of, read_output
from annotator.review_writer import LogWriter
from annotator.wording import counted


class ReviewError(AnnotatorError):
    """A change that can't be made, such as a label that the output doesn't know."""


class Review:
    """The sentences of an output with everybody's decisions on them.

    Parameters
    ----------
    output : Path or str
        What ``annotator tag`` wrote; it is never changed.
    reviewer : str
        Who decides.
    log : Path or str, optional
        The log; by default beside the output.
    texts : mapping, optional
        Original texts by document id, for the white space between sentences.
    guideline : str
        Version of the guidelines in force, kept with every event.
    read_only : bool
        Take no lock and write nothing.
    place : callable, optional
        Finds the sentence of an event that fits none any more, as an event with its new place, or None where that is
        not sure. By default by quotation, prefix and suffix.

    Raises
    ------
    ReadError
        If the output or the log can't be read.
    OutputError
        If the log can't be written or somebody else is writing it.
    """

    def __init__(
        self,
        output: Path | str,
        reviewer: str,
        *,
        log: Path | str | None = None,
        texts: Mapping[str, str] | None = None,
        guideline: str = "",
        read_only: bool = False,
        place: Callable[[Event], Event | None] | None = None,
    ) -> None:
        if not reviewer.strip():
            raise ReviewError("no-reviewer", "a review needs the name of its reviewer")
        self.output, self.reviewer, self.guideline = Path(output), reviewer.strip(), guideline
        self.log = Path(log) if log else log_path(output)
        self.drafts, self.skipped = read_output(output, texts)
        self.labels = labels_of(self.drafts.values())
        self._writer = None if read_only else LogWriter(self.log)
        self._place = place or EventPlacer(self.drafts)
        self.moved = 0
        self.rows: list[Row] = []
        self.unplaced: list[Event] = []
        self._load()

    def _load(self) -> None:
        read = read_log(self.log)
        self.log_skipped = Counter(line.reason for line in read.skipped)
        self.last = read.events[-1].when if read.events else ""
        self.events = [self._placed(event) for event in live(read.events)]
        self._restore(set(self.drafts))

    def _placed(self, event: Event) -> Event:
        draft = self.drafts.get(event.document)
        if draft is None or draft.text[event.start : event.end] == event.exact:
            return event
        placed = self._place(event)
        self.moved += placed is not None
        return placed or event

    def _restore(self, documents: set[str]) -> None:
        """Build the rows of these documents, and everybody's views of them, anew from the events."""
        cuts: dict[str, list[Event]] = {}
        for event in self.events:
            if event.field == "boundary" and event.document in documents:
                cuts.setdefault(event.document, []).append(event)
        unfit = [event for name in documents for event in self.drafts[name].recut(cuts.get(name, []))]
        self.rows = [row for draft in self.drafts.values() for row in draft.rows]
        for at, row in enumerate(self.rows):
            row.at = at
        self._by_place = {row.place: row for row in self.rows}
        for event in self.events:
            if event.document in documents:
                self._apply(event)
        self.unplaced = unfit + [event for event in self.events if self._is_lost(event)]

    def _is_lost(self, event: Event) -> bool:
        draft = self.drafts.get(event.document)
        if draft is None or event.field == "boundary":
            return draft is None
        return not draft.knew(event.start, event.end, event.sentence) or not self._fits(event)

    def _fits(self, event: Event) -> bool:
        """Whether an event says something that this output can hold: known answers, spans with their own words."""
        for name, known in (("label", self.labels), ("citation", CITATIONS), ("voice", VOICES)):
            if event.field == name and event.new not in known:
                return False
            if event.values is not None and event.values[name] not in known:
                return False
        if event.field not in (*SPANS, "rating"):
            return True
        items = [event.new] if event.field == "rating" else event.new
        text = self.drafts[event.document].text if event.document in self.drafts else ""
        return all(text[item["start"] : item["end"]].split() == item["text"].split() for item in items)

    def _apply(self, event: Event) -> None:
        found = self._by_place.get(event.place)
        if found is not None and event.field != "boundary" and self._fits(event):
            found.views.setdefault(event.reviewer, found.untouched()).apply(event)

    def view(self, row: Row) -> View:
        """What this reviewer makes of a sentence."""
        return row.views.get(self.reviewer) or row.untouched()

    def notices(self) -> list[str]:
        """What was skipped, in words for people, with counts."""
        found = [
            f"{count} line{'s' * (count > 1)} of {path.name} skipped: {reason}"
            for path, counts in ((self.output, self.skipped), (self.log, self.log_skipped))
            for reason, count in sorted(counts.items())
        ]
        unknown = sum(event.document not in self.drafts for event in self.unplaced)
        gone = len(self.unplaced) - unknown
        for count, why in ((unknown, "about documents not in the output"), (gone, "their sentence is no longer there")):
            if count:
                found.append(f"{count} event{'s' * (count > 1)} of {self.log.name} skipped: {why}")
        if self.moved:
            found.append(
                f"{self.moved} event{'s' * (self.moved > 1)} of {self.log.name} placed anew: the text has changed"
            )
        unlike = sum(draft.unlike for draft in self.drafts.values())
        return found + ([f"{counted(unlike, 'document')} changed since the annotation"] if unlike else [])

    def change(self, row: Row, field: str, new: Any, note: str | None = None) -> Event | None:
        """Set an answer, spans, a source's rating, flag, note or decision; None where it stands so already.

        A rating is given as the record of its source. A label, and the decisions ``accepted`` and ``adjudicated``,
        decide the sentence.

        Raises
        ------
        ReviewError
            If the value is none that the field can have.
        OutputError
            If the event could not be saved; nothing has changed then.
        """
        view = self.view(row)
        old = self._standing(view, field)
        if field == "rating":
            old = new | {"rating": view.rating(new["start"], new["end"])}
        decides = field == "label" or new in ("accepted", "adjudicated")
        if old == new and (view.decided or not decides):
            return None
        if field == "label" and old == new:
            field, old, new = "decision", self._standing(view, "decision"), "accepted"
        event = self._event(row, field, old, new, note, decides or (view.decided and field != "decision"))
        if not self._fits(event):
            raise ReviewError("bad-value", f"{new!r} is no {field} here")
        self._save(event)
        self._apply(event)
        return event

    def _standing(self, view: View, field: str) -> Any:
        if field == "decision":
            decided = "adjudicated" if view.settles else "accepted"
            return decided if view.decided else "skipped" if view.skipped else None
        return {"flag": view.flagged, "note": view.note}.get(field, view.answers.get(field))

    def _event(self, row: Row, field: str, old: Any, new: Any, note: str | None, decided: bool) -> Event:
        document, start, end, sentence = row.place
        values = self.view(row).values() | ({field: new} if field in ANSWERS else {}) if decided else None
        self.last = now(self.last)
        return Event(
            when=self.last, reviewer=self.reviewer, document=document, index=row.at - self.drafts[document].rows[0].at,
            field=field, old=old, new=new, note=note, values=values, sentence=sentence, start=start, end=end,
            **self.drafts[document].context(start, end), guideline=self.guideline, event=new_id(),
        )  # fmt: skip

    def _save(self, event: Event) -> None:
        if self._writer is None:
            raise ReviewError("read-only", "the review was opened for reading only")
        self._writer.append(event)
        if event.field != "undo":
            self.events.append(event)

    def recut(self, rows: list[Row], spans: list[tuple[int, int]]) -> Event:
        """Replace neighbouring sentences by others that cover the same words: merge them, or split one.

        Raises
        ------
        ReviewError
            If the spans don't cover the same words.
        """
        draft = self.drafts[rows[0].record["document"]]
        old, new = [list(row.span) for row in rows], [list(span) for span in spans]
        event = self._event(rows[0], "boundary", old, new, None, decided=False)
        if any(row not in draft.rows for row in rows) or not draft.allows([row.span for row in rows], spans):
            raise ReviewError("bad-boundary", "sentences can only be cut between their words")
        self._save(event)
        self._restore({draft.name})
        return event

    def undo(self) -> Event | None:
        """Take back this reviewer's last change that still stands; None where there is none. It is an event too."""
        last = next((event for event in reversed(self.events) if event.reviewer == self.reviewer), None)
        if last is None:
            return None
        self.last = now(self.last)
        fields = {name: getattr(last, name) for name in last.__slots__}
        event = Event(**fields | {
            "when": self.last, "field": "undo", "old": last.field, "new": last.event, "event": new_id(),
            "note": None, "values": None, "guideline": self.guideline,
        })  # fmt: skip
        self._save(event)
        self.events.remove(last)
        if last.field == "boundary":
            self._restore({last.document} & set(self.drafts))
        elif last.place in self._by_place:
            self._by_place[last.place].views = {}
            for earlier in self.events:
                if earlier.place == last.place:
                    self._apply(earlier)
        return last

    def find(self, event: Event) -> Row | None:
        """Sentence of an event: the one it names, else the one that stands where it begins."""
        row = self._by_place.get(event.place)
        if row is None and event.document in self.drafts:
            rows = self.drafts[event.document].rows
            row = next((item for item in rows if item.span[0] <= event.start < item.span[1]), None)
        return row

    def verdict(self, row: Row) -> View | None:
        """What the reviewers come to: the last adjudication, else the answers they agree on; None where they don't."""
        views = [view for view in row.views.values() if view.decided]
        settled = [view for view in views if view.settles]
        last = max(settled or views, key=lambda view: view.when, default=None)
        if last is None or settled:
            return last
        return last if all(view.values() == last.values() for view in views) else None

    def labelled(self) -> Iterator[dict[str, Any]]:
        """Yield the decided sentences as labelled sentences, input of ``annotator train`` and ``evaluate``.

        Where reviewers agree on a rating of its source, the line has it too.
        """
        for name, draft in self.drafts.items():
            for index, row in enumerate(draft.rows):
                view = self.verdict(row)
                if view is not None:
                    source = next(iter(view.answers["sources"]), None)
                    ratings = row.ratings(source["start"], source["end"]) if source else []
                    yield {
                        "id": f"{name}.{index}", "document": name, "text": row.record["text"],
                        "label": view.answers["label"], "citation": view.answers["citation"],
                        "source": source["text"] if source else None,
                    } | ({"rating": ratings[0]} if len(ratings) == 1 else {})  # fmt: skip

    def close(self) -> None:
        """Give the log back."""
        if self._writer is not None:
            self._writer.close()
