"""Who speaks: the noun phrase beside a cue, found from word classes alone, without a parser.

A phrase is followed word by word from the cue outwards, over names, nouns, adjectives and the short words that hold
them together, until a word of another class ends it. Every walk is bounded, so the time for a sentence is linear in
its number of cues.
"""

from __future__ import annotations

from annotator.noun_phrases import APPOSITION, CLOSING, OPENING, WALK, PhraseReader
from annotator.word_classes import Phrase, listed, nouns, sort_of

LONGEST, OFFICE = 7, 5
STOPS = frozenset(".!?…:;")


class Reader(PhraseReader):
    """Finds the noun phrase that ends before a word."""

    def before(self, index: int) -> Phrase | None:
        """Noun phrase that ends right before `index`, an apposition between commas or brackets left out."""
        last = self._skip_back(index)
        if last <= 0:
            return None
        mark = self.words[last - 1].lower
        if mark in CLOSING:
            return self._quoted_title(last - 1)
        if mark in (",", "—", "–") or (mark == "-" and not self.glued(last - 1)):
            apposed = self._unbracketed(self._before_apposition(last - 1)) or self._opening_name(last - 1)
            last = apposed or self._before_stray_comma(last - 1, index)
        elif mark in ")]":
            last = self._before_bracket(last - 1)
        if last <= 0:
            return None
        phrase = self._phrase_back(last)
        ahead = phrase.first - 1 if phrase is not None else 0
        if phrase is not None and ahead > 0 and self.has(ahead, "setting") and self._is_setting(phrase):
            return self._phrase_back(ahead) or phrase
        return phrase

    def ending(self, last: int) -> Phrase | None:
        """Noun phrase that ends before an index, with nothing left out."""
        return self._phrase_back(last) if last > 0 else None

    def _is_setting(self, phrase: Phrase) -> bool:
        """Whether a phrase after "in" or "on" says when or in which work ("on Monday", "in a statement")."""
        head = self.lower(phrase.last - 1)
        return self.has(phrase.last - 1, "time") or head[0].isdigit() or nouns().get(head) == "document"

    def _quoted_title(self, close: int) -> Phrase | None:
        """A short title or name in quotation marks: "the "Costs Project" stated"."""
        for first in range(close - 1, max(-1, close - 9), -1):
            if self.words[first].lower in OPENING:
                named = first + 1 < close and self.text[self.words[first + 1].start].isupper()
                return Phrase(first + 1, close) if named else None
        return None

    def _skip_back(self, index: int) -> int:
        """Skip auxiliaries, adverbs and reflexives, and what stands between commas of that kind."""
        at, steps = index, 0
        while at > 0 and steps < 8:
            names = self.classes[at - 1]
            word = self.words[at - 1].lower
            adverb = "adverb" in names or ("auxiliary" in names and not self.is_name(at - 1)) or "reflexive" in names
            if (adverb and not self.has(at - 1, "determiner")) or (
                self.is_adverb(at - 1) and not self.text[self.words[at - 1].start].isupper()
            ):
                at -= 1
            elif ("time" in names and self.has(at - 2, "determiner")) or (
                ("time" in names or self._is_year(at - 1)) and self.has(at - 2, "preposition")
            ):
                at -= 3 if self.has(at - 2, "determiner") and self.has(at - 3, "preposition") else 2
            elif self._is_year(at - 1) and self.has(at - 2, "time") and self.has(at - 3, "preposition"):
                at -= 3
            elif "time" in names and not self.is_name(at - 1) and (self.is_name(at - 2) or self.has(at - 2, "opener")):
                at -= 2 if self.has(at - 2, "opener") else 1
            elif word == "," and (aside := self._before_aside(at - 1)) > 0:
                at = aside
            elif word == "," and at > 2 and "adverb" in self.classes[at - 2] and self.lower(at - 3) == ",":
                at -= 3
            else:
                break
            steps += 1
        return at

    def _before_aside(self, comma: int) -> int:
        """Index of the comma before a short phrase between commas ("which, in particular, stated"), or 0."""
        for index in range(comma - 2, max(0, comma - 5), -1):
            if self.words[index].lower == ",":
                return index if self.has(index + 1, "preposition") and not self.is_name(index + 2) else 0
        return 0

    def _is_year(self, index: int) -> bool:
        word = self.words[index].lower
        return len(word) == len("1929") and word.isdigit()

    def _before_stray_comma(self, comma: int, verb: int) -> int:
        """A comma between the subject that opens a sentence and its verb: "The philosopher Goethe, once said"."""
        phrase = self._phrase_back(comma) if comma > 0 else None
        opens = phrase is not None and phrase.first <= 1 and not self.has(phrase.first - 1, "preposition")
        return comma if opens and verb > comma + 1 else 0

    def _opening_name(self, comma: int) -> int:
        """Where the full name ends that opens a sentence with its work behind it: "Ada Moll, in her book X, said"."""
        end = 0
        while end < comma and (self.is_name(end) or self.is_inner_stop(end)):
            end += 1
        works = listed("source_frames", "work")
        placed = self.lower(end) == "," and self.lower(end + 1) in listed("source_frames", "opens_work")
        holds = placed and any(self.lower(at) in works for at in range(end + 2, min(comma, end + OFFICE + 3)))
        return end if end > 1 and holds else 0

    def _before_bracket(self, close: int) -> int:
        for index in range(close - 1, max(-1, close - APPOSITION), -1):
            if self.words[index].lower in "([":
                return index
        return 0

    def _before_apposition(self, comma: int) -> int:
        """Where the phrase before an apposition ends, 0 where no apposition ends at the comma."""
        best = named = 0
        for index in range(comma - 1, max(0, comma - APPOSITION), -1):
            word = self.words[index].lower
            if word in STOPS and not self.is_inner_stop(index) and not self.glued(index):
                break
            if word in (",", "—", "–") and self._opens_apposition(index):
                best, named = index, index if self._ends_name(index) else named
        return named or best

    def _unbracketed(self, last: int) -> int:
        return self._before_bracket(last - 1) if last > 0 and self.words[last - 1].lower == ")" else last

    def _ends_name(self, index: int) -> bool:
        return self.is_name(index - 1) or self.words[index - 1].lower == ")" or self.is_inner_stop(index - 1)

    def _opens_apposition(self, comma: int) -> bool:
        if not (self.is_name(comma - 1) or self.words[comma - 1].lower in ")." or self.is_plain(comma - 1)):
            return False
        follows = self.classes[comma + 1]
        opens = (
            {"determiner", "relative"} & follows
            or ("preposition" in follows and self.is_name(comma - 1))
            or self.is_plain(comma + 1)
            or self.has(comma + 1, "reflexive")
        )
        if not opens:
            if not (self.is_name(comma + 1) or self.lower(comma + 1).isdigit() or self.lower(comma + 2).isdigit()):
                return False
            person = any(sort_of(self.lower(at)) == "person" for at in range(max(0, comma - OFFICE), comma))
            if not (self.is_name(comma - 1) or self.words[comma - 1].lower == ")" or person):
                return False
        before = self._before_bracket(comma - 1) if self.words[comma - 1].lower == ")" else comma
        phrase = self._phrase_back(before) if before > 0 else None
        if phrase is None or self.has(comma - 1, "time"):
            return False
        ahead = phrase.first - 1
        if self.has(ahead, "preposition") and not self.has(ahead, "subordinator") and self.lower(ahead) != "by":
            return False
        owned = any(self.lower(index).endswith("'s") for index in range(phrase.first, comma - 1))
        return self._ends_name(comma) or owned or bool(self.classes[phrase.first] & {"determiner", "quantifier"})

    def _phrase_back(self, last: int) -> Phrase | None:
        head = last - 1
        if self.words[head].lower == "." and self.is_inner_stop(head):
            head -= 1
        names = self.classes[head]
        if names & {"person_pronoun", "first_person", "second_person", "thing_pronoun"} or (
            names & {"quantifier"} and not self.has(head - 1, "preposition")
        ):
            return Phrase(head, last)
        if "relative" in names:
            return self._antecedent(head) if self.has(head, "antecedent") else None
        numbered = (
            self.words[head].lower[0].isdigit()
            and head > 0
            and (self.is_name(head - 1) or self.words[head - 1].lower == "of")
        )
        if not (self.is_name(head) or self.is_plain(head) or numbered):
            return None
        if self.has(head, "time") and not self.is_name(head):
            return None
        first, plain = head, 0 if self.is_name(head) else 1
        for _ in range(WALK):
            step = self._step_back(first, plain)
            if step is None:
                break
            plain += sum(self.is_plain(index) and not self.is_name(index) for index in range(step, first))
            first = step
        return self._phrase(first, last)

    def _step_back(self, first: int, plain: int) -> int | None:
        """Index of the next word to the left that belongs to the phrase, or None."""
        at = first - 1
        if at < 0:
            return None
        word, names = self.words[at].lower, self.classes[at]
        if (self.has(first, "determiner") or self.has(first, "quantifier")) and not self.is_name(first):
            return self._over_preposition(at)
        if word == "," and self.lower(first) in listed("name_words", "suffix") and self.is_name(at - 1):
            return at - 1
        if word == "that" and self.is_name(first):
            return None
        if "determiner" in names or "quantifier" in names:
            return at
        owned = self.has(at - 1, "determiner") or self.lower(at - 1).endswith("'s")
        if self.is_name(at) or (word[0].isdigit() and (not self._is_year(at) or owned)):
            return at
        if self.is_plain(at):
            work = sort_of(word) == "document" and word not in listed("source_frames", "periodical")
            apart = self.is_name(first) and (word.endswith("ed") or work)
            apart = apart and not (at > 0 and self.words[at - 1].lower in CLOSING)
            return at if plain < LONGEST and not apart else None
        if word == "." and self.is_inner_stop(at):
            return at - 1
        if word in "-–'’&/." and self.glued(at):
            return at - 1
        if word in ("and", "&") and at > 0 and self.is_name(first) and self.is_name(at - 1):
            return at - 1
        return self._over_preposition(at)

    def _over_preposition(self, at: int) -> int | None:
        """Go on to the left of "of", or of another preposition where a source noun stands before it."""
        if at < 1 or "preposition" not in self.classes[at]:
            return None
        before = at - 1
        if self.words[at].lower == "of" and self.has(before, "quantifier"):
            return before
        if not (self.is_name(before) or self.is_plain(before)):
            return None
        if self.words[at].lower == "of":
            return before
        return before if sort_of(self.lower(before)) is not None else None

    def _antecedent(self, relative: int) -> Phrase | None:
        """What "who" or "that" stands for."""
        last = relative - 1 if self.lower(relative - 1) == "," else relative
        if last < relative and not self.is_name(last - 1):  # a name before the comma is who is meant
            last = self._before_apposition(last) or last
        if self.lower(relative) == "which" and (document := self._document_before(last)) is not None:
            return document
        if last > 1 and self.words[last - 1].lower in CLOSING:
            return self._quoted_title(last - 1)
        if last <= 0 or not (self.is_name(last - 1) or self.is_plain(last - 1)):
            return None
        phrase = self._phrase_back(last)
        if phrase is not None and self.lower(relative) == "who":
            phrase = self._person_in(phrase)
        if phrase is None or self.is_name(last - 1) or any(map(self.is_name, range(phrase.first, phrase.last))):
            return phrase
        return (
            phrase if self.has(phrase.first, "determiner") and nouns().get(self.lower(last - 1)) == "person" else None
        )

    def _person_in(self, phrase: Phrase) -> Phrase:
        """The person at the end of a phrase about a thing: "the support of Sen. Tom Haas, who"."""
        of = next((at for at in range(phrase.first + 1, phrase.last) if self.lower(at) == "of"), 0)
        if not of or self.is_name(of - 1) or sort_of(self.lower(of - 1)) in ("person", "body"):
            return phrase
        tail = range(of + 1, phrase.last)
        known = any(self.has(at, "title") or self.lower(at) in listed("genders", "male") for at in tail)
        known = known or any(self.lower(at) in listed("genders", "female") for at in tail)
        return Phrase(of + 1, phrase.last) if known and self.is_name(phrase.last - 1) else phrase

    def _document_before(self, last: int) -> Phrase | None:
        """The nearest document on the left, as "a letter to the committee, which stated" means the letter."""
        for index in range(last - 1, max(-1, last - APPOSITION), -1):
            if self.classes[index] & {"auxiliary", "passive", "plain_verb"} and not self.is_name(index):
                return None
            if nouns().get(self.lower(index)) == "document":
                first = index
                while first > 0 and index - first < 5 and (self.is_plain(first - 1) or self.is_name(first - 1)):
                    first -= 1
                first -= self.has(first - 1, "determiner")
                phrase = self.after(first)
                return phrase if phrase is not None and phrase.last > index else None
        return None
