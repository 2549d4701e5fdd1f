"""Where a sentence ends at a stop: each stop is looked at once, with the few words on either side of it.

Every look is bounded (`REACH` characters to a side), so the cost is linear in the text whatever the text is.
The word lists are data: ``lexicons/abbreviations.tsv`` and ``lexicons/sentence_words.tsv``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from annotator import lexicon

REACH = 80
STOP = re.compile(r"[.!?…。！？](?:[ \u00a0]?[.!?…。！？])*")
NOTE = r"\[(?:\d{1,4}(?:\s?[,–-]\s?\d{1,4}){0,9}|[a-z][a-z0-9 ]{0,30}|\.\.\.|…)\]"
WORK = r"\((?:see )?(?:[A-Z][\w.'’& -]{1,40},? )?\d{1,4}[a-z]?(?:[:,] ?\d{1,4}(?:[–-]\d{1,4})?)?\)"
SMILEY = r"(?:[:;=8]['’]?-?[)(DPp/]{1,9}|\(:|<3|\^_\^|[xX]D)(?!\w)"
TAIL = re.compile(rf"""(?:["'”’»)\]}}*_¹²³⁰⁴-⁹]|\s?{NOTE}|\s{WORK}|\s{SMILEY}|\s[”»](?=\s|\Z)){{0,12}}""")
FOOTNOTE_NUMBER = re.compile(r"\d{1,3}(?=\s+[A-Z])")
OPENING = "\"'“”‘’«([{*_¿¡–—-•\u200b\u2060\ufeff"
DASHES = frozenset("-–—")
CLOSING_QUOTES = frozenset("\"'”’»")
WORD = re.compile(r"[\w'’.&@/:-]*")
INITIALS = re.compile(r"[^\W\d_a-z](?:\.-?[^\W\d_a-z]){0,4}")
NEXT_INITIAL = re.compile(r"[^\W\d_a-z]\.")
SECTION = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,3}")
ROMAN = re.compile(r"[IVXLCivxlc]{1,6}\b")
TITLE_QUOTES = {"“": "”", "«": "»", '"': '"', "„": "“"}
TITLE_REACH = 60
MINOR_LENGTH = 3


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
    signoff: frozenset[str]
    greeting: frozenset[str]
    label: frozenset[str]
    short: frozenset[str]


@cache
def word_lists() -> Words:
    """Read the splitter's lexicons once; ``short`` is every abbreviation in lower case."""
    short, words = lexicon.load("abbreviations"), lexicon.load("sentence_words")
    sets = {name: frozenset(short.phrases(name)) for name in Words._fields[:6]}
    sets["title"] |= {word.upper() for word in sets["title"]}
    sets["closing"] |= {word.lower() for word in sets["closing"]} | {word.upper() for word in sets["closing"]}
    sets |= {name: frozenset(words.phrases(name)) for name in Words._fields[6:-2]}
    sets["label"] = frozenset(word.capitalize() for word in lexicon.load("block_words").phrases("picture"))
    return Words(**sets, short=frozenset(entry.phrase.lower() for entry in short.entries))


class Gap(NamedTuple):
    """A stop and its surroundings.

    ``stop`` is the run of marks, ``tail`` what closes the sentence after it (quotes, brackets, reference marks),
    ``spaced`` whether white space follows, ``word`` and ``previous`` the words before it, ``place`` which word of the
    sentence ``word`` is (4 stands for any later one), ``dashed`` whether a dash follows, ``initial`` whether an initial
    follows, ``after`` the next words without punctuation, ``informal`` whether lower-case words open sentences here.
    """

    stop: str
    tail: str
    spaced: bool
    word: str
    previous: str
    place: int
    dashed: bool
    initial: bool
    after: list[str]
    informal: bool


def tail_end(text: str, last: int, stop_start: int, stop_end: int, end: int) -> int:
    """Where a sentence that ends at this stop would end, with the quotes, brackets and reference marks that follow."""
    found = TAIL.match(text, stop_end, end)
    close = found.end() if found else stop_end
    if close == stop_end:
        note = FOOTNOTE_NUMBER.match(text, stop_end, end)
        return note.end() if note and text[max(last, stop_start - 3) : stop_start].isalpha() else close
    return close


def straight_quote(text: str, last: int, close: int, end: int) -> int:
    """Settle on which side of the cut a straight quotation mark stands, by the count of marks since the last cut."""
    if text[close - 1] == '"' and close < end and not text[close].isspace():
        opened = text.count('"', max(last, close - 5 * REACH), close - 1) % 2
        return close if opened else close - 1
    if text.startswith('"', close + 1) and (close + 2 >= end or text[close + 2].isspace()) and text[close].isspace():
        opened = text.count('"', max(last, close - 5 * REACH), close) % 2
        return close + 2 if opened else close
    return close


