"""Vague authority without a subject: "it has long been claimed that", "considered by many", "as the story goes".

Apart from hedges ("perhaps", "it could be said"), which hand the matter to nobody, and from named sources: "it was
reported by the Gazette" names one. Groups that nobody could find ("experts say") are told in `naming`.
"""

from __future__ import annotations

from functools import cache

from annotator import lexicon
from annotator.complements import Surroundings
from annotator.lexicon import Match
from annotator.naming import Naming, naming
from annotator.record import Attribution, Span
from annotator.speakers import Reader
from annotator.verb_forms import is_noun, is_passive
from annotator.word_classes import listed

WALK = 7


def vague_phrase(around: Surroundings, match: Match) -> Attribution:
    """A phrase that gestures at a source, such as "we are told"; "a note in which we are told" names one."""
    reader, words = around.reader, around.reader.words
    if reader.lower(match.first - 1) == "which" and reader.lower(match.first - 2) == "in":
        phrase = reader.before(match.first - 2)
        if phrase is not None and naming(reader, phrase, "stating") is Naming.NAMED:
            cue = Span(match.start, match.end)
            return Attribution(around.span(phrase), cue, (Span(match.end, around.end),), "in-which")
    if reader.lower(match.last) == "by":
        phrase = reader.after(match.last + 1)
        if phrase is not None and naming(reader, phrase, "reporting") is Naming.NAMED:
            source, cue = around.span(phrase), Span(match.start, reader.words[match.last].end)
            return Attribution(source, cue, around.rest(Span(cue.start, source.end)), "by-source")
    return _vague(around, Span(words[match.first].start, match.end), "vague-phrase")


def impersonal(around: Surroundings, match: Match, categories: set[str]) -> Attribution | None:
    """Words such as "it has long been claimed that", with no "by" behind them and nothing only possible in them."""
    reader = around.reader
    if "impersonal" not in categories or not _goes_on(reader, match.last):
        return None
    first = _it(reader, match.first)
    if first is None:
        return None
    if reader.lower(first - 1) == "which" and reader.lower(first - 2) == "in":
        return vague_phrase(around, match._replace(first=first, start=reader.words[first].start))
    return _vague(around, Span(reader.words[first].start, match.end), "impersonal")


def by_many(around: Surroundings, match: Match, categories: set[str]) -> Attribution | None:
    """Words such as "considered by many", "seen by some as"."""
    reader = around.reader
    if "opinion" not in categories or reader.lower(match.last) != "by":
        return None
    if reader.lower(match.last + 1) not in listed("vague_sources", "unnamed_many"):
        return None
    return _vague(around, Span(match.start, reader.words[match.last + 1].end), "by-many")


def opined(around: Surroundings, match: Match, categories: set[str]) -> Attribution | None:
    """Words such as "many consider", "some see it as": verbs that cite only where nobody could find who holds it."""
    reader = around.reader
    needed = _needed().get(reader.lower(match.first), "")
    lone = reader.has(match.first - 1, "quantifier")  # "some" is a determiner too, but stands for people here
    if "opining" not in categories or (is_noun(reader, match) and not lone) or is_passive(reader, match):
        return None
    if needed and needed not in (reader.lower(index) for index in range(match.last, match.last + WALK)):
        return None
    phrase = reader.before(match.first)
    if phrase is None or naming(reader, phrase, "reporting") is not Naming.VAGUE:
        return None
    source = around.span(phrase)
    content = around.rest(Span(source.start, match.end))
    return Attribution(source, Span(match.start, match.end), content, "opined", True)


@cache
def _needed() -> dict[str, str]:
    """The word that must follow an opining verb, by the verb."""
    entries = lexicon.load("vague_sources").entries
    return {entry.phrase: entry.note for entry in entries if entry.category == "opining"}


def _vague(around: Surroundings, cue: Span, rule: str) -> Attribution:
    return Attribution(None, cue, around.rest(cue), rule, True)


def _goes_on(reader: Reader, index: int) -> bool:
    """Whether a clause or the rest of a sentence around an aside follows, and not "by X", "as X", "in X"."""
    word = reader.lower(index)
    if word in ("that", ",", "how"):
        return True
    begins = reader.has(index, "determiner") or reader.has(index, "person_pronoun") or reader.has(index, "quantifier")
    return begins or (index < len(reader.words) and reader.is_name(index))


def _it(reader: Reader, index: int) -> int | None:
    """Index of the "it" that a passive belongs to, None where there is none or the saying is only possible."""
    passive = False
    for at in range(index - 1, max(-1, index - 1 - WALK), -1):
        word = reader.lower(at)
        if word in ("it", "it's"):
            return at if passive or word == "it's" else None
        if reader.has(at, "modal") or reader.has(at, "negation"):
            return None
        passive = passive or reader.has(at, "passive")
        if not (reader.has(at, "auxiliary") or reader.has(at, "adverb") or reader.is_adverb(at)):
            return None
    return None
