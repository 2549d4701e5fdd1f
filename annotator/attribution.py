"""Who says what: attributions found by cue words and the shape of what stands around them, without a parser.

One walk over the words of a sentence finds the cues (`reporting_verbs.tsv`, `source_frames.tsv`, `vague_sources.tsv`);
only then are the words beside a cue read, for the source (`speakers`) and for the content (`complements`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice

from annotator import lexicon, splitting
from annotator.complements import Surroundings
from annotator.hearsay import by_many, impersonal, opined, vague_phrase
from annotator.lexicon import Lexicon, Match, Word
from annotator.quotation import Quotation, find_quotations
from annotator.record import Attribution, Sentence, Span
from annotator.saying import VERBS, by_verb
from annotator.source_frames import (
    IN_WORK,
    appears,
    by_source,
    colon,
    in_work,
    introduced,
    may_be_tagged,
    named_after,
    saying_noun,
    speaker_tag,
)
from annotator.speakers import Reader

NEIGHBOURS = 4
READ, MOST_CUES = 4_000, 120
CLOSING = frozenset("\"”»'’")


@cache
def cues() -> Lexicon:
    """All words and phrases that can start an attribution."""
    kept = {
        "names_source",
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
    last: Attribution | None = None
    for sentence, touching in zip(sentences, touching_quotes(sentences, quotes), strict=True):
        here = in_sentence(text, sentence, words_of(sentence), touching)
        if last is not None and not here and (piece := _goes_on(sentence, touching)) is not None:
            found[-1] = last = replace(last, content=(*last.content, piece))
        else:
            found += here
            last = here[-1] if here and _may_go_on(text, sentence, here[-1]) else None
    return found


def _may_go_on(text: str, sentence: Sentence, found: Attribution) -> bool:
    """Whether the words of a source may go on in the next sentence: after "..., he said." and after a colon."""
    quoted = any(text[piece.end - 1] in CLOSING for piece in found.content)
    return quoted or text[sentence.end - 1] == ":"


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
    matches = list(islice(cues().find(words), MOST_CUES))
    tagged = may_be_tagged(words)
    if not matches and not tagged:
        return []
    around = Surroundings(Reader(text, words), sentence.start, sentence.end, quotes)
    found = [tag for tag in (speaker_tag(around), in_work(around)) if tag is not None] if tagged else []
    for match, categories in _together(matches):
        attribution = _one(around, match, categories)
        if attribution is not None and not _merged(found, attribution):
            found.append(attribution)
    colon_only = introduced(around, found)
    return [*found, colon_only] if colon_only is not None else found


def _merged(found: list[Attribution], new: Attribution) -> bool:
    """Whether an attribution only says more of one whose source holds its own: "the book “X” describes"."""
    for place in range(max(0, len(found) - NEIGHBOURS), len(found)):
        old = found[place]
        if old.rule == IN_WORK and old.source == new.source:
            found[place] = new
            return True
        if old.source and new.source and old.source.start < new.source.start and new.source.end <= old.source.end:
            found[place] = replace(old, content=new.content or old.content)
            return True
    return False


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
    if "phrase" in categories or "adverb" in categories:
        return vague_phrase(around, match)
    if "names_source" in categories:
        return named_after(around, match)
    for rule in (impersonal, by_many, saying_noun, by_source, by_verb, colon, appears, opined):
        found = rule(around, match, categories)
        if found is not None:
            return found
    return None
