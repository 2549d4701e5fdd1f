"""Bytes to text, strictly: a byte order mark is honoured, else UTF-8 or the encoding that the user names."""

from __future__ import annotations

import codecs
import re

from annotator.errors import ReadError

# The longer marks first: UTF-32-LE begins with the two bytes of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# First bytes of files that people drop into a folder of texts by mistake.
_BINARY = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"\x7fELF")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NUL_SHARE = 0.1


def known_encoding(name: str) -> str:
    """Canonical name of an encoding.

    Raises
    ------
    ReadError
        If Python knows no text encoding of that name.
    """
    try:
        codecs.lookup(name).incrementaldecoder  # noqa: B018 - raises for an unknown name
        "".encode(name)
    except (LookupError, ValueError) as error:
        raise ReadError("unknown-encoding", f"there is no text encoding named {name!r}") from error
    return name


def encoding_of(data: bytes, encoding: str | None = None) -> str:
    """Encoding of a file by its first bytes; `encoding` is what the user says of files without a mark."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    return encoding or "utf-8"


def decode(data: bytes, encoding: str | None = None) -> str:
    """Text of a file.

    Raises
    ------
    ReadError
        ``binary`` for what is no text, ``not-utf8`` (or ``not-`` another encoding) for bytes that don't decode.
    """
    name = encoding_of(data, encoding)
    if data.startswith(_BINARY):
        raise ReadError("binary", "this is no text file")
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        plain = {"utf-8-sig": "utf-8"}.get(name, name)
        hint = "; name its encoding with --encoding" if encoding is None and plain == "utf-8" else ""
        detail = f"not {plain.upper()}: {error.reason} at byte {error.start}{hint}"
        raise ReadError(f"not-{plain.replace('utf-', 'utf')}", detail) from error
    if text.count("\0") > _NUL_SHARE * len(text):
        raise ReadError(
            "binary", "this is no text, or UTF-16 without a byte order mark; name its encoding with --encoding"
        )
    return text


def without_surrogates(text: str) -> str:
    r"""Text with every lone surrogate, which JSON can smuggle in as ``\ud800``, replaced by U+FFFD."""
    try:
        text.encode()  # refuses surrogates, and is far quicker than a search for them
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text
