"""One network taken through the stages of its training: steps, learning rates, checkpoints and losses."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator import encoder, encoder_network, lessons
from annotator.encoder import EncoderConfig
from annotator.errors import ModelError
from annotator.growth import grow
from annotator.lessons import Lesson, LessonWindow
from annotator.losses import Loss
from annotator.sentence_tokens import SentenceTokenizer
from annotator.warm_start import layers_of, start_from
from annotator.windows import Batch, pack

Say = Callable[[str], None]
_SAY_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """How to train.

    Attributes
    ----------
    base : Path
        Folder of the pretrained BERT-like model: ``config.json``, ``model.safetensors``, ``tokenizer.json``.
    start : Path, optional
        ``encoder.onnx`` of a finished encoder of that shape, to learn on from.
    soft_epochs, epochs : int
        Passes over the teacher's documents, then over the gold ones.
    runs : int
        Times that the second stage is run, each in another order; the mean of their weights counts.
    soft_rate, rate, head_rate : float
        Highest learning rate of the body in the first and the second stage, and of the heads in the first; in the
        second the heads learn at a tenth of it if there was a first.
    joint_epochs, joint_rate : int, float
        A third stage, on from the first: passes over the teacher's and the gold documents together. 0: none.
    replay : float
        Windows of the teacher in a gold epoch, as a share of the gold windows.
    smoothing : float
        Share of a gold label's weight that is spread over all labels.
    citation_weight : float
        Weight of the citation loss against the label loss.
    renamed, swapped : float
        Share of documents in which names are exchanged in an epoch, and of the names in them.
    masked : float
        Share of the words that are hidden, a regulariser against learning the teacher's documents by heart.
    running_mean : float
        What a step leaves of the running mean of the weights, with which a stage then ends; 0: with its last weights.
    readings : int
        Times that a document of several windows is read in use; see `encoder.EncoderConfig`.
    layers : int
        Keep only so many layers of the body, counted from the words, or grow it to so many; 0: as it is.
    soft_share : float
        Share of the teacher's documents that an epoch sees; the same ones each time.
    marked_every : int
        Of the documents with marked attributions only every so many-th is used.
    flag_weight, mark_weight : float
        Weight of these losses against the label loss.
    """

    base: Path
    start: Path | None = None
    window_tokens: int = 256
    sentence_tokens: int = 128
    overlap_tokens: int = 0
    readings: int = 1
    batch: int = 8
    soft_epochs: int = 2
    epochs: int = 3
    runs: int = 1
    soft_rate: float = 1e-4
    rate: float = 5e-5
    joint_epochs: int = 0
    joint_rate: float = 1.5e-4
    head_rate: float = 1e-3
    replay: float = 0.25
    smoothing: float = 0.05
    citation_weight: float = 0.5
    dropout: float = 0.1
    renamed: float = 0.3
    swapped: float = 0.5
    masked: float = 0.0
    running_mean: float = 0.0
    warm_up: float = 0.06
    seed: int = 0
    threads: int = 2
    checkpoint_seconds: float = 180.0
    layers: int = 0
    soft_share: float = 1.0
    marked_every: int = 1
    flag_weight: float = 0.3
    mark_weight: float = 2.0


class Trainer:
    """Takes one network through the stages; each stage leaves ``NAME.pt``, an unfinished one ``NAME.checkpoint``."""

    def __init__(self, config: TrainingConfig, reading: EncoderConfig, work: Path, say: Say) -> None:
        import torch

        torch.manual_seed(config.seed)  # the new heads start from chance
        torch.set_num_threads(config.threads)
        self.torch, self.config, self.reading, self.work, self.say = torch, config, reading, work, say
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        depth = _depth(config)
        self.network = encoder_network.build_network(config.base, reading, config.dropout, depth).to(self.device)
        self.tokenizer = SentenceTokenizer(config.base / encoder.TOKENIZER, config.sentence_tokens)
        self.cutter = lessons.Cutter(
            self.tokenizer, config.window_tokens, config.batch,
            config.renamed, config.swapped, reading.marks, config.masked,
        )  # fmt: skip
        weights = (config.citation_weight, config.flag_weight, config.mark_weight)
        self.loss = Loss(reading, weights, self.device)
        work.mkdir(parents=True, exist_ok=True)
        if config.start is not None:
            self._start_from(config.start)

    def _start_from(self, finished: Path) -> None:
        """Learn on from an encoder; one that gives the same answers brings its heads and counts in the average."""
        theirs = encoder.read_config(finished.parent)
        same = (theirs.columns, theirs.marks) == (self.reading.columns, self.reading.marks)
        start_from(self.network, finished, same)
        grow(self.network.body, self.config.layers)
        if same:
            _save(self.torch, self.network.state_dict(), self._weights("start"))

    def _weights(self, stage: str) -> Path:
        return self.work / f"{stage}.pt"

    def examples(self, documents: Sequence[Lesson], count: int) -> list[Batch]:
        """Some windows of documents, as the network is handed them in use."""
        batches = self.cutter.batches(documents[: 4 * count], random.Random(f"{self.config.seed} examples"))  # noqa: S311
        windows = [window for batch in batches for window in batch][:count]
        return [pack([window.tokens], self.tokenizer.opening) for window in windows]

    def stage(self, name: str, epochs: Sequence[Sequence[Lesson]], rate: float, head_rate: float) -> None:
        """Learn some epochs, or take up what an earlier run left of them."""
        done, unfinished = self._weights(name), self.work / f"{name}.checkpoint"
        if done.exists():
            self.take_up(name)
            return
        if not epochs:
            return
        self.torch.manual_seed(random.Random(f"{self.config.seed} {name}").getrandbits(32))  # noqa: S311
        optimizer = self._optimizer(rate, head_rate)
        self.mean = self._running_mean()
        skip = self._resume(unfinished, optimizer)
        self._learn(name, epochs, optimizer, unfinished, skip)
        if self.mean is not None:
            self.network.load_state_dict(self.mean.module.state_dict())
        _save(self.torch, self.network.state_dict(), done)
        unfinished.unlink(missing_ok=True)

    def keep(self, stage: str) -> None:
        """Keep the weights as they are now as those of a stage."""
        _save(self.torch, self.network.state_dict(), self._weights(stage))

    def take_up(self, stage: str) -> None:
        """Go back to the weights that a stage ended with."""
        self.network.load_state_dict(self._load(stage))

    def average(self, stages: Sequence[str]) -> None:
        """Take the mean weights of those stages that there are; ``start`` is there if it has the same answers."""
        states = [self._load(stage) for stage in stages if self._weights(stage).exists()]
        self.network.load_state_dict({name: sum(one[name] for one in states) / len(states) for name in states[0]})

    def _load(self, stage: str) -> Any:
        return self.torch.load(self._weights(stage), map_location=self.device, weights_only=True)

    def _optimizer(self, rate: float, head_rate: float) -> Any:
        body = list(self.network.body.parameters())
        known = {id(parameter) for parameter in body}
        heads = [parameter for parameter in self.network.parameters() if id(parameter) not in known]
        groups = [{"params": body, "lr": rate, "top": rate}, {"params": heads, "lr": head_rate, "top": head_rate}]
        return self.torch.optim.AdamW(groups, weight_decay=0.01, fused=True)

    def _running_mean(self) -> Any:
        if not self.config.running_mean:
            return None
        averaging = self.torch.optim.swa_utils
        return averaging.AveragedModel(
            self.network, multi_avg_fn=averaging.get_ema_multi_avg_fn(self.config.running_mean)
        )

    def _resume(self, path: Path, optimizer: Any) -> int:
        if not path.exists():
            return 0
        state = self.torch.load(path, map_location=self.device, weights_only=True)
        self.network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        self.torch.set_rng_state(state["chance"].cpu())
        if self.mean is not None:
            self.mean.load_state_dict(state["mean"])
        self.say(f"goes on at step {state['step']}")
        return int(state["step"])

    def _learn(
        self, name: str, epochs: Sequence[Sequence[Lesson]], optimizer: Any, unfinished: Path, skip: int
    ) -> None:
        self.network.train()
        step, saved = 0, time.monotonic()
        report = _Report(f"{name} epoch", len(epochs), self.say)
        for epoch, taught in enumerate(epochs):
            chance = random.Random(f"{self.config.seed} {name} {epoch}")  # noqa: S311
            batches = self.cutter.batches(taught, chance)
            for number, batch in enumerate(batches):
                step += 1
                if step <= skip:
                    continue
                self._set_rates(optimizer, (epoch + number / len(batches)) / len(epochs))
                report.add(epoch, number, len(batches), len(batch), self._step(batch, optimizer))
                if time.monotonic() - saved > self.config.checkpoint_seconds:
                    self._checkpoint(unfinished, optimizer, step)
                    saved = time.monotonic()

    def _checkpoint(self, path: Path, optimizer: Any, step: int) -> None:
        state = {"network": self.network.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
        state |= {"chance": self.torch.get_rng_state()}
        _save(self.torch, state if self.mean is None else state | {"mean": self.mean.state_dict()}, path)

    def _set_rates(self, optimizer: Any, done: float) -> None:
        """Linear warm-up, then half a cosine down to nothing."""
        warm = self.config.warm_up
        share = done / warm if done < warm else 0.5 + 0.5 * math.cos(math.pi * (done - warm) / (1 - warm))
        for group in optimizer.param_groups:
            group["lr"] = group["top"] * max(share, 0.01)

    def _step(self, windows: Sequence[LessonWindow], optimizer: Any) -> float:
        packed = pack([window.tokens for window in windows], self.tokenizer.opening)
        arrays = [self.torch.from_numpy(array).to(self.device) for array in packed]
        with self.torch.autocast(self.device, dtype=self.torch.bfloat16):
            answers = self.network(*arrays)
        loss = self.loss(answers, windows)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        optimizer.step()
        if self.mean is not None:
            self.mean.update_parameters(self.network)
        return float(loss.detach())


def _depth(config: TrainingConfig) -> int | None:
    """Layers of the body to begin with: those of the start, which can be grown later and not cut."""
    if config.start is None:
        return config.layers or None
    layers = layers_of(config.start)
    if 0 < config.layers < layers:
        raise ModelError("other-shape", f"has {layers} layers and can't be cut to {config.layers}", path=config.start)
    return layers


class _Report:
    """Says now and then how far training is, how fast, and how well it fits."""

    def __init__(self, name: str, epochs: int, say: Say) -> None:
        self.name, self.epochs, self.say = name, epochs, say
        self.loss, self.windows, self.started, self.said = 0.0, 0, time.monotonic(), 0.0

    def add(self, epoch: int, number: int, batches: int, windows: int, loss: float) -> None:
        """Count one batch."""
        self.loss = loss if self.windows == 0 else 0.98 * self.loss + 0.02 * loss
        self.windows += windows
        now = time.monotonic()
        if now - self.said < _SAY_SECONDS and number + 1 < batches:
            return
        self.said = now
        rate = self.windows / max(now - self.started, 1e-9)
        place = f"{self.name} {epoch + 1}/{self.epochs}, batch {number + 1}/{batches}"
        self.say(f"{place}, loss {self.loss:.4f}, {rate:.1f} windows a second")


def _save(torch: Any, state: Any, path: Path) -> None:
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)
