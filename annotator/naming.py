"""How a noun phrase stands as a source: named, vague, or none at all."""

from __future__ import annotations

from enum import Enum
from functools import cache

from annotator import lexicon
from annotator.speakers import Reader
from annotator.word_classes import PLAIN, Phrase, listed, sort_of


class Naming(Enum):
    """Whether a reader could tell who speaks."""

    NAMED = "named"
    VAGUE = "vague"
    SELF = "self"
    NONE = "none"


@cache
def _vague(category: str) -> frozenset[str]:
    return frozenset(phrase.lower() for phrase in lexicon.load("vague_sources").phrases(category))


def naming(reader: Reader, phrase: Phrase, kind: str) -> Naming:
    """How a phrase stands as the source of a cue of a kind.

    Parameters
    ----------
    reader : Reader
        Words of the sentence.
    phrase : Phrase
        The noun phrase beside the cue.
    kind : str
        Class of the cue: a document can show, only a speaker can believe.
    """
    names = reader.classes[phrase.first]
    if phrase == (0, 1) and reader.is_adverb(0) and reader.lower(1) == "," and not _is_given(reader.lower(0)):
        return Naming.NONE
    if phrase.last - phrase.first == 1 and names - PLAIN:
        return _of_single(reader, phrase, kind)
    if "negative" in names:
        return Naming.NONE
    counted = _after_quantity(reader, phrase)
    if counted > phrase.first:
        named = any(reader.is_name(index) for index in range(counted + 1, phrase.last))
        return Naming.NAMED if named and reader.lower(counted) not in _vague("group") else Naming.VAGUE
    if _is_own_work(reader, phrase):
        return Naming.NONE
    head = _head(reader, phrase)
    word = reader.lower(head)
    if word.endswith("'s"):
        word = word[:-2]
    opens = head == 0 or (head == phrase.first and not reader.text[reader.words[head - 1].end - 1].isalnum())
    named_after = any(reader.is_name(index) for index in range(head + 1, phrase.last)) or (
        reader.is_name(head) and not opens
    )
    if word in _vague("unnamed"):
        return Naming.VAGUE
    definite = "definite" in names or _possessed(reader, phrase)
    named_before = any(reader.is_name(index) for index in range(max(phrase.first, 1), head))
    faceless = word in _vague("faceless") or not named_before
    if word in _vague("group") and not named_after and not definite and faceless:
        return Naming.VAGUE
    if reader.lower(phrase.first) in _vague("article") and word in _vague("lone") and not named_after and faceless:
        return Naming.NAMED if _is_told_apart(reader, head, word) else Naming.VAGUE
    if "quantifier" in names and not named_after:
        return Naming.VAGUE
    return _of_noun(reader, phrase, head, kind, definite)


def _is_told_apart(reader: Reader, head: int, word: str) -> bool:
    """Whether what follows says whose document it is: "a survey by the Board", "a report published in the Gazette"."""
    if sort_of(word) != "document":
        return False
    at = head + 1 + (reader.lower(head + 1) in _vague("published"))
    return reader.lower(at) in _vague("of_whom") and (reader.has(at + 1, "determiner") or _is_name(reader, at + 1))


def _is_name(reader: Reader, index: int) -> bool:
    return index < len(reader.words) and reader.is_name(index)


def _is_given(word: str) -> bool:
    """Whether a word that ends like an adverb is a first name, as "Emily" is."""
    return word in listed("genders", "male") or word in listed("genders", "female")


@cache
def _own_works() -> frozenset[str]:
    return frozenset(lexicon.load("source_frames").phrases("own_work"))


def _is_own_work(reader: Reader, phrase: Phrase) -> bool:
    return " ".join(reader.lower(index) for index in range(phrase.first, phrase.last)) in _own_works()


def _of_single(reader: Reader, phrase: Phrase, kind: str) -> Naming:
    """Pronouns and lone quantifiers."""
    names = reader.classes[phrase.first]
    if "first_person" in names:
        return Naming.SELF
    if names & {"second_person", "negative"}:
        return Naming.NONE
    if "person_pronoun" in names:
        weak = kind in ("believing", "calling") and reader.lower(phrase.first) == "they"
        return Naming.NONE if weak else Naming.NAMED
    if "quantifier" in names:
        return Naming.NONE if reader.lower(phrase.first) in _vague("generic") else Naming.VAGUE
    if reader.lower(phrase.first) == "it" and kind in ("reporting", "stating", "asserting"):
        return Naming.NAMED
    return Naming.NONE


def _after_quantity(reader: Reader, phrase: Phrase) -> int:
    """Index behind "a number of" and the like at the beginning of a phrase."""
    for length in (4, 3, 2):
        opening = " ".join(
            reader.lower(index) for index in range(phrase.first, min(phrase.first + length, phrase.last))
        )
        if opening.endswith(" of") and opening in _vague("quantity"):
            return phrase.first + length
    return phrase.first


def _head(reader: Reader, phrase: Phrase) -> int:
    """Index of the head: the last word before the first preposition."""
    for index in range(phrase.first + 1, phrase.last):
        if reader.has(index, "preposition") or reader.lower(index) in ",(":
            return index - 1
    return phrase.last - 1


def _possessed(reader: Reader, phrase: Phrase) -> bool:
    return any(reader.lower(index).endswith("'s") for index in range(phrase.first, phrase.last - 1))


def _of_noun(reader: Reader, phrase: Phrase, head: int, kind: str, definite: bool) -> Naming:
    """Names are sources; other nouns by their sort."""
    word = reader.lower(head)
    sort = sort_of(word)
    if kind == "names_source" and sort is None:
        sort = next(filter(None, (sort_of(reader.lower(index)) for index in range(phrase.first, phrase.last))), None)
    if reader.has(head, "time") and not reader.is_name(head):
        return Naming.NONE
    if any(reader.is_name(index) for index in range(phrase.first, phrase.last)):
        # A capital may only open the sentence.
        opens = phrase.first == 0 and not any(reader.is_name(index) for index in range(1, phrase.last))
        joined = phrase.last - phrase.first > 1 and reader.glued(phrase.first + 1)
        if not opens or joined or not reader.is_plain(phrase.last - 1) or phrase.last - phrase.first == 1:
            return Naming.NAMED
    if sort in ("person", "document", "body"):
        return Naming.NAMED
    if kind in ("showing", "believing", "names_source") and sort is None:
        return Naming.NONE
    return Naming.NAMED if definite or "determiner" in reader.classes[phrase.first] else Naming.NONE
