"""Sentences that rest on the source of a neighbour: which neighbour.

The rules for a carried source, in order of trust:

- quotation: the sentence lies in a quotation, and the sentence that the quotation opens in, the one before it or the
  one that it ends in names the speaker;
- next quotation: the sentence is a quotation without a speaker of its own, soon after one that has one;
- colon: the sentence before ended with a colon, and this one, or this paragraph, is what it announced;
- summary: the sentence before tells what a document or a body says, and this one goes on ("It also ...").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from annotator import quotation
from annotator.lexicon import Word
from annotator.quotation import Quotation
from annotator.record import Attribution, Sentence, Span
from annotator.word_classes import listed, sort_of

MOST_AFTER_COLON = 4
NEAR = 3
MOST_AHEAD = 12
SHORT, LONG = 8, 40
LEAST, ADDING = 3, 5
BEHIND = 3
_BESIDE = frozenset({"heading", "rule", "caption"})
QUOTED_SHARE = 0.6


@dataclass(slots=True)
class Look:
    """What is known of one sentence while its document is read."""

    sentence: Sentence
    words: Sequence[Word]
    quotes: list[Quotation]
    named: list[Attribution] = field(default_factory=list)
    vague: list[Attribution] = field(default_factory=list)
    references: list[Attribution] = field(default_factory=list)
    directions: list[Attribution] = field(default_factory=list)
    told: list[Attribution] = field(default_factory=list)
    rebutted: bool = False
    opener: int | None = None

    @property
    def span(self) -> Span:
        """Place of the sentence."""
        return Span(self.sentence.start, self.sentence.end)

    @property
    def explicit(self) -> bool:
        """Whether the sentence names a source of its own."""
        return bool(self.named or self.references)


def carry(text: str, looks: Sequence[Look]) -> None:
    """Give every sentence that rests on a neighbour's source the index of that neighbour."""
    for index, look in enumerate(looks):
        if look.named or look.references:
            look.named, look.told = [*look.named, *look.told], []
            continue
        look.opener = _by_quotation(looks, index)
        if look.told and look.opener is None:
            look.named, look.told = look.told, []
            continue
        if look.opener is None:
            look.opener = _by_next_quotation(looks, index)
        if look.opener is None and not look.vague:
            look.opener = _by_colon(text, looks, index)
        if look.opener is None and not look.vague:
            look.opener = _by_summary(text, looks, index)


def inside(look: Look) -> Quotation | None:
    """The longest quotation that the sentence mostly lies in."""
    length = look.sentence.end - look.sentence.start
    for quote in look.quotes:
        shared = min(quote.end, look.sentence.end) - max(quote.start, look.sentence.start)
        if shared >= QUOTED_SHARE * length:
            return quote
    return None


def is_behind_quotation(look: Look, span: Span) -> bool:
    """Whether the sentence quotes somebody before a span, which then is the author's, whatever else is still open.

    As in '“We tried hard,” she said': where every paragraph opens the quotation anew, one of them never closes.
    """
    return any(look.sentence.start <= quote.start and quote.end <= span.start for quote in look.quotes)


def is_told(text: str, look: Look, found: Attribution) -> bool:
    """Whether a pronoun says something within a quotation that runs on: the words are those of whoever is quoted."""
    quote = inside(look)
    if quote is None or found.source is None or found.cue is None or quote.start >= look.sentence.start:
        return False
    if is_behind_quotation(look, found.source):
        return False
    pronoun = text[found.source.start : found.source.end].lower() in listed("word_classes", "person_pronoun")
    return pronoun and quote.start < found.source.start and found.cue.end < quote.end


def _by_quotation(looks: Sequence[Look], index: int) -> int | None:
    quote = inside(looks[index])
    if quote is None or (not quote.closed and _is_over(looks, index, quote)):
        return None
    first = index
    while first > 0 and looks[first].sentence.start > quote.start:
        first -= 1
    if first < index and (looks[first].named or looks[first].opener is not None):
        return first if looks[first].named else looks[first].opener
    if first > 0 and looks[first - 1].named and _announces(looks[first - 1]):
        return first - 1
    return _after(looks, index, quote)


def _is_over(looks: Sequence[Look], index: int, quote: Quotation) -> bool:
    """Whether a quotation never closed has ended: somebody else is quoted, or the text speaks about it."""
    for at in range(index, -1, -1):
        look = looks[at]
        if look.sentence.start <= quote.start:
            return False
        if (look.named and _speaks_anew(look, quote)) or _speaks_of_document(look) or _concludes(look):
            return True
    return False


