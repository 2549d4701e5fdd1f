"""A work that a sentence opens with and rests on: "In the book by X and Y ...", "In his memoirs, ..."."""

from __future__ import annotations

from annotator.complements import Surroundings
from annotator.record import Attribution, Span
from annotator.source_frames import MOST_TITLE, names_in
from annotator.speakers import Reader
from annotator.word_classes import Phrase, listed

IN_WORK = "in-work"


def in_work(around: Surroundings) -> Attribution | None:
    """Words such as "In the book by X and Y ...", "In his memoirs, ..." at the beginning of a sentence."""
    reader, works = around.reader, listed("source_frames", "work")
    if reader.lower(0) not in listed("source_frames", "opens_work") or not reader.has(1, "determiner"):
        return None
    phrase = reader.after(1, wide=True)
    if phrase is None:
        return None
    work = next((index for index in range(phrase.first, phrase.last) if reader.lower(index) in works), None)
    if work is None:
        return None
    titled = _with_subtitle(reader, phrase)
    if titled.last > phrase.last and work + 1 < phrase.last and reader.is_name(work + 1):
        whole = around.span(titled)
        source, cue = Span(reader.words[work + 1].start, whole.end), Span(reader.words[0].start, reader.words[work].end)
        return Attribution(source, cue, around.rest(Span(cue.start, source.end)), IN_WORK)
    if reader.has(1, "possessive") and work + 1 < phrase.last and reader.is_name(work + 1):
        phrase = Phrase(phrase.first, work + 1)
    title = around.opening_at(phrase.last)
    end = title.end if title is not None and title.closed and title.end < around.end else None
    source = around.span(phrase)
    source = Span(source.start, end) if end is not None else source
    content = around.rest(Span(reader.words[0].start, source.end))
    author = reader.after(phrase.last + (reader.lower(phrase.last) == ",")) if reader.has(1, "possessive") else None
    if author is not None and author.first >= phrase.last and names_in(reader, author):
        return Attribution(around.span(author), Span(reader.words[0].start, source.end), content, IN_WORK)
    if end is None and reader.lower(phrase.last) != "," and not names_in(reader, phrase):
        return None
    cue = Span(reader.words[0].start, reader.words[0].end)
    return Attribution(source, cue, content, IN_WORK)


def _with_subtitle(reader: Reader, phrase: Phrase) -> Phrase:
    """A title with what a colon adds to it, as far as the next comma: "his book The Mill: A History, ..."."""
    first = phrase.last + 1
    if reader.lower(phrase.last) != ":" or not names_in(reader, phrase) or first >= len(reader.words):
        return phrase
    last = first
    while last < min(len(reader.words), first + MOST_TITLE) and reader.lower(last)[0].isalnum():
        last += 1
    capital = reader.text[reader.words[first].start].isupper()
    return Phrase(phrase.first, last) if capital and reader.lower(last) == "," else phrase
