"""A deeper transformer from a trained one: layers that change nothing yet are put between its own.

So a small encoder that has learned all it can hold may go on from where it stands (compare Gong et al. 2019, who stack
copies, and Chen et al. 2022, "bert2BERT", for other starts). BERT normalises after each layer; a new layer takes over
the scale of the one below it, and both of its own additions begin at nought, so the answers stay as they were.
"""

from __future__ import annotations

import copy
from typing import Any

from annotator.errors import ModelError


def grow(body: Any, layers: int) -> None:
    """Give a BERT body so many layers, the new ones evenly between the old; one that has as many is left alone.

    Parameters
    ----------
    body : transformers.BertModel
        Or one whose layers have the same parts.
    layers : int
        At most twice the present number.

    Raises
    ------
    ModelError
        If the layers have other parts, or there are too few of them.
    """
    stack = body.encoder.layer
    missing = layers - len(stack)
    if missing <= 0:
        return
    if missing > len(stack) or not hasattr(stack[0], "output") or not hasattr(stack[0].attention, "output"):
        raise ModelError("other-shape", f"a body of {len(stack)} layers can't be grown to {layers}")
    for place in sorted(_places(len(stack), missing), reverse=True):
        stack.insert(place + 1, _idle_after(stack[place]))


def _places(layers: int, missing: int) -> list[int]:
    """After which layers the new ones stand; the last is one of them."""
    return [(number + 1) * layers // missing - 1 for number in range(missing)]


def _idle_after(layer: Any) -> Any:
    """A layer that adds nothing and normalises as the one below did, which from now on leaves its output unscaled."""
    import torch

    new = copy.deepcopy(layer)
    for dense in (new.attention.output.dense, new.output.dense):
        torch.nn.init.zeros_(dense.weight)
        torch.nn.init.zeros_(dense.bias)
    for norm in (new.attention.output.LayerNorm, layer.output.LayerNorm):
        torch.nn.init.ones_(norm.weight)
        torch.nn.init.zeros_(norm.bias)
    return new