def _speaks_anew(look: Look, quote: Quotation) -> bool:
    """Whether a sentence that names a source is the author's again: it quotes somebody, or the quotation is far above.

    One near the opening mark that only says "she said" may be part of what is quoted.
    """
    far = look.sentence.start - quote.start > quotation.SHORT_REACH
    return far or any(other.start >= look.sentence.start and not other.depth for other in look.quotes)


def _speaks_of_document(look: Look) -> bool:
    """Whether a sentence begins with "This report" and the like."""
    words = look.words
    return len(words) > 1 and words[0].lower == "this" and sort_of(words[1].lower) == "document"


def _concludes(look: Look) -> bool:
    """Whether a sentence draws a conclusion in the author's words: "Thus" at its head, and no "I" or "we"."""
    opens = bool(look.words) and look.words[0].lower in listed("word_classes", "concluding")
    return opens and not quotation.first_person(look.sentence.text)


def _announces(look: Look) -> bool:
    return bool(look.words) and (look.words[-1].lower == ":" or look.named[-1].content == () or bool(look.quotes))


def _after(looks: Sequence[Look], index: int, quote: Quotation) -> int | None:
    """The sentence in which a quotation ends and its speaker is named behind it."""
    for at in range(index + 1, min(len(looks), index + MOST_AHEAD)):
        later = looks[at]
        if later.sentence.start >= quote.end:
            return at if quote.closed and _is_reference(later) else None
        if any(found.cue and found.cue.start >= quote.end - 1 for found in later.named):
            return at
        if quote.closed and any(_ends_at(quote, found.source) for found in later.references):
            return at
    return None


def _ends_at(quote: Quotation, mark: Span | None) -> bool:
    """Whether a reference stands right behind a quotation."""
    return mark is not None and quote.end - 1 <= mark.start <= quote.end + BEHIND


def _is_reference(look: Look) -> bool:
    """Whether a sentence is hardly more than the reference that it opens with."""
    if not look.references or not look.references[0].source:
        return False
    source = look.references[0].source
    return source.start - look.sentence.start <= SHORT and source.end + LONG >= look.sentence.end


def _by_next_quotation(looks: Sequence[Look], index: int) -> int | None:
    """A quotation without a speaker of its own goes on with the last one, at most `NEAR` sentences back."""
    look = looks[index]
    quote = inside(look)
    if index == 0 or quote is None or quote.start < look.sentence.start:
        return None
    for at in range(index - 1, max(-1, index - 1 - NEAR), -1):
        if looks[at].named:
            return at
        if looks[at].opener is not None:
            return looks[at].opener
    return None


def _by_colon(text: str, looks: Sequence[Look], index: int) -> int | None:
    look = looks[index]
    if index == 0 or look.sentence.block.kind in _BESIDE or len(look.words) <= LEAST:
        return None
    at = index - 1
    while at > 0 and looks[at].sentence.block.kind in _BESIDE:
        at -= 1
    before = looks[at]
    if before.named and _ends_with_colon(text, before):
        return at
    opener = before.opener
    if opener is None or not _ends_with_colon(text, looks[opener]) or inside(before) is not None:
        return None
    paragraph = look.sentence.block.start
    if paragraph == before.sentence.block.start and paragraph != looks[opener].sentence.block.start:
        return opener
    return opener if index - opener <= MOST_AFTER_COLON and quotation.first_person(look.sentence.text) else None


def _by_summary(text: str, looks: Sequence[Look], index: int) -> int | None:
    """A sentence that goes on telling what a document or a body says: "It also ...", "The commission then ..."."""
    if index == 0 or not _adds(looks[index]):
        return None
    before = looks[index - 1]
    at = index - 1 if before.named else before.opener
    source = looks[at].named[-1].source if at is not None and looks[at].named else None
    if source is None:
        return None
    words = text[source.start : source.end].lower().split()
    told = next((word for word in reversed(words) if sort_of(word) in ("document", "body")), None)
    subject = [word.lower for word in looks[index].words[:2]]
    return at if told and (subject[0] == "it" or told in subject) else None


def _adds(look: Look) -> bool:
    """Whether one of the first words behind the subject says that more of the same follows: "also", "then"."""
    adding = listed("word_classes", "adding")
    return any(word.lower in adding for word in look.words[1:ADDING]) and look.sentence.block.kind not in _BESIDE


def _ends_with_colon(text: str, look: Look) -> bool:
    return text[look.sentence.end - 1] == ":"
