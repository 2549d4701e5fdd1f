"""Who speaks in each sentence, and on what source: one `Sourcing` a sentence.

A sentence that names its source is ``explicit``; one that stands in a quotation or summary whose source a sentence near
by names is ``carried``, and says from which; one that gestures at a source that nobody could find is ``vague``.
`carrying` holds the rules for ``carried``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter

from annotator import lexicon, references
from annotator.attribution import in_sentence, touching_quotes, words_of
from annotator.carrying import Look, carry, inside, is_told
from annotator.claims import claims_of, is_stage_direction
from annotator.complements import Surroundings
from annotator.note_links import Links, linked
from annotator.notes import marks
from annotator.people import People
from annotator.quotation import Quotation, find_quotations
from annotator.record import Attribution, Citation, Place, Sentence, Source, Sourcing, Span, Voice
from annotator.reliability import HouseList
from annotator.saying import SELF
from annotator.source_frames import announcing
from annotator.source_records import Sources
from annotator.speakers import Reader
from annotator.word_classes import listed

MOST_REFERENCES = 50  # of one sentence; more are no person's writing
_MARKS = ' .,;)]”"»'  # that may stand behind the reference in a sentence of its own
_LONGEST_MARK = 6
LONGEST_NOTE = 400  # a longer line is running text that begins like a note


def source_sentences(text: str, sentences: Sequence[Sentence], house: HouseList | None = None) -> list[Sourcing]:
    """Sourcing of every sentence of a document, in order.

    Parameters
    ----------
    text : str
        The document.
    sentences : sequence of Sentence
        Its sentences in order, not overlapping.
    house : HouseList, optional
        Overrides the reliability of the sources that it names.

    Returns
    -------
    list of Sourcing
        As many as there are sentences. Offsets point into `text`.
    """
    if not sentences:
        return []
    quotes = find_quotations(text, [sentence.block.start for sentence in sentences])
    looks = [
        _look(text, sentence, touching)
        for sentence, touching in zip(sentences, touching_quotes(sentences, quotes), strict=True)
    ]
    _announce(text, looks)
    links = _place_references(text, looks)
    carry(text, looks)
    return _answers(text, looks, links, house)


def _look(text: str, sentence: Sentence, quotes: list[Quotation]) -> Look:
    words = words_of(sentence)
    look = Look(sentence, words, quotes)
    for found in in_sentence(text, sentence, words, quotes):
        if found.rule != SELF:
            (look.vague if found.vague else look.told if is_told(text, look, found) else look.named).append(found)
    look.rebutted = bool(lexicon.load("rebuttal_cues").find(words))
    return look


def _announce(text: str, looks: Sequence[Look]) -> None:
    """Name who is quoted in the next sentence where the one before ends with a colon and names nobody yet."""
    for look, following in pairwise(looks):
        begins = any(0 <= quote.start - following.sentence.start <= 1 for quote in following.quotes)
        if begins and not look.named and text[look.sentence.end - 1] == ":":
            reader = Reader(text, look.words)
            found = announcing(Surroundings(reader, look.sentence.start, look.sentence.end, look.quotes))
            look.named += [found] if found is not None else []


def _place_references(text: str, looks: Sequence[Look]) -> Links:
    spans = [look.span for look in looks]
    written, links = linked(text, references.find_references(text))
    for found in written:
        for index in _covered(text, found, spans):
            look = looks[index]
            kept = look.directions if _is_cross_reference(text, found) else look.references
            if len(kept) < MOST_REFERENCES:
                kept.append(found)
    for look in looks:
        look.references += _lone_mark(look)
    return links


def _lone_mark(look: Look) -> Iterator[Attribution]:
    """The mark of a note that was split off as a sentence of its own: "(21)" behind a sentence of the same block."""
    sentence = look.sentence
    if sentence.end - sentence.start > _LONGEST_MARK or look.references or sentence.start == sentence.block.start:
        return
    for found in marks(sentence.text):
        if found.source is not None:
            span = Span(found.source.start + sentence.start, found.source.end + sentence.start)
            yield replace(found, source=span)


def _covered(text: str, found: Attribution, spans: Sequence[Span]) -> Iterator[int]:
    """Sentences that a reference covers: one, one that is nothing else, or all that a note's line was split into."""
    index = references.covered(_ending(text, found), spans) if found.source is not None else -1
    if found.source is None or index < 0:
        return
    yield index
    if found.source.start >= spans[index].end and not text[found.source.end : spans[index + 1].end].strip(_MARKS):
        yield index + 1
    if found.rule == "note-text" and found.source.end - found.source.start < LONGEST_NOTE:
        last = bisect_left(spans, found.source.end, key=attrgetter("start"))
        yield from range(index + 1, last)


