"""A verb of saying before its subject: "...," said Klein; "She wanted, said the book, to go"."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.complements import Surroundings, following, preceding
from annotator.lexicon import Match
from annotator.naming import Naming, naming
from annotator.record import Attribution, Span
from annotator.source_frames import names_in
from annotator.whole_phrases import titled, with_name
from annotator.word_classes import listed, sort_of


def inverted(around: Surroundings, match: Match, kinds: Sequence[str]) -> Attribution | None:
    """Words such as "...," said X; ..., according to no one."""
    reader = around.reader
    if not {"reporting", "asserting", "stating", "asking"} & set(kinds) or match.first == 0:
        return None
    left = preceding(around, match.first)
    passing = reader.lower(match.last - 1) in listed("source_frames", "aside")
    if left is None and passing:
        left = preceding(around, match.first, least=1)
    if left is None or reader.lower(match.first).endswith("ing") or _is_title(around, match.first - 1):
        return None
    after = match.last
    if (
        after >= len(reader.words)
        or reader.lower(after) == "that"
        or reader.lower(match.first - 1) not in ",-—–\"”'’»?!"
    ):
        return None
    if not (
        reader.is_name(after)
        or reader.classes[after] & {"determiner", "person_pronoun", "first_person", "quantifier"}
        or (reader.is_plain(after) and left.kind == "quote")
    ):
        return None
    phrase = reader.after(after)
    phrase = with_name(reader, phrase) if phrase is not None and left.kind == "quote" else phrase
    if phrase is None or (left.kind != "quote" and reader.lower(phrase.last) not in (",", ".", "")):
        return None
    ends = reader.lower(phrase.last) in (".", "")
    told = (ends and sort_of(reader.lower(after)) == "person") or (passing and sort_of(reader.lower(phrase.last - 1)))
    if left.kind != "quote" and not (names_in(reader, phrase) or told):
        return None
    state = naming(reader, phrase, "reporting")
    if state in (Naming.NONE, Naming.SELF):
        return None
    right = following(around, phrase.last)
    content = [Span(left.start, left.end)]
    if right.kind in ("quote", "colon"):
        content.append(Span(right.start, right.end))
    return Attribution(
        around.span(phrase), Span(match.start, match.end), tuple(content), "inverted", state is Naming.VAGUE
    )


def _is_title(around: Surroundings, index: int) -> bool:
    """Whether a quotation ends at a word that is a title or a name: it lacks the punctuation that speech has."""
    if titled(around.reader, index) is not None:
        return True
    quote = around.closing_at(index)
    return quote is not None and around.reader.text[quote.start : quote.end].rstrip("\"”»’'")[-1:] not in ",.?!…-—–"
