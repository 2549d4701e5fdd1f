"""Who a source is within its document: whom "he" and "it" mean, and the full name behind a short one.

A pronoun stands for the nearest name that could be meant: one that opens a clause, outside quotations, of the right
gender where the name tells it, or the speaker that was named last. A short name ("Moll") stands for the full one that
the document gives ("Ada Moll"), a role ("his eldest son") for the name that stands beside it somewhere ("his eldest
son, Tom Haas,").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from annotator import lexicon, subjects
from annotator.carrying import Look, is_behind_quotation
from annotator.lexicon import Word
from annotator.quotation import Quotation
from annotator.record import Span
from annotator.word_classes import classes, first_names, listed, nouns, sort_of

NEAR = 3
LONGEST_NAME = 60
MOST_PLACES = 50
BEFORE = re.compile(r"(?<![\w.])(?:(?:[A-ZÀ-ÞĀ-ſА-Я]\.){2,3}\s?|[A-ZÀ-ÞĀ-ſА-Я][\w'’-]*\.?\s){1,3}$")
INITIALS = re.compile(r"(?:\w\.){1,3}")
TOKEN = re.compile(r"[\w'’-]+")


class People:
    """Whom the sources of a document stand for.

    Parameters
    ----------
    text : str
        The document.
    looks : sequence of Look
        Its sentences with their attributions, in order; `resolve` is called for them from the first to the last.
    """

    def __init__(self, text: str, looks: Sequence[Look]) -> None:
        self.text, self.looks = text, looks
        self.last: Span | None = None
        self.person: dict[str, tuple[int, Span]] = {}
        self._full: dict[str, str] = {}
        self._roles: dict[str, str] = {}

    def resolve(self, index: int) -> None:
        """Put names in the place of the pronouns of a sentence, and full names beside short ones."""
        look = self.looks[index]
        for place, found in enumerate(look.named):
            if found.source is None:
                continue
            said = found.source
            word = self._words(said).lower()
            if word in listed("word_classes", "person_pronoun") or word == "it":
                name = self._antecedent(index, said, word)
                if name is not None:
                    look.named[place] = found = replace(found, source=name, mention=said)
            elif self.text[said.start].isupper() or " " in word:
                self.last = said
            if not _is_quoted(look.quotes, said):
                self._remember(index, found.source)

    def full_name(self, source: Span) -> str:
        """The fullest name of a source that the document gives, its own words where there is no fuller one."""
        words = self._words(source)
        if words not in self._full:
            self._full[words] = self._fuller(source) or words
        return self._full[words]

    def _words(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def _remember(self, index: int, source: Span | None) -> None:
        """Keep the last speaker for "he" and for "she"."""
        if source is None or not _is_person(self._words(source)):
            return
        gender = gender_of(self._words(source))
        for pronoun, kept in (("he", "male"), ("she", "female")):
            if gender in (kept, None):
                self.person[pronoun] = (index, source)

    def _antecedent(self, index: int, pronoun: Span, word: str) -> Span | None:
        if word == "they":
            return self.last if self.last and _is_many(self._words(self.last)) else None
        if word == "it":
            return self._thing(index)
        look = self.looks[index]
        if _is_quoted(look.quotes, pronoun) and not is_behind_quotation(look, pronoun):
            return None
        spoken = self.person.get(word)
        unsure: Span | None = None
        for at in range(index, max(-1, index - NEAR - 1), -1):
            if at < index and spoken is not None and spoken[0] == at:
                return spoken[1]
            for name in self._names(at, pronoun, word, last=at == index - 1):
                if self._is_known(name):
                    return name
                unsure = unsure or name
        return spoken[1] if spoken is not None else unsure

    def _is_known(self, name: Span) -> bool:
        """Whether a name is surely a person's: its first name or its full one tells it, or the person has spoken."""
        words = self._words(name)
        spoken = any(words in self._words(span) for _, span in self.person.values())
        return spoken or gender_of(words) is not None or self.full_name(name) != words

    def _thing(self, index: int) -> Span | None:
        """What "it" stands for: the document or body that the sentence before rests on."""
        if index == 0:
            return None
        before = [found.source for found in self.looks[index - 1].named if found.source is not None]
        return next((source for source in before if not _is_person(self._words(source))), None)

    def _names(self, at: int, pronoun: Span, word: str, *, last: bool) -> Iterator[Span]:
        """Names of a sentence that a pronoun may stand for, best first."""
        look = self.looks[at]
        names = list(subjects.subjects(self.text, look.words, pronoun.start))
        if not names and last and (name := subjects.last_name(self.text, look.words)) is not None:
            names += [name] if gender_of(self._words(name)) or not _is_place(look.words, name) else []
        wrong = "male" if word == "she" else "female"
        for name in names:
            words = self._words(name)
            if _is_person(words) and gender_of(words) != wrong and not _is_quoted(look.quotes, name):
                yield name

    def _fuller(self, source: Span) -> str | None:
        tokens = [token for token in TOKEN.findall(self._words(source)) if not _is_title(token)]
        if not self._words(source).endswith(tokens[-1] if tokens else "."):
            return None
        if len(tokens) == 1 and tokens[0][0].isupper() and not _is_first_name(tokens[0]):
            return self._with_first_name(tokens[0], source.start)
        if tokens and sort_of(tokens[-1].lower()) == "person" and not any(token[0].isupper() for token in tokens[1:]):
            return self._of_role(" ".join(tokens), source)
        return None

    def _with_first_name(self, surname: str, before: int) -> str | None:
        """The last full name above that ends in a surname, or the first one below."""
        best: str | None = None
        place = self.text.find(surname)
        for _ in range(MOST_PLACES):
            if place < 0 or (best is not None and place >= before):
                return best
            end = place + len(surname)
            best = self._name_ending(place, end) or best
            place = self.text.find(surname, end)
        return best

    def _name_ending(self, place: int, end: int) -> str | None:
        if self.text[end : end + 1].isalnum():
            return None
        found = BEFORE.search(self.text[max(0, place - LONGEST_NAME) : place])
        if found is None:
            return None
        names = (one for one in re.finditer(r"\S+", found.group()))
        first = next((one for one in names if _is_first_name(one.group()) or INITIALS.fullmatch(one.group())), None)
        return None if first is None else self.text[place - len(found.group()) + first.start() : end]

    def _of_role(self, role: str, source: Span) -> str | None:
        """The name beside the same role elsewhere: "his eldest son, Tom Haas,"."""
        place = self.text.find(f"{role}, ")
        for _ in range(MOST_PLACES):
            if place < 0:
                return None
            begins = place + len(role) + 2
            words = lexicon.words(self.text[begins : begins + LONGEST_NAME], begins)
            name = _opening_name(self.text, words)
            if name is not None:
                return self._words(name)
            place = self.text.find(f"{role}, ", begins)
        return None


