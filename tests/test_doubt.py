import numpy as np
import pytest

from annotator.doubt import BINS, by_max_risk, calibration_error, reliability, risk_coverage, text_lines, thinned

SURE = np.array([0.95, 0.85, 0.75, 0.65, 0.55])
RIGHT = np.array([True, True, False, True, False])


def test_calibration_error_is_the_weighted_gap():
    assert calibration_error(np.full(10, 0.75), np.arange(10) < 5) == pytest.approx(0.25)
    assert calibration_error(SURE, RIGHT) == pytest.approx((0.05 + 0.15 + 0.75 + 0.35 + 0.55) / 5, abs=1e-4)


def test_reliability_leaves_out_empty_ranges_and_takes_in_certainty():
    rows = reliability(np.array([0.31, 0.39, 1.0]), np.array([True, False, True]))
    assert [(row["from"], row["accuracy"]) for row in rows] == [(0.3, 0.5), (0.9, 1.0)]
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    assert len(reliability(np.linspace(0, 1, 101), np.ones(101, bool))) == BINS


def test_risk_grows_by_the_errors_of_the_less_sure():
    assert risk_coverage(SURE[::-1], RIGHT[::-1]) == pytest.approx([0, 0, 1 / 3, 1 / 4, 2 / 5])


def test_thinned_curve_ends_with_all():
    curve = risk_coverage(np.linspace(1, 0, 1000), np.arange(1000) % 4 > 0)
    points = thinned(curve)
    assert len(points) == 20
    assert points[-1] == (1.0, 0.25)
    assert thinned(np.array([1.0])) == [(1.0, 1.0)]


def test_max_risk_keeps_what_is_sure_enough():
    rows = {row["max_risk"]: (row["kept"], row["wrong"]) for row in by_max_risk(np.array([0.9, 0.7, 0.6]), RIGHT[:3])}
    assert rows[0.4] == (1.0, pytest.approx(1 / 3, abs=1e-4))
    assert rows[0.3] == (0.6667, 0.0)
    assert rows[0.1] == (0.3333, 0.0)
    assert rows[0.05] == (0.0, None)


def test_tables_say_when_nothing_is_kept():
    curve = thinned(risk_coverage(SURE, RIGHT))
    lines = list(text_lines(reliability(SURE, RIGHT), curve, by_max_risk(SURE[1:], RIGHT[1:])))
    assert lines[1].split() == ["0.5", "-", "0.6", "0.550", "0.000", "20.0%"]
    assert lines[-1].split() == ["0.05", "0.0%", "-"]
