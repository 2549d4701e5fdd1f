"""How far raters agree: raw agreement, Cohen's and Fleiss' kappa and Krippendorff's alpha, with intervals by document.

The coefficients come from scikit-learn, statsmodels and krippendorff. All four are functions of sums over sentences, so
a bootstrap that draws whole documents needs only those sums for each document; the same formulas are written out here
for arrays of draws, and tests hold them to the libraries and to published examples.

References
----------
Cohen 1960, Educational and Psychological Measurement 20: 37. Fleiss 1971, Psychological Bulletin 76: 378.
Hayes and Krippendorff 2007, Communication Methods and Measures 1: 77. For more than two raters Cohen's kappa is the
mean over pairs (Light 1971, Psychological Bulletin 76: 365).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from annotator.ratings import Field, Ratings
from annotator.wording import counted

RESAMPLES = 1000
LEAST_SENTENCES, LEAST_DOCUMENTS, LEAST_USES, WIDEST = 50, 10, 10, 0.4
MEASURES = ("raw", "cohen", "fleiss", "alpha")
_DEFINED = 0.9


class Estimate(NamedTuple):
    """A coefficient and its 95 % interval; None where it is not defined. `units`: sentences that it rests on."""

    value: float | None
    low: float | None
    high: float | None
    units: int


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """Agreement on one question.

    `overall` and each of `labels` (that label against all others) hold an `Estimate` by measure; `uses` counts how
    often raters gave each label; `confusions` has a table (label by the first, by the second) for each pair of raters.
    """

    name: str
    names: list[str]
    overall: dict[str, Estimate]
    labels: dict[str, dict[str, Estimate]]
    uses: dict[str, int]
    confusions: dict[tuple[str, str], np.ndarray]
    warnings: list[str]


def measure(ratings: Ratings, seed: int = 0) -> list[FieldAgreement]:
    """Agreement on every question that two raters answered."""
    return [_measure_field(field, ratings, seed) for field in ratings.fields]


def _measure_field(field: Field, ratings: Ratings, seed: int) -> FieldAgreement:
    rated = (field.codes >= 0).sum(axis=1) > 1
    codes, documents = field.codes[rated], np.unique(ratings.documents[rated], return_inverse=True)[1]
    overall = estimate(codes, documents, len(field.names), seed)
    binary = {name: np.where(codes < 0, -1, codes == place) for place, name in enumerate(field.names)}
    labels = {name: estimate(table, documents, 2, seed) for name, table in binary.items()}
    uses = {name: int((codes == place).sum()) for place, name in enumerate(field.names)}
    pairs = combinations(range(len(ratings.raters)), 2)
    tables = {(ratings.raters[a], ratings.raters[b]): confusion(codes[:, [a, b]], len(field.names)) for a, b in pairs}
    return FieldAgreement(
        field.name, field.names, overall, labels, uses, {pair: table for pair, table in tables.items() if table.any()},
        _warnings(overall, labels, uses, documents),
    )  # fmt: skip


def _warnings(
    overall: dict[str, Estimate], labels: dict[str, dict[str, Estimate]], uses: dict[str, int], documents: np.ndarray
) -> list[str]:
    """Why these figures say little, in words for people."""
    found = []
    units, many = overall["alpha"].units, int(documents.max(initial=-1)) + 1
    if units < LEAST_SENTENCES:
        found.append(
            f"only {units} sentences were rated by two raters; {LEAST_SENTENCES} are the least to say anything"
        )
    if many < LEAST_DOCUMENTS:
        why = "there is no interval" if many < 2 else "the intervals are too narrow"
        found.append(f"the sentences are of {counted(many, 'document')}; with fewer than {LEAST_DOCUMENTS} {why}")
    if overall["alpha"].value is None:
        found.append("every answer is the same, so kappa and alpha are not defined")
    rare = [name for name, count in uses.items() if count < LEAST_USES]
    if rare:
        found.append(f"given fewer than {LEAST_USES} times, so that its figures say little: {', '.join(rare)}")
    low, high = overall["alpha"].low, overall["alpha"].high
    if low is not None and high is not None and high - low > WIDEST:
        found.append(f"alpha could be anything from {low:.2f} to {high:.2f}")
    if not any(estimates["fleiss"].units for estimates in (overall, *labels.values())):
        found.append("no sentence was rated by all, so there is no Fleiss' kappa")
    return found


def estimate(codes: np.ndarray, documents: np.ndarray, width: int, seed: int = 0) -> dict[str, Estimate]:
    """All four coefficients of one table of answers.

    Parameters
    ----------
    codes : ndarray of int, shape (units, raters)
        Number of the answer, -1 where there is none.
    documents : ndarray of int, shape (units,)
        Document of each unit, numbered from 0.
    width : int
        How many answers there are.
    seed : int
        Seeds the drawing of documents.
    """
    values = {"raw": raw_agreement, "cohen": cohen_kappa, "fleiss": fleiss_kappa, "alpha": krippendorff_alpha}
    sums = _sums(codes, documents, width)
    many = int(documents.max(initial=-1)) + 1
    draws = np.random.default_rng(seed).multinomial(many, np.full(many, 1 / many), RESAMPLES) if many > 1 else None
    pairs = int(((codes >= 0).sum(axis=1) > 1).sum())
    units = {"raw": pairs, "cohen": pairs, "fleiss": int((codes >= 0).all(axis=1).sum()), "alpha": pairs}
    found = {}
    for name, library in values.items():
        ends = (None, None) if draws is None else _interval(_FROM_SUMS[name](draws, sums))
        value = library(codes, width)
        found[name] = Estimate(value, *(ends if value is not None else (None, None)), units[name])
    return found


def _interval(values: np.ndarray) -> tuple[float | None, float | None]:
    """Percentile interval; none where too many draws leave the coefficient undefined."""
    known = values[np.isfinite(values)]
    if len(known) < _DEFINED * len(values):
        return None, None
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)


def counts(codes: np.ndarray, width: int) -> np.ndarray:
    """How many raters gave each answer to each unit, (units, answers)."""
    return np.stack([(codes == place).sum(axis=1) for place in range(width)], axis=1)


def confusion(pair: np.ndarray, width: int) -> np.ndarray:
    """Table (answer of the first rater, answer of the second) of the units that both rated."""
    both = pair[(pair >= 0).all(axis=1)]
    table = np.zeros((width, width), dtype=int)
    np.add.at(table, (both[:, 0], both[:, 1]), 1)
    return table


def raw_agreement(codes: np.ndarray, width: int) -> float | None:
    """Share of pairs of raters who agree, averaged over the units that two or more rated."""
    table = counts(codes, width)
    raters = table.sum(axis=1)
    table, raters = table[raters > 1], raters[raters > 1]
    if not len(table):
        return None
    return float(((table * (table - 1)).sum(axis=1) / (raters * (raters - 1))).mean())


def cohen_kappa(codes: np.ndarray, width: int) -> float | None:
    """Cohen's kappa by scikit-learn; the mean over all pairs of raters for whom it is defined."""
    from sklearn.metrics import cohen_kappa_score

    found = []
    for a, b in combinations(range(codes.shape[1]), 2):
        both = codes[(codes[:, a] >= 0) & (codes[:, b] >= 0)][:, [a, b]]
        if len(np.unique(both)) > 1:
            found.append(cohen_kappa_score(both[:, 0], both[:, 1], labels=np.arange(width)))
    return float(np.mean(found)) if found else None