def _ending(text: str, found: Attribution) -> Span:
    """What places a reference: the end of the bracket for a title with its imprint, as a title may open a sentence."""
    source = found.source or Span(0, 0)
    titled = found.rule == "bracketed-work" and text[source.end - 1 : source.end] in (")", "]")
    return Span(source.end - 1, source.end) if titled else source


def _is_cross_reference(text: str, found: Attribution) -> bool:
    """Whether a reference only sends the reader on ("see also X"), which makes X no source of the sentence."""
    cue = text[slice(*found.cue)].lower() if found.cue else ""
    return found.rule == "see" and cue in listed("references", "cross_reference")


def _marks(look: Look) -> list[Span]:
    """Places of the references of a sentence with the cue before them."""
    found = [(one.source, one.cue or one.source) for one in (*look.references, *look.directions) if one.source]
    return [Span(min(source.start, cue.start), source.end) for source, cue in found]


def _answers(text: str, looks: Sequence[Look], links: Links, house: HouseList | None) -> list[Sourcing]:
    people = People(text, looks)
    for index, look in enumerate(looks):
        if look.named:
            people.resolve(index)
    known = Sources(people, links, house)
    return [_answer(text, look, looks, known) for look in looks]


def _answer(text: str, look: Look, looks: Sequence[Look], known: Sources) -> Sourcing:
    citation: Citation = "none"
    sources: tuple[Source, ...] = ()
    if look.explicit:
        citation = "explicit"
        sources = tuple(known.source(found, look) for found in _once((*look.named, *look.references)))
    elif look.opener is not None and not is_stage_direction(text, look.span):
        citation = "carried"
        sources = _carried(looks[look.opener], known)
    elif look.vague:
        citation = "vague"
    holder = sources[0].text if citation == "carried" and sources else None
    attributed = look.named or look.vague
    marks = _marks(look)
    claims = claims_of(text, look.span, attributed, marks, holder)
    return Sourcing(citation, _voice(look, citation), sources, claims, tuple(_vague_words(text, look)))


def _once(found: Iterable[Attribution]) -> Iterable[Attribution]:
    """Attributions with a source, the first of those whose source is the same words: "Moll explains as follows:"."""
    first: dict[tuple[Span, Span | None], Attribution] = {}
    for one in found:
        if one.source is not None:
            first.setdefault((one.source, one.mention), one)
    return first.values()


def _vague_words(text: str, look: Look) -> Iterator[Place]:
    """The words of each source that nobody could find, or its cue where it has no words of its own."""
    for found in look.vague:
        span = found.source or found.cue
        if span is not None:
            yield Place(text[slice(*span)], *span)


def _carried(opener: Look, known: Sources) -> tuple[Source, ...]:
    """The source that a sentence takes over: the one whose words reach furthest."""
    named = [found for found in opener.named or opener.references if found.source]
    reach = max(named, key=lambda found: max((piece.end for piece in found.content), default=0), default=None)
    if reach is None:
        return ()
    return (replace(known.source(reach, opener), carried_from=opener.sentence.index),)


def _voice(look: Look, citation: Citation) -> Voice:
    if look.rebutted:
        return "rebutted"
    if citation == "none" or not (look.named or look.vague or look.opener is not None):
        return "author"
    return "quoted" if inside(look) is not None else "reported"
