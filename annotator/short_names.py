"""A person's name cut from the titles before it: "Germany's former Chancellor Ada Moll" is "Chancellor Ada Moll".

People name a source by the shortest words that hold the full name; one word of the office may stand before it.
"""

from __future__ import annotations

from annotator.speakers import Reader
from annotator.word_classes import Phrase, listed, sort_of

_LEAST, _MOST = 2, 5


def shortened(reader: Reader, phrase: Phrase) -> Phrase:
    """A phrase without what stands before the office and the name of the person at its end.

    A phrase that says more than who the person is ("a friend of Ada Moll", "Moll and Roy") stays as it is, and so does
    an office that doesn't stand right before the name ("Secretary of State Ada Moll").
    """
    first, last = phrase
    run = last
    while run > first and (reader.is_name(run - 1) or reader.is_inner_stop(run - 1)):
        run -= 1
    if (body := _behind_body(reader, first, run, last)) is not None:
        return Phrase(body, last)
    office = next((at for at in range(last - _LEAST - 1, max(first, run - 1) - 1, -1) if _is_office(reader, at)), None)
    if office is None or not all(_is_person(reader, first, at) for at in range(first, office)):
        return phrase
    name = office + 1 + reader.is_inner_stop(office + 1)
    start = _start(reader, first, office)
    if (
        not _LEAST <= last - name <= _MOST
        or _leads(reader, start - 1)
        or start <= first + (reader.lower(first) in listed("source_frames", "article"))
    ):
        return phrase
    return Phrase(start, last)


def _behind_body(reader: Reader, first: int, run: int, last: int) -> int | None:
    """Where a name begins behind a body: "local news agency Millfax", "head of the River League Tom Haas"."""
    if run > first and sort_of(reader.lower(run - 1)) == "body" and run < last:
        plain = all(reader.is_plain(at) or reader.is_name(at) for at in range(first + 1, run))
        small = not reader.text[reader.words[run - 1].start].isupper()
        return run if plain and small and reader.lower(first) != "a" else None
    holder = sort_of(reader.lower(first)) == "person" and reader.has(first + 1, "preposition")
    behind = next((at + 1 for at in range(run + 1, last - _LEAST) if sort_of(reader.lower(at)) == "body"), None)
    return behind if holder and behind is not None and last - behind <= _LEAST + 1 else None


def _start(reader: Reader, first: int, office: int) -> int:
    """Index at which an office begins: "Prime Minister", "Education Secretary"; "Ulm's Mayor" begins at "Mayor"."""
    capitals = office > first and reader.is_name(office) and reader.is_name(office - 1)
    return office - (capitals and not reader.lower(office - 1).endswith("'s"))


def without_place(reader: Reader, phrase: Phrase) -> Phrase:
    """A name without where it was said: "Ada Moll in her History of Mills" is "Ada Moll"."""
    first, last = phrase
    at = next((at for at in range(first + 1, last) if reader.lower(at) in listed("source_frames", "said_in")), None)
    return Phrase(first, at) if at is not None and reader.is_name(at - 1) else phrase


def _is_office(reader: Reader, index: int) -> bool:
    return sort_of(reader.lower(index)) == "person" or reader.has(index, "title")


def _is_person(reader: Reader, first: int, index: int) -> bool:
    """Whether a word before an office tells only more of it: no work, no other person, no phrase of its own."""
    word = reader.lower(index)
    if sort_of(word) == "document" or word in (",", "and", "&", "or"):
        return False
    return not _leads(reader, index) or (index > first and word == "of" and reader.is_name(index + 1))


def _leads(reader: Reader, index: int) -> bool:
    return reader.has(index, "preposition")
