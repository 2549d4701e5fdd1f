"""What a model must not fall below: floors in its ``metrics.json``, with a checksum of the data they were measured on.

A floor is checked with the same command-line scorers as everything else. `carry_over` keeps a worse model from taking a
better one's place; ``benchmarks/gate.py`` checks and raises the floors of the models in the repository. A floor is
lowered only with a reason, which stays on record. The idea is that of trafilatura's evaluation gate.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from annotator.challenge import score_challenge
from annotator.errors import ModelError
from annotator.model import Model
from annotator.model_store import CONFIG, METRICS, checksum
from annotator.scoring import score_model

# Arithmetic, in 8 bits above all, differs from processor to processor: borderline sentences may fall either way.
TOLERANCE = 0.02
_STEPS = 1000
_AT_MOST = ("calibration_error", "others_flagged", "swaps_changed")

Floors = dict[str, Any]


def fingerprint(path: Path) -> str:
    """Checksum of a labelled file, or of the JSONL files of a challenge folder together."""
    if not path.is_dir():
        return checksum(path)
    rows = "".join(f"{checksum(file)}  {file.name}\n" for file in sorted(path.glob("*.jsonl")))
    return hashlib.sha256(rows.encode()).hexdigest()


def measure(path: Path, model: Model) -> dict[str, float]:
    """The figures that floors are set on: for a labelled file, or for a challenge folder."""
    if path.is_dir():
        report = score_challenge(path, model)
        found = {name: (report.groups or {})[name] for name in ("fair_accuracy", "endorsed_flagged", "others_flagged")}
        return found | {"swaps_changed": (report.swaps or {})["changed"]}
    labels = score_model(str(path), model)
    found = {"macro_f1": labels.label.macro_f1, "calibration_error": labels.calibration_error}
    return found | {f"{name}_f1": row["f1"] for name, row in labels.label.scores.items() if name == "unsupported"}


def breaches(floors: Floors, root: Path, model: Model) -> list[str]:
    """Every floor that the model misses, a line each; data that is not on this machine says nothing.

    Parameters
    ----------
    floors : dict
        As they stand in ``metrics.json``.
    root : Path
        Folder that the paths of the data start from.
    """
    return [line for name in floors.get("sets", {}) for line in _breaches(name, floors["sets"][name], root, model)]


def _breaches(name: str, floor: Mapping[str, Any], root: Path, model: Model) -> list[str]:
    if not (root / name).exists():
        return []
    if fingerprint(root / name) != floor["sha256"]:
        return [f"{name}: the data has changed since the floors were measured"]
    found = measure(root / name, model)
    return [
        f"{name}: {key} is {found[key]:.4f}, its {'ceiling' if key in _AT_MOST else 'floor'} is {limit:.3f}"
        for key, limit in floor["limits"].items()
        if _worse(key, found[key], limit, TOLERANCE)
    ]


def _worse(key: str, value: float, limit: float, tolerance: float = 0.0) -> bool:
    return value > limit + tolerance if key in _AT_MOST else value < limit - tolerance


def measured(floors: Floors, names: list[str], root: Path, model: Model, reason: str | None = None) -> Floors:
    """Floors at what the model reaches now, on the sets that are on this machine; others stay as they are.

    Parameters
    ----------
    reason : str, optional
        Why a floor may be lowered; kept under ``lowered``.

    Raises
    ------
    ModelError
        If a floor would be lowered, and no reason is given.
    """
    sets, lowered = dict(floors.get("sets", {})), list(floors.get("lowered", []))
    for name in names:
        if (root / name).exists():
            limits = {key: _limit(key, value) for key, value in measure(root / name, model).items()}
            before = sets.get(name, {}).get("limits", {})
            lowered += [
                {"data": name, "measure": key, "from": before[key], "to": value, "reason": reason}
                for key, value in limits.items()
                if key in before and _worse(key, value, before[key])
            ]
            sets[name] = {"sha256": fingerprint(root / name), "limits": limits}
    if len(lowered) > len(floors.get("lowered", [])) and not reason:
        rows = [f"{row['data']}: {row['measure']} {row['from']} -> {row['to']}" for row in lowered if not row["reason"]]
        raise ModelError("below-floor", f"floors are lowered with a reason only: {'; '.join(rows)}")
    return {"sets": sets, "lowered": lowered}


def _limit(key: str, value: float) -> float:
    """A measured figure, rounded to the easier side."""
    return (math.ceil if key in _AT_MOST else math.floor)(value * _STEPS) / _STEPS


def carry_over(folder: Path, model: Model, reason: str | None = None) -> Floors:
    """Floors of the model that stands in a folder, for the new model that is to take its place; empty without any.

    With a reason the new model may be worse: the floors it misses are then lowered to what it reaches.

    Raises
    ------
    ModelError
        If the new model misses a floor and there is no reason.
    """
    floors, root = read_floors(folder), repository(folder)
    missed = breaches(floors, root, model)
    if not missed:
        return floors
    if not reason:
        detail = f"the new model is worse: {'; '.join(missed)}; --allow-regression REASON lowers the floors"
        raise ModelError("below-floor", detail, path=folder)
    return measured(floors, sorted({line.split(":")[0] for line in missed}), root, model, reason)


def repository(folder: Path) -> Path:
    """Folder that the paths of a model's floors start from: the one that holds ``models``."""
    return folder.resolve().parent.parent


def read_floors(folder: Path) -> Floors:
    """Floors of a model, or nothing if it has none.

    Raises
    ------
    ModelError
        If there are metrics that can't be read.
    """
    path = folder / METRICS
    if not path.exists():
        return {}
    try:
        found: Floors = json.loads(path.read_text(encoding="utf-8")).get("floors", {})
    except (OSError, ValueError, AttributeError) as error:
        raise ModelError("bad-metrics", f"can't be read: {error}", path=path) from error
    return found


def write_floors(folder: Path, floors: Floors) -> None:
    """Put floors into a model's metrics, and the new checksum of these into its config."""
    metrics = json.loads((folder / METRICS).read_text(encoding="utf-8"))
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    _replace(folder / METRICS, metrics | {"floors": floors})
    config["files"][METRICS] = checksum(folder / METRICS)
    _replace(folder / CONFIG, config)


def _replace(path: Path, value: dict[str, Any]) -> None:
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    os.replace(partial, path)
