"""What the fast tier sees of a sentence: hashed words and word pieces, cue phrases, and the sentence's shape.

Nothing is learned here and nothing depends on other documents, so training and tagging compute the same numbers. All
text work is done once for each distinct word of a batch and the rest is arithmetic on arrays, which keeps the cost
near 60 microseconds a sentence. Words are hashed with MurmurHash3, as `sklearn.feature_extraction.FeatureHasher` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from scipy import sparse
from sklearn.utils import murmurhash3_32

from annotator import lexicon
from annotator.record import CITATIONS, VOICES, Sentence, Sourcing

CUES = "status_cues"
NAME, ACRONYM, YEAR, NUMBER, START = "<name>", "<acronym>", "<year>", "<number>", "<start>"
_YEAR = re.compile(r"1\d{3}|20\d\d")
_OPENING = frozenset("\"'“‘«([-–—•*")
_CLOSING = frozenset("\"'”’»)]")
_STOPS = frozenset(".!?…")
# Two odd multipliers that mix the hashes of a word pair; taken from the finalizer of MurmurHash3 (public domain).
_MIX_LEFT, _MIX_RIGHT = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)
SHAPE = (
    "words", "letters_per_word", "names", "acronyms", "numbers", "years", "commas", "brackets", "quotes", "dashes",
    "colon", "question", "exclamation", "ellipsis", "no_stop", "lower_start", "all_capitals", "titled", "starts_name",
    "past_forms", "first_person", "third_person", "short", "inside_quote", "opens", "web",
)  # fmt: skip
_FIRST = frozenset({"i", "me", "my", "i'm", "i've", "mine"})
_THIRD = frozenset({"he", "she", "his", "her", "him"})


class Piece(NamedTuple):
    """A word as the classifier sees it: its `term`, and its place in the sentence's own text."""

    term: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at a sentence finds: its pieces, its cue phrases, and the numbers of its shape."""

    pieces: list[Piece]
    cues: list[lexicon.Match]
    shape: list[float]
