"""Sentences as token numbers, the way an encoder was trained to read them.

Needs the package tokenizers.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

# Opening and closing token, as BERT and as RoBERTa and MPNet write them.
_OPENINGS, _CLOSINGS = ("[CLS]", "<s>"), ("[SEP]", "</s>")
# What stands for a hidden word in the same two.
_HIDDEN = ("[MASK]", "<mask>")
# A word piece rarely covers more; a sentence of a million letters must not be tokenised whole to keep its first tokens.
_LETTERS_A_TOKEN = 20


class Tokens(NamedTuple):
    """One sentence as an encoder reads it: token numbers, the closing mark last, and where each but that stands."""

    ids: list[int]
    places: list[tuple[int, int]]


class SentenceTokenizer:
    """Turns sentences into token numbers with a closing mark, cut to a length.

    Parameters
    ----------
    path : Path
        ``tokenizer.json`` as the `tokenizers` package writes it.
    limit : int
        Most tokens of a sentence, its mark included.
    """

    def __init__(self, path: Path, limit: int) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._limit = limit
        self.opening, self._closing = self._number(_OPENINGS), self._number(_CLOSINGS)

    @property
    def hidden(self) -> int:
        """The token that stands for a hidden word."""
        return self._number(_HIDDEN)

    def _number(self, tokens: Sequence[str]) -> int:
        found = [number for token in tokens if (number := self._tokenizer.token_to_id(token)) is not None]
        if not found:
            raise ValueError(f"the tokenizer has no token {tokens[0]}")
        return int(found[0])

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """Token numbers of each text; never empty, because the mark is always there."""
        found = self._tokenizer.encode_batch_fast(self._clean(texts), add_special_tokens=False)
        return [[*encoding.ids[: self._limit - 1], self._closing] for encoding in found]

    def with_places(self, texts: Sequence[str]) -> list[Tokens]:
        """Token numbers of each text, and where in it each token stands."""
        found = self._tokenizer.encode_batch(self._clean(texts), add_special_tokens=False)
        most = self._limit - 1
        return [Tokens([*encoding.ids[:most], self._closing], encoding.offsets[:most]) for encoding in found]

    def _clean(self, texts: Sequence[str]) -> list[str]:
        letters = self._limit * _LETTERS_A_TOKEN
        return [text[:letters].encode("utf-8", "replace").decode("utf-8") for text in texts]
