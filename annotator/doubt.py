"""How far stated chances can be trusted: calibration, and what is gained by leaving the doubtful sentences to people.

scikit-learn has neither a calibration error for many labels nor a curve of risk by coverage, so both are here. Every
function takes two arrays of one length: ``sure``, the probability of the predicted label, and ``right``, whether that
label is the gold one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

BINS = 10
POINTS = 20
RISKS = (0.5, 0.4, 0.3, 0.2, 0.1, 0.05)
_SHOWN = 4
_PLACES = 4


def reliability(sure: np.ndarray, right: np.ndarray) -> list[dict[str, float]]:
    """Confidence and accuracy of ten equal ranges of confidence; their weighted gap is the calibration error.

    Parameters
    ----------
    sure : ndarray, shape (n,)
        Probability of the predicted label.
    right : ndarray of bool, shape (n,)
    """
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    inside = [place == number for number in range(BINS)]
    return [
        {
            "from": number / BINS,
            "confidence": _short(sure[rows].mean()),
            "accuracy": _short(right[rows].mean()),
            "share": float(rows.mean()),
        }
        for number, rows in enumerate(inside)
        if rows.any()
    ]


def calibration_error(sure: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error: the mean gap between confidence and accuracy over the ranges of `reliability`."""
    return _short(sum(abs(row["accuracy"] - row["confidence"]) * row["share"] for row in reliability(sure, right)))


def risk_coverage(sure: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Share of errors among the surest 1, 2, ... n sentences; ties in their order."""
    order = np.argsort(-sure, kind="stable")
    return np.cumsum(~right[order]) / np.arange(1, len(order) + 1)


def thinned(curve: np.ndarray) -> list[tuple[float, float]]:
    """At most twenty points (share kept, share of errors among them) of a curve of `risk_coverage`."""
    places = np.unique(np.ceil(np.linspace(1, POINTS, POINTS) / POINTS * len(curve)).astype(int))
    return [(_short(place / len(curve)), _short(curve[place - 1])) for place in places]


def by_max_risk(sure: np.ndarray, right: np.ndarray) -> list[dict[str, float | None]]:
    """What ``tag --max-risk R`` would have kept at several R, and the share of errors in it (None: nothing kept)."""
    found: list[dict[str, float | None]] = []
    for risk in RISKS:
        kept = sure >= round(1 - risk, _PLACES)
        wrong = _short(1 - right[kept].mean()) if kept.any() else None
        found.append({"max_risk": risk, "kept": _short(kept.mean()), "wrong": wrong})
    return found


def text_lines(
    reliable: Sequence[Mapping[str, float]],
    curve: Sequence[tuple[float, float]],
    abstaining: Sequence[Mapping[str, float | None]],
) -> Iterator[str]:
    """The tables for people."""
    yield f"{'stated chance':<18} {'mean':>9} {'right':>9} {'share':>9}"
    for row in reliable:
        bounds = f"{row['from']:.1f} - {row['from'] + 1 / BINS:.1f}"
        yield f"{bounds:<18} {row['confidence']:>9.3f} {row['accuracy']:>9.3f} {row['share']:>9.1%}"
    yield ""
    yield f"{'kept, surest first':<18} {'wrong':>9}"
    yield from (f"{kept:<18.0%} {wrong:>9.1%}" for kept, wrong in curve[_SHOWN - 1 :: _SHOWN])
    yield ""
    yield f"{'--max-risk':<18} {'kept':>9} {'wrong':>9}"
    for found in abstaining:
        wrong_share = "-" if found["wrong"] is None else f"{found['wrong']:.1%}"
        yield f"{found['max_risk']:<18} {found['kept']:>9.1%} {wrong_share:>9}"


def _short(value: float) -> float:
    return round(float(value), _PLACES)
