"""Weights of a finished encoder for a new network, so that training needn't begin from the pretrained transformer.

The finished one is an ONNX file in 8-bit integers. Its weights are put back to floating point, which is within half a
step of what was trained: good enough to learn on from. Needs onnx and torch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from annotator.errors import ModelError
from annotator.quantization import BESIDE

_HEADS = ("heads.", "marks.")
_QUANTIZED = "_quantized"


def start_from(network: Any, path: Path, heads: bool = False) -> None:
    """Give a network the body and the hidden layer of a finished encoder.

    Parameters
    ----------
    network : torch.nn.Module
        As `encoder_network.build_network` makes it.
    path : Path
        ``encoder.onnx`` of a network of the same shape.
    heads : bool
        Take the heads too, which must be for the same answers; otherwise they stay as they are.

    Raises
    ------
    ModelError
        If it is of another shape.
    """
    import torch

    mine = network.state_dict()
    kept = () if heads else _HEADS
    found = {name: values for name, values in _weights(network, path).items() if not name.startswith(kept)}
    wanted = {name for name in mine if not name.startswith(kept)}
    alike = wanted == set(found) and all(tuple(mine[name].shape) == found[name].shape for name in wanted)
    if not alike:
        raise ModelError("other-shape", "is an encoder of another shape than the base", path=path)
    network.load_state_dict({name: torch.from_numpy(values) for name, values in found.items()}, strict=False)


def layers_of(path: Path) -> int:
    """How many layers the body of a finished encoder has."""
    import onnx

    names = (node.name.partition("/body/encoder/layer.")[2] for node in onnx.load(str(path)).graph.node)
    return len({name.split("/")[0] for name in names if name})


def _weights(network: Any, path: Path) -> dict[str, np.ndarray]:
    """Weights by their names in the network."""
    import onnx

    graph = onnx.load(str(path)).graph
    stored = {item.name: onnx.numpy_helper.to_array(item) for item in graph.initializer}
    found = {name: _float(stored, name) for name in map(_plain, stored) if name in network.state_dict()}
    return found | {f"{name}.weight": np.ascontiguousarray(weight.T) for name, weight in _products(graph, stored)}


def _plain(name: str) -> str:
    return name.removesuffix(_QUANTIZED)


def _products(graph: Any, stored: Mapping[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """Linear layers, which the nodes of the graph are named after, with their weights (in, out)."""
    for node in graph.node:
        multiplies = node.op_type in ("MatMul", "MatMulInteger") and node.input[1] in stored
        if multiplies and not node.name.endswith(BESIDE):
            layer = node.name.strip("/").rpartition("/")[0].replace("/", ".")
            yield layer, _float(stored, _plain(node.input[1]))


def _float(stored: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    if name in stored:
        return stored[name].astype(np.float32)
    whole = stored[name + _QUANTIZED].astype(np.float32) - stored[f"{name}_zero_point"].astype(np.float32)
    return (whole * stored[f"{name}_scale"]).astype(np.float32)
