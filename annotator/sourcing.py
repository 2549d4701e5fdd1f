"""Who speaks in each sentence, and on what source: one `Sourcing` a sentence.

A sentence that names its source is ``explicit``; one that stands in a quotation or summary whose source a sentence near
by names is ``carried``, and says from which; one that gestures at a source that nobody could find is ``vague``.
`carrying` holds the rules for ``carried``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from annotator import lexicon, references
from annotator.attribution import in_sentence, touching_quotes
from annotator.carrying import Look, carry, inside, is_told
from annotator.claims import claims_of, is_stage_direction
from annotator.complements import Surroundings
from annotator.people import People
from annotator.quotation import Quotation, find_quotations
from annotator.record import Attribution, Citation, Sentence, Source, Sourcing, Span, Voice, Words
from annotator.reliability import grade
from annotator.saying import SELF
from annotator.source_frames import announcing
from annotator.speakers import Reader
from annotator.word_classes import listed


def source_sentences(text: str, sentences: Sequence[Sentence]) -> list[Sourcing]:
    """Sourcing of every sentence of a document, in order.

    Parameters
    ----------
    text : str
        The document.
    sentences : sequence of Sentence
        Its sentences in order, not overlapping.

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
    _place_references(text, looks)
    carry(text, looks)
    return _answers(text, looks)


def _look(text: str, sentence: Sentence, quotes: list[Quotation]) -> Look:
    words = lexicon.words(sentence.text, sentence.start)
    look = Look(sentence, words, quotes)
    for found in in_sentence(text, sentence, words, quotes):
        if found.rule != SELF:
            (look.vague if found.vague else look.told if is_told(text, look, found) else look.named).append(found)
    look.rebutted = next(iter(lexicon.load("rebuttal_cues").find(words)), None) is not None
    return look


def _announce(text: str, looks: Sequence[Look]) -> None:
    """Name who is quoted in the next sentence where the one before ends with a colon and names nobody yet."""
    for look, following in pairwise(looks):
        begins = any(0 <= quote.start - following.sentence.start <= 1 for quote in following.quotes)
        if begins and not look.named and text[look.sentence.end - 1] == ":":
            reader = Reader(text, look.words)
            found = announcing(Surroundings(reader, look.sentence.start, look.sentence.end, look.quotes))
            look.named += [found] if found is not None else []


def _place_references(text: str, looks: Sequence[Look]) -> None:
    spans = [look.span for look in looks]
    for found in references.find_references(text):
        if found.source is not None and (index := references.covered(found.source, spans)) >= 0:
            look = looks[index]
            (look.directions if _is_cross_reference(text, found) else look.references).append(found)


def _is_cross_reference(text: str, found: Attribution) -> bool:
    """Whether a reference only sends the reader on ("see also X"), which makes X no source of the sentence."""
    cue = text[slice(*found.cue)].lower() if found.cue else ""
    return found.rule == "see" and cue in listed("references", "cross_reference")


def _marks(look: Look) -> list[Span]:
    """Places of the references of a sentence with the cue before them."""
    found = [(one.source, one.cue or one.source) for one in (*look.references, *look.directions) if one.source]
    return [Span(min(source.start, cue.start), source.end) for source, cue in found]


def _answers(text: str, looks: Sequence[Look]) -> list[Sourcing]:
    people = People(text, looks)
    for index, look in enumerate(looks):
        if look.named:
            people.resolve(index)
    return [_answer(people, look, looks) for look in looks]


def _answer(people: People, look: Look, looks: Sequence[Look]) -> Sourcing:
    text = people.text
    citation: Citation = "none"
    sources: tuple[Source, ...] = ()
    if look.explicit:
        citation = "explicit"
        sources = tuple(_source(people, found, look) for found in (*look.named, *look.references) if found.source)
    elif look.opener is not None and not is_stage_direction(text, look.span):
        citation = "carried"
        sources = _carried(people, looks[look.opener])
    elif look.vague:
        citation = "vague"
    holder = sources[0].text if citation == "carried" and sources else None
    attributed = look.named or look.vague
    marks = _marks(look)
    claims = claims_of(text, look.span, attributed, marks, holder)
    return Sourcing(citation, _voice(look, citation), sources, claims, tuple(_vague_words(text, look)))


def _vague_words(text: str, look: Look) -> Iterator[Words]:
    """The words of each source that nobody could find, or its cue where it has no words of its own."""
    for found in look.vague:
        span = found.source or found.cue
        if span is not None:
            yield Words(text[slice(*span)], *span)


def _source(people: People, found: Attribution, look: Look) -> Source:
    text = people.text
    span = found.source or look.span
    cue = found.cue
    words = text[span.start : span.end]
    cue_words = text[cue.start : cue.end] if cue else None
    graded = grade(words, cue_words, found.rule, look.sentence.text)
    full = people.full_name(span)
    said = found.mention
    return Source(
        words, span.start, span.end, cue_words, cue.start if cue else None, cue.end if cue else None,
        graded.kind, graded.traceability, graded.reliability, graded.why, name=full if full != words else None,
        mention=text[said.start : said.end] if said else None,
        mention_start=said.start if said else None, mention_end=said.end if said else None,
    )  # fmt: skip


def _carried(people: People, opener: Look) -> tuple[Source, ...]:
    """The source that a sentence takes over: the one whose words reach furthest."""
    named = [found for found in opener.named or opener.references if found.source]
    reach = max(named, key=lambda found: max((piece.end for piece in found.content), default=0), default=None)
    if reach is None:
        return ()
    return (replace(_source(people, reach, opener), carried_from=opener.sentence.index),)


def _voice(look: Look, citation: Citation) -> Voice:
    if look.rebutted:
        return "rebutted"
    if citation == "none" or not (look.named or look.vague or look.opener is not None):
        return "author"
    return "quoted" if inside(look) is not None else "reported"
