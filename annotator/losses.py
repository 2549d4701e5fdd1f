"""What an encoder's training makes smaller: how far its answers and marks are from those it is taught. Needs torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from annotator.encoder import EncoderConfig
from annotator.lessons import LessonWindow


class Loss:
    """Loss of a batch: label, and beside it citation, flags and marks, each with its weight.

    Parameters
    ----------
    reading : EncoderConfig
        Which answers there are.
    weights : tuple of float
        Of citation, flags and marks against the label.
    device : str
        Where the network is.
    """

    def __init__(self, reading: EncoderConfig, weights: tuple[float, float, float], device: str) -> None:
        import torch

        self._torch, self._reading, self._device = torch, reading, device
        self._citation, self._flags, self._marks = weights

    def __call__(self, found: Any, windows: Sequence[LessonWindow]) -> Any:
        """Mean loss of what the network found in some windows; an answer that isn't known counts for nothing."""
        if not self._reading.marks:
            return self._answers(found, windows)
        answers, marks = found
        rows = [marks[row, 1 : 1 + len(window.marks)] for row, window in enumerate(windows)]
        marked = self._yes_or_no(self._torch.cat(rows), [window.marks for window in windows])
        return self._answers(answers, windows) + self._marks * marked

    def _answers(self, answers: Any, windows: Sequence[LessonWindow]) -> Any:
        flat = self._torch.cat([answers[row, : len(window.tokens)] for row, window in enumerate(windows)])
        labels, citations = len(self._reading.labels), len(self._reading.citations)
        loss = self._cross_entropy(flat[:, :labels], [window.labels for window in windows])
        if citations:
            part = flat[:, labels : labels + citations]
            loss = loss + self._citation * self._cross_entropy(part, [one.citations for one in windows])
        if self._reading.flags:
            flags = self._yes_or_no(flat[:, labels + citations :], [window.flags for window in windows])
            loss = loss + self._flags * flags
        return loss

    def _yes_or_no(self, answers: Any, wanted: Sequence[np.ndarray]) -> Any:
        """Mean binary cross-entropy over the answers that are known."""
        target = self._torch.from_numpy(np.concatenate(wanted)).to(self._device)
        known = ~target.isnan()
        lost = self._torch.nn.functional.binary_cross_entropy_with_logits(
            answers.float()[known], target[known], reduction="sum"
        )
        return lost / known.sum().clamp(min=1)

    def _cross_entropy(self, answers: Any, wanted: Sequence[np.ndarray]) -> Any:
        target = self._torch.from_numpy(np.concatenate(wanted)).to(self._device)
        lost = -(target * answers.float().log_softmax(-1)).sum()
        return lost / target.sum().clamp(min=1)
