import io
import json
from copy import deepcopy

import jsonschema_rs
import pytest

from annotator.checking import check_lines, schema
from annotator.profile import ledger, profile
from annotator.record import AnnotatedDocument
from annotator.writing import lines

from .test_writing import ITEM, TEXT

GOOD = [
    json.loads(line)
    for line in lines(
        AnnotatedDocument("a.txt", (ITEM,), profile([ITEM]), ledger([ITEM]), "tiny", "0" * 64)
    ).splitlines()
]


def problems(records, **options):
    data = "".join(json.dumps(record) + "\n" for record in records).encode()
    return [problem.detail for problem in check_lines(io.BytesIO(data), **options)]


def test_schema_is_a_schema():
    assert jsonschema_rs.meta.is_valid(schema())


def test_good_output_has_no_problems():
    assert problems(GOOD, texts={"a.txt": TEXT}) == []


@pytest.mark.parametrize("key", sorted(set(GOOD[0]) - {"block", "abstained", "vague"}))
def test_every_sentence_field_is_required(key):
    bad = deepcopy(GOOD)
    del bad[0][key]
    assert any(key in problem for problem in problems(bad))


@pytest.mark.parametrize("key", sorted(set(GOOD[1]) - {"metadata", "detail", "house_list"}))
def test_every_document_field_is_required(key):
    bad = deepcopy(GOOD)
    del bad[1][key]
    assert any(key in problem for problem in problems(bad))


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ((0, "index"), 1, "expected the sentence with index 0"),
        ((0, "end"), 36, "not as long as its offsets"),
        ((0, "label"), "other", "has no probability"),
        ((0, "probabilities"), {"documented_fact": 0.7, "interpretation": 0.7}, "add up to 1.4"),
        ((0, "citation"), "none", "cites_source is True"),
        ((0, "citation"), "sometimes", "sometimes"),
        ((0, "voice"), "choir", "choir"),
        ((0, "vague"), [{"text": "they", "start": 0, "end": 4}], "are not 'they'"),
        ((0, "claims", 0, "subject"), {"text": "he", "start": 0, "end": 2}, "are not 'he'"),
        ((0, "claims", 0, "parts"), [{"text": "Sedow", "start": 0, "end": 5}], "are not 'Sedow'"),
        ((0, "sources", 0, "start"), 1, "not 'Sedov'"),
        ((0, "sources", 0, "cue_start"), 5, "not 'wrote'"),
        ((0, "sources", 0, "traceability"), 5, "traceability"),
        ((0, "sources", 0, "carried_from"), 0, "from the sentence itself"),
        ((0, "claims", 0, "end"), 35, "claims"),
        ((0, "reasons", 0, "text"), "wrong", "reasons"),
        ((1, "sentences"), 2, "counts 2 sentences"),
        ((1, "status"), "error", "a reason must be given"),
        ((1, "schema"), 2, "schema"),
        ((1, "model_sha256"), "abc", "model_sha256"),
        ((1, "document"), "b.txt", "closed by the document line of 'b.txt'"),
        ((1, "sources", 0, "sentences"), [7], "does not exist"),
        ((0, "sources", 0, "carried_from"), 7, "does not exist"),
        ((1, "sources", 0, "places"), [{"index": 7, "start": 0, "end": 5}], "does not exist"),
        ((1, "profile", "claims"), 3, "profile: claims is 3"),
        ((1, "profile", "labels"), {"interpretation": 1}, "profile: labels"),
        ((1, "profile", "citations", "vague"), 4, "profile: citations"),
        ((1, "profile", "needs_review"), 1, "profile: needs_review"),
    ],
)
def test_each_fault_is_found(path, value, words):
    bad = deepcopy(GOOD)
    place = bad
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert any(words in problem for problem in problems(bad)), problems(bad)


def test_carried_needs_its_opener():
    bad = deepcopy(GOOD)
    bad[0]["citation"] = "carried"
    assert any("from which sentence" in problem for problem in problems(bad))


def test_lost_document_line():
    assert any("followed by no document line" in problem for problem in problems(GOOD[:1]))


def test_lost_sentence():
    assert problems(GOOD[1:]) != []


def test_doubled_document():
    assert any("closed by its document line further up" in problem for problem in problems(GOOD + GOOD))


def test_sentences_out_of_order():
    second = deepcopy(GOOD[0]) | {"index": 1}
    assert any("begins before" in problem for problem in problems([GOOD[0], second, GOOD[1] | {"sentences": 2}]))


def test_other_text_than_the_document():
    assert any("at these offsets" in problem for problem in problems(GOOD, texts={"a.txt": TEXT.upper()}))


@pytest.mark.parametrize(("data", "words"), [(b"", "no document line"), (b"{broken\n", "not JSON")])
def test_no_output_at_all(data, words):
    assert any(words in problem.detail for problem in check_lines(io.BytesIO(data)))
