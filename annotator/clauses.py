"""Where, without a parser, a finite verb stands, and where a clause with a subject of its own begins.

Verb forms stand in ``lexicons/clause_words.tsv``. A form that could be a participle, such as any in -ed, counts as
finite by the words beside it; where these don't tell it doesn't count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, cached_property

from annotator.lexicon import Word, load
from annotator.noun_phrases import PhraseReader
from annotator.word_classes import NONE

WALK = 12
_SHORTEST_PAST = 5
_AFTER_VERB = frozenset({"determiner", "possessive", "preposition", "person_pronoun", "thing_pronoun", "first_person",
                         "quantifier", "adverb", "relative", "second_person", "reflexive"})  # fmt: skip
_NO_VERB_AFTER = frozenset({"determiner", "possessive", "quantifier", "preposition"})
_SUBJECTS = frozenset({"person_pronoun", "thing_pronoun", "first_person", "second_person"})


@cache
def _forms() -> dict[str, frozenset[str]]:
    """Categories of ``clause_words.tsv`` by word."""
    found: dict[str, set[str]] = {}
    for entry in load("clause_words").entries:
        found.setdefault(entry.phrase.lower(), set()).add(entry.category)
    return {word: frozenset(names) for word, names in found.items()}


class ClauseReader(PhraseReader):
    """Finds the finite verbs of a sentence, and the subject and verb that begin at a word."""

    def __init__(self, text: str, words: Sequence[Word]) -> None:
        super().__init__(text, words)
        table = _forms()
        self.forms = [table.get(lower, NONE) for lower in self.lowers]

    def in_form(self, index: int, category: str) -> bool:
        """Whether there is such a word and it is in a category of ``clause_words.tsv``."""
        return 0 <= index < self.count and category in self.forms[index]

    @cached_property
    def verbs(self) -> list[int]:
        """Indices of the finite verbs."""
        return [index for index in self._verb_forms(self.count) if self._finite(index)]

    def _verb_forms(self, before: int) -> Iterator[int]:
        """Words that could be verbs by their form."""
        return (at for at, lower in enumerate(self.lowers[:before]) if self.forms[at] or lower[-2:] == "ed")

    def is_finite(self, index: int) -> bool:
        """Whether a finite verb stands at an index."""
        return index in self.verbs

    def _finite(self, index: int) -> bool:
        forms = self.forms[index]
        if "finite" in forms:
            return self.lower(index - 1) != "to"
        if self.could_be_past(index):
            return self._past_by_neighbours(index)
        return "present" in forms and self._after_subject(index) and not self._capital_inside(index)

    def states(self, before: int) -> bool:
        """Whether there is a finite verb before an index, or a past form after a subject that could be one."""
        loose = (index for index in self._verb_forms(before) if self.could_be_past(index))
        return any(map(self._finite, self._verb_forms(before))) or any(map(self._after_subject, loose))

    def could_be_past(self, index: int) -> bool:
        """Whether a form is a past form that could be a participle too."""
        if not 0 <= index < self.count:
            return False
        word, forms = self.lowers[index], self.forms[index]
        regular = word[-2:] == "ed" and len(word) >= _SHORTEST_PAST and "not_past" not in forms
        return (regular or "past" in forms) and not self._capital_inside(index)

    def _capital_inside(self, index: int) -> bool:
        return index > 0 and self.text[self.words[index].start].isupper()

    def _past_by_neighbours(self, index: int) -> bool:
        """Whether a past form is finite: after a subject and no form of be or have, and before no bare noun."""
        at = self._over_adverbs_back(index - 1)
        if at < 0 or self.in_form(at, "aux") or not self._after_subject(index) or self._is_verb_form(at):
            return False
        return self.goes_on(index)

    def _is_verb_form(self, index: int) -> bool:
        return "modal" in self.classes[index] or self.lower(index) == "to"

    def goes_on(self, index: int) -> bool:
        """Whether what follows a form may follow a verb: no bare noun, and no "by" that would make it passive."""
        after = index + 1
        if after >= len(self.words) or self.lower(after) == "by":
            return False
        if not self.lower(after)[0].isalnum():
            return self.lower(after) not in ("-", "’", "'")
        names = self.classes[after]
        known = bool(names & _AFTER_VERB) or "plural" in names or self.is_name(after) or self.lower(after)[0].isdigit()
        return known or self.is_adverb(after) or self.in_form(after, "particle")

    def _after_subject(self, index: int) -> bool:
        """Whether a noun, a name or a pronoun stands before a form, adverbs and a closing bracket between left out."""
        at = self._over_adverbs_back(index - 1)
        if at < 0:
            return False
        word = self.lower(at)
        if not word[0].isalnum():
            return word in ')]"”»' and at > 0
        if self.classes[at] & _SUBJECTS:
            return "possessive" not in self.classes[at]
        if self.classes[at] & _NO_VERB_AFTER:
            return False
        return self.is_name(at) or self.is_plain(at) or word[0].isdigit() or "time" in self.classes[at]

    def _over_adverbs_back(self, at: int) -> int:
        steps = 0
        while at >= 0 and steps < 3 and (self.has(at, "adverb") or self.is_adverb(at)):
            at, steps = at - 1, steps + 1
        return at

    def over_adverbs(self, at: int) -> int:
        """Index of the first word from `at` that is no adverb and no "then"."""
        steps = 0
        while steps < 4 and (self.has(at, "adverb") or self.is_adverb(at) or self.has(at, "concluding")):
            at, steps = at + 1, steps + 1
        return at

    def subject_and_verb(self, first: int) -> tuple[int, int] | None:
        """Where a subject begins and the finite verb after it, if a clause of its own begins at an index.

        A phrase that says when or where may come first ("on 5 May he", "in the north the mill").
        """
        at = self.over_adverbs(first)
        if self.has(at, "preposition") and (phrase := self.after(at + 1)) is not None:
            at = phrase.last + (self.lower(phrase.last) == ",")
        verb = self._verb_after_subject(at)
        return None if verb is None else (at, verb)

    def _verb_after_subject(self, first: int) -> int | None:
        """First finite verb behind a noun phrase that begins at an index, with nothing else in between."""
        if first < len(self.words) and self.classes[first] & _SUBJECTS:
            verb = self.over_adverbs(first + 1)
            if verb < len(self.words) and self.is_finite(verb):
                return verb
        if not self._begins(first):
            return None
        for index in range(first + 1, min(len(self.words), first + WALK)):
            if self.is_finite(index):
                return index
            if not self._in_subject(index):
                return None
        return None

    def _begins(self, at: int) -> bool:
        if at >= len(self.words) or self.is_finite(at) or self.in_form(at, "bare"):
            return False
        return bool(self.classes[at] & {"determiner", "quantifier"}) or self.is_name(at) or self.is_plain(at)

    def _in_subject(self, at: int) -> bool:
        """Whether a word may stand between the first word of a subject and its verb."""
        word = self.lower(at)
        if word in ("of", "-", "–", "&") or word[0].isdigit() or self.is_inner_stop(at) or word in '"“”«»':
            return True
        if word in ("in", "from", "at", "for", "on"):
            return True
        if self.in_form(at, "opener"):
            return False
        inside = bool(self.classes[at] & {"determiner", "quantifier", "adverb"}) or self.is_adverb(at)
        return inside or self.is_name(at) or self.is_plain(at)
