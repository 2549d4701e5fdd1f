"""Words for people: numbers with their nouns, and text that can't drive a terminal."""

from __future__ import annotations

_ESCAPED = {code: f"\\x{code:02x}" for code in (*range(32), 127, *range(128, 160))} | {
    code: f"\\u{code:04x}" for code in (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
}


def printable(text: str) -> str:
    """Text with control and direction marks shown as escapes, so that no document can drive a terminal."""
    return text.translate(_ESCAPED)


def counted(number: int, noun: str) -> str:
    """A number with its noun, for people: ``1 document``, ``2,204 sentences``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def short(text: str, width: int) -> str:
    """A text on one line, cut where it is longer."""
    words = " ".join(text.split())
    return words if len(words) <= width else words[: width - 1] + "…"
