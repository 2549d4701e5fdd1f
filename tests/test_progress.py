import pytest

from annotator.progress import Summary, printable
from annotator.record import AnnotatedDocument


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ü “x”", "plain ü “x”"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc\x7f", "a\\x0ab\\x09c\\x7f"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
    ],
)
def test_control_and_direction_marks_are_shown_as_escapes(text, shown):
    assert printable(text) == shown


def test_summary_counts_documents_labels_and_sources():
    profile = {"labels": {"no_claim": 1, "interpretation": 3}, "claims": 3, "claims_with_source": 1}
    profile |= {"needs_review": 2, "abstained": 1}
    empty = {"labels": {}, "claims": 0, "claims_with_source": 0, "needs_review": 0, "abstained": 0}
    summary = Summary()
    summary.add(AnnotatedDocument("a", (), profile, (), "m", "0"))
    summary.add(AnnotatedDocument("b", (), empty, (), "m", "0", {}, "empty", "the document holds no text"))
    lines = summary.lines()
    assert lines[0].startswith("2 documents, 1 failed")
    assert "interpretation" in lines[1]
    assert "claims with a source: 1 of 3 (33%)" in lines
    assert lines[-1] == "for review: 2 sentences, 1 of them abstained"


def test_summary_of_nothing():
    assert Summary().lines()[0].startswith("0 documents")