def gap_at(text: str, last: int, stop: tuple[int, int], close: int, end: int, informal: bool) -> Gap | None:
    """The surroundings of a stop, or None where no sentence can end (``3.14``, ``example.org``)."""
    following = text[close : min(end, close + REACH)]
    spaced = following[:1].isspace()
    if not spaced and not (
        text[stop[0] - 1 : stop[0]].islower() and (following[:1].isupper() or following[:1] in TITLE_QUOTES)
    ):
        return None
    before = text[max(last, stop[0] - REACH) : stop[0]].rsplit(None, 3)
    pieces = following.split(None, 5)[:5]
    dashed = bool(pieces) and DASHES.issuperset(pieces[0])
    after = [_bare(piece) for piece in pieces[dashed:]]
    initial = len(pieces) > dashed and NEXT_INITIAL.match(pieces[dashed].lstrip(OPENING)) is not None
    return Gap(
        text[stop[0] : stop[1]], text[stop[1] : close], spaced, before[-1].lstrip(OPENING) if before else "",
        before[-2] if len(before) > 1 else "", len(before), dashed, initial, after or [""], informal,
    )  # fmt: skip


def _bare(piece: str) -> str:
    found = WORD.match(piece.lstrip(OPENING))
    return found.group().rstrip(".:") if found else ""


def ends(gap: Gap, words: Words) -> bool:
    """Whether the sentence ends after this stop and its tail."""
    head = gap.after[0][:1]
    if not gap.spaced:
        return _ends_glued(gap, head)
    if head.islower():
        return not gap.dashed and _ends_before_lower(gap, words)
    if gap.tail and _names_speaker(gap, words):
        return False
    return gap.stop != "." or _ends_at_full_stop(gap, words, head)


def _ends_glued(gap: Gap, head: str) -> bool:
    """``month...In``, ``the end.The next``: only a plain lower-case word before and a capitalised word after."""
    if not head.isupper() or not gap.word.isalpha() or not gap.word.islower() or len(gap.word) < 2:
        return False
    rest = gap.after[0][1:].replace("'", "").replace("’", "")
    return not rest or (rest.isalpha() and rest.islower())


def _ends_before_lower(gap: Gap, words: Words) -> bool:
    """Lower-case words open sentences in careless writing only; a closed quotation or bracket goes on."""
    if (gap.tail and not gap.informal) or not CLOSING_QUOTES.isdisjoint(gap.tail):
        return False
    if gap.stop[-1] in "!?":
        return gap.informal or not gap.word[:1].isupper()
    if gap.stop != "." or not gap.word.isalpha() or len(gap.word) < 2 or gap.word.lower() in words.short:
        return False
    return gap.informal or (gap.after[0] in words.informal and gap.word.islower() and len(gap.word) > 2)


def _names_speaker(gap: Gap, words: Words) -> bool:
    """``him?" Zinoviev asked``: a quotation, up to three capitalised words and a verb of speech."""
    if CLOSING_QUOTES.isdisjoint(gap.tail):
        return False
    for word in gap.after[:4]:
        if word in words.speech:
            return True
        if not word[:1].isupper():
            return False
    return False


def _ends_at_full_stop(gap: Gap, words: Words, head: str) -> bool:
    word, lower, after = gap.word, gap.word.lower(), gap.after[0]
    if gap.tail:
        return True
    if (gap.place == 1 and _is_enumerator(word)) or (gap.place == 2 and _is_label(gap, words)):
        return False
    if gap.initial and (lower in words.short or INITIALS.fullmatch(word)):
        return False
    if word in words.title or word in words.initial or lower in words.linking:
        return False
    opens = after in words.opener
    if INITIALS.fullmatch(word):
        return opens and not (len(word) == 1 and word != "I" and gap.previous[:1].isupper() and after in ("A", "I"))
    if word in words.closing:
        return opens
    if lower in words.numbered:
        return not (head.isdigit() or (ROMAN.fullmatch(after) and after != "I") or (len(lower) == 1 and not opens))
    return True


def _is_enumerator(word: str) -> bool:
    return bool(SECTION.fullmatch(word)) or (len(word) <= 3 and (len(word) == 1 or bool(ROMAN.fullmatch(word))))


def _is_label(gap: Gap, words: Words) -> bool:
    """``Figure 2.`` at the start of a caption."""
    return gap.previous.lstrip(OPENING).rstrip(".") in words.label and bool(SECTION.fullmatch(gap.word))


def inside_title(text: str, last: int, stop: int, end: int) -> bool:
    """Whether a stop stands inside a short quoted title: “Leo Trotsky. Oppositionist”.

    Looks `TITLE_REACH` characters to either side: a mark that opens there and one that closes, no other stop between,
    and every longer word before the stop capitalised.
    """
    left = text[max(last, stop - TITLE_REACH) : stop]
    for opening, closing in TITLE_QUOTES.items():
        at = left.rfind(opening)
        if at < 0 or closing in left[at + 1 :]:
            continue
        right = text[stop + 1 : min(end, stop + TITLE_REACH)]
        close = right.find(closing)
        if (
            close < 1
            or STOP.search(right, 0, close)
            or right[close - 1].isspace()
            or right[close + 1 : close + 2] in ".!?"
        ):
            continue
        return all(len(word) <= MINOR_LENGTH or word[0].isupper() for word in (left[at + 1 :] + right[:close]).split())
    return False
