"""Where the source of a sentence is named: what the rules found, and what an encoder marks.

The rules know the forms of citation and the words around them; the encoder knows sources in sentences that no rule
foresaw. Where both point at the same words the rules' span stays, since it ends where the name ends. Where only the
encoder is sure, its words become a source; where it holds that the rules point at the wrong words, they fall away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from annotator.mark_phrases import speaking, whole
from annotator.marking import MarkedSpan, Marks
from annotator.record import MARKED, Sentence, Source, Sourcing, Span
from annotator.reliability import HouseList, grade

# A span this probable is a source whatever the rules say; one above the second is, where they found none.
SURE, LIKELY = 0.5, 0.3
# How far from a source its cue may stand, in letters.
NEAR = 80
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
    named = [span for span in marked if span.chance >= least and _names(sentence, span)]
    if not named and not found.sources:
        named = speaking(sentence, marks.get("source", ()))
    kept = [one for one in found.sources if not named or _is_firm(one) or _is_elsewhere(one) or _meets(one, named)]
    new = [span for span in named if not any(_overlap(source, span) for source in kept)]
    sources = sorted([*kept, *(_source(sentence, span, marks, house) for span in new)], key=lambda source: source.start)
    return replace(found, sources=tuple(sources))


def _is_firm(source: Source) -> bool:
    """A written reference: a link, a note, a shelfmark; no cue leads to it, and its form is proof enough."""
    return source.cue is None and source.carried_from is None


def _is_elsewhere(source: Source) -> bool:
    """Whether the source's name is in another sentence: it is carried, or a pronoun stands for it."""
    return source.carried_from is not None or source.mention is not None


def _meets(source: Source, named: Sequence[MarkedSpan]) -> bool:
    return any(_overlap(source, span) for span in named)


def _overlap(source: Source, span: MarkedSpan) -> bool:
    return source.start < span.end and span.start < source.end


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
