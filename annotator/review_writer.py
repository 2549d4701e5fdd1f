"""Writing to a review log: one writer at a time, every event on the disk before it counts."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import TracebackType
from typing import ClassVar
from weakref import WeakValueDictionary

from annotator.errors import OutputError
from annotator.review_log import Event


class LogWriter:
    """The one writer of a log; it holds a lock until it is closed or its process ends.

    Opening a log that this same process writes already closes the earlier writer, so that a notebook cell can be run
    again; another process is refused.

    Parameters
    ----------
    path : Path or str
        The log; created if absent. A torn last line is closed off, so that it spoils no later one.

    Raises
    ------
    OutputError
        ``locked`` if another process writes the log, ``unwritable`` if it can't be created or written.
    """

    _open: ClassVar[WeakValueDictionary[str, LogWriter]] = WeakValueDictionary()

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._file: int | None = None
        earlier = self._open.get(os.path.realpath(self.path))
        if earlier is not None:
            earlier.close()
        try:
            self._file = _locked(self.path)
            _close_torn_line(self._file)
        except OSError as error:
            self.close()
            raise OutputError("unwritable", f"can't be written: {error.strerror}", path=self.path) from error
        self._open[os.path.realpath(self.path)] = self

    def append(self, event: Event) -> None:
        """Put one event on the disk; when this returns, the event survives a crash.

        Raises
        ------
        OutputError
            If it could not be saved, for instance on a full disk. The log is then as it was before.
        """
        if self._file is None:
            raise OutputError("closed", "the log was closed: it is being reviewed elsewhere", path=self.path)
        if not self._in_place(self._file):
            raise OutputError("replaced", "the file was moved or replaced; open the review again", path=self.path)
        before = os.fstat(self._file).st_size
        try:
            _write_all(self._file, event.line().encode("utf-8"))
            os.fsync(self._file)
        except OSError as error:
            self._take_back(before)
            detail = f"the decision was not saved: {error.strerror}"
            raise OutputError("not-saved", detail, path=self.path) from error

    def _in_place(self, file: int) -> bool:
        """Whether the name still leads to the file that is open; `git checkout` puts another in its place."""
        try:
            return os.path.samestat(os.stat(self.path), os.fstat(file))
        except OSError:
            return False

    def _take_back(self, size: int) -> None:
        if self._file is not None:
            try:
                os.ftruncate(self._file, size)
            except OSError:
                self.close()

    def close(self) -> None:
        """Give the lock back; nothing more can be written."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __del__(self) -> None:
        self.close()

    def __enter__(self) -> LogWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _locked(path: Path) -> int:
    created = not path.exists()
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    try:
        _lock(file, path)
        if created:
            _sync_folder(path.parent)
    except BaseException:
        os.close(file)
        raise
    return file


def _lock(file: int, path: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: the log is written through all the same, but nothing keeps a second writer out.
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        detail = "somebody is reviewing with this log already; close that page or notebook first"
        raise OutputError("locked", detail, path=path) from None


def _sync_folder(folder: Path) -> None:
    """Make the name of a new file as lasting as its content."""
    if os.name == "nt":  # Windows opens no folders, and keeps names safe by itself.
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EACCES):
            raise
    finally:
        os.close(handle)


def _close_torn_line(file: int) -> None:
    size = os.fstat(file).st_size
    os.lseek(file, max(0, size - 1), os.SEEK_SET)
    if size and os.read(file, 1) != b"\n":
        _write_all(file, b"\n")


def _write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
