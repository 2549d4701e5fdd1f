"""Where a sentence ends: each stop in a text is looked at once, with the few words on either side of it.

Every look is bounded (`REACH` characters to a side), so the cost is linear in the text whatever the text is.
The word lists are data: ``lexicons/abbreviations.tsv`` and ``lexicons/sentence_words.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from annotator import lexicon

REACH = 80
STOP = re.compile(r"[.!?…。！？](?:[ \u00a0]?[.!?…。！？])*")
NOTE = r"\[(?:\d{1,4}(?:\s?[,–-]\s?\d{1,4}){0,9}|[a-z]|(?:note|citation)[ \w]{0,20})\]"
SMILEY = r"(?:[:;=8]['’]?-?[)(DPp/]{1,9}|\(:|<3|\^_\^|XD|xD)(?!\w)"
TAIL = re.compile(
    rf"""(?:["'”’»)\]}}*_¹²³⁰⁴-⁹]|\s?{NOTE}|\s{SMILEY}|\s[”»](?=\s|\Z)){{0,12}}""",
)
FOOTNOTE_NUMBER = re.compile(r"\d{1,3}(?=\s+[A-Z])")
OPENING = "\"'“”‘’«([{*_¿¡–—-•\u200b\u2060\ufeff"
CLOSING_QUOTES = frozenset("\"'”’»")
INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?-?){1,4}")
ROMAN = re.compile(r"[IVXLCivxlc]{1,6}\b")


@cache
def _set(name: str, category: str) -> frozenset[str]:
    return frozenset(lexicon.load(name).phrases(category))


class Words(NamedTuple):
    """The word lists that the rules ask, each as a set."""

    title: frozenset[str]
    numbered: frozenset[str]
    linking: frozenset[str]
    closing: frozenset[str]
    listing: frozenset[str]
    initial: frozenset[str]
    opener: frozenset[str]
    speech: frozenset[str]
    informal: frozenset[str]


@cache
def word_lists() -> Words:
    """Read the splitter's lexicons once."""
    short = {name: _set("abbreviations", name) for name in Words._fields[:6]}
    short["title"] |= {word.upper() for word in short["title"]}
    words = {name: _set("sentence_words", name) for name in Words._fields[6:]}
    return Words(**short, **words)


class Gap(NamedTuple):
    """A stop and its surroundings."""

    stop: str
    tail: str
    spaced: bool
    word: str
    previous: str
    first: bool
    after: str
    following: list[str]
    informal: bool


def ends(gap: Gap, words: Words) -> bool:
    """Whether the sentence ends after this stop and its tail."""
    head = gap.after[:1]
    if not gap.spaced:
        return _ends_glued(gap, words, head)
    if head.islower():
        return _ends_before_lower(gap, words)
    if gap.tail and _names_speaker(gap, words):
        return False
    if gap.stop == ".":
        return _ends_at_full_stop(gap, words, head)
    return True


def _ends_glued(gap: Gap, words: Words, head: str) -> bool:
    """``month...In``, ``the end.The next``: only a plain lower-case word before and a capitalised word after."""
    if not head.isupper() or not gap.word.isalpha() or not gap.word.islower() or len(gap.word) < 2:
        return False
    return len(gap.after) == 1 or gap.after[1:].replace("'", "").replace("’", "").islower()


def _ends_before_lower(gap: Gap, words: Words) -> bool:
    if gap.tail and not CLOSING_QUOTES.isdisjoint(gap.tail):
        return False
    last = gap.stop[-1]
    if last in "!?":
        return True
    if gap.stop != ".":
        return False
    return gap.word.isalpha() and len(gap.word) > 1 and not _is_short(gap.word, words) and (
        gap.informal or (gap.after in words.informal and gap.word.islower() and len(gap.word) > 2)
    )


def _is_short(word: str, words: Words) -> bool:
    lower = word.lower()
    return (
        word in words.title or word in words.closing or lower in words.closing or lower in words.linking
        or lower in words.numbered or lower in words.listing or word in words.initial
    )


def _names_speaker(gap: Gap, words: Words) -> bool:
    """``him?" Zinoviev asked``: a quotation, up to three capitalised words and a verb of speech."""
    if CLOSING_QUOTES.isdisjoint(gap.tail):
        return False
    for word in (gap.after, *gap.following)[:4]:
        if word in words.speech:
            return True
        if not word[:1].isupper():
            return False
    return False


def _ends_at_full_stop(gap: Gap, words: Words, head: str) -> bool:
    word, lower = gap.word, gap.word.lower()
    if gap.tail:
        return True
    if gap.first and _is_enumerator(word):
        return False
    opens = gap.after in words.opener and not gap.following[:1] == ["."]
    if word in words.title or word in words.initial or lower in words.linking:
        return False
    if INITIALS.fullmatch(word):
        return opens and not (len(word) == 1 and gap.previous[:1].isupper() and word != "I")
    if word in words.closing or lower in words.closing:
        return opens
    if lower in words.numbered:
        return not (head.isdigit() or ROMAN.fullmatch(gap.after) or len(lower) == 1 and not opens)
    return True


def _is_enumerator(word: str) -> bool:
    return len(word) <= 3 and (word.isdigit() or len(word) == 1 or bool(ROMAN.fullmatch(word)))
