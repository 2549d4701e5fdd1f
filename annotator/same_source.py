"""Which names are one source: the same surname with given names that agree, or the same words.

A short form joins a longer one only where there is exactly one that it could stand for, so that a doubt never makes two
people one. Two different given names are two people; two bodies are one only by the same words or by their initials.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from annotator.source_names import SourceName, read_name

_SHORTEST_ACRONYM = 3


def same_sources(texts: Sequence[str], also_named: Iterable[str] = ()) -> list[int]:
    """Number of the source that each name stands for; names with the same number are one source.

    Parameters
    ----------
    texts : sequence of str
        The words that name the sources. A text stands for the same source wherever it stands.
    also_named : iterable of str
        Other names in the same document. They help where somebody is named without a surname: "Ada Borisovna" is
        A. B. Moll where nobody else there has these initials.

    Examples
    --------
    >>> same_sources(["Moll", "the historian Ada Moll", "Roy", "A. Moll"])
    [0, 0, 1, 0]
    >>> same_sources(["Moll", "Ada Moll", "Berta Moll"])
    [0, 1, 2]
    """
    names = {text: read_name(text) for text in texts}
    persons = {text: name for text, name in names.items() if name.is_person}
    found = _people(_with_surnames(persons, also_named))
    by_key = {name.key: found[text] for text, name in persons.items()}
    others = _others({text: name.key for text, name in names.items() if not name.is_person})
    found |= {text: by_key.get(names[text].key, number) for text, number in others.items()}
    numbers: dict[object, int] = {}
    return [numbers.setdefault(found[text], len(numbers)) for text in texts]


def _with_surnames(persons: dict[str, SourceName], also_named: Iterable[str]) -> dict[str, SourceName]:
    """The persons, those without a surname given the one that fits."""
    if all(name.surname for name in persons.values()):
        return persons
    known = [*persons.values(), *(read_name(text) for text in also_named)]
    known = [name for name in known if name.surname and len(name.given) > 1]
    return {text: name if name.surname else _completed(name, known) for text, name in persons.items()}


def _completed(name: SourceName, known: Sequence[SourceName]) -> SourceName:
    surnames = {one.surname for one in known if len(one.given) == len(name.given) and agree(one.given, name.given)}
    return name._replace(surname=surnames.pop()) if len(surnames) == 1 else name


def agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two rows of given names could be one person's: each the same as the other's or its initial."""
    return all(_same_given(a, b) for a, b in zip(one, other, strict=False))


def _same_given(one: str, other: str) -> bool:
    if one.endswith(".") or other.endswith("."):
        short, long = sorted((one.rstrip("."), other.rstrip(".")), key=len)
        return long.startswith(short)
    return one == other


def _could_be(one: SourceName, other: SourceName) -> bool:
    same_sex = not (one.title and other.title) or one.title == other.title
    same_year = not (one.year and other.year) or one.year == other.year
    return same_sex and same_year and agree(one.given, other.given)


def _people(persons: dict[str, SourceName]) -> dict[str, object]:
    found: dict[str, object] = {}
    by_surname = sorted(persons, key=lambda text: persons[text].surname)
    for surname, texts in groupby(by_surname, key=lambda text: persons[text].surname):
        for number, people in enumerate(_told_apart(list(texts), persons)):
            found |= dict.fromkeys(people, (surname, number))
    return found


def _told_apart(texts: list[str], persons: dict[str, SourceName]) -> list[list[str]]:
    """People of one surname, each with the texts that name them; the fullest names are settled first."""
    people: list[list[str]] = []
    for text in sorted(texts, key=lambda text: fullness(persons[text])):
        fitting = [one for one in people if all(_could_be(persons[text], persons[other]) for other in one)]
        if len(fitting) == 1:
            fitting[0].append(text)
        else:
            people.append([text])
    return people


def fullness(name: SourceName) -> tuple[int, int, bool]:
    """Key that sorts names from full to short: by given names, then by initials, those without a year first."""
    whole = sum(not given.endswith(".") for given in name.given)
    return -whole, -len(name.given), not name.year


def _others(keys: dict[str, str]) -> dict[str, object]:
    """Sources that are no persons: one by their words, or where one is the initials of just one other."""
    long: dict[str, set[str]] = {}
    for text, key in keys.items():
        for acronym in _acronyms(text):
            long.setdefault(acronym, set()).add(key)
    return {text: ("", _spelled_out(text, key, long)) for text, key in keys.items()}


def _acronyms(text: str) -> Iterator[str]:
    initials = "".join(word[0] for word in text.split() if word[0].isupper() and word != "The")
    if len(initials) >= _SHORTEST_ACRONYM:
        yield initials


def _spelled_out(text: str, key: str, long: dict[str, set[str]]) -> str:
    acronym = text.split()[-1] if len(text.split()) <= 2 else ""
    names = long.get(acronym, set()) if acronym.isupper() else set()
    return next(iter(names)) if len(names) == 1 else key
