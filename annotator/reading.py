"""Documents from files, folders, globs and standard input; what can't be read comes out as a reason, in its place."""

from __future__ import annotations

import glob
import io
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from annotator.decoding import decode, encoding_of, known_encoding, without_surrogates
from annotator.errors import ReadError
from annotator.jsonl import BadLine, read_lines
from annotator.record import Document

TEXT_SUFFIXES = (".txt", ".text", ".md", ".markdown")
MARKDOWN_SUFFIXES = (".md", ".markdown")
LINES_SUFFIXES = (".jsonl", ".ndjson")
MAX_BYTES = 10_000_000
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that can't be read: the name it is reported under, a stable code, and a sentence for people."""

    id: str
    reason: str
    detail: str


Read = Document | Unreadable


def find_files(paths: Iterable[str], output: str | None = None) -> list[str | Unreadable]:
    """Files behind the paths given: folders searched in sorted order, patterns expanded, each file once.

    Of a folder only files with a suffix of text, Markdown or JSONL count; a file that is named counts in any case.

    Parameters
    ----------
    paths : iterable of str
    output : str, optional
        File that will be written. An earlier one that lies in a folder is left out.

    Raises
    ------
    ReadError
        If the output is named as an input.
    """
    out = None if output in (None, STDIN) else os.path.realpath(str(output))
    found: dict[object, str | Unreadable] = {}
    for path in paths:
        for name in _expand(path):
            key = name if isinstance(name, Unreadable) or name == STDIN else os.path.realpath(name)
            if key == out and name == path:
                raise ReadError("output-is-input", "this is a document; name another file for the output", path=path)
            if key != out:
                found.setdefault(key, name)
    return list(found.values())


def _expand(path: str) -> list[str | Unreadable]:
    if path == STDIN or os.path.isfile(path):
        return [path]
    if os.path.isdir(path):
        return list(_walk(path)) or [Unreadable(path, "empty-folder", "the folder holds no .txt, .md or .jsonl file")]
    if not path:
        return [Unreadable('""', "not-found", "an empty name is no file")]
    if glob.has_magic(path) and (matches := sorted(glob.glob(path, recursive=True))):
        return [name for match in matches for name in _expand(match)]
    if os.path.exists(path):
        return [Unreadable(path, "not-a-file", "this is neither a file nor a folder")]
    return [Unreadable(path, "not-found", "there is no such file or folder")]


def _walk(folder: str) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and name.lower().endswith(TEXT_SUFFIXES + LINES_SUFFIXES):
                yield os.path.join(root, name)


def read_documents(files: Iterable[str | Unreadable], encoding: str | None = None) -> Iterator[Read]:
    """Yield every document of the files in order; what can't be read is yielded as `Unreadable` in its place.

    Ids are the paths as given, or the ``id`` of a JSONL line. A second document with an id that has been seen is
    `Unreadable`, named by its file and line.

    Raises
    ------
    ReadError
        If `encoding` is no encoding.
    """
    chosen = None if encoding is None else known_encoding(encoding)
    seen: set[str] = set()
    for file in files:
        documents = iter([file]) if isinstance(file, Unreadable) else _read_file(file, chosen)
        for place, read in enumerate(documents, 1):
            if read.id in seen:
                yield Unreadable(f"{file}#{place}", "duplicate-id", f"the id {read.id!r} stands already further up")
            else:
                seen.add(read.id)
                yield read


def _read_file(path: str, encoding: str | None) -> Iterator[Read]:
    try:
        with _open(path) as stream:
            head = stream.peek(4096) if isinstance(stream, io.BufferedReader) else b""
            if _holds_lines(path, head):
                yield from _read_lines(path, stream, head, encoding)
            else:
                yield _read_text(path, stream, encoding)
    except OSError as error:
        yield Unreadable(path, "unreadable", f"can't be read: {error.strerror}")


def _open(path: str) -> Any:
    return os.fdopen(os.dup(sys.stdin.fileno()), "rb") if path == STDIN else open(path, "rb")


def _holds_lines(path: str, head: bytes) -> bool:
    """Whether a file is JSONL: by its suffix, or for standard input by its first character."""
    return (
        head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") if path == STDIN else path.lower().endswith(LINES_SUFFIXES)
    )


def _read_text(path: str, stream: BinaryIO, encoding: str | None) -> Read:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        return Unreadable(path, "too-large", f"the document is larger than {MAX_BYTES:,} bytes")
    try:
        text = decode(data, encoding)
    except ReadError as error:
        return Unreadable(path, error.reason, error.detail)
    markdown = path.lower().endswith(MARKDOWN_SUFFIXES)
    return _document(path, text, {}, markdown)


def _document(name: str, text: str, metadata: dict[str, Any], markdown: bool = False) -> Read:
    if not text.strip("\ufeff \t\r\n\f\v\0"):
        return Unreadable(name, "empty", "the document holds no text")
    return Document(name, text, metadata, markdown)


def _read_lines(path: str, stream: BinaryIO, head: bytes, encoding: str | None) -> Iterator[Read]:
    number = 0
    try:
        for number, value in read_lines(_as_utf8(stream, encoding_of(head, encoding))):
            yield _from_line(f"{path}:{number}", value)
    except ReadError as error:
        yield Unreadable(path, error.reason, error.detail)
    if not number:
        yield Unreadable(path, "empty", "the file holds no documents")


def _as_utf8(stream: BinaryIO, encoding: str) -> BinaryIO:
    """The stream itself if it is UTF-8; else its text encoded anew, since lines are cut at the byte of a line feed."""
    if encoding.replace("_", "-").lower() in ("utf-8", "utf8", "utf-8-sig", "ascii"):
        return stream
    return io.BytesIO(decode(stream.read(), encoding).encode("utf-8"))


def _from_line(place: str, value: dict[str, Any] | BadLine) -> Read:
    if isinstance(value, BadLine):
        return Unreadable(place, value.reason, value.detail)
    name, text = value.get("id"), value.get("text")
    if not isinstance(name, str) or not name:
        reason = "no-id" if name in (None, "") else "bad-id"
        return Unreadable(place, reason, 'the line has no "id"' if reason == "no-id" else 'the "id" is no string')
    if not isinstance(text, str):
        return Unreadable(place, "no-text", 'the line has no "text" that is a string')
    metadata = {key: value for key, value in value.items() if key not in ("id", "text")}
    return _document(without_surrogates(name), without_surrogates(text), metadata, metadata.get("format") == "markdown")


def count_documents(files: Iterable[str | Unreadable]) -> int | None:
    """How many documents the files hold at most, for a progress bar; None where standard input is among them."""
    total = 0
    for file in files:
        if file == STDIN:
            return None
        total += _count_lines(file) if isinstance(file, str) and file.lower().endswith(LINES_SUFFIXES) else 1
    return total


def _count_lines(path: str) -> int:
    try:
        with open(path, "rb") as stream:
            return max(1, sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b"")))
    except OSError:
        return 1
