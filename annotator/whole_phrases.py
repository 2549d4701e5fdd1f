"""The words that name a source, where the phrase beside its cue is a piece of what stands further off.

"A memo by Haas in Ulm argued" is the memo's word, not that of Ulm; "wrote author and miller Ada Moll" is Moll's.
"""

from __future__ import annotations

from annotator.noun_phrases import CLOSING, OPENING
from annotator.speakers import Reader
from annotator.word_classes import Phrase, listed, sort_of

STEPS, REACH, LEAST = 5, 10, 2
_OPENS = frozenset({"conjunction", "subordinator", "clause_opener", "relative"})


def whole_subject(reader: Reader, phrase: Phrase) -> Phrase:
    """The subject that a phrase behind a preposition belongs to: "A memo originating with Haas in Ulm argued".

    Parameters
    ----------
    reader : Reader
        Words of the sentence.
    phrase : Phrase
        The noun phrase right before a verb.

    Returns
    -------
    Phrase
        From the first word of the subject to the last of `phrase`; without a participle and its words where a comma
        sets these apart; `phrase` itself where no subject opens the clause.
    """
    at, last = phrase.first, phrase.last
    for _ in range(STEPS):
        end = _before_link(reader, at)
        if end <= 0:
            return phrase
        if reader.lower(end - 1) == ",":
            end = last = end - 1
        outer = reader.ending(end)
        if outer is None or outer.last != end:
            return phrase
        if _opens_clause(reader, outer.first):
            return _with_tail(reader, outer, last) or phrase
        at = outer.first
    return phrase


def _before_link(reader: Reader, first: int) -> int:
    """Index behind the words that a preposition, with or without a participle, hangs a phrase on; 0 if none does."""
    link = first - 1
    if link <= 0 or not reader.has(link, "preposition") or reader.has(link, "subordinator"):
        return 0
    participle = reader.lower(link - 1)
    hangs = participle.endswith(("ed", "ing")) or reader.has(link - 1, "participle")
    if not hangs or sort_of(participle) is not None or reader.is_name(link - 1):
        return link
    return 0 if reader.has(link - 2, "passive") or reader.has(link - 1, "plain_verb") else link - 1


def _opens_clause(reader: Reader, first: int) -> bool:
    if first == 0:
        return True
    before = reader.lower(first - 1)
    return (not before[0].isalnum() and before not in "-'’&/)") or bool(reader.classes[first - 1] & _OPENS)


def _with_tail(reader: Reader, phrase: Phrase, last: int) -> Phrase | None:
    """A name as it is, a noun that sources have with what tells which one it is, None for any other noun."""
    head = _head(reader, phrase)
    role = sort_of(reader.lower(head)) is not None or phrase == (0, 1)
    if reader.is_name(head) and not role:
        return phrase
    return Phrase(phrase.first, last) if role else None


def _head(reader: Reader, phrase: Phrase) -> int:
    """Index of the last word before the first preposition."""
    return next((at for at in range(phrase.first + 1, phrase.last) if reader.has(at, "preposition")), phrase.last) - 1


def with_name(reader: Reader, phrase: Phrase) -> Phrase:
    """The full name that a role leads to: "author and miller Ada Moll", "the League's head of works, Ada Moll,"."""
    if sort_of(reader.lower(_head(reader, phrase))) != "person" or reader.is_name(phrase.last - 1):
        return phrase
    first = phrase.last
    if reader.lower(first) == "and" and not reader.classes[phrase.first]:
        limit = min(len(reader.words), first + REACH)
        while first < limit and not _begins_name(reader, first):
            if not (reader.is_plain(first) or reader.is_name(first) or reader.lower(first) in ("and", ",")):
                return phrase
            first += 1
    elif reader.lower(first) == ",":
        first += 1
    last = name_end(reader, first)
    return Phrase(first, last) if last - first >= LEAST and _closes(reader, last) else phrase


def _begins_name(reader: Reader, index: int) -> bool:
    """Whether a run of two names or more begins at a word and ends what is said of a role."""
    last = name_end(reader, index)
    return last - index >= LEAST and _closes(reader, last)


def name_end(reader: Reader, first: int) -> int:
    """End of a run of names and initials."""
    last = first
    while last < len(reader.words) and last - first < REACH and (reader.is_name(last) or reader.is_inner_stop(last)):
        last += 1
    return last


def _closes(reader: Reader, index: int) -> bool:
    word = reader.lower(index)
    return not word[:1].isalnum() and word not in ("-", "'", "’", "&", "/")


def titled(reader: Reader, close: int) -> Phrase | None:
    """A document with its title in quotation marks: "The paper, “Mills and Weirs,”"; of "a paper" its title."""
    first = next((at for at in range(close - 1, max(0, close - 4 * REACH), -1) if reader.lower(at) in OPENING), 0)
    at = first
    while at > 0 and first - at < LEAST + 1 and (reader.lower(at - 1) == "," or _entitles(reader, at - 1)):
        at -= 1
    if at <= 0 or reader.lower(close) not in CLOSING or sort_of(reader.lower(at - 1)) != "document":
        return None
    document = reader.ending(at)
    if document is None or document.last != at:
        return None
    article = document.first - 2 * reader.has(document.first - 1, "adverb")
    return (
        Phrase(first + 1, close)
        if reader.lower(article) in listed("name_words", "indefinite")
        else Phrase(document.first, close + 1)
    )


def _entitles(reader: Reader, index: int) -> bool:
    return reader.lower(index) in listed("source_frames", "entitling")
