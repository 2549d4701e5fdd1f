"""Training the encoder of the `accurate` tier: a small transformer taught by a larger one's opinions, then by gold.

The first stage learns a teacher's probabilities (distillation: Hinton, Vinyals and Dean 2015, at temperature 1), the
second the labels themselves, with some of the teacher's documents among them against forgetting. A third may go on from
the first with all of both; then the weights of the stages are averaged (Wortsman et al. 2022), which is better than any
of them. Label and citation are learned together. Every epoch cuts the windows elsewhere and exchanges names in some
documents. A run that was stopped goes on from its last checkpoint; the same seed, data and thread count give the same
run.

Needs torch, transformers, onnx and onnxruntime, none of which tagging needs beyond the last.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from annotator import encoder, encoder_network, gold, lessons
from annotator.encoder import Encoder, EncoderConfig
from annotator.encoder_trainer import Say, Trainer, TrainingConfig
from annotator.gold import GoldDocument, LabelledSentence
from annotator.lessons import Lesson
from annotator.marked import FLAGS, MARKS, Marked

_EXAMPLES = 32  # windows that show how large the activations get


def train_encoder(
    documents: Sequence[GoldDocument],
    soft: Iterable[LabelledSentence],
    config: TrainingConfig,
    out: Path,
    say: Say = print,
    attributions: Sequence[Sequence[Marked]] = (),
) -> EncoderConfig:
    """Train on gold documents and a teacher's opinions, and write the encoder to `out`.

    Parameters
    ----------
    documents : sequence of GoldDocument
        Labelled by people, or by whatever counts as truth.
    soft : iterable of LabelledSentence
        With `probabilities`; may be empty.
    out : Path
        Folder for the encoder and, under ``work/``, checkpoints. If ``work/soft.pt`` is there, the first stage is done.

    attributions : sequence of documents, each a sequence of Marked
        With them the encoder also learns to mark sources and cues; see `marked`.

    Returns
    -------
    EncoderConfig
        As written; its labels are those of the gold documents in the order of the alphabet, or the codebook's order
        where they are the codebook's.
    """
    reading = _reading(documents, config, bool(attributions))
    truth = [lessons.lesson(document.labelled, reading, config.smoothing) for document in documents]
    taught = [lessons.lesson(document, reading, config.smoothing) for document in gold.documents(soft)]
    taught = lessons.sample(taught, config.soft_share * _count(taught), random.Random(f"{config.seed} share"))  # noqa: S311
    marked = [lessons.attribution_lesson(document, reading) for document in attributions[:: config.marked_every]]
    trainer = Trainer(config, reading, out / "work", say)
    _learn(trainer, truth, taught, marked)
    sizes = {"gold_sentences": _count(truth), "gold_documents": len(truth)}
    sizes |= {"soft_sentences": _count(taught), "soft_documents": len(taught), "marked_sentences": _count(marked)}
    trained = asdict(config) | {"base": config.base.name, "start": config.start and config.start.parent.name}
    examples = trainer.examples(truth, _EXAMPLES)
    encoder_network.export(trainer.network, config.base, reading, out, {"training": trained, "data": sizes}, examples)
    return reading


def _learn(trainer: Trainer, truth: list[Lesson], taught: list[Lesson], marked: list[Lesson]) -> None:
    """All stages; gold alone and gold among the teacher's documents err differently, so their weights are averaged."""
    config, slow = trainer.config, trainer.config.head_rate * 0.1
    trainer.stage("soft", [taught + marked] * config.soft_epochs if taught else [], config.soft_rate, config.head_rate)
    first = taught and config.soft_epochs
    runs = _learn_gold(trainer, _gold_epochs(truth, taught, marked, config), slow if first else config.head_rate)
    if first and config.joint_epochs:
        trainer.take_up("soft")
        trainer.stage("joint", [truth + taught + marked] * config.joint_epochs, config.joint_rate, slow)
        trainer.average(("start", "soft", *runs, "joint"))


def _learn_gold(trainer: Trainer, epochs: list[list[Lesson]], head_rate: float) -> list[str]:
    """The second stage, so many times from the same weights, each time in another order; ends with their mean.

    Returns the names of the weights that stand for it: one, however many runs there were, or none.
    """
    if not epochs:
        return []
    runs = ["gold", *(f"gold{number}" for number in range(2, trainer.config.runs + 1))]
    begin = {name: values.clone() for name, values in trainer.network.state_dict().items()}
    for run in runs:
        trainer.network.load_state_dict(begin)
        trainer.stage(run, epochs, trainer.config.rate, head_rate)
    if len(runs) == 1:
        return runs
    trainer.average(runs)
    trainer.keep("runs")
    return ["runs"]


def _reading(documents: Sequence[GoldDocument], config: TrainingConfig, marks: bool) -> EncoderConfig:
    labels, citations = lessons.answers(document.labelled for document in documents)
    limits = (config.window_tokens, config.sentence_tokens, config.overlap_tokens)
    flags, asked = (FLAGS, MARKS) if marks else ((), ())
    return EncoderConfig(labels, citations, *limits, flags, asked, config.readings)


def _count(documents: Sequence[Lesson]) -> int:
    return sum(len(lesson.texts) for lesson in documents)


def _gold_epochs(
    truth: list[Lesson], taught: Sequence[Lesson], marked: Sequence[Lesson], config: TrainingConfig
) -> list[list[Lesson]]:
    """Gold documents and, with them, other documents of the teacher and of the attributions each epoch."""
    wanted = config.replay * _count(truth)
    chances = [random.Random(f"{config.seed} replay {epoch}") for epoch in range(config.epochs)]  # noqa: S311
    return [
        truth + lessons.sample(taught, wanted, chance) + lessons.sample(marked, wanted, chance) for chance in chances
    ]


def out_of_fold(
    documents: Sequence[GoldDocument],
    soft: Sequence[LabelledSentence],
    config: TrainingConfig,
    out: Path,
    folds: int = 3,
    say: Say = print,
) -> list[np.ndarray]:
    """Log-odds of each gold document by an encoder that saw the teacher's opinions and the other folds' gold only.

    What a second classifier that reads the encoder's answers must be trained on: answers on the encoder's own training
    sentences are surer than those on new text. Each fold starts from ``out/work/soft.pt`` and is exported, so that the
    answers come from the same integer arithmetic as in use. Finished folds are kept in ``out/fold*``.
    """
    order = list(range(len(documents)))
    random.Random(f"{config.seed} folds").shuffle(order)  # noqa: S311
    answers: dict[int, np.ndarray] = {}
    for fold in range(folds):
        held, place = sorted(order[fold::folds]), out / f"fold{fold}"
        rest = [documents[number] for number in sorted(set(order) - set(held))]
        if not (place / encoder.CONFIG).exists():
            _share_first_stage(out, place)
            train_encoder(rest, soft, config, place, _told(say, f"fold {fold + 1}/{folds}, "))
        reader = Encoder.load(place, config.threads)
        answers |= zip(held, reader.encode_documents([documents[number].sentences for number in held]), strict=True)
    return [answers[number] for number in range(len(documents))]


def _share_first_stage(out: Path, place: Path) -> None:
    done = out / "work" / "soft.pt"
    (place / "work").mkdir(parents=True, exist_ok=True)
    if done.exists():
        shutil.copy(done, place / "work" / "soft.pt")


def _told(say: Say, prefix: str) -> Say:
    return lambda line: say(prefix + line)
