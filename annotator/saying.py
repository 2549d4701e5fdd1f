"""Attributions that hang on a verb of saying, showing, believing or demanding, read with what stands on its sides."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.complements import CLAUSAL, Complement, Surroundings, following, preceding
from annotator.inversion import inverted
from annotator.lexicon import Match
from annotator.naming import Naming, naming
from annotator.noun_phrases import CLOSING
from annotator.record import Attribution, Span
from annotator.source_frames import names_in
from annotator.speakers import Reader
from annotator.verb_forms import is_bare_participle, is_noun, is_passive, is_portrayed, is_unreal
from annotator.whole_phrases import titled, whole_subject
from annotator.word_classes import Phrase, listed, nouns

SELF = "self"
NEAR = 30
VERBS = (
    "reporting",
    "asserting",
    "stating",
    "calling",
    "portraying",
    "showing",
    "doubting",
    "believing",
    "asking",
    "directing",
    "deciding",
)
# Which complements make a verb of a class an attribution; "left" is content before the source or cue.
NEEDS: dict[str, frozenset[str]] = {
    "reporting": CLAUSAL | {"question", "object", "infinitive", "gerund", "left"},
    "asserting": CLAUSAL | {"question", "object", "infinitive", "left"},
    "stating": CLAUSAL | {"question", "left"},
    "calling": frozenset({"quote"}),
    "portraying": frozenset({"as"}),
    "showing": frozenset({"object", "that", "clause", "quote", "question", "colon", "left"}),
    "doubting": CLAUSAL | {"gerund", "left"},
    "believing": frozenset({"that", "clause", "quote", "left"}),
    "deciding": frozenset({"that"}),
    "asking": frozenset({"question", "quote", "colon", "left"}),
    "directing": frozenset({"that", "infinitive", "quote", "left"}),
}


def by_verb(around: Surroundings, match: Match, categories: set[str]) -> Attribution | None:
    """Attribution by a verb whose categories are given, where its subject and complement make it one."""
    kinds = [kind for kind in VERBS if kind in categories]
    reader = around.reader
    if not kinds or is_noun(reader, match) or is_bare_participle(reader, match):
        return None
    if is_passive(reader, match):
        return _passive(around, match, kinds)
    right = following(around, match.last, addressed=match.entry.note in listed("source_frames", "addressed"))
    turned = inverted(around, match, kinds)
    if turned is not None:
        return turned
    phrase = _subject(reader, match, right, kinds)
    if phrase is None:
        return None
    least = 1 if reader.lower(match.last) in (",", ".") else 4
    left = preceding(around, phrase.first, least=least) if phrase.first < match.first else None
    if "portraying" in kinds and right.kind == "object" and is_portrayed(reader, match.last):
        right = right._replace(kind="as")
    if (
        left is not None
        and left.kind == "quote"
        and right.kind in ("that", "clause", "object")
        and _is_beside(around, left)
    ):
        left = None
    kind = next((kind for kind in kinds if _fits(kind, right, left)), None)
    if kind is None and right.kind in ("end", "phrase") and _stands_beside(reader, phrase, match, kinds):
        kind = "reporting"
        right = Complement("that", around.end, around.end)
    if kind is None:
        return None
    right = _whole(reader, match, kind, right)
    state = naming(reader, phrase, kind) if reader.lower(phrase.last - 1) not in CLOSING else Naming.NAMED
    if state is Naming.NONE or (kind == "showing" and right.kind == "object" and not _is_document(reader, phrase)):
        return None
    if left is not None and left.kind == "quote" and right.kind in CLAUSAL and not _resumes(reader, match, right.start):
        right = Complement("end", around.end, around.end)
    content = [
        Span(piece.start, piece.end) for piece in (left, right) if piece is not None and _holds(piece, right, left)
    ]
    beside = right.kind == "end" and reader.lower(match.last) == "," and left is not None and left.kind == "clause"
    if not content or beside:
        content = list(around.rest(Span(around.span(phrase).start, match.end)))
    rule = SELF if state is Naming.SELF else kind
    return Attribution(around.span(phrase), Span(match.start, match.end), tuple(content), rule, state is Naming.VAGUE)


def beside(
    around: Surroundings, match: Match, categories: set[str], found: Sequence[Attribution]
) -> Attribution | None:
    """A second verb of the same speaker behind the first one: "..., she said, adding that"."""
    reader = around.reader
    form = reader.lower(match.first)
    if not found or not form.endswith("ing") or reader.lower(match.first - 1) != "," or not categories & set(VERBS):
        return None
    first = found[-1]
    right = following(around, match.last, addressed=match.entry.note in listed("source_frames", "addressed"))
    spoken = right.kind == "object" and bool(categories & {"reporting", "asserting"})
    if first.source is None or first.cue is None or not (spoken or right.kind in CLAUSAL):
        return None
    if not 0 <= match.start - max(first.source.end, first.cue.end) <= NEAR or around.quoted(match.start):
        return None
    return Attribution(
        first.source, Span(match.start, match.end), (Span(right.start, right.end),), "stating", first.vague
    )


def _resumes(reader: Reader, match: Match, start: int) -> bool:
    """Whether a quotation goes on behind the verb: it follows at once or after a mark, not as a part of other words."""
    before = reader.text[match.end : start].rstrip()
    return not before or before[-1] in ",:;.—–-"


def _whole(reader: Reader, match: Match, kind: str, right: Complement) -> Complement:
    """A clause whose first words stand before a quotation in it begins with them ("said he felt “great”")."""
    at = match.last
    if kind not in ("reporting", "asserting") or right.kind != "quote" or at >= len(reader.words):
        return right
    aside = reader.classes[at] & {"preposition", "time", "adverb"} or not reader.lower(at)[0].isalnum()
    if aside or match.entry.note in listed("source_frames", "addressed"):
        return right
    return right._replace(start=reader.words[at].start)


def _is_beside(around: Surroundings, left: Complement) -> bool:
    """Whether words that end in a title in quotation marks only say where somebody spoke: "In a talk on “X,” ..."."""
    return left.start == around.start and around.reader.has(0, "preposition")


def _stands_beside(reader: Reader, phrase: Phrase, match: Match, kinds: Sequence[str]) -> bool:
    """Words such as "As X notes, ...", "To see it, X said, one must ...", and "X said." as a sentence of its own."""
    if not {"reporting", "stating", "asserting", "asking"} & set(kinds):
        return False
    before, after = reader.lower(phrase.first - 1), reader.lower(match.last)
    if before == "as":
        return not reader.lower(phrase.first - 2).isalnum() or after in (".", "")
    if before in (",", "") and after == "," and match.last == match.first + 1:
        return "reporting" in kinds or "asserting" in kinds
    return phrase.first == 0 and after == "." and len(reader.words) == match.last + 1


def _is_document(reader: Reader, phrase: Phrase) -> bool:
    words = (reader.lower(index) for index in range(phrase.first, phrase.last))
    return any(nouns().get(word) == "document" or nouns().get(word.removesuffix("s")) == "document" for word in words)


def _fits(kind: str, right: Complement, left: Complement | None) -> bool:
    needs = NEEDS[kind]
    if right.kind == "broken":
        return kind in ("reporting", "stating", "asserting")
    if right.kind in needs:
        return True
    if left is None or "left" not in needs:
        return False
    return right.kind in ("end", "phrase") or (left.kind == "quote" and kind != "believing")


def _holds(piece: Complement, right: Complement, left: Complement | None) -> bool:
    """Whether a piece is content: beside content on the left, only a clause or quotation on the right is."""
    if piece.start >= piece.end:
        return False
    if piece is left:
        return left.kind == "quote" or right.kind not in CLAUSAL
    return left is None or right.kind in CLAUSAL


def _passive(around: Surroundings, match: Match, kinds: Sequence[str]) -> Attribution | None:
    """Words such as "X is quoted as saying", "X is said to"."""
    reader = around.reader
    form, after = reader.lower(match.first), reader.lower(match.last)
    quotes = around.opening_at(match.last + (after == ",")) is not None
    if form in listed("source_frames", "quoted") and (after in ("as", "saying") or quotes):
        phrase = reader.before(match.first)
        right = following(around, match.last + (after == "as"))
        if phrase is not None and naming(reader, phrase, "reporting") is Naming.NAMED:
            content = (Span(right.start, right.end),) if right.start < right.end else ()
            return Attribution(around.span(phrase), Span(match.start, match.end), content, "quoted-as")
        return None
    if form in listed("vague_sources", "hearsay") and (
        after in ("to", "that") and _to_be(reader, match.last) and not _is_hedged(reader, match)
    ):
        cue = Span(match.start, match.end)
        return Attribution(None, cue, around.rest(cue), "hearsay", True)
    return None


def _is_hedged(reader: Reader, match: Match) -> bool:
    """Whether a passive is only possible ("it could be said that")."""
    return any(reader.has(index, "modal") for index in range(max(0, match.first - 3), match.first))


def _to_be(reader: Reader, index: int) -> bool:
    return reader.lower(index) == "that" or reader.lower(index + 1) in ("be", "have") or reader.is_plain(index + 1)


def _subject(reader: Reader, match: Match, right: Complement, kinds: Sequence[str]) -> Phrase | None:
    """The noun phrase that the verb belongs to."""
    before = match.first - 1
    if reader.lower(match.first).endswith("ing"):
        return _of_gerund(reader, match, right, kinds)
    if reader.lower(before) == "to":
        return reader.opening(match.first) if right.kind in CLAUSAL and _led_to(reader, before) else None
    phrase = titled(reader, before) or reader.before(match.first)
    if phrase is not None:
        return None if is_unreal(reader, phrase, match, right) else whole_subject(reader, _of_document(reader, phrase))
    while reader.has(before, "adverb") or reader.is_adverb(before) or reader.has(before, "auxiliary"):
        before -= 1
    return _opening(reader, before) if reader.has(before, "joins") else None


def _of_document(reader: Reader, phrase: Phrase) -> Phrase:
    """The whole of "a study published by Moll", where "Moll" stands beside the verb."""
    by = phrase.first - 1
    if reader.lower(by) not in listed("source_frames", "author") or not reader.lower(by - 1).endswith("ed"):
        return phrase
    document = reader.before(by - 1)
    if document is None or not _is_document(reader, document) or document.last != by - 1:
        return phrase
    return Phrase(document.first, phrase.last)


def _opening(reader: Reader, limit: int) -> Phrase | None:
    """The phrase that opens the sentence, where it could speak."""
    phrase = reader.opening(limit)
    if phrase is None:
        return None
    if phrase.first == 0 and reader.lower(phrase.last) == "," and not reader.has(phrase.last + 1, "determiner"):
        return phrase if phrase.last - phrase.first > 1 else None
    if reader.has(phrase.first, "person_pronoun") or names_in(reader, phrase):
        return phrase
    sorts = (nouns().get(reader.lower(index)) for index in range(phrase.first, phrase.last))
    return phrase if any(sort in ("person", "body", "document") for sort in sorts) else None


def _of_gerund(reader: Reader, match: Match, right: Complement, kinds: Sequence[str]) -> Phrase | None:
    """Subject of "..., saying that" or "X insisting that"."""
    before = match.first - 1
    beside = reader.lower(before) == "," or reader.has(before, "preposition")
    if right.kind in CLAUSAL or (right.kind == "object" and match.entry.note == "say" and beside):
        if reader.lower(before) in (",", "and", "-", "—", "–") or reader.has(before, "preposition"):
            return _opening(reader, before) if right.start - match.end < NEAR else None
        phrase = reader.before(match.first)
        if phrase is not None and (names_in(reader, phrase) or nouns().get(reader.lower(phrase.last - 1)) == "person"):
            return phrase
    return None


def _led_to(reader: Reader, to: int) -> bool:
    leads = listed("source_frames", "leads_to")
    return reader.lower(to - 1) in leads or f"{reader.lower(to - 2)} {reader.lower(to - 1)}" in leads
