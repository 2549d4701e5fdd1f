import json
import os
import random
import resource
import signal
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import OutputError
from annotator.review_log import (
    Event,
    conflicts,
    content_hash,
    decisions,
    live,
    log_path,
    merge,
    new_id,
    now,
    read_log,
)
from annotator.review_writer import LogWriter


def event(number=0, *, reviewer="ann", field="label", new="unsupported", values=None, start=0, **changes):
    given = {
        "when": f"2026-01-01T10:00:00.{number:06d}Z", "reviewer": reviewer, "document": "a.txt", "index": 0,
        "field": field, "old": None, "new": new, "note": None, "values": values, "sentence": content_hash("One."),
        "start": start, "end": start + 4, "prefix": "", "exact": "One.", "suffix": " Two.", "guideline": "2",
        "event": f"{reviewer}{number}",
    }  # fmt: skip
    return Event(**given | changes)


def answers(label="unsupported", citation="none", voice="author"):
    return {"label": label, "citation": citation, "voice": voice}


@pytest.mark.parametrize(
    ("output", "log"),
    [("out.jsonl", "out.review.jsonl"), ("a/b.c.jsonl", "a/b.c.review.jsonl"), ("plain", "plain.review.jsonl")],
)
def test_log_lies_beside_its_output(output, log):
    assert str(log_path(output)) == log


def test_a_line_holds_who_when_what_and_where(tmp_path):
    path = tmp_path / "out.review.jsonl"
    with LogWriter(path) as writer:
        writer.append(event(1, old="interpretation", values=answers(), note="no\nproof\u2028 \u202e"))
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") == 1
    assert text.endswith("\n")
    line = json.loads(text)
    assert list(line)[:4] == ["record", "schema", "when", "reviewer"]
    assert line["old"] == "interpretation"
    assert line["new"] == "unsupported"
    assert read_log(path).events == [event(1, old="interpretation", values=answers(), note="no\nproof\u2028 \u202e")]


TEXTS = st.text(max_size=40).filter(lambda text: not any("\ud800" <= character <= "\udfff" for character in text))


@given(note=TEXTS, document=TEXTS, exact=TEXTS)
def test_any_text_survives_the_log(tmp_path_factory, note, document, exact):
    path = tmp_path_factory.mktemp("log") / "out.review.jsonl"
    written = event(note=note, document=document, exact=exact, field="note", new=note)
    with LogWriter(path) as writer:
        writer.append(written)
    assert read_log(path).events == [written]


BAD = [
    ('{"record": "review", "schema": 2}', "other-schema"),
    ('{"record": "sentence", "document": "a.txt"}', "foreign"),
    ("[1, 2]", "not-an-object"),
    ("{broken", "not-json"),
    (b"\xff\xfe", "not-utf8"),
    (event(field="rm -rf").line(), "bad-event"),
    (event(when="yesterday").line(), "bad-event"),
    (event(when="2026-13-45T10:00:00.000000Z").line(), "bad-event"),
    (event(when="9999-12-31T23:59:59.999999Z").line(), "bad-event"),
    (event(start=-1).line(), "bad-event"),
    (event(new=7).line(), "bad-event"),
    (event(values={"label": "x"}).line(), "bad-event"),
    (event(field="sources", new=[{"text": "x", "start": 9, "end": 3}]).line(), "bad-event"),
    (event(field="sources", new=[{"text": "x", "start": 0, "end": 1, "why": 7}]).line(), "bad-event"),
    (event(field="sources", new=[{"text": "x", "start": 0, "end": 1, "kind": ["x"]}]).line(), "bad-event"),
    (event(field="claims", new=[{"text": "x", "start": 0, "end": 1, "holder": {}}]).line(), "bad-event"),
    (event(field="boundary", old="x", new=[[0, 4]]).line(), "bad-event"),
    (event(field="flag", new="yes").line(), "bad-event"),
    (event(field="decision", new="shipped").line(), "bad-event"),
    (event(index=True).line(), "bad-event"),
]


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_a_bad_line_is_named_and_costs_its_neighbours_nothing(tmp_path, line, reason):
    path = tmp_path / "out.review.jsonl"
    raw = line if isinstance(line, bytes) else line.strip().encode()
    path.write_bytes(event(1).line().encode() + raw + b"\n" + event(2).line().encode())
    read = read_log(path)
    assert [item.event for item in read.events] == ["ann1", "ann2"]
    assert [(item.line, item.reason) for item in read.skipped] == [(2, reason)]


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_a_torn_last_line_is_named_and_spoils_no_later_one(tmp_path, cut):
    path = tmp_path / "out.review.jsonl"
    path.write_bytes(event(1).line().encode() + event(2).line().encode()[:cut])
    assert [item.reason for item in read_log(path).skipped] == ["torn"]
    with LogWriter(path) as writer:
        writer.append(event(3))
    assert [item.event for item in read_log(path).events] == ["ann1", "ann3"]


def test_an_absent_log_is_empty(tmp_path):
    assert read_log(tmp_path / "none.jsonl") == ([], [])


