"""Who says what: attributions found by cue words and the shape of what stands around them, without a parser.

One walk over the words of a sentence finds the cues (`reporting_verbs.tsv`, `source_frames.tsv`, `vague_sources.tsv`);
only then are the words beside a cue read, for the source (`speakers`) and for the content (`complements`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import accumulate

from annotator import lexicon, splitting
from annotator.complements import Surroundings
from annotator.extent import bounded, pinned, widened
from annotator.hearsay import by_many, impersonal, opined, vague_phrase
from annotator.lexicon import Lexicon, Match, Word
from annotator.quotation import Quotation, find_quotations
from annotator.record import Attribution, Sentence, Span
from annotator.saying import VERBS, beside, by_verb
from annotator.source_frames import (
    appears,
    by_source,
    colon,
    introduced,
    may_be_tagged,
    named_after,
    owned,
    saying_noun,
    speaker_tag,
)
from annotator.speakers import Reader
from annotator.word_classes import listed
from annotator.works import IN_WORK, in_work

NEIGHBOURS = 4
LOOK_BACK = 8
READ, MOST_CUES = 4_000, 120


@cache
def cues() -> Lexicon:
    """All words and phrases that can start an attribution."""
    kept = {
        "names_source",
        "owned",
        "by_source",
        "colon",
        "appears",
        "saying_noun",
        "phrase",
        "adverb",
        "impersonal",
        "opinion",
        "opining",
        *VERBS,
    }
    entries = [
        entry
        for name in ("reporting_verbs", "source_frames", "vague_sources")
        for entry in lexicon.load(name).entries
        if entry.category in kept
    ]
    return Lexicon("cues", entries)


def attributions(text: str, sentences: Sequence[Sentence] | None = None) -> list[Attribution]:
    """Attributions of a text in order of their cues.

    Parameters
    ----------
    text : str
        A document.
    sentences : sequence of Sentence, optional
        Its sentences, split here when not given.
    """
    sentences = splitting.sentences(text) if sentences is None else sentences
    quotes = find_quotations(text, [sentence.block.start for sentence in sentences] or None)
    found: list[Attribution] = []
    last: tuple[int, Attribution] | None = None
    within: set[int] = set()
    for sentence, touching in zip(sentences, touching_quotes(sentences, quotes), strict=True):
        around = Surroundings(Reader(text, words_of(sentence)), sentence.start, sentence.end, touching)
        here = [widened(around, one) for one in _all(around, _cues_in(around.reader.words))]
        within |= {one.cue.start for one in here if one.cue is not None and around.quoted(one.cue.start)}
        piece = _goes_on(sentence, touching)
        if (
            last is not None
            and piece is not None
            and _follows(text, sentence, last[1])
            and all(_within(one, piece) for one in here)
        ):
            place, old = last
            found[place] = replace(old, content=(*old.content, piece))
            last = place, found[place]
            found += here
        elif here or last is None or not _inside(sentence, last[1]):
            outer = next((one for one in reversed(here) if _may_go_on(around, one)), None)
            found += here
            last = (len(found) - len(here) + here.index(outer), outer) if outer is not None else None
    return _outermost(found, within)


def _outermost(found: Sequence[Attribution], within: set[int]) -> list[Attribution]:
    """Attributions less those with a cue `within` words that another one quotes: what they tell is the speaker's."""
    pieces = sorted(piece for one in found for piece in one.content)
    reached = list(accumulate((piece.end for piece in pieces), max))
    starts = [piece.start for piece in pieces]

    def is_inner(one: Attribution) -> bool:
        if one.cue is None or one.cue.start not in within:
            return False
        index = bisect_left(starts, one.cue.start) - 1
        return index >= 0 and one.cue.end <= reached[index]

    return [one for one in found if not is_inner(one)]


def _within(one: Attribution, span: Span) -> bool:
    return one.cue is not None and span.start < one.cue.start < span.end


def _follows(text: str, sentence: Sentence, found: Attribution) -> bool:
    """Whether a sentence goes on with the paragraph of an attribution, or with what a colon announced."""
    starts = found.cue.start if found.cue is not None else 0
    return starts >= sentence.block.start or text[
        max(0, sentence.start - LOOK_BACK) : sentence.start
    ].rstrip().endswith(":")


def _inside(sentence: Sentence, found: Attribution) -> bool:
    """Whether a sentence lies in the last words of an attribution."""
    piece = found.content[-1] if found.content else sentence
    return piece.start <= sentence.start and sentence.end <= piece.end + 1


def _may_go_on(around: Surroundings, found: Attribution) -> bool:
    """Whether the words of a source may go on in the next sentence: after "..., he said." and after a colon."""
    if found.cue is None or around.quoted(found.cue.start):
        return False
    quoted = any(
        quote.start < piece.end and piece.start < quote.end for quote in around.quotes for piece in found.content
    )
    return quoted or around.reader.text[around.end - 1] == ":"


def _goes_on(sentence: Sentence, quotes: Sequence[Quotation]) -> Span | None:
    """The quotation that a sentence consists of, if it opens in it."""
    for quote in quotes:
        if quote.start <= sentence.start + 1 and quote.start >= sentence.start and quote.end >= sentence.end - 1:
            return Span(quote.start, quote.end)
    return None


