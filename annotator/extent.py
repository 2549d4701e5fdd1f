"""How far the words of an attribution reach: clauses end where the next frame begins, sources take their apposition in.

"He said the plan was dead, but she noted ..." ends the first clause at "but"; "..., said Klein, a miller from the
north." makes the whole phrase the source for those who ask for spans. Every walk is over the words of one sentence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

from annotator.complements import Surroundings
from annotator.lexicon import Match, Word
from annotator.record import Attribution, Span
from annotator.short_names import shortened, without_place
from annotator.speakers import Reader
from annotator.word_classes import Phrase, listed, sort_of

LEAST, REACH = 2, 120
_EDGES = " ,;:-–—\n\r\t"
_LINKS = frozenset({"and", "but"})
_BREAKS = frozenset({";", "—", "–"})
_HALTS = _LINKS | _BREAKS | {","}


def bounded(around: Surroundings, found: Sequence[Attribution], verbs: Sequence[Match]) -> list[Attribution]:
    """Attributions of a sentence with their clauses cut where another frame begins.

    Parameters
    ----------
    around : Surroundings
        The sentence.
    found : sequence of Attribution
        Its attributions in order.
    verbs : sequence of Match
        All verbs of saying in it.
    """
    frames = _Frames(
        {one.source.start for one in found if one.source and one.cue and one.source < one.cue},
        {verb.start: _tense(verb) for verb in verbs},
    )
    return [_bounded(around, one, frames) for one in found]


class _Frames(NamedTuple):
    """Where the sources of a sentence begin that stand before their cue, and the form of each verb by its place."""

    sources: set[int]
    tenses: dict[int, str]


def _bounded(around: Surroundings, one: Attribution, frames: _Frames) -> Attribution:
    if one.cue is None or not one.content:
        return one
    cue = one.cue
    one = _without_frame(around, one, frames)
    last = one.content[-1]
    if last.start < cue.end or around.quoted(last.start) or last.end > around.end:
        return one
    end = _cut(around, one, frames, last)
    if end is None or end - last.start <= LEAST:
        return one
    return replace(one, content=(*one.content[:-1], Span(last.start, end)))


def _without_frame(around: Surroundings, one: Attribution, frames: _Frames) -> Attribution:
    """An attribution whose clause before a quotation is cut off where it holds the frame of another one."""
    first = one.content[0]
    if one.cue is None or first.end > one.cue.start:
        return one
    quote = next((quote for quote in around.quotes if quote.end == first.end and quote.start > first.start), None)
    if quote is None or not any(first.start <= start < quote.start for start in frames.sources):
        return one
    return replace(one, content=(Span(quote.start, quote.end), *one.content[1:]))


def _cut(around: Surroundings, one: Attribution, frames: _Frames, clause: Span) -> int | None:
    """Where a clause ends before the end of its sentence, or None."""
    reader, words = around.reader, around.reader.words
    aside = _is_aside(around, one)
    first = bisect_left(words, clause.start, key=attrgetter("start"))
    for index in range(first + 1, min(first + REACH, len(words) - 1)):
        word = words[index].lower
        beside = reader.has(index, "subordinator")
        if (word not in _HALTS and not beside) or around.quoted(words[index].start):
            continue
        follows = _past_adverbs(around, index + 1 + (word in _BREAKS and words[index + 1].lower in _LINKS))
        if word == ",":
            if reader.lower(index + 1) in listed("word_classes", "conceding"):
                return words[index - 1].end
            if frames.tenses.get(words[index + 1].start) == "ing" or (aside and _verb_or_subject(around, follows, one)):
                return words[index - 1].end
        elif words[follows].start in frames.sources or (word in _LINKS and _is_second(one, words[follows], frames)):
            return clause.start + len(around.reader.text[clause.start : words[index].start].rstrip(_EDGES))
    return None


def _past_adverbs(around: Surroundings, index: int) -> int:
    reader = around.reader
    while index < len(reader.words) - 1 and (reader.has(index, "adverb") or reader.is_adverb(index)):
        index += 1
    return min(index, len(reader.words) - 1)


def _is_second(one: Attribution, word: Word, frames: _Frames) -> bool:
    """Whether a word is a second verb of the same speaker: both have the same form."""
    form = frames.tenses.get(one.cue.start) if one.cue else None
    return form is not None and frames.tenses.get(word.start) == form


def _tense(verb: Match) -> str:
    """Form of a verb: two verbs of one subject have the same."""
    form = verb.entry.phrase.split()[0]
    base = verb.entry.note.split()[0]
    if form == base:
        return "plain"
    return next((ending for ending in ("ing", "s") if form.endswith(ending)), "past")


def _is_aside(around: Surroundings, one: Attribution) -> bool:
    """Whether the frame stands in a clause beside the main one: "X, who said ...," or "While X says ...,"."""
    if one.source is None or one.cue is None or one.source.start > one.cue.start:
        return False
    reader, words = around.reader, around.reader.words
    first = bisect_left(words, one.source.start, key=attrgetter("start"))
    last = bisect_left(words, one.source.end, key=attrgetter("start"))
    relative = reader.lower(last) == "," and reader.has(last + 1, "relative")
    return relative or (first == 1 and reader.has(0, "subordinator"))


def _verb_or_subject(around: Surroundings, index: int, one: Attribution) -> bool:
    """Whether the main clause goes on at a word: a verb after a relative clause, a subject after another."""
    reader = around.reader
    opens = bool(reader.classes[index] & {"determiner", "person_pronoun", "first_person"}) or reader.is_name(index)
    if one.source is not None and reader.has(0, "subordinator") and one.source.start <= reader.words[1].start:
        return opens
    verb = bool(reader.classes[index] & {"auxiliary", "plain_verb"}) or reader.lower(index).endswith("ed")
    return verb or reader.lower(index) in listed("word_classes", "past")


def pinned(around: Surroundings, one: Attribution) -> Attribution:
    """An attribution whose source is the name beside a role: "her former teacher, Ada Moll, said"."""
    reader, words = around.reader, around.reader.words
    if one.source is None:
        return one
    first = bisect_left(words, one.source.start, key=attrgetter("start"))
    last = bisect_left(words, one.source.end, key=attrgetter("start"))
    short = shortened(reader, Phrase(first, last))
    short = without_place(reader, short) if one.rule == "names-source" else short
    if short != (first, last):
        return replace(one, source=Span(words[short.first].start, words[short.last - 1].end))
    named = listed("source_frames", "naming")
    naming = next((at for at in range(first + 1, last - 1) if reader.lowers[at] in named), 0)
    if naming and reader.is_name(naming + 1):
        return replace(one, source=Span(words[naming + 1].start, one.source.end))
    if (home := _home(reader, first, last)) is not None:
        return replace(one, source=Span(words[first].start, words[home - 1].end))
    head = next((at for at in range(first + 1, last) if reader.has(at, "preposition")), last) - 1
    if one.rule == "names-source" or one.cue is None:
        return one
    offices = [at for at in (head, last - 1) if sort_of(reader.lower(at)) == "person"]
    name = _name_before(reader, first - 1) if offices else None
    if name is None and any(not reader.is_name(at) for at in offices):
        name = _name_behind(around, last, one.cue)
    return replace(one, source=name, vague=False) if name is not None else one


def _home(reader: Reader, first: int, last: int) -> int | None:
    """Index of the "of" that leads from a person's full name to where the person belongs: "Tom Haas of the League"."""
    if not reader.is_name(first) or not any(
        reader.lower(first) in listed("genders", sex) for sex in ("male", "female")
    ):
        return None
    return next((at for at in range(first + 2, last) if reader.has(at, "preposition")), None)


