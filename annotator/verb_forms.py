"""Whether a form that could be a verb of saying is one: not a noun, a bare participle, a passive, or only supposed."""

from __future__ import annotations

from annotator.complements import Complement
from annotator.lexicon import Match
from annotator.speakers import Reader
from annotator.word_classes import Phrase, listed

BESIDE, PORTRAYED = 5, 10


def is_noun(reader: Reader, match: Match) -> bool:
    """Whether the form is a noun or an adjective here ("the claims", "United States", "in notes")."""
    form, before = reader.lower(match.first), match.first - 1
    if before < 0:
        return not form.endswith("ing")
    if form.endswith("ing"):
        return reader.has(before, "determiner")
    if reader.text[match.start].isupper() and reader.text[match.start : match.end] != form.upper():
        return True
    word = reader.lower(before)
    if reader.has(before, "determiner") and not reader.has(before, "thing_pronoun"):
        return True
    if (word == "-" and reader.glued(before)) or (reader.lower(match.last) == "-" and reader.glued(match.last)):
        return True
    if reader.has(before, "quantifier") or word.endswith("'s"):
        return word.endswith("'s") or reader.has(match.last, "preposition")
    if word == "to":
        return False
    return reader.has(before, "preposition") or _disagrees(reader, match, form)


def is_bare_participle(reader: Reader, match: Match) -> bool:
    """Whether a participle stands without a form of have or be ("a language spoken in Ghana")."""
    before = range(max(0, match.first - 3), match.first)
    return reader.has(match.first, "participle") and not any(reader.has(index, "auxiliary") for index in before)


def _disagrees(reader: Reader, match: Match, form: str) -> bool:
    """Whether a present form does not agree with the noun before it, and so is a noun itself ("state power")."""
    at = match.first - 1
    while at >= 0 and (reader.has(at, "adverb") or reader.is_adverb(at)) and match.first - at < 4:
        at -= 1
    if at < 0 or reader.classes[at] & {
        "auxiliary",
        "modal",
        "person_pronoun",
        "first_person",
        "quantifier",
        "relative",
    }:
        return False
    phrase = reader.before(match.first)
    head = Phrase(at, at + 1) if phrase is None or phrase.last > at + 1 else phrase
    plural = any(_is_plural(reader, index) for index in range(head.first, head.last))
    if match.entry.note == form:
        return not (plural or form in listed("word_classes", "past"))
    last = at if phrase is None else phrase.last - 1
    return form.endswith("s") and _is_plural(reader, last) and not reader.is_name(last)


def _is_plural(reader: Reader, index: int) -> bool:
    word = reader.lower(index)
    if reader.has(index, "plural") or word == "and" or word in listed("vague_sources", "group"):
        return True
    return word.endswith("s") and not word.endswith(("ss", "us", "is", "'s"))


def is_passive(reader: Reader, match: Match) -> bool:
    """Whether the form stands after a form of be ("X was told")."""
    form = reader.lower(match.first)
    if form.endswith("ing"):
        return False
    at = match.first - 1
    while at >= 0 and (reader.has(at, "adverb") or reader.is_adverb(at)) and match.first - at < 4:
        at -= 1
    return reader.has(at, "passive") and not form.endswith("s")


def is_unreal(reader: Reader, phrase: Phrase, match: Match, right: Complement) -> bool:
    """Whether the saying is only possible, supposed or denied ("critics may say", "if X says", "didn't answer")."""
    between = range(max(phrase.last, match.first - BESIDE), match.first)
    if reader.has(phrase.first - 1, "condition"):
        return True
    if any(reader.has(index, "negation") for index in between):
        return right.kind not in ("that", "question", "quote")
    narrated = reader.has(match.first - 1, "adverb") or "quantifier" in reader.classes[phrase.first]
    if any(reader.has(index, "modal") for index in between) and not narrated:
        return True
    return reader.lower(phrase.first - 1) == "what" and right.kind not in ("quote", "that", "colon", "broken")


def is_portrayed(reader: Reader, index: int) -> bool:
    """Whether "as" follows what a verb names: "described the harbour as a swamp"."""
    for at in range(index + 1, min(len(reader.words), index + PORTRAYED)):
        if reader.lower(at) in listed("source_frames", "portrays"):
            return True
        if not reader.lower(at)[0].isalnum():
            return False
    return False
