"""Noun phrases that begin at a word: followed to the right until a word of another class ends them."""

from __future__ import annotations

from annotator.word_classes import ClassedWords, Phrase, sort_of

WALK, APPOSITION, LONGEST_TITLE = 14, 40, 10
CLOSING, OPENING = frozenset('"”»'), frozenset('"“«„')


class PhraseReader(ClassedWords):
    """Finds the noun phrase that begins at a word; every walk is bounded."""

    def after(self, index: int, *, wide: bool = False) -> Phrase | None:
        """Noun phrase that begins at `index`; `wide` also follows prepositions other than "of"."""
        words = self.words
        at, limit = index, min(len(words), index + WALK * 2)
        if at >= limit:
            return None
        pronoun = self.classes[at] & {"person_pronoun", "first_person", "second_person"} and not self.is_name(at)
        if pronoun and not self.has(at, "possessive"):
            return Phrase(at, at + 1)
        end = at
        while at < limit:
            step = self._step_on(at, index, wide)
            if step == 0:
                break
            at += step
            end = at
        while end > index and (
            self.has(end - 1, "determiner")
            or self.has(end - 1, "preposition")
            or words[end - 1].lower in ("and", "-", "&")
        ):
            end -= 1
        return self._phrase(index, end)

    def _step_on(self, at: int, first: int, wide: bool) -> int:
        """Number of words that the phrase goes on by, 0 at its end."""
        if self.words[at].lower in OPENING:
            return self._title_length(at) if at - first <= 1 else 0
        word, names = self.words[at].lower, self.classes[at]
        if self.is_name(at) or word[0].isdigit() or self._is_month_of_day(at, first):
            return 1
        if names & {"determiner", "quantifier"}:
            if at > first and self.text[self.words[at].start].isupper() and at + 1 < len(self.words):
                return int(self.is_name(at + 1))
            ahead = at == first or self.has(at - 1, "preposition") or self.has(at - 1, "determiner")
            return 1 if ahead or self.has(at - 1, "quantifier") else 0
        if self.is_adverb(at) and self.has(at - 1, "determiner"):
            return 1
        if self.is_plain(at):
            return 1 if wide or self._noun_goes_on(at, first) else 0
        if word == "." and self.is_inner_stop(at) and at + 1 < len(self.words):
            return 1 if self.is_name(at + 1) or (self.is_plain(at + 1) and self.lower(at - 2) == ".") else 0
        if word in "-–'’&/" and self.glued(at):
            return 1
        if word in ("and", "&") and self.is_name(at - 1) and at + 1 < len(self.words) and self.is_name(at + 1):
            return 1
        if "preposition" in names and at > first and (word == "of" or wide):
            goes_on = self.is_name(at + 1) if at + 1 < len(self.words) else False
            return 1 if goes_on or self.has(at + 1, "determiner") or (word == "of" and at + 1 < len(self.words)) else 0
        return 0

    def _is_month_of_day(self, at: int, first: int) -> bool:
        """Whether a month follows its day in a phrase that dates a work: "the resolution of 3 May"."""
        dated = at - 1 > first and self.lower(at - 1).isdigit() and self.lower(at - 2) == "of"
        return dated and self.has(at, "calendar")

    def _title_length(self, at: int) -> int:
        """Number of words and marks of a short title in quotation marks that opens at a mark, 0 if there is none."""
        for index in range(at + 2, min(len(self.words), at + LONGEST_TITLE)):
            if self.words[index].lower in CLOSING:
                return index + 1 - at if self.text[self.words[at + 1].start].isupper() else 0
        return 0

    def _noun_goes_on(self, at: int, first: int) -> bool:
        """A lower-case word belongs to a phrase that began with an article or an adjective, not after a name."""
        word = self.lower(at)
        if at == first or not self.is_name(at - 1) or sort_of(word.removesuffix("'s")) is not None:
            return True
        return self.lower(at - 1).endswith("'s") and not word.endswith("ed")

    def _phrase(self, first: int, last: int) -> Phrase | None:
        while first < last and not (self.text[self.words[first].start].isalnum()):
            first += 1
        return Phrase(first, last) if first < last else None

    def opening(self, limit: int) -> Phrase | None:
        """First noun phrase of the sentence that could be the subject of a later verb."""
        at, limit = 0, min(limit, APPOSITION)
        for _ in range(4):
            while at < limit and not self._begins_phrase(at) and not self._begins_adjunct(at):
                at += 1
            if at >= limit or not self._begins_adjunct(at):
                break
            comma = next((index for index in range(at, min(limit, at + APPOSITION)) if self.lower(index) == ","), None)
            at = at + 1 if comma is None else comma + 1
        return self.after(at) if at < limit else None

    def _begins_phrase(self, at: int) -> bool:
        names = self.classes[at]
        return bool(names & {"person_pronoun", "first_person", "determiner"}) or self.is_name(at) or self.is_plain(at)

    def _begins_adjunct(self, at: int) -> bool:
        if at == 0 and self.lower(1) == "of" and not self.classes[0]:
            return True
        if at == 0 and self.lower(0).endswith("ing") and self.has(1, "preposition"):
            return True
        return bool(self.classes[at] & {"preposition", "subordinator"})