def _name_behind(around: Surroundings, comma: int, cue: Span) -> Span | None:
    """The name between a comma and the next one or the cue: "her former teacher, Ada Moll, said"."""
    reader, words = around.reader, around.reader.words
    if reader.lower(comma) == "(":
        comma = next((at + 1 for at in range(comma, min(len(words), comma + REACH)) if reader.lower(at) == ")"), comma)
    if reader.lower(comma) != ",":
        return None
    last = comma + 1
    while last < len(words) and (reader.is_name(last) or reader.is_inner_stop(last) or reader.glued(last)):
        last += 1
    closed = last >= len(words) or words[last].start == cue.start or words[last].lower in ",.("
    return Span(words[comma + 1].start, words[last - 1].end) if closed and last > comma + 1 else None


def _name_before(reader: Reader, comma: int) -> Span | None:
    """The full name before a comma that opens the sentence: "Ada Moll, the mayor said"."""
    if comma < LEAST or reader.lower(comma) != ",":
        return None
    first = comma
    while first > 0 and (reader.is_name(first - 1) or reader.is_inner_stop(first - 1)):
        first -= 1
    opens = first == 0 or not reader.lower(first - 1)[0].isalnum()
    return Span(reader.words[first].start, reader.words[comma - 1].end) if opens and comma - first >= LEAST else None


def widened(around: Surroundings, one: Attribution) -> Attribution:
    """An attribution whose source takes in what stands beside it: "Klein, a miller from the north"."""
    if one.source is None or one.cue is None:
        return one
    if one.source.end <= one.cue.start:
        end = _before_cue(around, one.source, one.cue)
    elif one.cue.end <= one.source.start and one.content and one.content[0].end <= one.cue.start:
        end = _after_cue(around, one.source)
    else:
        return one
    content = tuple(piece for piece in one.content if piece.end <= end or piece.start >= end)
    return replace(one, source=Span(one.source.start, end), content=content or one.content)


def _before_cue(around: Surroundings, source: Span, cue: Span) -> int:
    """End of an apposition or bracket between a source and its verb."""
    between = around.reader.text[source.end : cue.start]
    if not between.lstrip().startswith((",", "(", "—", "–")):
        return source.end
    last = max(between.rfind(","), between.rfind(")") + 1, between.rfind("—"), between.rfind("–"))
    return source.end + last if last > 0 and between[:last].strip() else source.end


def _after_cue(around: Surroundings, source: Span) -> int:
    """End of an apposition behind a source that stands after its verb."""
    reader, words = around.reader, around.reader.words
    index = bisect_left(words, source.end, key=attrgetter("start"))
    if reader.lower(index) == "(":
        close = next((at for at in range(index, min(len(words), index + REACH)) if words[at].lower == ")"), None)
        return words[close].end if close is not None else source.end
    opens = (
        reader.has(index + 1, "determiner")
        or reader.has(index + 1, "relative")
        or (index + 1 < len(words) and reader.is_plain(index + 1))
    )
    if reader.lower(index) != "," or not opens:
        return source.end
    at = index + 1
    while at < min(len(words), index + REACH) and (words[at].lower not in ",.;:" or reader.is_inner_stop(at)):
        if around.opening_at(at) is not None:
            return words[at - 1].end
        at += 1
    return words[at - 1].end
