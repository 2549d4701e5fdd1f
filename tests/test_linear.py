"""Hostile runs: the work grows with the length of the text and no faster. Absolute figures: ``benchmarks/hostile.py``.

Calls are counted, not time, so the answer is the same on every machine. What one pattern does inside cannot be counted,
so each is timed against itself, with room for a busy machine.
"""

import sys
import time

import pytest

from annotator import reference_patterns
from annotator.sourcing import source_sentences
from annotator.splitting import sentences
from benchmarks.hostile import RUNS, repeated

SHORT, LONG = 3_000, 12_000
LEAST = 1_000  # calls below this say nothing about growth
MOST_GROWTH = 4.8  # four times the text; quadratic work would be near 16
PATTERN_LENGTH, PATTERN_GROWTH, UNFELT = 2_000, 10, 0.02
# Tried on the few words of a bracket only, and there from the start.
IN_BRACKETS = {"lead", "part", "imprint", "name_page"}


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


def seconds(name, text):
    start = time.process_time()
    for _ in reference_patterns.pattern(name).finditer(text):
        pass
    return time.process_time() - start


@pytest.mark.parametrize("name", sorted({one.__name__ for one in reference_patterns._SOURCES} - IN_BRACKETS))
def test_no_pattern_tries_again_and_again(name):
    for piece in RUNS:
        long = seconds(name, repeated(piece, 4 * PATTERN_LENGTH))
        if long > UNFELT:
            short = max(seconds(name, repeated(piece, PATTERN_LENGTH)) for _ in range(2))  # the slower of two
            assert long <= PATTERN_GROWTH * max(short, UNFELT / 4), piece
