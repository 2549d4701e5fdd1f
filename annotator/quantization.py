"""A network in 8-bit integers: a quarter of the size and several times as fast, with what that would lose kept apart.

Weights get a step of their own for each output channel, inputs one step for a whole window, chosen while it runs. In a
large transformer a few channels of the second half of a layer answer the opening and closing marks with values fifty
times larger than all others, which then share the few steps that are left. So these channels are taken out and
multiplied in full precision beside the rest (LLM.int8(): Dettmers et al. 2022; here the channels are chosen once, by
what some example windows show). Needs onnx and onnxruntime.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

# Products of the second half of a layer, as BERT and MPNet name them, and how many channels of each stand apart.
_SECOND_HALF = "/output/dense/MatMul"
_APART = 8
# Ending of the names of the products that stand beside the integer ones.
BESIDE = ".beside"


def quantize(full: Path, small: Path, examples: Iterable[Mapping[str, np.ndarray]]) -> None:
    """Write a network in 8-bit integers.

    Parameters
    ----------
    full, small : Path
        ONNX files, in full precision and to be written.
    examples : iterable of mapping
        Some typical inputs of the network, by name.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = onnx.load(str(full))
    weights = {item.name: item for item in model.graph.initializer}
    wide = [node for node in model.graph.node if _SECOND_HALF in node.name and node.input[1] in weights]
    largest = _largest(full, [node.input[0] for node in wide], examples)
    for node, channels in zip(wide, largest, strict=True):
        _take_apart(model.graph, node, weights[node.input[1]], np.sort(np.argsort(channels)[-_APART:]))
    apart = full.with_suffix(".apart.onnx")
    onnx.save(model, str(apart))
    beside = [f"{node.name}{BESIDE}" for node in wide]
    quantize_dynamic(apart, small, per_channel=True, weight_type=QuantType.QInt8, nodes_to_exclude=beside)
    apart.unlink()


def _largest(path: Path, names: list[str], examples: Iterable[Mapping[str, np.ndarray]]) -> list[np.ndarray]:
    """Largest absolute value of each channel of some inner tensors."""
    if not names:
        return []
    import onnx
    import onnxruntime

    watched, probe = onnx.load(str(path)), path.with_suffix(".watched.onnx")
    watched.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    onnx.save(watched, str(probe))
    session = onnxruntime.InferenceSession(str(probe), providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = [np.zeros(1, dtype=np.float32)] * len(names)
    for example in examples:
        values = session.run(names, dict(example))
        found = [np.maximum(old, _height(new)) for old, new in zip(found, values, strict=True)]
    probe.unlink()
    return found


def _height(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.abs(values).reshape(-1, values.shape[-1]).max(axis=0))


def _take_apart(graph: Any, node: Any, stored: Any, channels: np.ndarray) -> None:
    """Put the sum of two products in the place of one: some channels of the input, and the others."""
    from onnx import numpy_helper
    from onnx.helper import make_node

    weights, name, source, result = numpy_helper.to_array(stored), node.name, node.input[0], node.output[0]
    others = np.ones(len(weights), dtype=np.float32)
    others[channels] = 0
    parts = {"others": others, "channels": channels.astype(np.int64), "weights": weights[channels]}
    graph.initializer.extend(numpy_helper.from_array(value, f"{name}.{key}") for key, value in parts.items())
    place = next(place for place, other in enumerate(graph.node) if other.name == name)
    node.input[0], node.output[0] = f"{name}.rest", f"{name}.first"
    before = make_node("Mul", [source, f"{name}.others"], [f"{name}.rest"], name=f"{name}.mask")
    after = [
        make_node("Gather", [source, f"{name}.channels"], [f"{name}.large"], name=f"{name}.pick", axis=-1),
        make_node("MatMul", [f"{name}.large", f"{name}.weights"], [f"{name}.second"], name=f"{name}{BESIDE}"),
        make_node("Add", [f"{name}.first", f"{name}.second"], [result], name=f"{name}.sum"),
    ]
    for offset, new in enumerate(after, 1):
        graph.node.insert(place + offset, new)
    graph.node.insert(place, before)
