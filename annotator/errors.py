"""Everything that can go wrong through no fault of the program, as exceptions that carry their data.

The command line turns each of these into one plain line; anything else that escapes is a bug and shows its traceback.
"""

from __future__ import annotations

from pathlib import Path


class AnnotatorError(Exception):
    """Base of every error a user or their data can cause.

    Parameters
    ----------
    reason : str
        Short machine-readable code such as ``not-utf8``; stable across versions.
    detail : str
        One sentence for people, without the path and line.
    path : Path or str, optional
        File the error is about.
    line : int, optional
        Line in that file, counted from 1.
    """

    def __init__(self, reason: str, detail: str, *, path: Path | str | None = None, line: int | None = None) -> None:
        self.reason, self.detail, self.path, self.line = reason, detail, path, line
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        place = "" if self.path is None else f"{self.path}: "
        place += "" if self.line is None else f"line {self.line}: "
        return f"{place}{self.detail}"


class ReadError(AnnotatorError):
    """A document, or a line that should hold one, can't be read."""


class LabelledDataError(AnnotatorError):
    """A labelled sentence file can't be used for training or scoring."""


class LexiconError(AnnotatorError):
    """A lexicon or a table shipped as data has a bad row."""


class ModelError(AnnotatorError):
    """A model folder is missing, altered, foreign or of another version."""


class OutputError(AnnotatorError):
    """The output can't be written."""
