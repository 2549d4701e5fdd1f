"""What follows or precedes a verb of saying: a clause, a quotation, a colon, an object, or nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import attrgetter
from typing import Literal, NamedTuple

from annotator.quotation import Quotation
from annotator.record import Span
from annotator.speakers import Reader
from annotator.word_classes import Phrase

Kind = Literal[
    "that", "question", "clause", "infinitive", "quote", "colon", "object", "as", "gerund", "phrase", "end", "broken"
]
REACH, LONG, LEAST = 20, 12, 2
OPENER, HEARD = 3, 4
CLAUSAL: frozenset[str] = frozenset({"that", "clause", "quote", "colon"})
_EDGES = frozenset(" ,;:-–—\t\n\r")
_HALTS = frozenset(":;,.!?—–-")
_STOPS = frozenset(("", *".!?;"))
_MARKS = frozenset("\"“„«‘'`")


class Complement(NamedTuple):
    """Kind of a complement, and where its words begin and end in the document."""

    kind: Kind
    start: int
    end: int


class Surroundings:
    """A sentence as the rules see it: its words, its place, and the quotations that touch it."""

    def __init__(self, reader: Reader, start: int, end: int, quotes: Sequence[Quotation]) -> None:
        self.reader, self.start, self.end, self.quotes = reader, start, end, quotes
        self._outer = [quote for quote in quotes if not quote.depth]
        self._openings = {quote.start: quote for quote in quotes}
        self._closings = {quote.end: quote for quote in quotes if quote.closed}

    def opening_at(self, index: int) -> Quotation | None:
        """Quotation whose opening mark is the word at `index`."""
        words = self.reader.words
        if not 0 <= index < len(words) or words[index].lower not in _MARKS:
            return None
        return self._openings.get(words[index].start)

    def closing_at(self, index: int) -> Quotation | None:
        """Quotation whose closing mark is the word at `index`."""
        words = self.reader.words
        if not 0 <= index < len(words):
            return None
        return self._closings.get(words[index].end)

    def quoted(self, offset: int) -> bool:
        """Whether an offset lies in a quotation."""
        index = bisect_right(self._outer, offset, key=attrgetter("start")) - 1
        return index >= 0 and offset < self._outer[index].end

    def span(self, phrase: Phrase) -> Span:
        """Place of a phrase, without a possessive ending."""
        words = self.reader.words
        end = words[phrase.last - 1].end
        if words[phrase.last - 1].lower.endswith("'s"):
            end -= 2
        return Span(words[phrase.first].start, end)

    def rest(self, cut: Span) -> tuple[Span, ...]:
        """What a sentence says besides the words cut out of it: the longer piece first comes first in the text."""
        found = (self._stripped(self.start, cut.start), self._stripped(cut.end, self.end))
        kept = [self._to_close(piece) for piece in found if piece.end - piece.start > LEAST]
        return tuple(kept[1:] if len(kept) > 1 and self._only_opens(kept[0]) else kept)

    def _to_close(self, piece: Span) -> Span:
        """A piece with the quotation that begins it, wherever that closes."""
        quote = self._openings.get(piece.start)
        return Span(piece.start, max(piece.end, quote.end)) if quote is not None else piece

    def _only_opens(self, piece: Span) -> bool:
        """Whether a piece is only an adverbial that opens the sentence, such as "In addition"."""
        first, last = (bisect_left(self.reader.words, at, key=attrgetter("start")) for at in piece)
        opens = {"preposition", "adverb", "conjunction"}
        return 0 < last - first <= OPENER and bool(self.reader.classes[first] & opens)

    def _stripped(self, start: int, end: int) -> Span:
        text = self.reader.text
        while start < end and (text[start] in _EDGES or text[start] in ")]"):
            start += 1
        while end > start and (text[end - 1] in _EDGES or text[end - 1] in "(["):
            end -= 1
        return Span(start, end)


def following(around: Surroundings, index: int, *, addressed: bool = False) -> Complement:
    """Complement on the right of a cue that ends before the word at `index`.

    `addressed` says that the verb names its hearer first ("told them that").
    """
    reader = around.reader
    words = reader.words
    if index >= len(words) or (index == len(words) - 1 and words[index].lower in ",:-—–"):
        return Complement("broken", around.end, around.end)
    found = _direct(around, index)
    if found is not None:
        return found
    if reader.has(index, "preposition") and reader.lower(index + 1).endswith("ing"):
        return Complement("gerund", words[index].start, around.end)
    later = _later(around, index, addressed)
    if later is not None:
        return later
    word = words[index].lower
    if not word[0].isalnum():
        return Complement("end", around.end, around.end)
    kind: Kind = "phrase" if reader.has(index, "preposition") or reader.has(index, "conjunction") else "object"
    if reader.has(index, "time") or (reader.has(index, "adverb") and kind != "object"):
        kind = "phrase"
    return Complement(kind, words[index].start, around.end)


def _direct(around: Surroundings, index: int) -> Complement | None:
    """Complement that begins right at the word."""
    reader, words = around.reader, around.reader.words
    word = words[index].lower
    quote = around.opening_at(index)
    if quote is not None and not _is_name_of_hearer(around, quote, index):
        return Complement("quote", quote.start, max(quote.end, around.end))
    if word == ":" and not (reader.glued(index) and words[index + 1].lower[0].isalnum()):
        quote = around.opening_at(index + 1)
        begins = words[index + 1].start if index + 1 < len(words) else words[index].end
        return Complement("colon", begins, max(quote.end, around.end) if quote else around.end)
    if word == "," and index + 1 < len(words):
        quote = around.opening_at(index + 1)
        if quote is not None:
            return Complement("quote", quote.start, max(quote.end, around.end))
        begins = reader.text[words[index + 1].start].isupper() and bool(reader.classes[index + 1])
        spoken = begins and len(words) - index > 4 and not reader.is_name(index + 1)
        return (
            Complement("that", words[index + 1].start, around.end)
            if spoken or reader.lower(index + 1) == "that"
            else None
        )
    if word == "that" and not _is_alone(reader, index):
        return Complement("that", words[index].start, around.end)
    if reader.has(index, "clause_opener"):
        return Complement("question", words[index].start, around.end)
    if word == "to" and _is_infinitive(reader, index + 1):
        return Complement("infinitive", words[index].start, around.end)
    if reader.has(index, "subject") and (quote := around.opening_at(index + 1)) is not None:
        return Complement("quote", quote.start, max(quote.end, around.end))  # "called it “a shame”"
    if reader.has(index, "subject"):
        return Complement("clause", words[index].start, around.end)
    return None


def _is_alone(reader: Reader, index: int) -> bool:
    """Whether "that" stands for something told before, as in "he said that." and "he said that, but nobody came"."""
    after = reader.lower(index + 1)
    return after in _STOPS or (after == "," and reader.has(index + 2, "joins"))


def _is_name_of_hearer(around: Surroundings, quote: Quotation, index: int) -> bool:
    """Whether a title in quotation marks is only who was told: "told “The Morning Hour” on Friday that"."""
    words = around.reader.words
    behind = [at for at in range(index, min(len(words), index + REACH)) if words[at].start >= quote.end][:HEARD]
    return quote.closed and any(words[at].lower == "that" for at in behind)


def _is_long_quote(around: Surroundings, index: int) -> bool:
    """Whether a quotation opens here; one or two words in marks are mostly a name or a wry word."""
    quote = around.opening_at(index)
    return quote is not None and (quote.end - quote.start > LONG or index + 3 >= len(around.reader.words))


def _is_infinitive(reader: Reader, index: int) -> bool:
    if index >= len(reader.words):
        return False
    if reader.is_adverb(index):
        index += 1
    return (
        index < len(reader.words)
        and (reader.is_plain(index) or bool(reader.classes[index] & {"auxiliary", "plain_verb"}))
        and not reader.is_name(index)
    )


def _later(around: Surroundings, index: int, addressed: bool) -> Complement | None:
    """Clause, quotation or colon behind an addressee, a place or a time ("told reporters on Monday that")."""
    reader, words = around.reader, around.reader.words
    infinitive: Complement | None = None
    dated = reader.has(index + 1, "time") and not reader.is_name(index)
    aside = (
        addressed
        or dated
        or bool(reader.classes[index] & {"preposition", "time", "adverb", "first_person", "quantifier"})
    )
    for at in range(index + 1, min(len(words), index + REACH)):
        word = words[at].lower
        if word in ".;!?" and not reader.is_inner_stop(at):
            break
        opens = (
            word == ":"
            or _is_long_quote(around, at)
            or (word == "that" and aside and not reader.has(at - 1, "preposition"))
        )
        opens = opens or (reader.has(at, "subject") and reader.has(index, "preposition") and reader.is_plain(at - 1))
        asks = reader.has(at, "clause_opener")
        opens = opens or (asks and at <= index + 2 and (reader.has(index, "preposition") or reader.has(at, "indirect")))
        found = _direct(around, at) if opens else None
        if found is not None:
            return found
        if word == "to" and at - index < 8 and not reader.has(index, "preposition") and _is_infinitive(reader, at + 1):
            infinitive = Complement("infinitive", words[index].start, around.end)
        if word == "," and not _is_place_or_year(reader, at + 1):
            return _direct(around, at) or infinitive
    return infinitive


def _is_place_or_year(reader: Reader, index: int) -> bool:
    """Whether a comma only stands within a date or a place: "in May, 1955", "at a stop in Ulm, Ohio, that"."""
    named = index < len(reader.words) and reader.is_name(index) and reader.lower(index + 1) == ","
    return named or reader.lower(index).isdigit() or (reader.lower(index) == "that" and reader.is_name(index - 2))


def preceding(around: Surroundings, index: int, *, least: int = 4) -> Complement | None:
    """Content on the left of a source or cue that begins with the word at `index`: "..., he said".

    `least` is the number of words and marks that make a clause.
    """
    words = around.reader.words
    if index < 1:
        return None
    last = index - 1
    quote = around.closing_at(last) or (around.closing_at(last - 1) if words[last].lower in ",-—–" else None)
    if quote is not None:
        return Complement("quote", _clause_start(around, quote), quote.end)
    dash = words[last].lower == "-" and not around.reader.glued(last)
    if (dash or words[last].lower in (",", "—", "–")) and last >= least and not _is_adjunct(around, last):
        return Complement("clause", around.start, words[last - 1].end)
    if words[last].lower in ("”", '"', "’", "'", "»") and last >= 1:
        return Complement("quote", around.start, words[last].end)
    return None


def _clause_start(around: Surroundings, quote: Quotation) -> int:
    """Where the clause begins that a quotation ends: "Mending it “is dear,” she said" has no other beginning."""
    before = around.reader.text[max(around.start, quote.start - OPENER) : quote.start].rstrip()
    if quote.start <= around.start or before[-1:] in _HALTS:
        return quote.start
    return around.start


def _is_adjunct(around: Surroundings, comma: int) -> bool:
    """Whether what stands before a comma is only a place, a time or a clause beside the main one."""
    reader = around.reader
    first = 1 if around.opening_at(0) is not None else 0
    opens = reader.has(first, "preposition") or reader.has(first, "subordinator")
    opens = opens or reader.lower(first).endswith("ing")
    return opens and comma < 30 and not any(reader.lower(index) == "," for index in range(first, comma))
