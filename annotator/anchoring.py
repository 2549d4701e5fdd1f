"""Places decisions in a changed document by quotation, prefix and suffix (W3C's TextQuoteSelector), or says why not.

A sentence is the same if it has the same words and stops; typographic quotation marks, dashes and white space are
allowed to differ, and so is one letter in a long word, which is how typing errors are put right. A sentence that was
reworded may mean something else: what it has most likely become is named, but no decision is carried over to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any, Literal, NamedTuple

from annotator.record import Span
from annotator.review_log import CONTEXT, SPANS, Event, content_hash
from annotator.review_rows import Draft

Kind = Literal["same", "respelt", "reworded", "ambiguous", "unsure", "gone"]
# What a quotation needs besides its own words: so many characters of context, which is also how far the best of several
# places must be ahead of the second, or so many words of its own.
LEAST_CONTEXT = 8
LEAST_WORDS = 4
LEAST_LIKENESS = 0.6
_LONG_WORD = 5
_CLOSEST = 5
_TYPOGRAPHY = {
    ord(mark): plain
    for marks, plain in (("“”„«»", '"'), ("‘’‚", "'"), ("–—‑−", "-"), ("…", "..."), ("\u00ad\u200b", ""))
    for mark in marks
}


class Quote(NamedTuple):
    """Words as they stood in the document, what stood before and after them, and where they began."""

    prefix: str
    exact: str
    suffix: str
    start: int


class Placement(NamedTuple):
    """Where a quotation stands now; `span` is None where it is gone, or could be in several places (``ambiguous``).

    ``unsure`` are a few words that stand there still, but among others than before.

    A `reworded` one carries the span of the sentence that it has most likely become, and how alike they are (0 to 1).
    """

    kind: Kind
    span: Span | None = None
    likeness: float = 0.0

    @property
    def sure(self) -> bool:
        """Whether a decision may be carried over."""
        return self.kind in ("same", "respelt")


def plain(text: str) -> str:
    """Text with plain quotation marks and dashes, and one space for a run of white space."""
    return " ".join(text.translate(_TYPOGRAPHY).split())


def likeness(old: str, new: str) -> float:
    """Share of words that two sentences have in common, in their order, 0 to 1."""
    matcher = SequenceMatcher(None, plain(old).split(), plain(new).split(), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= LEAST_LIKENESS else matcher.quick_ratio()


def is_respelt(old: str, new: str) -> bool:
    """Whether two sentences differ only in single letters inside long words; figures and short words must be equal."""
    before, after = plain(old).split(), plain(new).split()
    changed = [pair for pair in zip(before, after, strict=False) if pair[0] != pair[1]]
    return len(before) == len(after) and bool(changed) and all(_one_letter(*pair) for pair in changed)


def _one_letter(old: str, new: str) -> bool:
    """One letter put in, left out, exchanged, or swapped with its neighbour; never the first or the last letter."""
    if min(len(old), len(new)) < _LONG_WORD or (old[0], old[-1]) != (new[0], new[-1]):
        return False
    if any(letter.isdigit() for letter in old + new) or abs(len(old) - len(new)) > 1:
        return False
    at = next(
        (place for place, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]),
        min(map(len, (old, new))),
    )
    if len(old) != len(new):
        short, long = sorted((old, new), key=len)
        return short[at:] == long[at + 1 :]
    swapped = old[at : at + 2] == new[at : at + 2][::-1] and old[at + 2 :] == new[at + 2 :]
    return swapped or old[at + 1 :] == new[at + 1 :]


def _shared(old: str, new: str) -> int:
    """Characters that two texts have in common from their beginning."""
    return next(
        (at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new))
    )


class Placer:
    """Finds quotations among the sentences of one document.

    Parameters
    ----------
    text : str
        The document as it is now.
    spans : iterable of (start, end)
        Its sentences; nothing is ever placed elsewhere.
    """

    def __init__(self, text: str, spans: Iterable[tuple[int, int]]) -> None:
        self.text = text
        self._by_words: dict[str, list[Span]] = {}
        self._by_word: dict[str, list[Span]] = {}
        for start, end in spans:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        """Let quotations be placed at one more span, such as a sentence that a reviewer cut anew."""
        words = plain(self.text[start:end])
        spans = self._by_words.setdefault(words, [])
        if Span(start, end) not in spans:
            spans.append(Span(start, end))
            for word in set(words.split()):
                self._by_word.setdefault(word, []).append(Span(start, end))

    def find(self, quote: Quote) -> Placement:
        """Where the quotation stands now."""
        exact = self._by_words.get(plain(quote.exact), [])
        if exact:
            return self._choose(quote, exact, "same")
        near = self._near(quote.exact)
        respelt = [span for span, _ in near if is_respelt(quote.exact, self._words(span))]
        if respelt:
            return self._choose(quote, respelt, "respelt")
        return self._likely(quote, near)

    def _choose(self, quote: Quote, spans: Sequence[Span], kind: Kind) -> Placement:
        ranked = sorted(((self._context(quote, span), span) for span in spans), reverse=True)
        best, span = ranked[0]
        if best < LEAST_CONTEXT and (len(ranked) > 1 or len(plain(quote.exact).split()) < LEAST_WORDS):
            return self._at_its_place(quote, spans, kind) or Placement("ambiguous" if len(ranked) > 1 else "unsure")
        ties = [other for score, other in ranked if best - score < LEAST_CONTEXT]
        if len(ties) > 1:
            return self._at_its_place(quote, ties, kind) or Placement("ambiguous")
        return Placement(kind, span, 1.0)

    def _at_its_place(self, quote: Quote, spans: Sequence[Span], kind: Kind) -> Placement | None:
        """The span that never moved: same offset, and all of its context, or as much as there is, unchanged."""
        for span in spans:
            if span.start == quote.start and self._context(quote, span) == len(
                plain(quote.prefix) + plain(quote.suffix)
            ):
                return Placement(kind, span, 1.0)
        return None

    def _context(self, quote: Quote, span: Span) -> int:
        """Characters of prefix and suffix that still stand around a span."""
        before = plain(self.text[max(0, span.start - CONTEXT) : span.start])
        after = plain(self.text[span.end : span.end + CONTEXT])
        return _shared(plain(quote.prefix)[::-1], before[::-1]) + _shared(plain(quote.suffix), after)

    def _words(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def _near(self, exact: str) -> list[tuple[Span, int]]:
        """The few sentences that share most words with a quotation; common words count only where it has no others."""
        words = set(plain(exact).split())
        rare = [word for word in words if len(self._by_word.get(word, ())) * 10 <= len(self._by_words) + 100]
        counts = Counter(span for word in (rare or words) for span in self._by_word.get(word, ()))
        return counts.most_common(_CLOSEST)

    def _likely(self, quote: Quote, near: Sequence[tuple[Span, int]]) -> Placement:
        found = [(likeness(quote.exact, self._words(span)), span) for span, _ in near]
        best = max(found, default=None)
        if best is None or best[0] < LEAST_LIKENESS:
            return Placement("gone")
        return Placement("reworded", best[1], round(best[0], 3))


class Lost(NamedTuple):
    """A decision that could not be placed, and what was found instead."""

    event: Event
    placement: Placement


class EventPlacer:
    """Moves the events of a log to the sentences of a later draft; what can't be placed is kept in `lost`.

    Serves as the `place` of `annotator.review.Review`. Events must come in order of time, since a sentence that a
    reviewer cut anew exists only from that event on.

    Parameters
    ----------
    drafts : mapping of str to Draft
        Documents by id, as `review_rows.read_output` gives them.
    names : mapping of str to str, optional
        New ids of documents whose id has changed.
    """

    def __init__(self, drafts: Mapping[str, Draft], names: Mapping[str, str] | None = None) -> None:
        self._drafts, self._names = drafts, dict(names or {})
        self._placers: dict[str, Placer] = {}
        self.lost: list[Lost] = []

    def __call__(self, event: Event) -> Event | None:
        """The event at its new place, or None."""
        name = self._names.get(event.document, event.document)
        draft = self._drafts.get(name)
        placement = Placement("gone") if draft is None else self._placer(draft).find(_quote(event))
        moved = None
        if draft is not None and placement.sure and placement.span is not None:
            moved = _moved(event, draft, placement.span)
        if moved is None:
            self.lost.append(Lost(event, placement))
        elif moved.field == "boundary":
            for start, end in moved.new:
                self._placers[name].add(start, end)
        return moved

    def _placer(self, draft: Draft) -> Placer:
        if draft.name not in self._placers:
            self._placers[draft.name] = Placer(draft.text, [row.span for row in draft.rows])
        return self._placers[draft.name]


def _quote(event: Event) -> Quote:
    return Quote(event.prefix, event.exact, event.suffix, event.start)


def _moved(event: Event, draft: Draft, span: Span) -> Event | None:
    """The event in a draft, its own offsets and those of what it says moved along; None where these can't be."""
    old, new = event.old, event.new
    if event.field in (*SPANS, "rating"):
        lists = [value if isinstance(value, list) else [value] for value in (event.old or [], event.new)]
        before, after = (_spans_moved(items, event, draft, span) for items in lists)
        if after is None:
            return None
        old, new = (before, after) if event.field in SPANS else (before[0] if before else None, after[0])
    elif event.field == "boundary":
        shift = span.start - event.start
        old, new = ([[start + shift, end + shift] for start, end in pairs] for pairs in (event.old or [], event.new))
        if max(end for _, end in new) > len(draft.text):
            return None
    place: dict[str, Any] = dict(draft.context(span.start, span.end))
    index = next((row.record["index"] for row in draft.rows if row.span[1] > span.start), event.index)
    return replace(
        event, document=draft.name, start=span.start, end=span.end, sentence=content_hash(place["exact"]),
        index=index, old=old, new=new, **place,
    )  # fmt: skip


