import pytest

from annotator import batch
from annotator.batch import annotate_all, batches
from annotator.reading import Unreadable
from annotator.record import Document

READS = [Document("a", "One."), Unreadable("b", "empty", "it is empty"), Document("c", "Two. Three.")]


def test_order_is_kept_and_everything_comes_out_once(tool):
    found = list(annotate_all(READS, tool.model))
    assert [(item.id, item.reason, len(item.sentences)) for item in found] == [
        ("a", None, 1),
        ("b", "empty", 0),
        ("c", None, 2),
    ]


def test_a_fault_costs_its_document_alone(tool, monkeypatch):
    real = batch.annotate

    def annotate(documents, model):
        if any(document.id == "bad" for document in documents):
            raise ZeroDivisionError("by zero")
        return real(documents, model)

    monkeypatch.setattr(batch, "annotate", annotate)
    found = list(annotate_all([READS[0], Document("bad", "Bad."), READS[2]], tool.model))
    assert [item.reason for item in found] == [None, "internal-error", None]
    assert "ZeroDivisionError: by zero" in found[1].detail


@pytest.mark.parametrize(("count", "size", "expected"), [(600, 1, [256, 256, 88]), (4, 300_000, [2, 2]), (0, 1, [])])
def test_batches_are_bounded(count, size, expected):
    documents = [Document(str(number), "x" * size) for number in range(count)]
    assert [len(group) for group in batches(documents)] == expected


def test_batches_come_before_the_input_ends():
    def endless():
        while True:
            yield Document("x", "Text.")

    assert len(next(batches(endless()))) == batch.BATCH_DOCUMENTS
