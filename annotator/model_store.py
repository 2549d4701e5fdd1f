"""Models on disk: a folder each, checked before anything in it is trusted, and never able to run code.

A folder holds ``config.json`` (what the model is, by which versions, with the SHA-256 of each other file), the weights
as ``model.skops``, ``metrics.json`` and a model card. Checks go from cheap to dear: names, sizes, checksums, versions,
types, and last a known sentence that must get its known answer.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import sklearn

from annotator import __version__
from annotator.accurate_tier import AccurateModel, Heads
from annotator.calibration import Calibrator
from annotator.classifier import WindowClassifier
from annotator.encoder import FILES as ENCODER_FILES
from annotator.encoder import Encoder
from annotator.errors import ModelError
from annotator.fast_tier import StatusModel
from annotator.features import Features
from annotator.model import Model
from annotator.splitting import sentences
from annotator.weights import read_weights

T = TypeVar("T")
FORMAT = 1
CONFIG, WEIGHTS, METRICS = "config.json", "model.skops", "metrics.json"
MAX_WEIGHTS = 200_000_000
# Tiers from the best to the plainest: the first that is installed is the default.
TIERS = ("best", "accurate", "fast")
FAST = TIERS[-1]
# Words that are given for a label when reasons are asked for.
REASONS = 3
PROBE = "According to the register, the bridge was opened in 1921."
TRUSTED = {
    f"{kind.__module__}.{kind.__name__}": kind for kind in (Calibrator, Features, Heads, StatusModel, WindowClassifier)
}
# 8-bit arithmetic differs from processor to processor; the probe is there to find a wrong model, not a rounding.
_TOLERANCE = {"fast": 1e-3, "accurate": 0.15, "best": 0.15}


def models_folder() -> Path:
    """Folder of the models that come with the package: inside it when installed, beside it in a checkout."""
    package = Path(__file__).parent
    return package / "models" if (package / "models").is_dir() else package.parent / "models"


def installed() -> list[Path]:
    """Folders of the models that come with the package, by name."""
    return sorted(path.parent for path in models_folder().glob(f"*/{CONFIG}"))


def find_model(name: str | None = None) -> Path:
    """Folder of a model by its name or path; without a name, of the best tier that is installed.

    Raises
    ------
    ModelError
        If there is none.
    """
    if name is not None:
        for folder in (models_folder() / name, Path(name)):
            if (folder / CONFIG).is_file():
                return folder
        known = ", ".join(path.name for path in installed()) or "none"
        raise ModelError("no-model", f"there is no model {name!r}; installed are: {known}")
    by_tier = {read_config(folder)["tier"]: folder for folder in reversed(installed())}
    for tier in TIERS:
        if tier in by_tier:
            return by_tier[tier]
    raise ModelError("no-model", "no model is installed", path=models_folder())


def read_config(folder: Path) -> dict[str, Any]:
    """What ``config.json`` says, if it is one of ours."""
    path = folder / CONFIG
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError("bad-config", f"can't be read: {error}", path=path) from error
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        raise ModelError("bad-config", f"this is no model of format {FORMAT}", path=path)
    missing = {"name", "tier", "labels", "files", "sklearn", "probe", "review_below"} - set(config)
    if missing:
        raise ModelError("bad-config", f"it lacks {', '.join(sorted(missing))}", path=path)
    if config["tier"] not in _TOLERANCE:
        raise ModelError("bad-config", f"there is no tier {config['tier']!r}", path=path)
    return config


def checksum(path: Path) -> str:
    """SHA-256 of a file in hexadecimal digits."""
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelError("missing-file", f"can't be read: {error.strerror}", path=path) from error


def load_model(name: str | None = None) -> Model:
    """Load a model, checked.

    Raises
    ------
    ModelError
        If it is missing, truncated, altered, foreign, of another version, or gives another answer than it should.
    """
    folder = find_model(name)
    config = read_config(folder)
    for file, expected in config["files"].items():
        _check_file(folder, file, expected)
    _check_version(config, folder)
    status = _read_status(folder, config["tier"])
    model = Model(config["name"], checksum(folder / CONFIG), config["review_below"], status, status.usual_reasons)
    model = replace(model, weights=tuple(config.get("decision_weights", ())))
    _check_answer(model, config, folder)
    return model


def _check_file(folder: Path, file: str, expected: str) -> None:
    if Path(file).name != file:
        raise ModelError("bad-config", f"{file!r} is no file of this folder", path=folder / CONFIG)
    if checksum(folder / file) != expected:
        raise ModelError("altered", "its checksum is not the one in config.json", path=folder / file)


def _check_version(config: dict[str, Any], folder: Path) -> None:
    made, here = config["sklearn"].split(".")[:2], sklearn.__version__.split(".")[:2]
    if made != here:
        detail = f"made with scikit-learn {config['sklearn']}, here is {sklearn.__version__}; train it anew"
        raise ModelError("other-version", detail, path=folder)


def _read_status(folder: Path, tier: str) -> StatusModel | AccurateModel:
    if tier != FAST:
        return AccurateModel(Encoder.load(folder), _read_weights(folder / WEIGHTS, Heads))
    return _read_weights(folder / WEIGHTS, StatusModel)


def _read_weights(path: Path, kind: type[T]) -> T:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > MAX_WEIGHTS:
            raise ModelError("too-large", f"it unpacks to {size:,} bytes", path=path)
        found = read_weights(path, TRUSTED)
    except ModelError:
        raise
    except Exception as error:  # a file can be wrong in many ways; none of it may pass as a model
        raise ModelError("bad-weights", f"can't be loaded: {error}", path=path) from error
    if not isinstance(found, kind):
        raise ModelError("bad-weights", "these are no weights of an annotator model", path=path)
    return found


def _answer(model: Model) -> list[float]:
    return [float(share) for share in model.status.predict_documents([sentences(PROBE)], model.no_sourcing(1))[0][0]]


def _check_answer(model: Model, config: dict[str, Any], folder: Path) -> None:
    near = _TOLERANCE[config["tier"]]
    if model.labels != config["labels"] or not np.allclose(_answer(model), config["probe"], atol=near):
        raise ModelError("other-answer", "it doesn't give the known answer to the known sentence", path=folder)


def save_model(
    folder: Path, model: Model, metrics: dict[str, Any], *, card: str, encoder: Path | None = None, tier: str = FAST
) -> None:
    """Write a model folder in one step; an old model of that name is replaced only by a whole new one.

    Parameters
    ----------
    folder : Path
    model : Model
        Its checksum is not looked at.
    metrics : dict
        What was measured, as JSON.
    card : str
        The model card.
    encoder : Path, optional
        Folder of the encoder of a model that has one; its files are copied.
    tier : str
        One of `TIERS`.

    Raises
    ------
    ModelError
        If the folder holds something that is no model, or can't be written.
    """
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / CONFIG).is_file())):
        raise ModelError("not-a-model", "there is something here that is no model; name another folder", path=folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
            new = Path(scratch) / "new"
            new.mkdir()
            copied = [Path(shutil.copy(encoder / file, new)).name for file in ENCODER_FILES] if encoder else []
            _write(new, model, metrics, card, [WEIGHTS, METRICS, *copied], tier)
            _put_in_place(new, folder, Path(scratch) / "old")
    except OSError as error:
        raise ModelError("unwritable", f"can't be written: {error.strerror}", path=folder) from error


def _put_in_place(new: Path, folder: Path, aside: Path) -> None:
    """Swap folders; what stood there before comes back if the new one can't take its place."""
    if folder.exists():
        os.replace(folder, aside)
    try:
        os.replace(new, folder)
    except OSError:
        if aside.exists():
            os.replace(aside, folder)
        raise