def fleiss_kappa(codes: np.ndarray, width: int) -> float | None:
    """Fleiss' kappa by statsmodels, over the units that all raters rated."""
    table = counts(codes[(codes >= 0).all(axis=1)], width)
    if (table.sum(axis=0) > 0).sum() < 2:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from statsmodels.stats.inter_rater import fleiss_kappa as library

    return float(library(table))


def krippendorff_alpha(codes: np.ndarray, width: int) -> float | None:
    """Krippendorff's alpha for nominal data by krippendorff, over the units that two or more rated."""
    import krippendorff

    table = counts(codes, width)
    table = table[table.sum(axis=1) > 1]
    if (table.sum(axis=0) > 0).sum() < 2:
        return None
    return float(krippendorff.alpha(value_counts=table, level_of_measurement="nominal"))


class _Sums(NamedTuple):
    """What the coefficients are functions of, summed over the units of each document (first axis).

    `raw` and `whole` are (documents, 2): sums of the share of raters who agree, and numbers of units, over the units
    that two and that all raters rated; `uses` and `paired_uses` (documents, answers) count the answers given there;
    `matches` agreeing pairs by rater; `tables` the confusion of each pair of raters.
    """

    raw: np.ndarray
    whole: np.ndarray
    uses: np.ndarray
    paired_uses: np.ndarray
    matches: np.ndarray
    tables: list[np.ndarray]


