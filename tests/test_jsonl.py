import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import jsonl
from annotator.jsonl import BadLine, dumps, read_lines

GOOD = b'{"id": "g", "text": "t"}\n'
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def values(data: bytes) -> list:
    return [line.value for line in read_lines(io.BytesIO(data))]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "x", "text": "caf\xe9"}', "not-utf8"),
        (b"{'id': 'x'}", "not-json"),
        (b'{"id": "x", "text": "cut', "not-json"),
        (b'{"a": NaN}', "not-json"),
        (b'{"a": -Infinity}', "not-json"),
        (b'{"a": 1} {"b": 2}', "not-json"),
        (b'{"id": "x", "text": "one", "text": "two"}', "not-json"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not-json"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "not-json"),
        (b"[1, 2]", "not-an-object"),
        (b"null", "not-an-object"),
        (b'"text"', "not-an-object"),
    ],
)
def test_bad_line_costs_itself_alone(line, reason):
    first, odd, last = values(GOOD + line + b"\n" + GOOD)
    assert first == last == {"id": "g", "text": "t"}
    assert isinstance(odd, BadLine)
    assert odd.reason == reason


def test_other_keys_may_repeat():
    assert values(b'{"a": 1, "a": 2}\n') == [{"a": 2}]


def test_blank_lines_are_skipped_but_counted():
    assert [line.number for line in read_lines(io.BytesIO(b"\n  \n" + GOOD + b"\r\n" + GOOD))] == [3, 5]


def test_too_long_line_is_skipped_whole(monkeypatch):
    monkeypatch.setattr(jsonl, "MAX_LINE", 50)
    long = b'{"id": "x", "text": "' + b"a" * 500 + b'"}\n'
    first, odd, last = values(GOOD + long + GOOD)
    assert (first, odd.reason, last) == ({"id": "g", "text": "t"}, "line-too-long", {"id": "g", "text": "t"})


def test_line_of_exactly_the_cap_is_read(monkeypatch):
    monkeypatch.setattr(jsonl, "MAX_LINE", len(GOOD))
    assert len(values(GOOD + GOOD)) == 2


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_round_trip(value):
    line = dumps(value)
    assert len(line.splitlines()) == 1
    assert json.loads(line) == value


def test_json_test_suite(shared):
    """Every valid text of the suite is read, none of the invalid ones."""
    wrong = []
    for path in sorted((shared / "badinputs/json_test_suite/test_parsing").iterdir()):
        data = path.read_bytes()
        if b"\n" in data.strip() or path.name.startswith("i_"):
            continue
        bad = [v for v in values(data) if isinstance(v, BadLine) and v.reason != "not-an-object"]
        if path.name.startswith("y_") == bool(bad) and data.strip(b"\xef\xbb\xbf \r\t"):
            wrong.append(path.name)
    assert wrong == []
