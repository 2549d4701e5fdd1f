"""Attributions of a text by the rules and by an encoder together: who, by which words, what.

The rules of `attribution` read the words beside a cue that is listed; an encoder, taught by sentences in which people
marked sources and cues, also sees cues that no list has ("the mayor's anger at"), and that a listed one is none. A cue
that the encoder doubts falls away, one that only it sees becomes an attribution, and its sources end where people end
them. What is said is found by the rules either way. How sure it must be depends on how much a document tells of others.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from operator import attrgetter

import numpy as np

from annotator import attribution, splitting
from annotator.accurate_tier import AccurateModel
from annotator.clauses import ClauseReader
from annotator.complements import CLAUSAL, Surroundings, following
from annotator.contents import content_of
from annotator.marking import MarkedSpan, Marks, marked_spans
from annotator.model import Model
from annotator.model_store import load_model
from annotator.record import MARKED, Attribution, Sentence, Span
from annotator.speakers import Reader

# A cue of the rules stays above the first probability and one of the encoder counts from the second, or from the first
# where a clause follows. Who and what are said for a surer one only, whose source, itself above the third, is so many
# letters away at most.
DOUBTED, LIKELY, SEEN, SURE = 0.3, 0.35, 0.5, 0.85
NEAR = 20
# The encoder learned from news, where every second sentence tells what somebody says or wants. In a talk, a recipe or a
# travel guide few do, and a cue without a source and without a clause behind it is mostly none. Such a cue has to be as
# probable as `LEAST` says where as large a share of the sentences hold a cue as `SHARES` says, in between in part.
# A few sentences tell no share, so a document is taken to begin with so many sentences of news.
SHARES, LEAST = (0.2, 0.3), (0.9, LIKELY)
NEWS, NEWS_SENTENCES = 0.45, 10


def attributions(text: str, model: str | None = None) -> list[Attribution]:
    """Attributions of a text in order of their cues.

    Parameters
    ----------
    text : str
        A document.
    model : str, optional
        Name or folder of the model whose encoder helps; by default the best one installed. A model without an encoder
        leaves it to the rules.

    Raises
    ------
    ModelError
        If the model is missing or broken.

    Examples
    --------
    >>> import annotator
    >>> text = "According to the harbour office, the crane fell in 1921."
    >>> [(text[slice(*found.source)], text[slice(*found.cue)]) for found in annotator.attributions(text)]
    [('the harbour office', 'According to')]
    """
    sentences = splitting.sentences(text)
    found = attribution.attributions(text, sentences)
    status = _loaded(model).status
    if not isinstance(status, AccurateModel) or "cue" not in status.encoder.config.marks or not sentences:
        return found
    marks = marked_spans(status.encoder.read(sentences), sentences, status.encoder.config.marks)
    return combine(text, sentences, found, marks)


@cache
def _loaded(name: str | None) -> Model:
    return load_model(name)


def combine(
    text: str, sentences: Sequence[Sentence], ruled: Sequence[Attribution], marks: Sequence[Marks]
) -> list[Attribution]:
    """Attributions of the rules as the encoder sees them, and those that it alone sees, in order.

    Parameters
    ----------
    text : str
    sentences : sequence of Sentence
    ruled : sequence of Attribution
        By the rules, in order.
    marks : sequence of Marks
        What the encoder marks, one a sentence; the marks ``source`` and ``cue`` are used.
    """
    found: list[Attribution] = []
    rest, least = list(ruled), _least(marks)
    for sentence, marked in zip(sentences, marks, strict=True):
        here = [one for one in rest if _place(one) < sentence.end]
        rest = rest[len(here) :]
        found += _sentence(text, sentence, here, marked, least)
    return found


def _least(marks: Sequence[Marks]) -> float:
    """How probable a cue without source and clause must be in a document: the surer the fewer cues it holds."""
    held = sum(max((cue.chance for cue in marked["cue"]), default=0.0) for marked in marks)
    share = (held + NEWS * NEWS_SENTENCES) / (len(marks) + NEWS_SENTENCES)
    return float(np.interp(share, SHARES, LEAST))


def _place(one: Attribution) -> int:
    span = one.cue or one.source or (one.content[0] if one.content else Span(0, 0))
    return span.start


def _sentence(
    text: str, sentence: Sentence, ruled: Sequence[Attribution], marks: Marks, least: float
) -> list[Attribution]:
    sources = [span for span in marks["source"] if span.chance >= SEEN]
    found = [_kept(one, sources) for one in ruled if _is_seen(one, marks)]
    for cue in marks["cue"]:
        if cue.chance >= DOUBTED:
            found += _seen(text, sentence, cue, sources, found, least)
    return sorted(found, key=_place)


def _seen(
    text: str,
    sentence: Sentence,
    cue: MarkedSpan,
    sources: Sequence[MarkedSpan],
    found: Sequence[Attribution],
    least: float,
) -> list[Attribution]:
    """The attribution of a cue that the encoder sees, if it isn't part of one already found."""
    span, source = Span(cue.start, cue.end), _nearest(cue, sources)
    if cue.chance < SURE or source is None:
        stands = not found and (cue.chance >= least or _leads_to_clause(text, sentence, cue))
        return [Attribution(None, span, (), MARKED)] if stands else []
    # People mark one cue a source in a clause; a second one beside it is a part of the first.
    if any(_touches(one, span, source) for one in found):
        return []
    return [Attribution(source, span, content_of(text, sentence, span, source), MARKED)]


def _leads_to_clause(text: str, sentence: Sentence, cue: MarkedSpan) -> bool:
    """Whether words behind a cue could be what is said or thought: a clause or an indirect question."""
    words = attribution.words_of(sentence)
    after = bisect_left(words, cue.end, key=attrgetter("start"))
    around = Surroundings(Reader(text, words), sentence.start, sentence.end, ())
    if following(around, after).kind in CLAUSAL | {"question"}:
        return True
    return ClauseReader(text, words).subject_and_verb(after) is not None


def _touches(one: Attribution, cue: Span, source: Span) -> bool:
    return bool((one.cue and _meet(one.cue, cue)) or (one.source and _meet(one.source, source)))


def _is_seen(one: Attribution, marks: Marks) -> bool:
    """Whether the encoder sees a cue, or the source where there is none, near where the rules do."""
    wanted, name = (one.cue, "cue") if one.cue else (one.source, "source")
    return wanted is None or any(span.chance >= DOUBTED and _meet(wanted, span) for span in marks[name])


def _kept(one: Attribution, sources: Sequence[MarkedSpan]) -> Attribution:
    """An attribution of the rules with the source as the encoder delimits it."""
    if one.source is None:
        return one
    meeting = [span for span in sources if _meet(one.source, span)]
    if len(meeting) != 1 or any(_meet(meeting[0], piece) for piece in one.content):
        return one
    return replace(one, source=Span(meeting[0].start, meeting[0].end))


def _meet(one: Span | MarkedSpan, other: Span | MarkedSpan) -> bool:
    return one.start < other.end and other.start < one.end


def _nearest(cue: MarkedSpan, sources: Sequence[MarkedSpan]) -> Span | None:
    """The source of a cue: the nearest one, before it rather than behind."""
    near = [span for span in sources if max(cue.start - span.end, span.start - cue.end) <= NEAR]
    best = min(near, key=lambda span: _distance(cue, span), default=None)
    return None if best is None else Span(best.start, best.end)


def _distance(cue: MarkedSpan, source: MarkedSpan) -> float:
    return cue.start - source.end if source.end <= cue.start else (source.start - cue.end) * 1.5
