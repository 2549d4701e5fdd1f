"""The network of the `accurate` tier: how it is built for training, and how it is written for use.

Only training needs this module: it imports torch, transformers and onnx, each where it is used.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from annotator import encoder
from annotator.encoder import EncoderConfig
from annotator.growth import grow
from annotator.quantization import quantize
from annotator.windows import Batch


def build_network(
    base: Path, reading: EncoderConfig, dropout: float = 0.0, layers: int | None = None, plain: bool = False
) -> Any:
    """The pretrained body with new heads; called with the arrays of a `windows.Batch`.

    Each sentence is the mean of its tokens beside the mean of its window, through one hidden layer; the marks of a
    token come straight from its state. `layers` keeps only the first so many: the upper ones matter least for
    another task (Sajjad et al. 2023); more than there are grow it (see `growth`). `plain` avoids fused operations that
    can't be exported. Dropout stands before the hidden layer only: inside the body it costs half the speed on a CPU.
    """
    import torch
    from transformers import AutoModel, logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    still = {"attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0, "add_pooling_layer": False}
    attention = "sdpa" if _is_bert(base) and not plain else "eager"

    class Network(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.body = AutoModel.from_pretrained(str(base), attn_implementation=attention, **still)
            self.body.encoder.layer = self.body.encoder.layer[:layers]
            grow(self.body, layers or 0)
            width = self.body.config.hidden_size
            self.dropout = torch.nn.Dropout(dropout)
            self.hidden = torch.nn.Linear(2 * width, width)
            self.heads = torch.nn.Linear(width, len(reading.columns))
            self.marks = torch.nn.Linear(width, len(reading.marks)) if reading.marks else None

        def forward(self, ids: Any, mask: Any, pooling: Any) -> Any:
            states = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
            own = pooling.to(states.dtype) @ states
            real = mask.unsqueeze(1).to(states.dtype)
            whole = (real @ states) / real.sum(-1, keepdim=True)
            joined = torch.cat([own, whole.expand(-1, own.shape[1], -1)], dim=-1)
            answers = self.heads(torch.nn.functional.gelu(self.hidden(self.dropout(joined))))
            return answers if self.marks is None else (answers, self.marks(states))

    return Network()


def _is_bert(base: Path) -> bool:
    return bool(json.loads((base / "config.json").read_text(encoding="utf-8")).get("model_type") == "bert")


def export(
    network: Any,
    base: Path,
    reading: EncoderConfig,
    out: Path,
    notes: Mapping[str, Any],
    examples: Iterable[Batch],
) -> None:
    """Write a network as ONNX in 8-bit integers, with its tokenizer and its description.

    Parameters
    ----------
    network : torch.nn.Module
        As `build_network` made it from `base`.
    out : Path
        Folder; the network in full precision is left in its ``work/``.
    notes : mapping
        More fields for the description, such as how it was trained.
    examples : iterable of Batch
        Some typical windows, to see what is lost in 8 bits.
    """
    full, partial = out / "work" / "encoder.fp32.onnx", out / (encoder.NETWORK + ".partial")
    _write_onnx(network, base, reading, full)
    quantize(full, partial, [example._asdict() for example in examples])
    partial.replace(out / encoder.NETWORK)
    shutil.copy(base / encoder.TOKENIZER, out / encoder.TOKENIZER)
    fields = reading.to_json() | {"pooling": "sentence mean and window mean"} | dict(notes)
    (out / encoder.CONFIG).write_text(json.dumps(fields, indent=2) + "\n", encoding="utf-8")


def _write_onnx(network: Any, base: Path, reading: EncoderConfig, path: Path) -> None:
    import torch

    plain = build_network(base, reading, layers=len(network.body.encoder.layer), plain=True)
    plain.load_state_dict(network.state_dict())
    example = (torch.ones(2, 8, dtype=torch.long), torch.ones(2, 8, dtype=torch.long), torch.full((2, 3, 8), 0.125))
    axes = {
        "ids": {0: "windows", 1: "tokens"},
        "mask": {0: "windows", 1: "tokens"},
        "pooling": {0: "windows", 1: "sentences", 2: "tokens"},
        "answers": {0: "windows", 1: "sentences"},
    }
    outputs = ["answers"]
    if reading.marks:
        axes["marks"], outputs = {0: "windows", 1: "tokens"}, ["answers", "marks"]
    torch.onnx.export(
        plain.eval(), example, str(path), dynamo=False, opset_version=17, dynamic_axes=axes,
        input_names=["ids", "mask", "pooling"], output_names=outputs,
    )  # fmt: skip
