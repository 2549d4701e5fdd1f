"""Hostile runs: the work grows with the length of the text and no faster. Absolute figures: ``benchmarks/hostile.py``.

Calls are counted, not time, so the answer is the same on every machine. What one pattern does inside cannot be counted;
that is bounded by what it says: how far it may read from one place, and how often it may repeat a repetition.
"""

import math
import re._constants as operations
import re._parser as parser
import sys

import pytest

from annotator import reference_patterns
from annotator.sourcing import source_sentences
from annotator.splitting import sentences
from benchmarks.hostile import RUNS, repeated

SHORT, LONG = 3_000, 12_000
LEAST = 1_000  # calls below this say nothing about growth
MOST_GROWTH = 4.8  # four times the text; quadratic work would be near 16
WIDEST = 3_000  # characters that a pattern may read from one place
MOST_WAYS = 300  # times a repeated repetition may repeat: (?:a{0,4},){0,5} counts 20
# Tried on the few words of a bracket only, and there from the start.
IN_BRACKETS = {"part"}


def source(text):
    source_sentences(text, sentences(text))


def calls(text):
    """Function calls, of Python and of C, that a text costs."""
    count = 0

    def counted(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    source(text)  # lexicons and caches
    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        source(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("piece", RUNS, ids=repr)
def test_work_grows_with_the_length(piece):
    short = calls(repeated(piece, SHORT))
    assert calls(repeated(piece, LONG)) <= MOST_GROWTH * max(short, LEAST)


def ways(pattern, outside=()):
    """How often each repetition inside another may repeat in all, for varying repetitions of more than one."""
    for operation, argument in pattern:
        inside = outside
        if operation in (operations.MAX_REPEAT, operations.MIN_REPEAT, operations.POSSESSIVE_REPEAT):
            least, most, _ = argument
            if least < most and most > 1:
                inside = (*outside, most)
                yield math.prod(inside) if len(inside) > 1 else 1
        for part in parts(argument):
            yield from ways(part, inside)


def parts(argument):
    """Patterns within what an operation is given."""
    if isinstance(argument, parser.SubPattern):
        return [argument]
    if isinstance(argument, list | tuple):
        return [part for one in argument for part in parts(one)]
    return []


@pytest.mark.parametrize("name", sorted({one.__name__ for one in reference_patterns._SOURCES} - IN_BRACKETS))
def test_no_pattern_reads_far_or_tries_again_and_again(name):
    compiled = reference_patterns.pattern(name)
    read = parser.parse(compiled.pattern, compiled.flags)
    assert read.getwidth()[1] <= WIDEST
    assert max(ways(read), default=1) <= MOST_WAYS


def test_ways_are_found_within_groups_and_branches():
    assert max(ways(parser.parse(r"x(?:a|(?:b{0,4},){0,5})"))) == 20
    assert max(ways(parser.parse(r"(?:a+)+"))) > MOST_WAYS
