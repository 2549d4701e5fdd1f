"""JSON Lines, read strictly from bytes and written safely.

One broken line never costs its neighbours: every line comes out as an object or as a reason. `jsonlines` does the
reading. Added are a cap on the length of a line, and refusal of what JSON forbids (NaN, Infinity), of a repeated "id"
or "text", of which one would be lost silently, and of nesting too deep for Python.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

import jsonlines

MAX_LINE = 10_000_000
# What is written was read from JSON or made here, so it is a tree and no circle need be looked for.
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False)
# Legal inside a JSON string, but `str.splitlines` and many readers take them for the end of a line.
_LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class BadLine(NamedTuple):
    """Why a line holds no object: a short code and a sentence for people."""

    reason: str
    detail: str


class Line(NamedTuple):
    """A line by its number, counted from 1, with the object on it or the reason why there is none."""

    number: int
    value: dict[str, Any] | BadLine


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _refuse_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        if keys.count("id") > 1 or keys.count("text") > 1:
            raise ValueError('"id" or "text" stands twice')
    return found


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_refuse_repeats)


def _loads(line: str | bytes) -> Any:
    try:
        return _DECODER.decode(line if isinstance(line, str) else line.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


class _Lines:
    """Iterator over the lines of a byte stream that knows the number of the last line and whether it was too long."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.number, self.too_long = stream, 0, False

    def __iter__(self) -> Iterator[bytes]:
        while line := self.stream.readline(MAX_LINE + 1):
            self.number += 1
            self.too_long = len(line) > MAX_LINE
            if self.too_long:
                self._skip_rest(line)
            yield b"" if self.too_long else line

    def _skip_rest(self, line: bytes) -> None:
        while line and not line.endswith(b"\n"):
            line = self.stream.readline(MAX_LINE)


def _reason(error: jsonlines.InvalidLineError, lines: _Lines) -> BadLine:
    if lines.too_long:
        return BadLine("line-too-long", f"the line is longer than {MAX_LINE:,} bytes")
    if isinstance(error.line, bytes):
        return BadLine("not-utf8", "the line is not UTF-8")
    cause = error.__cause__
    if cause is None:
        return BadLine("not-an-object", "the line holds no JSON object")
    place = (
        f"{cause.msg.removesuffix(' at')} (column {cause.colno})"
        if isinstance(cause, json.JSONDecodeError)
        else str(cause)
    )
    return BadLine("not-json", f"the line is not JSON: {place}")


def read_lines(stream: IO[bytes]) -> Iterator[Line]:
    """Yield every line that isn't blank, as an object or as the reason why it is none."""
    lines = _Lines(stream)
    reader = jsonlines.Reader(lines, loads=_loads)
    while True:
        try:
            value = reader.read(type=dict)
        except EOFError:
            return
        except jsonlines.InvalidLineError as error:
            if lines.too_long or error.line.strip():
                yield Line(lines.number, _reason(error, lines))
        else:
            yield Line(lines.number, value)


def dumps(value: dict[str, Any]) -> str:
    """One line of JSON without its line end; readable, and free of characters that some readers break lines at."""
    line = _ENCODER.encode(value)
    for found in filter(line.__contains__, _LINE_ENDS):  # hardly ever there, and to look costs next to nothing
        line = line.replace(found, _LINE_ENDS[found])
    return line