def _opening_name(text: str, words: Sequence[Word]) -> Span | None:
    """The name of two words or more that a text begins with, if it is closed by a comma."""
    last = 0
    while last < len(words) and text[words[last].start].isupper() and not classes().get(words[last].lower):
        last += 1
    closed = last < len(words) and words[last].lower in ",.;)"
    return Span(words[0].start, words[last - 1].end) if last > 1 and closed else None


def _is_first_name(token: str) -> bool:
    """Whether a word is a first name and nothing else, as "Will" is."""
    return token.lower() in first_names()


@cache
def _genders() -> dict[str, str]:
    return {entry.phrase.lower(): entry.category for entry in lexicon.load("genders").entries}


def _gender(token: str) -> str | None:
    return _genders().get(token.lower().rstrip("."))


def gender_of(words: str) -> str | None:
    """``male`` or ``female`` where a first name, a title or a relation among the words tells it, else None."""
    return next(filter(None, map(_gender, TOKEN.findall(words))), None)


def _is_title(token: str) -> bool:
    return token.lower() in listed("word_classes", "title") or token.lower() in listed("source_frames", "article")


def _is_person(words: str) -> bool:
    """Whether words could name a person: not a body, a document, or words that only open a sentence."""
    tokens = TOKEN.findall(words)
    if not tokens or tokens[0].lower() in listed("source_frames", "no_name"):
        return False
    sorts = {nouns().get(token.lower()) for token in tokens}
    if (
        sorts & {"body", "document"}
        or tokens[-1].lower() in listed("name_words", "body")
        or words.lower() in listed("word_classes", "subject")
    ):
        return False
    if tokens[0].lower() in listed("source_frames", "article") and "person" not in sorts and gender_of(words) is None:
        return False
    own = [token for token in tokens if not _is_title(token)]
    return any(token[0].isupper() for token in own) or sort_of(own[-1] if own else "") == "person"


def _is_place(words: Sequence[Word], name: Span) -> bool:
    """Whether the word before a name leads to a place: "in Ulm"."""
    before = next((word.lower for word in reversed(words) if word.end <= name.start), "")
    return before in listed("word_classes", "whereabouts")


def _is_many(words: str) -> bool:
    """Whether words could be people or a body: no single thing ("the birth of the Leagues") or person."""
    tokens = words.lower().split()
    last = next((at for at, token in enumerate(tokens) if at and token in listed("word_classes", "preposition")), None)
    head = tokens[:last]
    if sort_of(head[-1]) == "body" or "and" in head:
        return True
    return head[-1].endswith("s") and not head[-1].endswith("ss") and gender_of(words) is None


def _is_quoted(quotes: Sequence[Quotation], name: Span) -> bool:
    return any(quote.start < name.start and name.end < quote.end for quote in quotes)
