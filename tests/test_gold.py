"""Labelled sentences are read strictly, and rebuilt into the documents that tagging would see."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import gold
from annotator.errors import LabelledDataError
from annotator.gold import LabelledSentence
from annotator.teacher import soft_labelled

GOOD = {"id": "a.0", "document": "a", "text": "The bridge was opened in 1921.", "label": "documented_fact"}


def write(path, *lines):
    path.write_bytes(b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines))
    return path


def sentence(number, label="x", document="d"):
    return LabelledSentence(f"{document}.{number}", document, f"Sentence {number}.", label)


def test_reads_fields_and_keeps_the_others(tmp_path):
    line = GOOD | {"citation": "none", "genre": "news", "probabilities": {"a": 0.25, "b": 0.75}}
    (found,) = gold.read_labelled(write(tmp_path / "g.jsonl", line))
    assert (found.text, found.label, found.citation, found.source, found.line) == (
        GOOD["text"], "documented_fact", "none", None, 1
    )  # fmt: skip
    assert found.extra == {"genre": "news"}
    assert found.probabilities == {"a": 0.25, "b": 0.75}


def test_writing_gives_back_what_was_read(tmp_path):
    line = GOOD | {"citation": "explicit", "source": "the register", "origin": "own"}
    (found,) = gold.read_labelled(write(tmp_path / "g.jsonl", line))
    assert found.to_json() == line


def test_reads_gzip(tmp_path):
    path = tmp_path / "g.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(GOOD).encode()))
    assert len(gold.read_labelled(path)) == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{broken\n", "not-json"),
        (b"[1]\n", "not-an-object"),
        (b'{"text": "\xff", "label": "a"}\n', "not-utf8"),
        (b'{"text": "t", "label": "a", "score": NaN}\n', "not-json"),
        ({"label": "a"}, "bad-field"),
        ({"text": "t"}, "bad-field"),
        ({"text": " ", "label": "a"}, "bad-field"),
        ({"text": 3, "label": "a"}, "bad-field"),
        ({"text": "t", "label": None}, "bad-field"),
        ({"text": "t", "label": "a", "citation": 1}, "bad-field"),
        ({"text": "t", "label": "a", "probabilities": {"a": 0.2}}, "bad-field"),
        ({"text": "t", "label": "a", "probabilities": {"a": 2.0, "b": -1.0}}, "bad-field"),
        ({"text": "t", "label": "a", "probabilities": [1]}, "bad-field"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, reason):
    path = write(tmp_path / "g.jsonl", GOOD, line, GOOD)
    with pytest.raises(LabelledDataError) as caught:
        gold.read_labelled(path)
    assert (caught.value.reason, caught.value.path, caught.value.line) == (reason, path, 2)


def test_files_that_hold_nothing(tmp_path):
    for path, reason in ((tmp_path / "no.jsonl", "unreadable"), (write(tmp_path / "e.jsonl"), "no-sentences")):
        with pytest.raises(LabelledDataError) as caught:
            gold.read_labelled(path)
        assert caught.value.reason == reason


def test_a_truncated_gzip_file_is_refused(tmp_path):
    path = tmp_path / "g.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(GOOD).encode() * 50)[:-12])
    with pytest.raises(LabelledDataError):
        gold.read_labelled(path)


@pytest.mark.parametrize(("count", "labels", "reason"), [(19, "ab", "too-few-sentences"), (20, "a", "one-label")])
def test_sets_that_teach_nothing(count, labels, reason):
    with pytest.raises(LabelledDataError) as caught:
        gold.check_trainable([sentence(n, labels[n % len(labels)]) for n in range(count)])
    assert caught.value.reason == reason


def test_twenty_sentences_of_two_labels_will_do():
    gold.check_trainable([sentence(n, "ab"[n % 2]) for n in range(20)])


def test_documents_are_unbroken_runs():
    lines = [sentence(0, document="a"), sentence(1, document="a"), sentence(0, document="b"), sentence(2, document="a")]
    assert [[line.id for line in run] for run in gold.documents(lines)] == [["a.0", "a.1"], ["b.0"], ["a.2"]]


@given(st.lists(st.text(min_size=1), min_size=1))
def test_rebuilt_offsets_hold(texts):
    document, sentences, _ = gold.rebuild([LabelledSentence(str(n), "d", text, "x") for n, text in enumerate(texts)])
    assert [document.text[s.start : s.end] for s in sentences] == texts
    assert [s.index for s in sentences] == list(range(len(texts)))


def teacher_files(tmp_path, opinions):
    texts = {"document": "u", "genre": "news", "sentences": ["It opened in 1921.", "Perhaps."]}
    paths = tmp_path / "texts.jsonl.gz", tmp_path / "opinions.jsonl.gz"
    for path, value in zip(paths, (texts, opinions), strict=True):
        path.write_bytes(gzip.compress(json.dumps(value).encode()))
    return paths


def test_a_teachers_opinions_become_soft_labels(tmp_path):
    label, citation = [[0.9, 0.1, 0, 0], [0.1, 0.8, 0.05, 0.05]], [[1, 0, 0, 0], [0.2, 0.1, 0.1, 0.6]]
    paths = teacher_files(tmp_path, {"document": "u", "label": label, "citation": citation})
    first, second = soft_labelled(*paths)
    assert (first.id, first.label, first.citation) == ("u.0", "documented_fact", "none")
    assert (second.label, second.citation, second.extra) == ("interpretation", "vague", {"genre": "news"})
    assert second.probabilities["interpretation"] == pytest.approx(0.8)


@pytest.mark.parametrize("document", ["u", "other"])
def test_a_teacher_that_skips_a_sentence_is_refused(tmp_path, document):
    paths = teacher_files(tmp_path, {"document": document, "label": [[1, 0, 0, 0]], "citation": [[1, 0, 0, 0]]})
    with pytest.raises(LabelledDataError):
        list(soft_labelled(*paths))


def test_an_unknown_citation_names_its_line(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text('{"text": "A.", "label": "x", "citation": "bogus"}\n')
    with pytest.raises(LabelledDataError, match=r"line 1: .*must be one of explicit, carried, vague, none"):
        gold.read_labelled(path)