def _spans_moved(
    items: Sequence[Mapping[str, Any]], event: Event, draft: Draft, span: Span
) -> list[dict[str, Any]] | None:
    """Sources or claims moved with their sentence; None if one of them can't be found again."""
    found = []
    for item in items:
        place = _words_moved(item["text"], item["start"], event, draft, span)
        if place is None:
            return None
        moved = dict(item) | {"text": draft.text[place.start : place.end], "start": place.start, "end": place.end}
        for part in ("cue", "mention"):
            if item.get(part):
                at = _words_moved(item[part], item.get(f"{part}_start") or 0, event, draft, span)
                moved |= _part(part, item[part] if at else None, at)
        found.append(moved)
    return found


def _part(name: str, words: str | None, at: Span | None) -> dict[str, Any]:
    """The cue or the mention of a source at its new place, or nowhere."""
    return {name: words, f"{name}_start": at.start if at else None, f"{name}_end": at.end if at else None}


def _words_moved(words: str, start: int, event: Event, draft: Draft, span: Span) -> Span | None:
    """Where words of the quotation stand in the sentence now; words outside it must stand just once in the document."""
    if event.start <= start < event.end:
        places = _occurrences(words, draft.text[span.start : span.end])
        before = _occurrences(words, event.exact)
        if len(places) == len(before) and start - event.start in before:
            at = span.start + places[before.index(start - event.start)]
            return Span(at, at + len(words))
        return None
    places = _occurrences(words, draft.text)
    return Span(places[0], places[0] + len(words)) if len(places) == 1 else None


def _occurrences(words: str, text: str) -> list[int]:
    found, at = [], text.find(words) if words else -1
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found
