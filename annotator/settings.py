"""Settings of a training from a TOML file, checked against the fields of the class that holds them."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

from annotator.errors import LabelledDataError


def read_settings(path: Path | str, kind: type[Any]) -> dict[str, Any]:
    """Values of a TOML file whose keys are fields of the dataclass `kind` that have a default.

    Raises
    ------
    LabelledDataError
        If the file can't be read, names another key or gives a value of another type than the default has.
    """
    try:
        values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LabelledDataError("bad-config", f"can't be read as TOML: {error}", path=path) from error
    known = {field.name: type(field.default) for field in fields(kind) if isinstance(field.default, int | float | bool)}
    for name, value in values.items():
        if name not in known:
            raise LabelledDataError("bad-config", f"unknown key {name!r}; known: {', '.join(known)}", path=path)
        if type(value) is not known[name] and not (known[name] is float and type(value) is int):
            detail = f"{name} must be {known[name].__name__}, not {value!r}"
            raise LabelledDataError("bad-config", detail, path=path)
    return values
