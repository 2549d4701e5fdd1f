"""What a source is called, read from the words that name it: a person, a titled work, a body, or nobody in particular.

A person is known by surname and given names, "the memoirs of" somebody by that person, a work with a title by the
title, and everything else by its own words without the article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from annotator.word_classes import listed, sort_of

_TITLE = re.compile(r"[“«„\"]([^“”«»„\"]{3,200})[”»“\"]")
_YEAR = re.compile(r"[,\s(]*\b((?:1\d|20)\d\d)[a-z]?\b\)?\s*$")
_BRACKET = re.compile(r"\s*\([^()]{0,80}\)")
_WORD = re.compile(r"[^\W\d_]+(?:['’\-–][^\W\d_]+)*\.?")
_TOGETHER = re.compile(r"\s+(?:and|&)\s+|\s+et al\.?")
_OWNER = re.compile(r"['’]s?$")
_MOST_NAMES = 5
_LONGEST = 120


class SourceName(NamedTuple):
    """What a source is called.

    Attributes
    ----------
    key : str
        Words that must be equal for two sources without a surname to be the same.
    surname : str
        Surname of a person in lower case, empty where there is none.
    given : tuple of str
        Given names and initials of a person in lower case, an initial with its stop.
    title : str
        ``male`` or ``female`` where a title before the name says so.
    year : str
        Year of an author-date reference.
    is_new : bool
        Whether the words present a source that was not named before ("a letter").
    """

    key: str
    surname: str = ""
    given: tuple[str, ...] = ()
    title: str = ""
    year: str = ""
    is_new: bool = False

    @property
    def is_person(self) -> bool:
        """Whether a person is named, by surname or by given names."""
        return bool(self.surname or self.given)


@lru_cache(maxsize=20_000)
def read_name(text: str) -> SourceName:
    """Read what a source is called.

    Examples
    --------
    >>> read_name("the historian Ada B. Moll").surname, read_name("the historian Ada B. Moll").given
    ('moll', ('ada', 'b.'))
    >>> read_name("the memoirs of Ada Moll").surname
    'moll'
    >>> read_name("the committee of the Moll Society").key
    'committee of the moll society'
    """
    titled = _TITLE.search(text)
    if titled:
        return SourceName(f"“{_bare(titled[1])}”")
    year = _YEAR.search(text)
    named = text[: year.start()] if year else text
    person = (
        None if _TOGETHER.search(named) or "/" in text or len(text) > _LONGEST else _person(_BRACKET.sub("", named))
    )
    key = _bare(text)
    new = text.split(maxsplit=1)[:1]
    if person is None:
        return SourceName(key, is_new=bool(new) and new[0].lower() in listed("name_words", "indefinite"))
    return person._replace(key=key, year=year[1] if year else "")


def _bare(text: str) -> str:
    """Words in lower case without what only points at a source ("the same")."""
    words = text.casefold().replace("’", "'").split()
    while len(words) > 1 and words[0] in listed("name_words", "pointing"):
        del words[0]
    return " ".join(words)


def _person(text: str) -> SourceName | None:
    """The person in a phrase with appositions: in the part that is nothing but a name, or in the first with one."""
    parts = [_WORD.findall(part) for part in text.split(",")]
    parts = [part for part in parts if part]
    if len(parts) == 2 and len(parts[0]) == 1 and all(map(_is_name, (*parts[0], *parts[1]))):
        return _named((*parts[1], parts[0][0]))
    bare = [part for part in parts if len(part) > 1 and all(map(_is_name, part))]
    return next(filter(None, map(_in_part, [*bare, *parts])), None)


def _is_name(word: str) -> bool:
    return word[0].isupper() or word in listed("name_words", "particle")


def _in_part(words: Sequence[str]) -> SourceName | None:
    """The person in one part: at its end ("the historian X"), or the owner of a work ("X's diary")."""
    first = len(words)
    while first > 0 and _is_name(words[first - 1]):
        first -= 1
    while first < len(words) and not words[first][0].isupper():
        first += 1
    if first == len(words):
        return _owner(words)
    before = [word.lower() for word in words[:first]]
    run = list(words[first:])
    if before and before[-1] == "the":
        return None
    if len(before) > 1 and before[-1] in ("of", "by"):
        return _after_preposition(before, run)
    return None if before and sort_of(before[-1]) is None and not _points(before[-1]) else _named(run)


def _points(word: str) -> bool:
    return word in listed("name_words", "pointing") or word.rstrip(".") in _titles()


def _titles() -> frozenset[str]:
    return frozenset().union(*(listed("name_words", name) for name in ("male", "female", "honorific")))


def _owner(words: Sequence[str]) -> SourceName | None:
    """Who owns a work, as in "Ada Moll's diary"; whose son somebody is names nobody."""
    at = next((index for index, word in enumerate(words) if word[0].isupper() and _OWNER.search(word)), None)
    if at is None or sort_of(words[-1].lower()) != "document":
        return None
    first = at
    while first > 0 and words[first - 1][0].isupper():
        first -= 1
    return _named([*words[first:at], _OWNER.sub("", words[at])])


def _after_preposition(before: Sequence[str], run: list[str]) -> SourceName | None:
    """Whoever stands behind "of" or "by": the author of a work, or a name of its own behind that of another."""
    head = before[-2]
    if head in listed("source_kinds", "memoir") or (before[-1] == "by" and sort_of(head) == "document"):
        return _named(run)
    if len(run) > 2 and _is_initial(run[-1]):
        surname = next(index for index in range(len(run) - 1, -1, -1) if not _is_initial(run[index]))
        return _named(run[surname:]) if surname > 0 else None
    return None


def _is_initial(word: str) -> bool:
    return word.endswith(".") and len(word) <= 3 and word[:-1].lower() not in _titles()


def _named(run: Sequence[str]) -> SourceName | None:
    """Surname and given names of a run of capitalised words; None where it names a body or a work."""
    names, title = _without_titles([_OWNER.sub("", word) for word in run])
    if not names or len(names) > _MOST_NAMES or any(word.isupper() and len(word) > 2 for word in names):
        return None
    if _is_common(names) or names[0].lower() in listed("word_classes", "determiner"):
        return None
    lower = [word.lower() for word in names]
    if _is_initial(names[-1]) and not _is_initial(names[0]):
        at = next(index for index, word in enumerate(names) if _is_initial(word))
        return SourceName("", lower[at - 1], tuple(lower[at:] if at == 1 else [*lower[: at - 1], *lower[at:]]), title)
    if len(names) > 1 and lower[-1].endswith(tuple(listed("name_words", "patronymic"))):
        return SourceName("", "", tuple(lower), title)
    return SourceName("", lower[-1].rstrip("."), tuple(_given(lower[:-1])), title)


def _is_common(names: Sequence[str]) -> bool:
    """Whether the last word is a common noun, as in "Central Committee"; "Ada Berta King" is a person all the same."""
    last = names[-1].lower()
    sort = sort_of(last)
    return last in listed("name_words", "body") or not (sort is None or (sort == "person" and len(names) > 2))


def _without_titles(run: list[str]) -> tuple[list[str], str]:
    """A run of names without titles and roles before it and suffixes behind it, and whether a title tells the sex."""
    sex = ""
    while len(run) > 1:
        word = run[0].lower().rstrip(".")
        told = [name for name in ("male", "female") if word in listed("name_words", name)]
        if not told and word not in _titles() and (sort_of(word) != "person" or _is_initial(run[0])):
            break
        sex = told[0] if told else sex
        run = run[1:]
    while len(run) > 1 and run[-1].lower().rstrip(".") in listed("name_words", "suffix"):
        run = run[:-1]
    return run, sex


def _given(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in listed("name_words", "particle")]
