"""Attributions that hang on other words than verbs: "according to X", "X's claim that", "In the book by X", tags."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

from annotator.complements import Surroundings
from annotator.lexicon import Match, Word
from annotator.naming import Naming, naming
from annotator.record import Attribution, Span
from annotator.speakers import Reader
from annotator.whole_phrases import with_name
from annotator.word_classes import Phrase, listed, nouns, sort_of

REACH = 30
MOST_INITIALS, LEAST_NAME, MOST_TITLE = 10, 3, 12


def named_after(around: Surroundings, match: Match) -> Attribution | None:
    """Words such as "According to X", "in the words of X"."""
    phrase = around.reader.after(match.last, wide=True)
    if phrase is None:
        return None
    reader = around.reader
    phrase = _with_title(reader, _with_apposition(reader, with_name(reader, phrase)))
    state = naming(reader, phrase, "names_source")
    head = [reader.lower(index) for index in range(phrase.first, phrase.last)]
    if state in (Naming.NONE, Naming.SELF) or (
        any(nouns().get(word) == "not_source" for word in head[:4]) and not names_in(reader, phrase)
    ):
        return None
    cue = Span(match.start, match.end)
    source = around.span(phrase)
    end = source.end
    if reader.has(phrase.last, "reflexive"):
        end = reader.words[phrase.last].end
    content = around.rest(Span(cue.start, end))
    if reader.lower(match.first - 1) == "(":
        content = content[:1]
    return Attribution(source, cue, content, "names-source", state is Naming.VAGUE)


def _with_title(reader: Reader, phrase: Phrase) -> Phrase:
    """Words such as "the book The Main Enemy": what follows a work with a capital is its title."""
    last = phrase.last
    if last >= len(reader.words) or reader.lower(last - 1) not in listed("source_frames", "work"):
        return phrase
    if not reader.text[reader.words[last].start].isupper():
        return phrase
    while last < len(reader.words) and last - phrase.last < MOST_TITLE and reader.lower(last)[0].isalnum():
        last += 1
    return Phrase(phrase.first, last)


def _with_apposition(reader: Reader, phrase: Phrase) -> Phrase:
    """Words such as "the memoirs of his eldest son, Lev Sedov, ...": the name between commas belongs to the source."""
    if reader.lower(phrase.last) != "," or nouns().get(reader.lower(phrase.last - 1)) != "person":
        return phrase
    last = phrase.last + 1
    while last < len(reader.words) and (reader.is_name(last) or reader.is_inner_stop(last)) and last - phrase.last < 6:
        last += 1
    return Phrase(phrase.first, last) if last > phrase.last + 1 and reader.lower(last) in (",", ".", "") else phrase


def saying_noun(around: Surroundings, match: Match, categories: set[str]) -> Attribution | None:
    """Words such as "X's claim that", "the statement by X:"."""
    reader = around.reader
    if "saying_noun" not in categories:
        return None
    after = match.last
    if reader.lower(after) in ("that", ":"):
        phrase = _owner(reader, match)
    else:
        phrase = _author(reader, match)
        after = phrase.last if phrase is not None else after
    if phrase is None:
        return None
    return Attribution(
        around.span(phrase),
        Span(match.start, match.end),
        (Span(reader.words[after].start, max(around.end, _quote_end(around, after + 1))),),
        "saying-noun",
        naming(reader, phrase, "reporting") is Naming.VAGUE,
    )  # fmt: skip


def _owner(reader: Reader, match: Match) -> Phrase | None:
    owner = match.first - 1
    if reader.has(owner, "possessive"):
        return Phrase(owner, match.first)
    return reader.before(match.first) if reader.lower(owner).endswith("'s") and not reader.classes[owner] else None


def _author(reader: Reader, match: Match) -> Phrase | None:
    """The name behind "by", "of" or "from" that a clause or a colon follows."""
    if reader.lower(match.last) not in listed("source_frames", "author"):
        return None
    phrase = reader.after(match.last + 1)
    if phrase is None or not names_in(reader, phrase) or naming(reader, phrase, "reporting") is not Naming.NAMED:
        return None
    after = phrase.last + reader.has(phrase.last, "auxiliary")
    return phrase if reader.lower(after) in ("that", ":") else None


def _quote_end(around: Surroundings, index: int) -> int:
    quote = around.opening_at(index)
    return quote.end if quote is not None else 0


def owned(around: Surroundings, match: Match) -> Attribution | None:
    """Words such as "in Moll's words" and "in Moll's view"."""
    reader = around.reader
    owner = match.first - 1
    if not reader.lower(owner).endswith(("'s", "s'")) or reader.classes[owner]:
        return None
    phrase = reader.before(match.first)
    if phrase is None or reader.lower(phrase.first - 1) not in listed("source_frames", "opens_owned"):
        return None
    if not names_in(reader, phrase) and sort_of(reader.lower(owner).removesuffix("'s")) is None:
        return None
    cue = Span(reader.words[phrase.first - 1].start, match.end)
    return Attribution(around.span(phrase), cue, around.rest(cue), "owned")


def by_source(around: Surroundings, match: Match, categories: set[str]) -> Attribution | None:
    """Words such as "was reported by X", "as X's view is described by Y"."""
    reader = around.reader
    if reader.lower(match.first) not in listed("source_frames", "by_source"):
        return None
    by = _by(around, match)
    phrase = reader.after(by + 1) if by else None
    if phrase is None:
        return None
    state = naming(reader, phrase, "reporting")
    if state in (Naming.NONE, Naming.SELF):
        return None
    source = around.span(phrase)
    cue = Span(match.start, reader.words[match.last].end) if by == match.last else Span(match.start, match.end)
    whole = Span(cue.start, source.end) if by == match.last else Span(reader.words[by].start, source.end)
    return Attribution(source, cue, around.rest(whole), "by-source", state is Naming.VAGUE)


def _by(around: Surroundings, match: Match) -> int:
    """Index of "by" behind a participle, or behind what the participle calls a thing: "was defined as “grit” by"."""
    reader = around.reader
    if reader.lower(match.last) == "by":
        return match.last
    if reader.lower(match.last) != "as" or not any(reader.has(match.first - at, "passive") for at in (1, 2)):
        return 0
    behind = range(match.last + 1, min(len(reader.words), match.last + MOST_TITLE))
    return next((at for at in behind if reader.lower(at) == "by"), 0)


def colon(around: Surroundings, match: Match, categories: set[str]) -> Attribution | None:
    """Words such as "X puts it as follows:", for verbs that no list holds."""
    reader = around.reader
    if "colon" not in categories or reader.lower(match.last) not in (":", ""):
        return None
    phrase = reader.opening(match.first)
    if phrase is None or naming(reader, phrase, "stating") is not Naming.NAMED:
        return None
    content = (
        (Span(around.end, around.end),)
        if match.last + 1 >= len(reader.words)
        else (Span(reader.words[match.last + 1].start, around.end),)
    )
    return Attribution(
        around.span(phrase), Span(match.start, match.end), tuple(c for c in content if c.start < c.end), "colon"
    )


def appears(around: Surroundings, match: Match, categories: set[str]) -> Attribution | None:
    """Words such as "An article appeared in the magazine X"."""
    reader = around.reader
    if "appears" not in categories or reader.lower(match.last) != "in":
        return None
    thing, place = reader.before(match.first), reader.after(match.last + 1)
    if thing is None or place is None or not names_in(reader, place):
        return None
    if not any(nouns().get(reader.lower(index)) == "document" for index in range(thing.first, thing.last)):
        return None
    cue = Span(match.start, reader.words[match.last].end)
    return Attribution(around.span(place), cue, (), "appears")


def speaker_tag(around: Surroundings) -> Attribution | None:
    """Words such as "I.C.: I will explain", "WALLACE: Sir, ..."."""
    reader, words = around.reader, around.reader.words
    colon = next((index for index, word in enumerate(words[:7]) if word.lower == ":"), 0)
    tag = reader.text[around.start : words[colon].start]
    initials = tag.count(".") > 1 and tag.replace(".", "").replace(" ", "").isupper() and len(tag) <= MOST_INITIALS
    name = tag.isalpha() and tag.isupper() and len(tag) > LEAST_NAME and not nouns().get(tag.lower())
    name = name and tag.lower() not in listed("source_frames", "dateline")
    if colon == 0 or not (initials or name) or colon + 2 >= len(words):
        return None
    source, cue = Span(around.start, words[colon].start), Span(words[colon].start, words[colon].end)
    return Attribution(source, cue, (Span(words[colon + 1].start, around.end),), "speaker-tag")


def introduced(around: Surroundings, found: Sequence[Attribution]) -> Attribution | None:
    """Words such as "He attacked them at once: “...”": a colon before a quotation makes any verb one of saying."""
    reader, words = around.reader, around.reader.words
    for quote in around.quotes:
        if quote.depth or not around.start < quote.start < around.end:
            continue
        if any(piece.start <= quote.start < piece.end for one in found for piece in one.content):
            continue
        index = bisect_left(words, quote.start, key=attrgetter("start"))
        if reader.lower(index - 1) != ":":
            continue
        phrase = _nearest_subject(reader, index - 1) or reader.opening(index - 1)
        if phrase is not None and naming(reader, phrase, "stating") is Naming.NAMED:
            cue = Span(words[index - 1].start, words[index - 1].end)
            return Attribution(around.span(phrase), cue, (Span(quote.start, max(quote.end, around.end)),), "introduced")
    return None


def announcing(around: Surroundings) -> Attribution | None:
    """A sentence that ends with a colon before a quotation names who is quoted: "Klein gave the usual answer:"."""
    reader, colon = around.reader, len(around.reader.words) - 1
    if reader.lower(colon) != ":":
        return None
    phrase = _nearest_subject(reader, colon) or reader.opening(colon)
    if phrase is None or naming(reader, phrase, "stating") is not Naming.NAMED:
        return None
    cue = Span(reader.words[colon].start, reader.words[colon].end)
    return Attribution(around.span(phrase), cue, (), "announcing")


def _nearest_subject(reader: Reader, limit: int) -> Phrase | None:
    """Name or pronoun that opens the last clause before an index."""
    for index in range(limit - 1, max(-1, limit - REACH), -1):
        if not reader.classes[index] & {"clause_opener", "subordinator"} and reader.lower(index) not in (
            ",",
            "and",
            "but",
        ):
            continue
        phrase = reader.after(index + 1) if index + 1 < limit else None
        if phrase is None or phrase.last >= limit or reader.lower(phrase.last) in (",", "and"):
            continue
        if reader.is_name(phrase.first) or reader.has(phrase.first, "person_pronoun"):
            return phrase
    return None


def may_be_tagged(words: Sequence[Word]) -> bool:
    """Whether the sentence may open with a speaker tag or with the work that it rests on."""
    if not words:
        return False
    return words[0].lower in listed("source_frames", "opens_work") or any(word.lower == ":" for word in words[1:7])


def names_in(reader: Reader, phrase: Phrase) -> bool:
    """Whether a phrase holds a name."""
    return any(reader.is_name(index) for index in range(phrase.first, phrase.last))
