"""Where the source of a sentence is named: what the rules found, and what an encoder marks.

The rules know the forms of citation and the words around them; the encoder knows sources in sentences that no rule
foresaw. Where both point at the same words the rules' span stays, since it ends where the name ends. Where only the
encoder is sure, its words become a source; where it holds that the rules point at the wrong words, they fall away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from annotator import lexicon
from annotator.mark_phrases import speaking, whole
from annotator.marking import MarkedSpan, Marks
from annotator.record import MARKED, Sentence, Source, Sourcing, Span
from annotator.reliability import HouseList, grade
from annotator.word_classes import listed

# A span this probable is a source whatever the rules say; one above the second is, where they found none.
SURE, LIKELY = 0.5, 0.3
# Kinds of source that speak for themselves; a work may stand beside its author.
_SPEAKERS = frozenset({"person", "organisation"})
_DOCUMENTS = frozenset({"official_document", "law", "archive", "statistics", "memoir"})
# How far from a source its cue may stand, in letters.
NEAR = 80
# How far before a name the word stands that makes it a hearer, in letters.
_TOLD = 120
# A mark or number of a note, an acronym, or a word that isn't one of the shortest: anything less names nobody.
_NAMES = re.compile(r"\d|[A-Z]{2}|[^\W\d_]{4}")


def locate(
    document: Sequence[Sentence],
    sourced: Sequence[Sourcing],
    marks: Sequence[Marks],
    house: HouseList | None = None,
) -> list[Sourcing]:
    """Sourcing of a document's sentences with the sources that the encoder sees; `citing.settle` has the last word.

    Parameters
    ----------
    document : sequence of Sentence
    sourced : sequence of Sourcing
        What the rules say, one a sentence.
    marks : sequence of Marks
        What the encoder marks, one a sentence; the marks ``named`` and ``cue`` are used.
    house : HouseList, optional
        Overrides the reliability of the sources that it names.
    """
    return [_located(*parts, house) for parts in zip(document, sourced, marks, strict=True)]


def _located(sentence: Sentence, found: Sourcing, marks: Marks, house: HouseList | None) -> Sourcing:
    if "named" not in marks:
        return found
    least = SURE if found.sources else LIKELY
    marked = whole(sentence, marks["named"], marks.get("source", ()))
    named = [
        span for span in marked if span.chance >= least and _names(sentence, span) and not _is_addressed(sentence, span)
    ]
    if not named and not found.sources:
        named = speaking(sentence, marks.get("source", ()))
    kept = [one for one in found.sources if not named or _is_firm(one) or _is_elsewhere(one) or _meets(one, named)]
    new = [_source(sentence, span, marks, house) for span in named if not any(_overlap(one, span) for one in kept)]
    new = [one for one in new if one.kind not in _SPEAKERS or not any(_share_cue(one, other) for other in kept)]
    return replace(found, sources=tuple(sorted([*kept, *new], key=lambda source: source.start)))


def _is_firm(source: Source) -> bool:
    """A written reference, which no cue leads to and whose form is proof enough, or a document that says something.

    Of the resolution which states something the encoder often marks only who hands it over; a mere "letter" that he
    writes is no better a source than he.
    """
    known = source.kind in _DOCUMENTS and source.text.split()[0].lower() not in listed("name_words", "indefinite")
    return source.carried_from is None and (source.cue is None or known)


def _is_elsewhere(source: Source) -> bool:
    """Whether the source's name is in another sentence: it is carried, or a pronoun stands for it."""
    return source.carried_from is not None or source.mention is not None


def _meets(source: Source, named: Sequence[MarkedSpan]) -> bool:
    return any(_overlap(source, span) for span in named)


def _overlap(source: Source, span: MarkedSpan) -> bool:
    return source.start < span.end and span.start < source.end


def _share_cue(one: Source, other: Source) -> bool:
    """Whether one cue leads to both: then the rules, who read its clause, know whose it is."""
    (start, end), (begins, ends) = ((source.cue_start, source.cue_end) for source in (one, other))
    if other.carried_from is not None or start is None or end is None or begins is None or ends is None:
        return False
    return start < ends and begins < end


def _is_addressed(sentence: Sentence, span: MarkedSpan) -> bool:
    """Whether a name only hears what is said: "wrote to the Board of Ulm", and not "according to the Board"."""
    inside, head = listed("source_frames", "inside_name"), sentence.text[: span.start - sentence.start][-_TOLD:]
    before = lexicon.words(head)
    while before and (before[-1].lower in inside or head[before[-1].start].isupper()):
        before = before[:-1]
    told = len(before) > 1 and before[-1].lower in listed("source_frames", "addressing")
    return told and before[-2].lower not in listed("source_frames", "credited")


def _names(sentence: Sentence, span: MarkedSpan) -> bool:
    return _NAMES.search(sentence.text, span.start - sentence.start, span.end - sentence.start) is not None


def _source(sentence: Sentence, span: MarkedSpan, marks: Marks, house: HouseList | None) -> Source:
    def words(place: Span) -> str:
        return sentence.text[place.start - sentence.start : place.end - sentence.start]

    text, cue = words(Span(span.start, span.end)), _cue(span, marks.get("cue", ()))
    cue_words = words(cue) if cue else None
    graded = grade(text, cue_words, MARKED, sentence.text, house)
    return Source(
        text, span.start, span.end, cue_words, cue.start if cue else None, cue.end if cue else None,
        graded.kind, graded.traceability, graded.reliability, graded.why, rule=MARKED, covers="own-sentence",
    )  # fmt: skip


def _cue(source: MarkedSpan, cues: Sequence[MarkedSpan]) -> Span | None:
    """The marked cue nearest to a source."""
    apart = {max(cue.start - source.end, source.start - cue.end): cue for cue in cues if cue.chance >= SURE}
    least = min((distance for distance in apart if 0 <= distance <= NEAR), default=None)
    return None if least is None else Span(apart[least].start, apart[least].end)
