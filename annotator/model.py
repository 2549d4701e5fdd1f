"""A loaded model: what it is called, and its verdict on sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from annotator.accurate_tier import AccurateModel
from annotator.citing import settle
from annotator.fast_tier import Judgement, StatusModel
from annotator.locating import locate
from annotator.record import Reason, Sentence, Sourcing, Verdict
from annotator.reliability import HouseList

NO_CLAIM = "no_claim"
_NO_SOURCING = Sourcing("none", "author")
_CLAIMLESS = frozenset({"heading", "caption", "rule"})
# How sure the layout alone makes us that a line asserts nothing; the rest is left to its words.
_BY_LAYOUT = 0.9
_PLACES = 4


class Opinion(NamedTuple):
    """What a model makes of a document: a verdict and a sourcing for each sentence."""

    verdicts: list[Verdict]
    sourcings: list[Sourcing]


@dataclass(frozen=True)
class Model:
    """A model ready for use.

    Parameters
    ----------
    name, sha256 : str
        Name, and checksum of its ``config.json``, which in turn holds those of its files.
    review_below : float
        A sentence whose most probable label is less probable than this needs a person's look.
    status : StatusModel or AccurateModel
        Gives the probabilities.
    reasons : int
        Words to give for each verdict at most.
    weights : tuple of float
        What the probabilities are multiplied by before the highest wins; see `calibration.decision_weights`.
    max_risk : float, optional
        Chance of a wrong label, 0 to 1, above which the model abstains; it takes the place of `review_below`.
    house : HouseList, optional
        Standings of sources that a desk has decided; they override the table and never touch a label.

    Raises
    ------
    ValueError
        If `max_risk` is no chance.
    """

    name: str
    sha256: str
    review_below: float
    status: StatusModel | AccurateModel
    reasons: int = 0
    weights: tuple[float, ...] = ()
    max_risk: float | None = None
    house: HouseList | None = None

    def __post_init__(self) -> None:
        if self.max_risk is not None and not 0 <= self.max_risk <= 1:
            raise ValueError(f"max_risk must be between 0 and 1, not {self.max_risk}")

    @property
    def labels(self) -> list[str]:
        """Labels in the order of the probabilities."""
        return list(self.status.labels)

    @staticmethod
    def no_sourcing(count: int) -> list[list[Sourcing]]:
        """One document of `count` sentences about which the sourcing rules say nothing."""
        return [[_NO_SOURCING] * count]

    def judge(self, documents: Sequence[Sequence[Sentence]], sourcings: Sequence[Sequence[Sourcing]]) -> list[Opinion]:
        """The verdict on every sentence of every document, and its sourcing as the model sees it.

        Many documents at once are faster and get the same answers.
        """
        found = self.status.judge(documents, sourcings, self.reasons)
        return [self._opinion(*parts) for parts in zip(documents, sourcings, found, strict=True)]

    def _opinion(self, document: Sequence[Sentence], sourced: Sequence[Sourcing], found: Judgement) -> Opinion:
        verdicts = self._verdicts(self._with_layout(found.label, document), found.reasons)
        if found.citation is None:
            return Opinion(verdicts, list(sourced))
        sourced = locate(document, sourced, found.marks, self.house) if found.marks else sourced
        return Opinion(verdicts, settle(sourced, found.citation, self.status.citations))

    def _with_layout(self, chances: np.ndarray, document: Sequence[Sentence]) -> np.ndarray:
        """Chances with what the layout says: a heading, a caption or a rule asserts nothing, whatever its words."""
        rows = [row for row, sentence in enumerate(document) if sentence.block.kind in _CLAIMLESS]
        if not rows or NO_CLAIM not in self.status.labels:
            return chances
        chances = chances.copy()
        chances[rows] *= 1 - _BY_LAYOUT
        chances[rows, self.labels.index(NO_CLAIM)] += _BY_LAYOUT
        return chances

    def decide(self, chances: np.ndarray, reasons: tuple[Reason, ...] = ()) -> Verdict:
        """The label with the highest weighted probability, and whether it is doubtful.

        Doubt is judged by the rounded chance that the output shows, so that a reader can check it.

        Parameters
        ----------
        chances : ndarray, shape (labels,)
        """
        return self._verdicts(chances[np.newaxis], [reasons])[0]

    def _verdicts(self, chances: np.ndarray, reasons: Sequence[tuple[Reason, ...]]) -> list[Verdict]:
        """As `decide`, for all sentences of a document at once."""
        best = (chances * self.weights if self.weights else chances).argmax(axis=1)
        shares = np.round(chances, _PLACES)
        return [self._verdict(*row) for row in zip(best.tolist(), shares.tolist(), reasons, strict=True)]

    def _verdict(self, best: int, rounded: list[float], reasons: tuple[Reason, ...]) -> Verdict:
        shares = dict(zip(self.status.labels, rounded, strict=True))
        label, share = self.status.labels[best], rounded[best]
        if self.max_risk is None:
            return Verdict(label, shares, share < self.review_below, reasons)
        risky = share < round(1 - self.max_risk, _PLACES)
        return Verdict(label, shares, risky, reasons, abstained=risky)
