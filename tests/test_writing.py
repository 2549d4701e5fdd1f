import json
import os
from pathlib import Path

import pytest

from annotator.errors import OutputError
from annotator.record import (
    AnnotatedDocument,
    AnnotatedSentence,
    Block,
    Claim,
    Reason,
    Sentence,
    Source,
    Sourcing,
    Verdict,
)
from annotator.writing import document_line, lines, open_output, sentence_line

TEXT = "Sedov wrote that the door was broken."
BLOCK = Block(0, len(TEXT), "body")
SOURCE = Source("Sedov", 0, 5, "wrote", 6, 11, "memoir", 1, "moderate", ("named author",))
ITEM = AnnotatedSentence(
    Sentence(0, 0, len(TEXT), TEXT, BLOCK),
    Verdict(
        "documented_fact",
        {"documented_fact": 0.7, "interpretation": 0.3},
        False,
        (Reason("wrote", 6, 11, "documented_fact", 0.51234),),
    ),
    Sourcing("explicit", "reported", (SOURCE,), (Claim("the door was broken", 17, 36, "Sedov"),)),
)
DOCUMENT = AnnotatedDocument("a.txt", (ITEM,), {}, (), "tiny", "0" * 64, {"year": 1921})


def test_sentence_line_is_the_contract():
    assert sentence_line("a.txt", ITEM) == {
        "record": "sentence",
        "document": "a.txt",
        "index": 0,
        "start": 0,
        "end": 37,
        "text": TEXT,
        "block": "body",
        "label": "documented_fact",
        "probabilities": {"documented_fact": 0.7, "interpretation": 0.3},
        "needs_review": False,
        "abstained": False,
        "citation": "explicit",
        "cites_source": True,
        "voice": "reported",
        "sources": [
            {
                "text": "Sedov",
                "start": 0,
                "end": 5,
                "cue": "wrote",
                "cue_start": 6,
                "cue_end": 11,
                "kind": "memoir",
                "traceability": 1,
                "reliability": "moderate",
                "why": ["named author"],
                "carried_from": None,
                "name": "Sedov",
                "mention": None,
                "mention_start": None,
                "mention_end": None,
                "rule": "",
                "covers": "",
                "refers_to": [],
                "referred_from": [],
                "rating": None,
            }
        ],
        "claims": [
            {"text": "the door was broken", "start": 17, "end": 36, "holder": "Sedov", "parts": [], "subject": None}
        ],
        "vague": [],
        "reasons": [{"text": "wrote", "start": 6, "end": 11, "for": "documented_fact", "weight": 0.512}],
    }


def test_document_line_closes():
    written = [json.loads(line) for line in lines(DOCUMENT).splitlines()]
    assert [line["record"] for line in written] == ["sentence", "document"]
    assert written[1] == document_line(DOCUMENT)
    assert (written[1]["status"], written[1]["sentences"], written[1]["schema"]) == ("ok", 1, 1)
    assert written[1]["metadata"] == {"year": 1921}


def test_failed_document_says_why():
    failed = AnnotatedDocument("b", (), {}, (), "tiny", "0" * 64, {}, "empty", "the document holds no text")
    line = document_line(failed)
    assert (line["status"], line["reason"], line["sentences"]) == ("error", "empty", 0)


def test_surrogates_in_metadata_can_be_written():
    lines(AnnotatedDocument("b", (), {}, (), "tiny", "0" * 64, {"odd": "\ud800"})).encode("utf-8")


def test_output_appears_when_it_is_complete(tmp_path):
    path = tmp_path / "out.jsonl"
    with open_output(str(path)) as stream:
        stream.write("ä\n")
        assert not path.exists()
    assert path.read_bytes() == "ä\n".encode()
    assert os.listdir(tmp_path) == ["out.jsonl"]


def test_old_output_survives_a_failure(tmp_path):
    path = tmp_path / "out.jsonl"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), open_output(str(path)) as stream:
        stream.write("new")
        raise ZeroDivisionError
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["out.jsonl"]


@pytest.mark.parametrize("place", ["", "missing/out.jsonl", "file/out.jsonl"])
def test_unwritable_places(tmp_path, place):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="can't be written"), open_output(str(tmp_path / place)):
        pytest.fail("nothing may be written")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_full_disk_is_one_plain_error(monkeypatch, tmp_path):
    def full(path, *args, **kwargs):
        return open("/dev/full", *args, **kwargs)

    monkeypatch.setattr("annotator.writing.open", full, raising=False)
    with pytest.raises(OutputError, match="No space left"), open_output(str(tmp_path / "out")) as stream:
        stream.write("x" * 100_000)
