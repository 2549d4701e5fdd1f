"""Other names for the same text: training data that teaches a model to judge what is said and not of whom.

Names are guessed from their capital inside a sentence and exchanged through a whole document, so that a person stays
one person. The text is for training alone and its offsets mean nothing.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

_INSIDE = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,20}\b")
_WORD = re.compile(r"\b[A-Z][a-z]{2,20}\b")


def names(texts: Iterable[str], least: int = 1) -> list[str]:
    """Words written like a name inside a sentence at least so often, in the order of the alphabet.

    Examples
    --------
    >>> names(["Then Ada met Boris.", "Ada left, and Clara stayed."])
    ['Ada', 'Boris', 'Clara']
    """
    counts = Counter(name for text in texts for name in _INSIDE.findall(text))
    return sorted(name for name, count in counts.items() if count >= least)


def rename(texts: Sequence[str], pool: Sequence[str], chance: random.Random, share: float) -> list[str]:
    """Copies of one document's sentences in which that share of the names stands for another one throughout."""
    swaps = {name: chance.choice(pool) for name in names(texts) if chance.random() < share} if pool else {}
    return [_exchange(text, swaps) for text in texts] if swaps else list(texts)


def _exchange(text: str, swaps: Mapping[str, str]) -> str:
    return _WORD.sub(lambda found: swaps.get(found[0], found[0]), text)
