"""What a batch says of itself on standard error: a bar while it runs, if somebody watches, and a summary at the end."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from types import TracebackType

from tqdm import tqdm

from annotator.record import AnnotatedDocument
from annotator.wording import counted, printable


class Progress:
    """A bar of documents, sentences, rate and time left; silent where standard error is no terminal.

    Parameters
    ----------
    total : int or None
        Documents to come, if known.
    """

    def __init__(self, total: int | None) -> None:
        self._bar = tqdm(total=total, unit=" documents", disable=None, dynamic_ncols=True)
        self._started = time.monotonic()
        self._sentences = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def watch(self, documents: Iterable[AnnotatedDocument]) -> Iterator[AnnotatedDocument]:
        """Pass documents through, counting."""
        for document in documents:
            self._sentences += len(document.sentences)
            if not self._bar.disable:
                rate = self._sentences / max(time.monotonic() - self._started, 1e-9)
                self._bar.set_postfix_str(f"{self._sentences:,} sentences, {rate:,.0f}/s", refresh=False)
            self._bar.update()
            yield document

    def say(self, message: str) -> None:
        """Print one line on standard error without breaking the bar."""
        tqdm.write(printable(message), file=sys.stderr)


class Summary:
    """Counts of a batch, for the few lines that close it."""

    def __init__(self) -> None:
        self.documents = self.failed = self.sentences = self.claims = self.sourced = self.review = self.abstained = 0
        self.labels: Counter[str] = Counter()
        self._started = time.monotonic()

    def add(self, document: AnnotatedDocument) -> None:
        """Count one document."""
        self.documents += 1
        self.failed += not document.ok
        self.sentences += len(document.sentences)
        self.labels.update(document.profile["labels"])
        self.claims += document.profile["claims"]
        self.sourced += document.profile["claims_with_source"]
        self.review += document.profile["needs_review"]
        self.abstained += document.profile["abstained"]

    def lines(self) -> list[str]:
        """The closing lines, for people."""
        seconds = max(time.monotonic() - self._started, 1e-9)
        failed = f", {self.failed} failed" if self.failed else ""
        rate = f"{self.sentences / seconds:,.0f} sentences a second"
        read = f"{counted(self.documents, 'document')}{failed}, {counted(self.sentences, 'sentence')}"
        lines = [f"{read} in {seconds:.1f} s ({rate})" if self.sentences else read]
        lines += [f"  {label:<16} {n:>7,}  {self._share(n, self.sentences)}" for label, n in self.labels.most_common()]
        lines += [
            f"claims with a source: {self.sourced:,} of {self.claims:,} ({self._share(self.sourced, self.claims)})"
        ]
        doubt = f", {self.abstained:,} of them abstained" if self.abstained else ""
        return [*lines, f"for review: {counted(self.review, 'sentence')}{doubt}"]

    @staticmethod
    def _share(part: int, whole: int) -> str:
        return f"{part / whole:.0%}" if whole else "-"


class Steps:
    """A bar for each stage of a training; silent where standard error is no terminal."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None
        self._stage = ""

    def __enter__(self) -> Steps:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, stage: str, done: int, of: int) -> None:
        """Show that `done` of `of` steps of a stage are behind us."""
        if self._bar is None or self._stage != stage:
            self.__exit__(None, None, None)
            self._stage = stage
            self._bar = tqdm(total=of, desc=stage, disable=None, dynamic_ncols=True)
        self._bar.update(done - self._bar.n)