def test_a_second_process_is_kept_out_and_a_second_cell_takes_over(tmp_path):
    path = tmp_path / "out.review.jsonl"
    first = LogWriter(path)
    code = f"from annotator.review_writer import LogWriter; LogWriter({str(path)!r})"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "somebody is reviewing with this log already" in other.stderr
    second = LogWriter(path)
    second.append(event(1))
    with pytest.raises(OutputError, match="reviewed elsewhere"):
        first.append(event(2))
    second.close()
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert [item.event for item in read_log(path).events] == ["ann1"]


def test_a_log_replaced_under_the_writer_is_noticed(tmp_path):
    path = tmp_path / "out.review.jsonl"
    with LogWriter(path) as writer:
        writer.append(event(1))
        path.rename(tmp_path / "moved.jsonl")
        path.write_text("")
        with pytest.raises(OutputError, match="moved or replaced"):
            writer.append(event(2))


def test_a_full_disk_loses_the_decision_in_hand_only_and_says_so(tmp_path):
    path, limit = tmp_path / "out.review.jsonl", resource.getrlimit(resource.RLIMIT_FSIZE)
    with LogWriter(path) as writer:
        writer.append(event(1))
        whole = path.read_bytes()
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 50, limit[1]))
        try:
            with pytest.raises(OutputError, match="was not saved"):
                writer.append(event(2))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
            signal.signal(signal.SIGXFSZ, handler)
        assert path.read_bytes() == whole
        writer.append(event(3))
    assert [item.event for item in read_log(path).events] == ["ann1", "ann3"]


def test_a_log_in_no_folder_is_an_error_in_one_line(tmp_path):
    with pytest.raises(OutputError, match=r"gone/out\.review\.jsonl: can't be written"):
        LogWriter(tmp_path / "gone" / "out.review.jsonl")


def _decide_until_killed(path, confirm):
    """Child: write one event after the other, and confirm each through a pipe once it is said to be saved."""
    with LogWriter(path) as writer:
        for number in range(100_000):
            written = event(number, event=new_id(), note="x" * (number % 3000))
            writer.append(written)
            os.write(confirm, f"{written.event}\n".encode())


def test_500_kills_at_random_moments_lose_no_confirmed_decision(tmp_path):
    path, chance, confirmed = tmp_path / "out.review.jsonl", random.Random(5), []
    for _ in range(500):
        end, confirm = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.close(end)
                _decide_until_killed(path, confirm)
            finally:
                os._exit(1)
        os.close(confirm)
        with os.fdopen(end, "rb") as stream:
            time.sleep(chance.random() * 0.03)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            confirmed += stream.read().decode().splitlines()
    read = read_log(path)
    saved = [item.event for item in read.events]
    assert len(confirmed) > 100
    assert set(confirmed) <= set(saved)
    # A kill between the write and the confirmation leaves one more event at most.
    assert len(saved) - len(confirmed) <= 500
    assert {item.reason for item in read.skipped} <= {"not-json", "torn"}


def test_time_never_runs_backwards():
    later = "2999-12-31T23:59:59.999999Z"
    assert now(later) == "3000-01-01T00:00:00.000000Z"
    assert now("2999-01-01T00:00:00.000009Z") == "2999-01-01T00:00:00.000010Z"
    assert now() < later


def test_undo_takes_back_ones_own_only():
    first, second = event(1), event(2, reviewer="bob")
    undo = event(3, field="undo", new="ann1")
    theirs = event(4, field="undo", new="bob2")
    redo = event(5, field="undo", new="ann3")
    assert live([first, second]) == [first, second]
    assert live([first, second, undo]) == [second]
    assert live([first, second, theirs]) == [first, second]
    assert live([first, second, undo, redo]) == [first, second]


def test_logs_merge_by_concatenation_whatever_their_order(tmp_path):
    a, b = [event(1), event(3)], [event(2, reviewer="bob"), event(1)]
    path = tmp_path / "both.review.jsonl"
    path.write_text("".join(item.line() for item in b + a))
    assert read_log(path).events == merge(a, b) == merge(b, a)
    assert [item.event for item in merge(a, b)] == ["ann1", "bob2", "ann3"]


def test_the_last_decision_of_each_reviewer_counts():
    events = [
        event(1, values=answers("unsupported")),
        event(2, reviewer="bob", values=answers("interpretation", "vague")),
        event(3, field="citation", new="vague", values=answers("unsupported", "vague")),
        event(4, field="flag", new=True),
        event(5, reviewer="cyd", field="decision", new="accepted", values=answers()),
        event(6, reviewer="cyd", field="decision", new="skipped"),
    ]
    (found,) = decisions(events).values()
    assert {name: item.values for name, item in found.items()} == {
        "ann": answers("unsupported", "vague"),
        "bob": answers("interpretation", "vague"),
    }
    (conflict,) = conflicts(events)
    assert conflict.field == "label"
    assert conflict.answers == (("ann", "unsupported"), ("bob", "interpretation"))
    settled = event(9, reviewer="bob", field="decision", new="adjudicated", values=answers())
    assert list(conflicts([*events, settled])) == []
