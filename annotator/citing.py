"""The last word on each sentence's citation: what the rules found, and what a model makes of it in context.

The rules know where a source stands; the model, which has read what the rules say, knows better whether the sentence
rests on it. So the model decides the value, and the sources follow it: they fall away where it says that nobody is
cited, and where it says that a source is carried they come from the nearest sentence before that names one. A vague
authority that the rules have found stays, unless the model sees a source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from annotator.record import MARKED, Citation, Source, Sourcing, Voice

# How far above the sentence may stand that names the source of a carried one; farther is another matter.
REACH = 8
_NUMBERS = frozenset({"note-number", "page"})


def settle(sourced: Sequence[Sourcing], chances: np.ndarray, names: Sequence[str]) -> list[Sourcing]:
    """Sourcing of a document's sentences after the model has had its say.

    Parameters
    ----------
    sourced : sequence of Sourcing
        What the rules say, one a sentence.
    chances : ndarray, shape (sentences, names)
        The model's probabilities of the citation values, or what stands for them: the highest of a row is its answer.
    names : sequence of str
        Citation values in the order of the columns.
    """
    settled: list[Sourcing] = []
    for found, best in zip(sourced, chances.argmax(axis=1).tolist(), strict=True):
        citation = cast(Citation, names[best])
        if citation == "carried" and found.citation in ("none", "vague"):
            _restore(settled, sourced)
        settled.append(_only_cited(_settled(found, citation, settled)))
        _restore_opener(settled, sourced)
    return settled


def _restore_opener(settled: list[Sourcing], sourced: Sequence[Sourcing]) -> None:
    """What the last sentence is carried from names its source, whatever the model made of it."""
    for source in settled[-1].sources:
        opener = source.carried_from
        if opener is not None and opener < len(settled) - 1 and not settled[opener].sources:
            settled[opener] = sourced[opener]


def _restore(settled: list[Sourcing], sourced: Sequence[Sourcing]) -> None:
    """Where a sentence carries a source and none stands above: what the model took for a name in the story is one."""
    reach = range(len(settled) - 1, max(-1, len(settled) - 1 - REACH), -1)
    if any(settled[at].sources for at in reach):
        return
    opener = next((at for at in reach if sourced[at].sources and sourced[at].citation == "explicit"), None)
    if opener is not None:
        settled[opener] = sourced[opener]


def _only_cited(found: Sourcing) -> Sourcing:
    """What an encoder marks in a sentence that cites nobody is a name in the story and no source."""
    cited = found.citation in ("explicit", "carried") or not found.sources
    return found if cited else replace(found, sources=())


def _settled(found: Sourcing, citation: Citation, before: Sequence[Sourcing]) -> Sourcing:
    """One sentence: what the rules are seldom wrong about stays, whatever the model makes of it."""
    if found.citation == "carried":
        own = _own(found) if citation == "explicit" else ()
        return replace(found, citation="explicit", sources=own) if own else _as_opener(found, before)
    if citation == found.citation or _is_written(found):
        return found
    if citation == "vague" and found.citation == "explicit" and found.sources:
        return found
    if citation == "none":
        return found if found.citation == "vague" else _without_source(found)
    if citation == "carried":
        return found if found.citation == "explicit" else _carried(found, before)
    return replace(found, citation=citation, sources=_own(found) if citation == "explicit" else (), voice=_heard(found))


def _own(found: Sourcing) -> tuple[Source, ...]:
    """The sources that the sentence names itself."""
    return tuple(source for source in found.sources if source.carried_from is None)


def _as_opener(found: Sourcing, before: Sequence[Sourcing]) -> Sourcing:
    """A carried sentence with the source of the sentence that opens it, where the model has named that another one."""
    found = replace(found, sources=tuple(one for one in found.sources if one.carried_from is not None))
    source = found.sources[0] if found.sources else None
    if source is None or source.carried_from is None or source.carried_from >= len(before):
        return found
    named = before[source.carried_from].sources
    if not named or any((one.start, one.end) == (source.start, source.end) for one in named):
        return found
    return _resting(found, _leading(named), source.carried_from)


def _is_written(found: Sourcing) -> bool:
    """Whether the sentence holds a written reference: a link, a note, a shelfmark; no cue of speech leads to it."""
    return found.citation == "explicit" and any(
        source.cue is None and source.rule != MARKED for source in found.sources
    )


def _without_source(found: Sourcing) -> Sourcing:
    claims = tuple(replace(claim, holder=None) for claim in found.claims)
    voice = found.voice if found.voice == "rebutted" else "author"
    return replace(found, citation="none", sources=(), claims=claims, voice=voice)


def _carried(found: Sourcing, before: Sequence[Sourcing]) -> Sourcing:
    """Carried from the nearest sentence above that has a source; whose words they are may have been left out."""
    index = len(before)
    for at in range(index - 1, max(-1, index - 1 - REACH), -1):
        if before[at].sources:
            return _resting(replace(found, citation="carried", voice=_heard(found)), _leading(before[at].sources), at)
    return replace(found, citation="carried", sources=(), voice=_heard(found))


def _leading(sources: Sequence[Source]) -> Source:
    """The source that the sentences below go on with: the last one that says something, then the last with a name."""
    named = [one for one in sources if one.rule not in _NUMBERS]
    return next((one for one in reversed(named) if one.cue is not None), (named or sources)[-1])


def _resting(found: Sourcing, source: Source, opener: int) -> Sourcing:
    """A sentence that rests on a source which an earlier one names."""
    carried = source if source.carried_from is not None else replace(source, carried_from=opener)
    return replace(found, sources=(carried,), claims=tuple(replace(one, holder=source.text) for one in found.claims))


def _heard(found: Sourcing) -> Voice:
    """A sentence that rests on somebody's word isn't the author's own voice."""
    return "reported" if found.voice == "author" else found.voice
