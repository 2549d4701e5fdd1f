"""Calibration and risk by coverage as a picture, by matplotlib, which the extra ``annotator[picture]`` installs."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

from annotator.errors import OutputError
from annotator.evaluation import Report

KINDS = (".png", ".svg")
_SIZE = (10.0, 4.6)
_DOTS = 150
_INK, _GUIDE, _BAR = "#1f3a5f", "#888888", "#b9cde4"


def check_picture(path: str) -> None:
    """Refuse, before the long work begins, a picture that can't be drawn.

    Raises
    ------
    OutputError
        If the name ends in neither ``.png`` nor ``.svg``, or matplotlib isn't installed.
    """
    if Path(path).suffix.lower() not in KINDS:
        raise OutputError("bad-picture", f"a picture's name ends in {' or '.join(KINDS)}", path=path)
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        detail = "a picture needs matplotlib: pip install 'annotator[picture]'"
        raise OutputError("no-matplotlib", detail, path=path) from error


def draw(report: Report, path: str) -> None:
    """Write the picture of a report; a file of that name is always whole.

    Raises
    ------
    OutputError
        As `check_picture`, and if the file can't be written.
    """
    check_picture(path)
    data, target = _rendered(report, Path(path).suffix.lower()[1:]), Path(path)
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.write_bytes(data)
        os.replace(partial, target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutputError("unwritable", f"can't be written: {error.strerror}", path=path) from error


def _rendered(report: Report, kind: str) -> bytes:
    """The picture as bytes, the same for the same report: no date, and no ids drawn by lot."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.hashsalt": "annotator", "svg.fonttype": "none"}):
        figure = Figure(figsize=_SIZE, layout="constrained")
        FigureCanvasAgg(figure)
        left, right = figure.subplots(1, 2)
        _calibration(left, report)
        _risk(right, report)
        figure.suptitle(f"{report.sentences:,} sentences of {report.documents:,} documents")
        stream = io.BytesIO()
        figure.savefig(stream, format=kind, dpi=_DOTS, metadata={"Date": None} if kind == "svg" else None)
    return stream.getvalue()


def _calibration(axes: Any, report: Report) -> None:
    """Accuracy over stated chance; on the dashed line every chance is honest, and bars show how many sentences."""
    stated = [row["confidence"] for row in report.reliability]
    axes.bar([row["from"] + 0.05 for row in report.reliability], [row["share"] for row in report.reliability],
             width=0.09, color=_BAR, label="share of sentences")  # fmt: skip
    axes.plot([0, 1], [0, 1], "--", color=_GUIDE, label="honest")
    axes.plot(stated, [row["accuracy"] for row in report.reliability], "o-", color=_INK, label="share right")
    axes.set(title=f"Calibration (error {report.calibration_error:.3f})", xlabel="stated chance of the label")
    axes.set(ylabel="share", xlim=(0, 1), ylim=(0, 1.02))
    axes.legend(loc="upper left")
    axes.grid(alpha=0.3)


def _risk(axes: Any, report: Report) -> None:
    """Share of errors over the share of sentences that are kept, the surest first."""
    kept, wrong = zip(*report.risk_coverage, strict=True)
    axes.plot(kept, wrong, "o-", color=_INK)
    axes.set(title="Risk by coverage", xlabel="share of sentences kept, surest first", ylabel="share of errors in them")
    axes.set(xlim=(0, 1.02), ylim=(0, max(0.05, 1.1 * max(wrong))))
    axes.grid(alpha=0.3)
