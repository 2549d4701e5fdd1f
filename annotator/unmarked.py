"""Where a sentence ends without a stop: lost line breaks, headings run into the text, letters, lists in one line.

Two parts. `layout_cuts` knows the shapes of letters and web pages (dash lines, time stamps, addresses, greetings,
numbered items). `word_cuts` weighs each gap before a capital, figure or quotation mark with a linear model: the weights
are data, ``lexicons/unmarked_weights.tsv``, fitted by ``benchmarks/fit_unmarked.py``. Both are linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from annotator import lexicon
from annotator.boundaries import CLOSING_QUOTES, Words, word_lists

GAP = re.compile(r"""(?<=[^\s.!?…,;:])\s+(?=[^\W\d_a-z]|["'“‘(\[*•~=<_–—-]|https?:|www\.|\d)""")
LAYOUT = re.compile(
    r"(?<!\S)(?:(?P<line>[-=*_~#]{5,})|(?P<stamp>\d\d?/\d\d?/\d{2,4} \d\d?:\d\d(?::\d\d)?(?: ?[AaPp][Mm])?)"
    r"|(?P<url>https?://\S{4,300}))(?!\S)"
)
# Without one of these there is nothing that LAYOUT or ITEM could find; they open with a set of characters, which is
# quick to look for, where the others look at every letter.
LAYOUT_SIGN = re.compile(r"[-=*_~#/](?:(?<=/)[/\d]|(?<!/)[-=*_~#]{4})")
ITEM_SIGN = re.compile(r"[1a•⁃▪●◦■](?:(?<![1a])|[.)](?<![^\s(•⁃]..))")
DAY, YEAR = re.compile(r"(?<!\S)\d{1,2} [^\W\d_a-z][^\W\d_]{2,9}$"), re.compile(r"1\d{3}\b|20\d\d\b")
COMMA = re.compile(r"([^\s,]{1,20}(?:[ \t][^\s,]{1,20}){0,3},)\s+([^\W\d_a-z]\S{0,19})")
ITEM = re.compile(r"(?<!\S)[•⁃]?[ \t]?\(?(\d{1,2}|[a-z])(\.\)|[.)])(?=\s+\S)|(?<!\S)(?:[•⁃▪●◦■])(?=\s*\w)")
EDGES = "\"'“”‘’()[]{},;:*<>_~"
STOPS = (".", "!", "?")
SIGNATURE_WORDS = 4
ITEM_REACH = 400
COMMA_REACH = 84
BULLETS = "•⁃▪●◦■"
LEFT_REACH, RIGHT_REACH, SHAPE_LENGTH = 80, 60, 40
WEIGHTS_HEADER = ("feature", "weight")
BIAS = "bias"
THRESHOLD, FLAT_THRESHOLD, FLAT_LENGTH, LEAST_LENGTH = 1.0, 0.0, 400, 50


@cache
def weights() -> dict[str, float]:
    """Weight of each feature, in units of log-odds."""
    rows = lexicon.read_rows(lexicon.FOLDER / "unmarked_weights.tsv", WEIGHTS_HEADER)
    return {feature: float(weight) for _, (feature, weight) in rows}


@lru_cache(maxsize=50_000)
def shape(token: str) -> str:
    """Kind of a token (O opener, T title case, A capitals, l lower case, d figure, u address ...) with its edges."""
    core = token.strip(EDGES)
    kind = _kind(core) if core else "p" + token[:1]
    front = token[0] if len(token) > 1 and token[0] in "\"'“‘([*-–—" else ""
    back = token[-1] if len(token) > 1 and token[-1] in ',;:)]"”’*>-–—' else ""
    return front + kind + back


def _kind(core: str) -> str:
    if core in word_lists().opener:
        return "O"
    if "@" in core:
        return "@"
    if core.startswith(("http", "www.")):
        return "u"
    if core[0].isdigit():
        return "dx" if core[-1].isalpha() else "d"
    if core.islower():
        return "l"
    if core[-1] == ".":
        return "B"
    if core.isupper():
        return "A" if len(core) > 1 else "S"
    return "T" if core[0].isupper() else "x" if core[0].isalnum() else "p" + core[0]


class Sides(NamedTuple):
    """A gap: the words beside it, and the shapes around it with how title-like and how long the sentence is so far."""

    before: str
    after: str
    shapes: tuple[str, str, str, str, str, int, int]


def sides(text: str, last: int, gap: tuple[int, int], end: int) -> Sides:
    """What the model sees of a gap."""
    left = text[max(last, gap[0] - LEFT_REACH) : gap[0]].split()
    right = text[gap[1] : min(end, gap[1] + RIGHT_REACH)].split(None, 3)[:3]
    before, after = left[-1][:SHAPE_LENGTH], right[0][:SHAPE_LENGTH]
    b1, a1 = shape(before), shape(after)
    b2 = shape(left[-2][:SHAPE_LENGTH]) if len(left) > 1 else "^"
    a2 = shape(right[1][:SHAPE_LENGTH]) if len(right) > 1 else "$"
    a3 = shape(right[2][:SHAPE_LENGTH]) if len(right) > 2 else "$"
    plain = min(3, len([word for word in left if len(word) > 3 and word.islower()]))
    length = len(left) if len(left) < 5 else 5 if len(left) < 8 else 6
    return Sides(before.lower(), after, (b2, b1, a1, a2, a3, plain, length))


def features(text: str, last: int, gap: tuple[int, int], end: int) -> tuple[str, ...]:
    """Features of a gap: words and shapes on either side, and how long and how title-like the sentence is so far."""
    found = sides(text, last, gap, end)
    low, after, (_, _, a1, a2, *_) = found
    first, second = _of_shapes(*found.shapes)
    return (f"p={low}", f"n={after}", *first, f"{low}|{a1}", f"{after}|{a2}", *second)


def _of_shapes(
    b2: str, b1: str, a1: str, a2: str, a3: str, plain: int, length: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Features of the shapes alone, before and behind those of a word with a shape."""
    first = (
        f"b1={b1}", f"a1={a1}", f"a2={a2}", f"b2={b2}", f"{b1}|{a1}", f"{a1}|{a2}", f"{b1}|{a1}|{a2}",
        f"{b2}|{b1}|{a1}",
    )  # fmt: skip
    second = (
        f"{a1}|{a2}|{a3}", f"plain{plain}|{b1}|{a1}|{a2}", f"long{length}|{b1}|{a1}", f"plain{plain}|long{length}",
        f"long{length}|{a1}|{a2}",
    )  # fmt: skip
    return first, second


@lru_cache(maxsize=50_000)
def _shape_weights(shapes: tuple[str, str, str, str, str, int, int]) -> tuple[list[float], list[float]]:
    """Weights of the features of shapes, those left out that the table doesn't have."""
    table = weights()
    first, second = ([table[name] for name in names if name in table] for names in _of_shapes(*shapes))
    return first, second


def score(text: str, last: int, gap: tuple[int, int], end: int) -> float:
    """Log-odds that a sentence ends at a gap: bias and the weights of its `features`, added up in their order."""
    table, (low, after, shapes) = weights(), sides(text, last, gap, end)
    first, second = _shape_weights(shapes)
    found = table[BIAS] + table.get(f"p={low}", 0.0) + table.get(f"n={after}", 0.0)
    for weight in first:
        found += weight
    found = found + table.get(f"{low}|{shapes[2]}", 0.0) + table.get(f"{after}|{shapes[3]}", 0.0)
    for weight in second:
        found += weight
    return found


def gaps(text: str, last: int, end: int) -> Iterator[tuple[int, int]]:
    """Gaps between `last` and `end` that the model may cut at; not after a quotation, which says too little."""
    for found in GAP.finditer(text, last + 1, end):
        if found.end() < end and text[found.start() - 1] not in CLOSING_QUOTES and not _in_date(text, *found.span()):
            yield found.span()


def _in_date(text: str, start: int, end: int) -> bool:
    """Whether a gap stands before the year of a date: ``28 June 1914``."""
    return YEAR.match(text, end) is not None and DAY.search(text[max(0, start - SHAPE_LENGTH) : start]) is not None


def word_cuts(text: str, last: int, end: int, threshold: float) -> Iterator[int]:
    """Ends of the sentences between two known boundaries that no stop marks."""
    for gap in gaps(text, last, end):
        if _is_label(text[last : gap[0]] if gap[0] - last < LEFT_REACH else ""):
            continue
        if score(text, last, gap, end) > threshold:
            yield gap[0]
            last = gap[0]


def _is_label(piece: str) -> bool:
    """Whether a piece only introduces what follows: white space, ``ii)``, ``2.``, ``[3]``, ``(obsolete)``."""
    bare = piece.strip()
    return (
        not bare
        or (" " not in bare and bare[-1] in ".)]" and len(bare) < 6)
        or (bare[0] == "(" and bare.find(")") == len(bare) - 1)
    )


def layout_cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Places where a line of a letter or a web page ended, in order, some of them twice."""
    if LAYOUT_SIGN.search(text, start, end) is None:
        return
    for found in LAYOUT.finditer(text, start, end):
        kind, after = found.lastgroup, text[found.end() : found.end() + 3].lstrip()
        if kind == "line":
            yield found.start()
            yield found.end()
        elif kind == "stamp" and not after[:1].islower():
            before = text[max(start, found.start() - SHAPE_LENGTH) : found.start()].split()
            if before and not before[-1].islower():
                yield found.start()
            yield found.end()
        elif kind == "url" and after[:2].strip().isupper():
            yield found.end()


def greeting_cut(text: str, last: int, end: int, words: Words) -> int | None:
    """End of ``Dear Anna,`` or ``Best regards,`` at the start of a sentence, where the next line was run on."""
    if text.find(",", last, min(end, last + COMMA_REACH)) < 0:
        return None
    found = COMMA.match(text, last, end)
    if not found:
        return None
    line, after = found.group(1)[:-1].split(), found.group(2)
    if words.signoff.issuperset(word.lower() for word in line):
        name = text[found.start(2) : min(end, found.start(2) + RIGHT_REACH)].split()
        return found.end(1) if len(name) <= SIGNATURE_WORDS and not name[-1].endswith(STOPS) else None
    greets = line[0].lower() in words.greeting
    if after not in words.opener or not (greets or (_is_name(line, words) and not after.startswith("I"))):
        return None
    return found.end(1)


def _is_name(line: list[str], words: Words) -> bool:
    """Whether a letter could begin with this line: ``Anna,`` but not ``However,`` or ``Unfortunately,``."""
    return len(line) == 1 and line[0].istitle() and line[0] not in words.opener and not line[0].endswith("ly")


def items(text: str, start: int, end: int) -> tuple[list[int], set[int]]:
    """Items of a list written in one line: where each begins, and where each number ends (no sentence ends there).

    ``1. ... 2. ... 3. ...`` counts where the first stands at the start of the block or after a stop, and each next
    number or letter is one higher than the last of the same style.
    """
    begins: list[int] = []
    labels: set[int] = set()
    if ITEM_SIGN.search(text, start, end) is None:
        return begins, labels
    expected: dict[str, tuple[str, int, int]] = {}
    for found in ITEM.finditer(text, start, end):
        value, style = found.group(1), found.group(2)
        at = found.start()
        if value is None or text[at] in BULLETS:
            begins.append(at)
            labels.add(found.end())
            continue
        wanted = expected.get(style)
        if wanted and value == wanted[0] and (at - wanted[1] < ITEM_REACH or _after_stop(text, start, at)):
            begins.extend(place for place in (wanted[1], at) if place != start)
            labels.update((wanted[2], found.end()))
        elif value not in ("1", "a") or not _after_stop(text, start, at):
            continue
        expected[style] = (_next(value), at, found.end())
    return begins, labels


def _after_stop(text: str, start: int, at: int) -> bool:
    """Whether an item would stand at the start of its block or after a stop or colon."""
    return text[max(start, at - SHAPE_LENGTH) : at].strip()[-1:] in ("", ".", "!", "?", ":", ";")


def _next(value: str) -> str:
    return str(int(value) + 1) if value.isdigit() else chr(ord(value) + 1)


def merged(cuts: Iterable[int]) -> list[int]:
    """Cuts in order, each once."""
    return sorted(set(cuts))
