"""The words that name a source, from two marks of an encoder: where it sees a name, and where somebody speaks.

Names are marked surely where they are short; of a long phrase often only a piece is ("transcript" of "a transcript of
the call"). The whole phrase that speaks is marked more surely, but takes in what people leave out when they name a
source: the preposition before it, an apposition, a relative clause. So a piece is widened to the phrase, cut to size.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import attrgetter

from annotator.lexicon import words
from annotator.marking import MarkedSpan
from annotator.record import Sentence, Span
from annotator.short_names import shortened
from annotator.speakers import Reader
from annotator.word_classes import Phrase, sort_of

# A phrase this probable is where somebody speaks; a name in it that covers less than this share of it is a piece.
_SPEAKS, _PIECE = 0.5, 0.6
_READ = 4_000
# So few letters between two marks are a part of a word that the encoder has overlooked: "voice-to-skull".
_GAP = 4
# So many words on, the noun of a phrase may stand.
_NOUN = 3
_APART = frozenset({"preposition", "conjunction", "relative", "adverb", "auxiliary"})
_CLOSES = frozenset(",([—–;:")
# So many words a full name has at least.
_FULL = 2
# A closing mark of quotation, and what may have opened it.
_QUOTES = {'"': '"', "”": "“„", "»": "«", "“": "„"}


def whole(sentence: Sentence, named: Sequence[MarkedSpan], spoken: Sequence[MarkedSpan]) -> list[MarkedSpan]:
    """Names that an encoder marks, pieces of a phrase widened to it; each phrase once, with its surest chance.

    Parameters
    ----------
    sentence : Sentence
    named, spoken : sequence of MarkedSpan
        The marks ``named`` and ``source`` of the sentence.
    """
    if not named:
        return []
    around = _Words(sentence)
    phrases = [(mark, phrase) for mark in _joined(spoken) if (phrase := around.phrase(mark)) is not None]
    found: dict[Span, float] = {}
    for name in named:
        own = around.cut(name)
        if own is None:
            continue
        own = around.alone(own)
        mark, phrase = next(((mark, phrase) for mark, phrase in phrases if _meets(phrase, own)), (name, own))
        span = around.span(shortened(around.reader, phrase if around.is_piece(own, phrase) else own))
        found[span] = max(name.chance, (name.chance + mark.chance) / 2, found.get(span, 0.0))
    return [MarkedSpan(*span, chance) for span, chance in found.items() if not _is_inside(span, found)]


def _is_inside(span: Span, others: Iterable[Span]) -> bool:
    return any(other.start <= span.start and span.end <= other.end and other != span for other in others)


def speaking(sentence: Sentence, spoken: Sequence[MarkedSpan]) -> list[MarkedSpan]:
    """The phrase that most surely speaks, for a sentence in which no name is marked."""
    best = max(_joined(spoken), key=attrgetter("chance"), default=None)
    around = _Words(sentence) if best is not None else None
    phrase = around.phrase(best) if best is not None and around is not None else None
    if best is None or around is None or phrase is None:
        return []
    return [MarkedSpan(*around.span(shortened(around.reader, phrase)), best.chance)]


def _joined(spoken: Sequence[MarkedSpan]) -> list[MarkedSpan]:
    """Phrases that speak, those that belong to one word joined."""
    joined: list[MarkedSpan] = []
    for mark in spoken:
        if mark.chance < _SPEAKS:
            continue
        if joined and mark.start - joined[-1].end <= _GAP:
            mark = MarkedSpan(joined[-1].start, mark.end, max(joined.pop().chance, mark.chance))
        joined.append(mark)
    return joined


def _meets(one: Phrase, other: Phrase) -> bool:
    return one.first < other.last and other.first < one.last


class _Words:
    """The words of a sentence, in which marks are cut to phrases."""

    def __init__(self, sentence: Sentence) -> None:
        self.reader = Reader(sentence.text, words(sentence.text[:_READ]))
        self.offset = sentence.start

    def span(self, phrase: Phrase) -> Span:
        """Place of a phrase in the document, with the mark behind it that closes a quotation in it."""
        found, text = self.reader.words, self.reader.text
        start, end = found[phrase.first].start, found[phrase.last - 1].end
        closing = text[end : end + 1]
        opened = closing in _QUOTES and any(mark in text[start:end] for mark in _QUOTES[closing])
        return Span(start + self.offset, end + opened + self.offset)

    def cut(self, mark: MarkedSpan) -> Phrase | None:
        """Words of a mark without those at its edges that belong to no name."""
        found = self.reader.words
        first = max(0, bisect_left(found, mark.start - self.offset + 1, key=attrgetter("start")) - 1)
        last = bisect_left(found, mark.end - self.offset, key=attrgetter("start"))
        while first < last and self._is_apart(first):
            first += 1
        while last > first and self._is_apart(last - 1) and not self.reader.is_inner_stop(last - 1):
            last -= 1
        if last - first > 1 and self.reader.has(last - 1, "subject"):
            last -= 1  # the subject of a clause behind the name: "The book you" are about to read
        bare = last - first == 1 and self.reader.has(first, "possessive")  # "His" names nobody
        return Phrase(first, last) if first < last and not bare else None

    def alone(self, phrase: Phrase) -> Phrase:
        """A person's full name without the apposition behind it; "Moll, The Mill" is an author with a title."""
        reader, (first, last) = self.reader, phrase
        end = next((at for at in range(first + 1, last) if self._breaks(at)), last)
        if end - first < _FULL or end >= last - 1 or not reader.is_name(end - 1):
            return phrase
        if not (reader.is_name(end - 2) or reader.is_inner_stop(end - 2)):
            return phrase
        tail = range(end + 1, last)
        small = reader.has(end + 1, "determiner") and not reader.text[reader.words[end + 1].start].isupper()
        return Phrase(first, end) if small or any(sort_of(reader.lower(at)) == "person" for at in tail) else phrase

    def _breaks(self, index: int) -> bool:
        word = self.reader.lower(index)
        return word in (",", "—", "–") or (word == "-" and not self.reader.glued(index))

    def phrase(self, mark: MarkedSpan) -> Phrase | None:
        """The noun phrase of a mark without the apposition or the clause behind it."""
        cut = self.cut(mark)
        if cut is None:
            return None
        end = next((at for at in range(cut.first + 1, cut.last) if self._closes(at)), cut.last)
        return Phrase(cut.first, self._to_noun(end))

    def _to_noun(self, end: int) -> int:
        """End of a phrase at the noun that it leads to, if that names a source: "Moll's" in "Moll's letter"."""
        reader, at = self.reader, end
        if sort_of(reader.lower(end - 1)) is not None:
            return end
        while at < min(len(reader.words), end + _NOUN) and (reader.is_name(at) or reader.is_plain(at)):
            at += 1
            if sort_of(reader.lower(at - 1)) is not None:
                return at
        return end

    def is_piece(self, name: Phrase, phrase: Phrase) -> bool:
        """Whether a name is a piece of a phrase and not a full name in it ("records used by Klein")."""
        if name == phrase or self._is_full(name):
            return False
        own, all_of_it = self.span(name), self.span(phrase)
        return own.end - own.start < _PIECE * (all_of_it.end - all_of_it.start)

    def _is_full(self, name: Phrase) -> bool:
        """Whether words are a name that no other name or noun goes on with."""
        reader, after = self.reader, name.last
        if not all(reader.is_name(at) or reader.is_inner_stop(at) for at in range(*name)):
            return False
        goes_on = after < len(reader.words) and (
            reader.is_name(after) or reader.glued(after) or (reader.is_plain(after) and sort_of(reader.lower(after)))
        )
        return not goes_on and not (name.first > 0 and reader.is_name(name.first - 1))

    def _is_apart(self, index: int) -> bool:
        reader = self.reader
        if reader.is_name(index):
            return False
        return bool(reader.classes[index] & _APART) or reader.is_adverb(index) or not reader.lower(index)[0].isalnum()

    def _closes(self, index: int) -> bool:
        return self.reader.lower(index) in _CLOSES or self.reader.has(index, "relative")
