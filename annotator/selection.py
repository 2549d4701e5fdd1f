"""Words that a reviewer selects in a sentence, as the record of a source or a claim."""

from __future__ import annotations

from typing import Any

from annotator.reliability import grade
from annotator.review import ReviewError


def snap(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a selection to whole words and strip white space from its edges.

    Raises
    ------
    ReviewError
        If no word is selected.
    """
    start, end = max(0, start), min(len(text), end)
    while 0 < start < len(text) and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while 0 < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    words = text[start:end]
    if not words.strip():
        raise ReviewError("no-words", "select at least one word of the sentence")
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def marked_source(text: str, sentence: str, met: list[dict[str, Any]]) -> dict[str, Any]:
    """Fields of a source that a reviewer marked where others stood: graded as the program grades its own.

    The cue stays where it was; a rating stays only where the words of one source were made more or fewer.
    """
    old = met[0] if met else {}
    graded = grade(text, old.get("cue"), "review", sentence)
    return {
        "cue": old.get("cue"), "cue_start": old.get("cue_start"), "cue_end": old.get("cue_end"), "kind": graded.kind,
        "traceability": graded.traceability, "reliability": graded.reliability, "why": list(graded.why),
        "carried_from": None,
        "rating": old.get("rating") if len(met) == 1 and (text in old["text"] or old["text"] in text) else None,
    }  # fmt: skip


def marked_claim(met: list[dict[str, Any]]) -> dict[str, Any]:
    """Fields of a claim that a reviewer marked where others stood: the holder stays."""
    return {"holder": met[0].get("holder") if met else None}
