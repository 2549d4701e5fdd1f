"""A person's rating on the Admiralty scale: a letter for a source, a figure for what it says in this sentence.

The two are judged apart, so either may be missing. The program keeps and shows ratings; it gives none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from annotator.errors import LexiconError
from annotator.lexicon import FOLDER, read_rows

PARTS = ("source", "item")
UNJUDGED = "–"
_TEXTS = ("date", "note")


@cache
def scale() -> dict[str, dict[str, str]]:
    """The codes of each part with their meaning: letters for ``source``, figures for ``item``."""
    found: dict[str, dict[str, str]] = {part: {} for part in PARTS}
    path = FOLDER / "admiralty.tsv"
    for number, (code, part, meaning) in read_rows(path, ["code", "part", "meaning"]):
        if part not in found or len(code) != 1 or not meaning:
            raise LexiconError("lexicon-row", f"{code!r} is no code of {' or '.join(PARTS)}", path=path, line=number)
        found[part][code] = meaning
    return found


def is_rating(value: object) -> bool:
    """Whether it is a rating as in the output: at least one of letter and figure, and who gave it."""
    if not isinstance(value, dict) or not {*PARTS, "by"} <= value.keys() <= {*PARTS, "by", *_TEXTS}:
        return False
    codes = {part: value.get(part) for part in PARTS}
    known = all(code is None or (isinstance(code, str) and code in scale()[part]) for part, code in codes.items())
    texts = all(isinstance(value.get(name, ""), str) for name in _TEXTS)
    by = value.get("by")
    return known and texts and any(codes.values()) and isinstance(by, str) and bool(by)


def rated(
    standing: Mapping[str, Any] | None, part: str | None, code: str | None, by: str, date: str
) -> dict[str, Any] | None:
    """A rating with one part set, or cleared where `code` is None; without a part, the whole rating is cleared.

    Raises
    ------
    ValueError
        If the scale has no such part or code.
    """
    if part is None:
        return None
    if part not in PARTS or (code is not None and code not in scale()[part]):
        raise ValueError(f"{code!r} is no code of the Admiralty scale")
    codes = {name: (standing or {}).get(name) for name in PARTS}
    if codes[part] == code:
        return dict(standing) if standing else None
    codes[part] = code
    return {**codes, "by": by, "date": date} if any(codes.values()) else None


def short(rating: Mapping[str, Any] | None) -> str:
    """A rating as it is written on paper: ``B2``, or ``B–`` where the information was not judged."""
    return "".join((rating or {}).get(part) or UNJUDGED for part in PARTS)


def in_words(rating: Mapping[str, Any]) -> str:
    """A rating with what its codes mean: ``B2: usually reliable, probably true``."""
    meanings = [scale()[part][rating[part]] for part in PARTS if rating.get(part)]
    return f"{short(rating)}: {', '.join(meanings)}"
