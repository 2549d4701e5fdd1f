"""Reads the weights of a model from a file of skops, without skops, which takes longer to import than to read them.

A file of skops is a zip archive: ``schema.json`` is a tree of nodes, and arrays lie beside it in NumPy's own format.
Only the few sorts of nodes that our models consist of are known here; any other is refused, and so is an object of a
class that wasn't named. Nothing in the file is ever run.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

SCHEMA = "schema.json"


def read_weights(path: Path, trusted: Mapping[str, type]) -> Any:
    """The object that `skops.io.dump` wrote to a file.

    Parameters
    ----------
    path : Path
    trusted : mapping of str to type
        Classes of the objects that the file may hold, by their names with their modules.

    Raises
    ------
    ValueError
        If the file holds anything else.
    """
    with zipfile.ZipFile(path) as archive:
        return _value(json.loads(archive.read(SCHEMA)), archive, trusted)


def _value(node: dict[str, Any], archive: zipfile.ZipFile, trusted: Mapping[str, type]) -> Any:
    kind, name = node["__loader__"], f"{node['__module__']}.{node['__class__']}"
    if kind == "JsonNode":
        return json.loads(node["content"])
    if kind == "NdArrayNode" and name == "numpy.ndarray" and node["type"] == "numpy":
        return np.load(io.BytesIO(archive.read(node["file"])), allow_pickle=False)
    if kind == "ListNode" and name == "builtins.list":
        return [_value(item, archive, trusted) for item in node["content"]]
    if kind == "DictNode" and name == "builtins.dict" and all(map(_names_str, node["key_types"]["content"])):
        return {key: _value(item, archive, trusted) for key, item in node["content"].items()}
    if kind == "ObjectNode" and name in trusted:
        return _object(trusted[name], _value(node["content"], archive, trusted))
    raise ValueError(f"a {kind} of {name} is none of ours")


def _names_str(node: dict[str, Any]) -> bool:
    return (node["__module__"], node["__class__"]) == ("builtins", "str")


def _object(kind: type, state: Any) -> Any:
    made: Any = object.__new__(kind)
    if hasattr(made, "__setstate__"):
        made.__setstate__(state)
    else:
        vars(made).update(state)
    return made
