"""Claims that could be checked apart are apart: "X was born in 1879 | and died in 1940".

A cut is made where a second predicate or a clause with a subject of its own is joined to a whole one, by words alone.
It is not made in a list of nouns, in a quotation or in brackets, under a condition, in a question, or within a relative
clause; of an interpretation only whole clauses are set apart, since its pieces say nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from annotator import lexicon
from annotator.clauses import ClauseReader
from annotator.lexicon import Word
from annotator.record import Claim, Place
from annotator.word_classes import Phrase

_FEWEST_WORDS, _FEWEST_IN_READING = 3, 6
_OPENING, _CLOSING = frozenset("([“«"), frozenset(")]”»")
_BRACKETS = _OPENING | _CLOSING
_JOINTS = (" and ", " but ", ";", " while ", " whereas ", " yet ", "\nand ", "\nbut ")
_PLURAL = frozenset({"are", "were", "have"})


def apart(text: str, offset: int, claims: Sequence[Claim], *, clauses_only: bool = False) -> tuple[Claim, ...]:
    """The claims of a sentence, each cut where it holds several.

    Parameters
    ----------
    text : str
        The sentence.
    offset : int
        Where it stands in its document.
    claims : sequence of Claim
        Its claims as `claims_of` gives them.
    clauses_only : bool
        Cut only between whole clauses, as for an interpretation.
    """
    found: list[Claim] = []
    for claim in claims:
        whole = claim.parts or claim.text.rstrip('”"» ').endswith("?") or not any(map(claim.text.__contains__, _JOINTS))
        found += [claim] if whole else _Cutter(text, offset, claim, clauses_only).pieces()
    return tuple(found)


class _Cutter:
    """Cuts one claim; ``start`` is the first word of the piece that is being read."""

    def __init__(self, text: str, offset: int, claim: Claim, clauses_only: bool) -> None:
        self.text, self.offset, self.claim, self.clauses_only = text, offset, claim, clauses_only
        self.reported = text[: claim.start - offset].rstrip().lower().endswith("that")
        # The words of a sentence at its place are known already; to shift them is quicker than to look for them again.
        words = [
            Word(lower, start - offset, end - offset)
            for lower, start, end in lexicon.words(text, offset)
            if claim.start <= start and end <= claim.end
        ]
        self.reader = ClauseReader(text, words)
        self.start, self.count = 0, len(words)
        # How many words that are no marks stand before each place.
        self.spoken = [0, *accumulate(lower[0].isalnum() for lower in self.reader.lowers)]
        self.joints = list(self._joints())

    def pieces(self) -> list[Claim]:
        """The claim itself, or the claims that it is cut into."""
        cuts = list(self._cuts())
        if not cuts:
            return [self.claim]
        edges = [(0, None), *((after, subject) for _, after, subject in cuts)]
        ends = [*(before for before, _, _ in cuts), self.count]
        return [self._piece(first, last, subject) for (first, subject), last in zip(edges, ends, strict=True)]

    def _piece(self, first: int, last: int, subject: Place | None) -> Claim:
        words = self.reader.words
        start = words[first].start if first else self.claim.start - self.offset
        end = words[last - 1].end if last < self.count else self.claim.end - self.offset
        place = start + self.offset, end + self.offset
        return replace(self.claim, text=self.text[start:end], start=place[0], end=place[1], subject=subject)

    def _cuts(self) -> Iterator[tuple[int, int, Place | None]]:
        """Where one piece ends, the next begins, and whose subject it borrows."""
        subject: Place | None = None
        for at in self.joints:
            before = at
            while before > self.start and self.reader.lower(before - 1) in ",;-–—":
                before -= 1
            after = at + 1 + (self.reader.lower(at) == ";" and self.reader.in_form(at + 1, "join"))
            kind = self._kind(before, at, after)
            if kind is None or (self.reader.lower(at) == "," and not self._goes_on(at, kind)):
                continue
            after += kind == "that"
            subject = (subject or self._subject(before)) if kind == "predicate" else None
            yield before, after, subject
            self.start = after

    def _goes_on(self, comma: int, kind: str) -> bool:
        """Whether a comma is one of a series that ends in "and": the next joint cuts in the same way."""
        start, self.start = self.start, comma + 1
        following = next((at for at in self.joints if at > comma + 1 and self.reader.lower(at) == "and"), None)
        found = following is not None and self._kind(following, following, following + 1) == kind
        self.start = start
        return found

    def _joints(self) -> Iterator[int]:
        """Joining words, semicolons and commas outside quotations and brackets."""
        reader, depth, straight = self.reader, 0, False
        opens_straight = self.count > 0 and reader.lowers[0] == '"'
        for index, mark in enumerate(reader.lowers[:-1]):
            if mark == '"':
                straight = not straight
            elif mark in _BRACKETS:
                depth = max(0, depth + (mark in _OPENING and index > 0) - (mark in _CLOSING))
            if depth or (straight and not opens_straight) or index == 0:
                continue
            forms = reader.forms[index]
            joins = "join" in forms or "contrast" in forms
            if mark == ";" or joins or (mark == "," and not reader.in_form(index + 1, "join")):
                yield index

    def _kind(self, before: int, at: int, after: int) -> str | None:
        """What a joint joins to the piece before it: a ``clause``, a ``predicate``, a second ``that``, or no claim."""
        reader, mark = self.reader, self.reader.lower(at)
        fewest = _FEWEST_IN_READING if self.clauses_only else _FEWEST_WORDS
        if min(self._said(self.start, before), self._said(after, self._end(after))) < fewest or self._tied(before):
            return None
        if mark == ";":
            alone = self._opens(after) and not self._closed(after, self._end(after))
            return "clause" if not alone and any(after <= verb < self._end(after) for verb in reader.verbs) else None
        if reader.lower(after) == "that" and self.reported and reader.subject_and_verb(after + 1):
            return "that"
        if reader.lower(after) == "that" and not reader.is_finite(after + 1):
            return None
        closed = not self._open_clause(before)
        stop = mark == "," or reader.lower(at - 1) in ",–—"
        if (closed or (stop and mark != ",")) and self._is_clause(at, after, stop):
            return "clause" if stop or not self.clauses_only else None
        predicate = not reader.in_form(at, "contrast") and closed and not self.clauses_only
        return "predicate" if predicate and self._is_predicate(before, reader.over_adverbs(after)) else None

    def _end(self, first: int) -> int:
        """Where a piece that begins at a word could end at the latest: at the next semicolon."""
        lowers = self.reader.lowers
        return lowers.index(";", first) if ";" in lowers[first:] else self.count

    def _said(self, first: int, last: int) -> int:
        return self.spoken[last] - self.spoken[first]

    def _tied(self, before: int) -> bool:
        """Whether the piece up to here has no finite verb, stands under a condition, or announces a pair."""
        reader = self.reader
        words, forms = reader.lowers[self.start : before], reader.forms[self.start : before]
        if self.start == 0 and not any(index < before for index in reader.verbs):
            return True
        if any("condition" in names for names in forms[:3]) or ("only" in words[-12:] and "not" in words[-13:]):
            return True
        return any("pair" in names for names in forms[-8:])

    def _open_clause(self, before: int) -> bool:
        """Whether the piece ends within a clause that a word such as "which" opened and no comma closed."""
        opener = next((index for index in range(before - 1, self.start, -1) if self._opens(index)), None)
        if opener is None:
            return self._opens(self.start) and not self._closed(self.start, before)
        return not self._closed(opener, before)

    def _opens(self, index: int) -> bool:
        word = self.reader.lower(index)
        if word == "that":
            return not self._points(index)
        if self.reader.in_form(index, "opener_or_preposition"):
            return self.reader.subject_and_verb(index + 1) is not None
        return self.reader.in_form(index, "opener")

    def _points(self, index: int) -> bool:
        """Whether "that" stands for something itself ("that year", "after that")."""
        reader = self.reader
        if reader.has(index - 1, "preposition") or index + 1 >= self.count:
            return True
        return reader.is_plain(index + 1) and reader.subject_and_verb(index + 1) is None

    def _closed(self, opener: int, before: int) -> bool:
        reader = self.reader
        commas = [index for index in range(opener, before) if reader.lower(index) == ","]
        return any(commas[0] < verb < before for verb in reader.verbs) if commas else False

    def _is_clause(self, at: int, after: int, stop: bool) -> bool:
        """Whether a clause with a subject of its own follows."""
        reader = self.reader
        if reader.in_form(at, "contrast") and not stop:
            return False
        found = reader.subject_and_verb(after)
        if found is None:
            return False
        # "Ada and her son were": one subject, unless what stands before the verb is a plural itself.
        head = reader.lower(found[1] - 1)
        if not stop and reader.could_be_past(found[1]) and reader.is_plain(found[0]) and not reader.is_name(found[0]):
            return False
        return stop or reader.lower(found[1]) not in _PLURAL or head.endswith("s") or reader.has(found[1] - 1, "plural")

    def _is_predicate(self, before: int, at: int) -> bool:
        """Whether a second verb with the same subject follows."""
        reader = self.reader
        if at >= self.count:
            return False
        if reader.in_form(at, "finite"):
            return True
        verbs = [index for index in reader.verbs if self.start <= index < before]
        if not reader.goes_on(at) or (reader.could_be_past(before - 1) and not self._is_passive_before(verbs, at)):
            return False
        if reader.in_form(at, "present"):
            return bool(verbs) and not self._past_tense(verbs[-1])
        participle = bool(verbs) and self._compound(verbs[-1]) and not self._takes_object(at)
        return reader.could_be_past(at) and not participle

    def _is_passive_before(self, verbs: Sequence[int], at: int) -> bool:
        """Whether the form before a joint is passive, and no verb with the same object ("was sold and left us")."""
        passive = bool(verbs) and self.reader.has(verbs[-1], "passive")
        return passive and self._takes_object(at)

    def _takes_object(self, at: int) -> bool:
        """Whether a noun phrase follows a form, which then is no passive participle ("was held, spent two years")."""
        reader = self.reader
        after = at + 1 + (reader.lower(at + 1) in ("about", "over") and reader.has(at + 2, "plural"))
        if after >= self.count or reader.in_form(at, "double_object"):
            return False
        number = reader.lower(after)[0].isdigit() or reader.has(after, "plural")
        return number or reader.has(after, "determiner") or reader.is_name(after)

    def _past_tense(self, verb: int) -> bool:
        return self.reader.lower(verb) in ("was", "were", "had", "did") or self.reader.could_be_past(verb)

    def _compound(self, verb: int) -> bool:
        """Whether a verb is a form of be or have or a modal, so that a participle joined to it could depend on it."""
        return self.reader.in_form(verb, "aux") or "modal" in self.reader.classes[verb]

    def _subject(self, before: int) -> Place | None:
        """Words of the subject of the piece that ends here."""
        reader = self.reader
        verb = next((index for index in reader.verbs if self.start <= index < before and self._is_main(index)), None)
        if verb is None:
            return None
        first = next((index + 1 for index in range(verb - 1, self.start, -1) if reader.lower(index) == ","), self.start)
        found = next(
            (one for at in range(first, verb) if (one := reader.subject_and_verb(at)) and one[1] == verb), None
        )
        phrase = reader.opening(verb) if found is None else Phrase(*found)
        if phrase is None or phrase.first >= verb or reader.has(phrase.first - 1, "preposition"):
            return None
        last = min(phrase.last, verb)
        while last - 1 > phrase.first and (reader.has(last - 1, "adverb") or reader.is_adverb(last - 1)):
            last -= 1
        start, end = reader.words[phrase.first].start, reader.words[last - 1].end
        return Place(self.text[start:end], start + self.offset, end + self.offset)

    def _is_main(self, verb: int) -> bool:
        """Whether a verb stands in no clause that a word before it opened and no comma closed."""
        openers = [index for index in range(self.start, verb) if self._opens(index)]
        return all(any(self.reader.lower(at) == "," for at in range(opener, verb)) for opener in openers)
