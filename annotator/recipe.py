"""From labelled files to a model folder with its metrics and its card: what ``annotator train`` does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator import gold
from annotator.accurate_recipe import Learned, learn_accurate, settings
from annotator.errors import ModelError
from annotator.floors import carry_over
from annotator.gold import GoldDocument, LabelledSentence
from annotator.learning import Added, add_reviews
from annotator.marked import read_attributions
from annotator.model import Model
from annotator.model_card import card
from annotator.model_store import CONFIG, FAST, checksum, save_model
from annotator.record import Sourcing
from annotator.scoring import score_model
from annotator.sourcing import source_sentences
from annotator.teacher import soft_labelled
from annotator.training import Progress, TrainingConfig, train_documents

# A sentence is for review when the model takes its answer to be more likely wrong than right.
REVIEW_BELOW = 0.5


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to make a model from.

    Attributes
    ----------
    paths : sequence of str
        Labelled files.
    output : str
        Folder of the new model.
    config : str, optional
        TOML file of settings: of `training.TrainingConfig`, or of `encoder_trainer.TrainingConfig` for an encoder.
    held_out : str, optional
        Labelled file that the new model is scored on, for its metrics and card.
    teacher : pair of str, optional
        Unlabelled documents and a larger model's probabilities for them.
    replace : bool
        Allow `output` to be a model that exists.
    tier : str
        ``fast``, or with an encoder ``accurate`` or ``best``.
    base : str, optional
        Folder of the pretrained transformer of an encoder.
    work : str, optional
        Folder for its encoder and checkpoints; by default beside `output`.
    allow_regression : str, optional
        Why the new model may miss floors of the one that it replaces.
    attributions : str, optional
        Table of sources and cues that people marked, for an encoder; see `marked`.
    start : str, optional
        Model whose encoder is learned on from.
    add : sequence of str
        Review logs, or what ``annotator review export`` wrote, for the fast tier; their sentences weigh more.
    """

    paths: Sequence[str]
    output: str
    config: str | None = None
    held_out: str | None = None
    teacher: tuple[str, str] | None = None
    replace: bool = False
    tier: str = "fast"
    base: str | None = None
    work: str | None = None
    allow_regression: str | None = None
    add: Sequence[str] = ()
    attributions: str | None = None
    start: str | None = None


def make_model(recipe: Recipe, progress: Progress | None = None) -> list[str]:
    """Train, score and save a model; returns the lines that say what came of it.

    Raises
    ------
    LabelledDataError, ModelError
        Before anything is written, if a file is broken, there is too little to learn from, or `output` is taken, be it
        by a better model.
    """
    folder = Path(recipe.output)
    if (folder / CONFIG).exists() and not recipe.replace:
        raise ModelError("exists", "there is a model here already; --replace allows to replace it", path=folder)
    labelled, soft = _labelled(recipe.paths), list(soft_labelled(*recipe.teacher)) if recipe.teacher else []
    documents = _documents([*labelled, *soft])
    added = (
        add_reviews(documents, recipe.add, _fast_settings(recipe), _source)
        if recipe.add
        else Added(documents, None, [])
    )
    learned = _learn(recipe, _documents(labelled), soft, added.documents, progress)
    marked = [recipe.attributions] if recipe.attributions else []
    data = _data([*recipe.paths, *(recipe.teacher or ()), *marked, *recipe.add])
    metrics: dict[str, Any] = {"training": learned.metrics, "data": data, "origins": _origins([*labelled, *soft])}
    metrics |= {"reviews": added.gain.to_json()} if added.gain else {}
    weights = learned.metrics["label"]["decision_weights"]
    model = Model(folder.name, "", REVIEW_BELOW, learned.status, weights=tuple(weights))
    if floors := carry_over(folder, model, recipe.allow_regression):
        metrics["floors"] = floors
    if recipe.held_out is not None:
        metrics["held_out"] = {"data": _data([recipe.held_out])} | score_model(recipe.held_out, model).to_json()
    text = card(folder.name, learned.status.labels, metrics)
    save_model(folder, model, metrics, card=text, encoder=learned.encoder, tier=recipe.tier)
    return [*_summary(metrics), *added.lines]


def _fast_settings(recipe: Recipe) -> TrainingConfig:
    return TrainingConfig.from_toml(recipe.config) if recipe.config else TrainingConfig()


def _learn(
    recipe: Recipe,
    labelled: Sequence[GoldDocument],
    soft: Sequence[LabelledSentence],
    everything: Sequence[GoldDocument],
    progress: Progress | None,
) -> Learned:
    if recipe.tier == FAST:
        trained = train_documents(everything, _fast_settings(recipe), progress, _source)
        return Learned(trained.model, trained.metrics, None)
    work = Path(recipe.work) if recipe.work else Path(f"{recipe.output}.work")
    marked = read_attributions(recipe.attributions) if recipe.attributions else []
    return learn_accurate(labelled, soft, work, settings(recipe.base, recipe.start, recipe.config), _source, marked)


def _labelled(paths: Sequence[str]) -> list[LabelledSentence]:
    labelled = [sentence for path in paths for sentence in gold.read_labelled(path)]
    gold.check_trainable(labelled, paths[0] if len(paths) == 1 else None)
    return labelled


def _documents(labelled: Sequence[LabelledSentence]) -> list[GoldDocument]:
    return [gold.rebuild(run) for run in gold.documents(labelled)]


def _source(document: GoldDocument) -> Sequence[Sourcing]:
    return source_sentences(document.document.text, document.sentences)


def _origins(labelled: Sequence[LabelledSentence]) -> dict[str, int]:
    """Sentences by where their lines say they come from."""
    found = Counter(str(line.extra.get("origin", "not stated")) for line in labelled)
    return dict(found.most_common())


def _data(paths: Sequence[str]) -> list[dict[str, str]]:
    return [{"file": Path(path).name, "sha256": checksum(Path(path))} for path in paths]


def _summary(metrics: dict[str, Any]) -> list[str]:
    training = metrics["training"]
    lines = [f"{training['sentences']:,} labelled sentences of {training['documents']} documents"]
    lines += [f"out of fold: macro-F1 {training['label']['out_of_fold_macro_f1']:.3f}"]
    if "held_out" in metrics:
        lines += [f"held out: macro-F1 {metrics['held_out']['macro_f1']:.3f}"]
    return lines