def _sums(codes: np.ndarray, documents: np.ndarray, width: int) -> _Sums:
    many = int(documents.max(initial=-1)) + 1
    table = counts(codes, width).astype(float)
    raters = table.sum(axis=1)
    paired, whole = raters > 1, (codes >= 0).all(axis=1)
    agreeing = (table * (table - 1)).sum(axis=1)
    share = agreeing / np.maximum(raters * (raters - 1), 1)

    ones = np.stack([share, np.ones(len(share))], axis=1)
    matches = agreeing / np.maximum(raters - 1, 1)
    tables = [_tables_by_document(codes[:, pair], documents, many, width) for pair in _pairs(codes)]
    parts = ((ones, paired), (ones, whole), (table, whole), (table, paired), (matches, paired))
    sums = [_by_document(values[used], documents[used], many) for values, used in parts]
    raw, whole, uses, paired_uses, matches = sums
    return _Sums(raw, whole, uses, paired_uses, matches, tables)


def _pairs(codes: np.ndarray) -> list[list[int]]:
    return [list(pair) for pair in combinations(range(codes.shape[1]), 2)]


def _by_document(values: np.ndarray, documents: np.ndarray, many: int) -> np.ndarray:
    found = np.zeros((many, *values.shape[1:]))
    np.add.at(found, documents, values)
    return found


def _tables_by_document(pair: np.ndarray, documents: np.ndarray, many: int, width: int) -> np.ndarray:
    both = (pair >= 0).all(axis=1)
    found = np.zeros((many, width, width))
    np.add.at(found, (documents[both], pair[both, 0], pair[both, 1]), 1)
    return found


def _divide(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    found = np.full(np.shape(above), np.nan)
    np.divide(above, below, out=found, where=np.asarray(below) > 1e-12)
    return found


def _raw(draws: np.ndarray, sums: _Sums) -> np.ndarray:
    agreeing, units = (draws @ sums.raw).T
    return _divide(agreeing, units)


def _cohen(draws: np.ndarray, sums: _Sums) -> np.ndarray:
    found = [_cohen_of(np.tensordot(draws, table, axes=1)) for table in sums.tables if table.any()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a draw in which no pair has a kappa has no mean either
        return np.asarray(np.nanmean(found, axis=0)) if found else np.full(len(draws), np.nan)


def _cohen_of(tables: np.ndarray) -> np.ndarray:
    units = np.maximum(tables.sum(axis=(1, 2)), 1)
    seen = np.trace(tables, axis1=1, axis2=2) / units
    chance = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1) / units**2
    return _divide(seen - chance, 1 - chance)


def _fleiss(draws: np.ndarray, sums: _Sums) -> np.ndarray:
    agreeing, units = (draws @ sums.whole).T
    shares = draws @ sums.uses
    chance = ((shares / np.maximum(shares.sum(axis=1, keepdims=True), 1)) ** 2).sum(axis=1)
    return _divide(agreeing / np.maximum(units, 1) - chance, np.where(units > 0, 1 - chance, 0))


def _alpha(draws: np.ndarray, sums: _Sums) -> np.ndarray:
    totals = draws @ sums.paired_uses
    values = totals.sum(axis=1)
    seen = values - draws @ sums.matches
    chance = _divide(values**2 - (totals**2).sum(axis=1), values - 1)
    return 1 - _divide(seen, chance)


_FROM_SUMS: dict[str, Any] = {"raw": _raw, "cohen": _cohen, "fleiss": _fleiss, "alpha": _alpha}