def _write(folder: Path, model: Model, metrics: dict[str, Any], card: str, files: list[str], tier: str) -> None:
    import skops.io  # only here: it imports all of scikit-learn, which takes longer than to load a model

    weights = model.status.heads if isinstance(model.status, AccurateModel) else model.status
    skops.io.dump(weights, folder / WEIGHTS, compression=zipfile.ZIP_DEFLATED, compresslevel=6)
    (folder / METRICS).write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(card, encoding="utf-8")
    config = {
        "format": FORMAT,
        "name": model.name,
        "tier": tier,
        "annotator": __version__,
        "sklearn": sklearn.__version__,
        "skops": skops.__version__,
        "labels": model.labels,
        "review_below": model.review_below,
        "decision_weights": list(model.weights),
        "probe": _answer(model),
        "files": {file: checksum(folder / file) for file in files},
    }
    (folder / CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def describe_models() -> list[str]:
    """One line a model that comes with the package, the default marked."""
    default = find_model()
    return [_describe(folder, default) for folder in installed()]


def _metrics(folder: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((folder / METRICS).read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ModelError("bad-metrics", f"can't be read: {error}", path=folder / METRICS) from error


def _describe(folder: Path, default: Path) -> str:
    config = read_config(folder)
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1_000_000
    metrics = _metrics(folder).get("held_out", {})
    score = f"macro-F1 {metrics['macro_f1']:.3f}" if metrics else "not scored"
    mark = " (default)" if folder == default else ""
    return f"{config['name']:<12} {config['tier']:<9} {size:5.1f} MB  {score}  {', '.join(config['labels'])}{mark}"
