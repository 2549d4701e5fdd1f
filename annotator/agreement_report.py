"""Agreement as JSON and as tables for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from annotator.adjudication import Disagreement
from annotator.agreement import MEASURES, Estimate, FieldAgreement
from annotator.ratings import Ratings
from annotator.wording import counted, short

TITLES = {"raw": "raw agreement", "cohen": "Cohen's kappa", "fleiss": "Fleiss' kappa", "alpha": "Krippendorff's alpha"}
_SHOWN = 10
_PLACES = 4


def to_json(ratings: Ratings, fields: Sequence[FieldAgreement], queue: Sequence[Disagreement]) -> dict[str, Any]:
    """Everything that was measured, as one JSON object."""
    return {
        "raters": ratings.raters,
        "sentences": len(ratings.units),
        "documents": len({unit.document for unit in ratings.units}),
        "fields": {field.name: _field(field) for field in fields},
        "disagreements": [item.to_json() for item in queue],
        "rated_by_one": dict(ratings.alone),
        "skipped": {path: dict(counts) for path, counts in ratings.skipped.items()},
    }


def _field(field: FieldAgreement) -> dict[str, Any]:
    return {
        "overall": {name: _estimate(found) for name, found in field.overall.items()},
        "by_name": {
            name: {measure: _estimate(found) for measure, found in estimates.items()} | {"uses": field.uses[name]}
            for name, estimates in field.labels.items()
        },
        "names": field.names,
        "confusions": [
            {"rows": rows, "columns": columns, "counts": table.tolist()}
            for (rows, columns), table in field.confusions.items()
        ],
        "warnings": field.warnings,
    }


def _estimate(found: Estimate) -> dict[str, Any]:
    value, low, high = (None if part is None else round(part, _PLACES) for part in found[:3])
    return {"value": value, "interval": None if low is None else [low, high], "sentences": found.units}


def to_text(ratings: Ratings, fields: Sequence[FieldAgreement], queue: Sequence[Disagreement]) -> str:
    """The same for people; of the disagreements only the first few."""
    return "\n".join(_lines(ratings, fields, queue)) + "\n"


def _lines(ratings: Ratings, fields: Sequence[FieldAgreement], queue: Sequence[Disagreement]) -> Iterator[str]:
    documents = len({unit.document for unit in ratings.units})
    rated = f"{counted(len(ratings.units), 'sentence')} of {counted(documents, 'document')}"
    yield f"{rated} rated by two or more of: {', '.join(ratings.raters)}"
    for field in fields:
        yield ""
        yield f"{field.name:<18}" + "".join(f"{TITLES[name]:>24}" for name in MEASURES) + f"{'uses':>8}"
        yield f"{'all':<18}" + "".join(_cell(field.overall[name]) for name in MEASURES)
        for name, estimates in field.labels.items():
            yield f"{name:<18}" + "".join(_cell(estimates[one]) for one in MEASURES) + f"{field.uses[name]:>8,}"
        for pair, table in field.confusions.items():
            yield f"rows: {pair[0]}, columns: {pair[1]}, in the same order"
            for name, row in zip(field.names, table.tolist(), strict=True):
                yield f"  {name:<18}" + "".join(f"{count:>8,}" for count in row)
        yield from (f"warning: {field.name}: {warning}" for warning in field.warnings)
    if queue:
        yield ""
        first = f", the first {_SHOWN}" if len(queue) > _SHOWN else ""
        yield f"{counted(len(queue), 'sentence')} to adjudicate{first}:"
    for item in queue[:_SHOWN]:
        answers = "; ".join(f"{name}: {_said(by)}" for name, by in item.answers.items())
        yield f"  {item.unit.document}: {short(item.unit.text, 60)} | {answers}"


def _said(by: dict[str, str]) -> str:
    return ", ".join(f"{rater} {answer}" for rater, answer in by.items())


def _cell(found: Estimate) -> str:
    if found.value is None:
        return f"{'not defined':>24}"
    ends = "" if found.low is None or found.high is None else f" ({found.low:.3f}-{found.high:.3f})"
    return f"{found.value:.3f}{ends}".rjust(24)
