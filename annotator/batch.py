"""Many documents in a row: order kept, memory flat, and one bad document costs that document alone."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from annotator.annotate import annotate, failed
from annotator.model import Model
from annotator.reading import Read, Unreadable
from annotator.record import AnnotatedDocument, Document

BATCH_DOCUMENTS = 256
BATCH_CHARACTERS = 500_000


def batches(reads: Iterable[Read]) -> Iterator[list[Read]]:
    """Group documents so that a batch is worth the model's while and bounded in memory."""
    batch: list[Read] = []
    size = 0
    for read in reads:
        batch.append(read)
        size += len(read.text) if isinstance(read, Document) else 0
        if len(batch) >= BATCH_DOCUMENTS or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def annotate_batch(batch: list[Read], model: Model) -> list[AnnotatedDocument]:
    """Annotate a batch; every item comes out once and in its place, annotated or with the reason why not."""
    documents = [read for read in batch if isinstance(read, Document)]
    try:
        annotated = iter(annotate(documents, model))
    except Exception:  # whichever document it is, the others must not suffer: find it by going one by one
        annotated = iter([_alone(document, model) for document in documents])
    return [_unreadable(read, model) if isinstance(read, Unreadable) else next(annotated) for read in batch]


def _alone(document: Document, model: Model) -> AnnotatedDocument:
    try:
        return annotate([document], model)[0]
    except Exception as error:
        detail = f"a fault of the program, please report it: {type(error).__name__}: {error}"
        return failed(document.id, "internal-error", detail, model, document.metadata)


def _unreadable(read: Unreadable, model: Model) -> AnnotatedDocument:
    return failed(read.id, read.reason, read.detail, model, {})


@contextmanager
def rare_collections() -> Iterator[None]:
    """Let Python look for reference cycles seldom: a batch makes many small records and hardly a cycle.

    Worth a sixth of the time; the state before comes back afterwards.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def annotate_all(reads: Iterable[Read], model: Model) -> Iterator[AnnotatedDocument]:
    """Yield every document read, annotated or failed, in order."""
    for batch in batches(reads):
        yield from annotate_batch(batch, model)