def touching_quotes(sentences: Sequence[Sentence], quotes: Sequence[Quotation]) -> Iterator[list[Quotation]]:
    """For each sentence the quotations that overlap it; linear, since both are in order."""
    following_quote, open_quotes = 0, list[Quotation]()
    for sentence in sentences:
        open_quotes = [quote for quote in open_quotes if quote.end > sentence.start]
        while following_quote < len(quotes) and quotes[following_quote].start < sentence.end:
            if quotes[following_quote].end > sentence.start:
                open_quotes.append(quotes[following_quote])
            following_quote += 1
        yield open_quotes


def words_of(sentence: Sentence) -> tuple[Word, ...]:
    """Words of a sentence; of one that no person wrote, such as a text without stops, only those within `READ`."""
    return lexicon.words(sentence.text[:READ], sentence.start)


def in_sentence(text: str, sentence: Sentence, words: Sequence[Word], quotes: Sequence[Quotation]) -> list[Attribution]:
    """Attributions of one sentence, whose words and quotations are known."""
    matches = _cues_in(words)
    if not matches and not may_be_tagged(words):  # most sentences; the rest needs the classes of the words
        return []
    around = Surroundings(Reader(text, words), sentence.start, sentence.end, quotes)
    return [pinned(around, one) for one in _all(around, matches)]


def _cues_in(words: Sequence[Word]) -> list[Match]:
    return cues().find(words)[:MOST_CUES]


def _all(around: Surroundings, matches: Sequence[Match]) -> list[Attribution]:
    tagged = may_be_tagged(around.reader.words)
    if not matches and not tagged:
        return []
    found = [tag for tag in (speaker_tag(around), in_work(around)) if tag is not None] if tagged else []
    for match, categories in _together(matches):
        attribution = _one(around, match, categories) or beside(around, match, categories, found)
        if attribution is not None and not _merged(around, found, attribution):
            found.append(attribution)
    colon_only = introduced(around, found)
    found += [colon_only] if colon_only is not None else []
    found = _without_settings(around, found)
    return bounded(around, found, [match for match in matches if match.entry.category in VERBS])


def _without_settings(around: Surroundings, found: list[Attribution]) -> list[Attribution]:
    """Attributions less the works and interviews that are only where a person speaks: "In a speech, Klein said"."""
    last = max((one.source.start for one in found if one.source and one.rule in VERBS), default=-1)
    return [one for one in found if one.source is None or one.source.end > last or not _is_setting(around, one)]


def _is_setting(around: Surroundings, one: Attribution) -> bool:
    if one.cue is None or one.rule not in (IN_WORK, "names-source"):
        return False
    return around.reader.text[one.cue.start : one.cue.end].lower() in listed("source_frames", "setting")


def _merged(around: Surroundings, found: list[Attribution], new: Attribution) -> bool:
    """Whether an attribution only says more of one whose source holds its own: "the book “X” describes"."""
    for place in range(max(0, len(found) - NEIGHBOURS), len(found)):
        old = found[place]
        if old.rule == IN_WORK and (old.source == new.source or _is_speaker_behind(around, old, new)):
            found[place] = new
            return True
        if old.source and new.source and old.source.start < new.source.start and new.source.end <= old.source.end:
            found[place] = replace(old, content=new.content or old.content)
            return True
    return False


def _is_speaker_behind(around: Surroundings, work: Attribution, new: Attribution) -> bool:
    """Whether the last name of a work that nobody has named is the speaker: "In a statement Klein said"."""
    if work.source is None or new.source is None or new.rule not in VERBS or new.source.end != work.source.end:
        return False
    words = around.reader.text[work.source.start : new.source.start].lower().split()
    bare = len(words) > 1 and words[0] in listed("name_words", "indefinite")
    return bare and words[-1] in listed("source_frames", "work")


def _together(matches: Sequence[Match]) -> Iterator[tuple[Match, set[str]]]:
    """Each cue once, with all categories of its words; a cue inside a longer one is left out."""
    reached, index = 0, 0
    while index < len(matches):
        match, categories = matches[index], set[str]()
        while index < len(matches) and matches[index].first == match.first:
            categories.add(matches[index].entry.category)
            index += 1
        if match.first >= reached:
            reached = match.last
            yield match, categories


def _one(around: Surroundings, match: Match, categories: set[str]) -> Attribution | None:
    if "owned" in categories and (found := owned(around, match)) is not None:
        return found
    if "phrase" in categories and (found := _by_first_verb(around, match)) is not None:
        return found
    if "phrase" in categories or "adverb" in categories:
        return vague_phrase(around, match)
    if "names_source" in categories:
        return named_after(around, match)
    for rule in (impersonal, by_many, saying_noun, by_source, by_verb, colon, appears, opined):
        found = rule(around, match, categories)
        if found is not None:
            return found
    return None


def _by_first_verb(around: Surroundings, match: Match) -> Attribution | None:
    """Attribution by the verb that a vague phrase begins with, of a name: "Moll has estimated that"."""
    words = around.reader.words[match.first : match.first + 1]
    verbs = lexicon.load("reporting_verbs").find(words)
    if not verbs or around.reader.before(match.first) is None:
        return None
    verb = verbs[0]._replace(first=match.first, last=match.first + 1)
    found = by_verb(around, verb, {one.entry.category for one in verbs})
    return found if found is not None and not found.vague else None
