"""Which names of a sentence could be the person that "he" or "she" in it, or in the next one, stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annotator.lexicon import Word
from annotator.record import Span
from annotator.speakers import Reader
from annotator.word_classes import Phrase, nouns, sort_of

_HELD = frozenset("-([")  # before a name that is part of a word or stands aside, as an agency does in a dateline


def subjects(text: str, words: Sequence[Word], before: int) -> Iterator[Span]:
    """Runs of names in a sentence that could be a person in the subject, ending before an offset."""
    reader = Reader(text, words)
    return (_place(reader, run) for run in _name_runs(reader, before) if _is_subject(reader, run))


def last_name(text: str, words: Sequence[Word]) -> Span | None:
    """Last run of names in a sentence that could be a person."""
    reader = Reader(text, words)
    runs = [run for run in _name_runs(reader, len(text)) if sort_of(reader.lower(run.last - 1)) is None and run.first]
    runs = [run for run in runs if reader.lower(run.first - 1) not in _HELD and not _is_glued_on(reader, run.last)]
    return _place(reader, runs[-1]) if runs and not reader.has(runs[-1].first - 1, "determiner") else None


def _place(reader: Reader, run: Phrase) -> Span:
    return Span(reader.words[run.first].start, reader.words[run.last - 1].end)


def _name_runs(reader: Reader, before: int) -> Iterator[Phrase]:
    words, index = reader.words, 0
    while index < len(words) and words[index].end <= before:
        last = index
        while last < len(words) and words[last].end <= before and (reader.is_name(last) or reader.is_inner_stop(last)):
            last += 1
        if last > index:
            yield Phrase(index, last)
        index = max(last, index + 1)


def _is_subject(reader: Reader, phrase: Phrase) -> bool:
    first, last = phrase
    if sort_of(reader.lower(last - 1)) == "body" or reader.lower(first - 1) in _HELD or _is_glued_on(reader, last):
        return False
    if (
        reader.has(first - 1, "preposition")
        or reader.has(first - 1, "determiner")
        or reader.lower(last - 1).endswith("'s")
    ):
        return False
    if first > 0 and reader.lower(first - 1) == reader.lower(last) == ",":
        return False
    alone = first == 0 and last == 1
    return not alone or (not reader.is_adverb(0) and reader.lower(0) not in nouns() and _verb_like(reader, 1))


def _is_glued_on(reader: Reader, index: int) -> bool:
    """Whether a hyphen joins a name to the next word, which makes it an adjective: "Mill-leaning"."""
    return reader.lower(index) == "-" and reader.glued(index)


def _verb_like(reader: Reader, index: int) -> bool:
    if index >= len(reader.words):
        return False
    word = reader.lower(index)
    return (
        word == ","
        or word.endswith(("ed", "ly"))
        or bool(reader.classes[index] & {"auxiliary", "plain_verb", "adverb"})
    )
