import json
import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import ReadError
from annotator.reading import Unreadable, count_documents, find_files, read_documents
from annotator.record import Document


def read(*paths, **options):
    return list(read_documents(find_files([str(path) for path in paths]), **options))


def outcome(item):
    return item.reason if isinstance(item, Unreadable) else item.text


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "b.txt").write_text("Second.", encoding="utf-8")
    (tmp_path / "a.md").write_text("# First", encoding="utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.txt").write_text("Third.", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden.txt").write_text("Hidden.", encoding="utf-8")
    return tmp_path


def test_folder_is_searched_in_sorted_order(folder):
    documents = read(folder)
    assert [document.text for document in documents] == ["# First", "Second.", "Third."]
    assert [document.markdown for document in documents] == [True, False, False]
    assert documents[2].id == f"{folder}/sub/c.txt"


def test_a_file_named_twice_is_read_once(folder):
    assert len(read(folder, folder / "b.txt", f"{folder}/*.txt")) == 3


def test_patterns_are_expanded(folder):
    assert {document.text for document in read(f"{folder}/**/*.txt")} == {"Second.", "Third."}


def test_named_file_counts_whatever_its_suffix(folder):
    assert outcome(read(folder / "picture.png")[0]) == "binary"


@pytest.mark.parametrize(("name", "reason"), [("missing.txt", "not-found"), ("*.nothing", "not-found")])
def test_missing(tmp_path, name, reason):
    assert [item.reason for item in read(tmp_path / name)] == [reason]


def test_folder_without_documents(tmp_path):
    assert [item.reason for item in read(tmp_path)] == ["empty-folder"]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \n\t\n"])
def test_empty_file(tmp_path, data):
    (tmp_path / "a.txt").write_bytes(data)
    assert [item.reason for item in read(tmp_path)] == ["empty"]


def test_unreadable_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("x")
    files = find_files([str(path)])
    path.unlink()
    assert [item.reason for item in read_documents(files)] == ["unreadable"]


def test_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr("annotator.reading.MAX_BYTES", 10)
    (tmp_path / "a.txt").write_text("x" * 11)
    assert [item.reason for item in read(tmp_path)] == ["too-large"]


def lines(tmp_path, *rows):
    path = tmp_path / "d.jsonl"
    path.write_bytes(b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows))
    return path


def test_lines_keep_other_fields_as_metadata(tmp_path):
    path = lines(tmp_path, {"id": "a", "text": "One.", "label": "unsupported", "year": 1921})
    assert read(path) == [Document("a", "One.", {"label": "unsupported", "year": 1921})]


GOOD = [{"id": "g1", "text": "One."}, {"id": "g2", "text": "Two."}]


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (b'{"id": "x", "text": "cut', "not-json"),
        (b"\xff\xfe", "not-utf8"),
        ({"text": "No id."}, "no-id"),
        ({"id": "", "text": "Empty id."}, "no-id"),
        ({"id": None, "text": "Null id."}, "no-id"),
        ({"id": 7, "text": "Number."}, "bad-id"),
        ({"id": ["x"], "text": "List."}, "bad-id"),
        ({"id": "x"}, "no-text"),
        ({"id": "x", "text": None}, "no-text"),
        ({"id": "x", "text": ["a"]}, "no-text"),
        ({"id": "x", "text": "  "}, "empty"),
        ({"id": "g1", "text": "Another."}, "duplicate-id"),
    ],
)
def test_a_bad_line_between_two_good_ones(tmp_path, odd, reason):
    path = lines(tmp_path, GOOD[0], odd, GOOD[1])
    first, middle, last = read(path)
    assert (first.id, last.id) == ("g1", "g2")
    assert middle.reason == reason
    assert len({first.id, middle.id, last.id}) == 3


def test_lone_surrogates_are_replaced(tmp_path):
    path = lines(tmp_path, b'{"id": "\\ud800", "text": "a\\udfffb"}')
    assert read(path) == [Document("�", "a�b")]


def test_lines_in_another_encoding(tmp_path):
    path = tmp_path / "d.jsonl"
    path.write_bytes('{"id": "a", "text": "Лев"}\n'.encode("cp1251"))
    assert read(path, encoding="cp1251")[0].text == "Лев"
    assert read(path)[0].reason == "not-utf8"


def test_lines_with_a_byte_order_mark(tmp_path):
    path = tmp_path / "d.jsonl"
    path.write_bytes('{"id": "a", "text": "Лев"}\n'.encode("utf-16"))
    assert read(path)[0].text == "Лев"


def test_unknown_encoding_is_refused_at_once(folder):
    with pytest.raises(ReadError):
        read(folder, encoding="klingon")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"Plain text.", ["Plain text."]),
        (b'{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}', ["One.", "Two."]),
    ],
)
def test_standard_input_is_told_apart(tmp_path, monkeypatch, data, expected):
    path = tmp_path / "in"
    path.write_bytes(data)
    with open(path) as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert [document.text for document in read("-")] == expected


def test_count(folder):
    lines(folder, *GOOD)
    assert count_documents(find_files([str(folder)])) >= 4
    assert count_documents(["-"]) is None


@given(st.binary(max_size=300))
def test_any_bytes_give_one_document_or_one_reason(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "a.txt"
    path.write_bytes(data)
    assert len(read(path)) == 1


def test_hostile_lines_lose_no_neighbour(shared):
    for path in sorted((shared / "badinputs/generated/jsonl").iterdir()):
        data = path.read_bytes()
        if b'"g1"' in data and b'"g2"' in data and path.name != "json-array-file.jsonl":
            ids = [item.id for item in read(path) if isinstance(item, Document)]
            assert {"g1", "g2"} <= set(ids), path.name


def test_hostile_ids_are_unique(shared):
    items = read(shared / "badinputs/generated/ids.jsonl")
    assert len({item.id for item in items}) == len(items) == 41


def test_hostile_bytes_each_give_one_outcome(shared):
    folder = shared / "badinputs/generated/bytes"
    assert len(read(folder)) == len(os.listdir(folder))
