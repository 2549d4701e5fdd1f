import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.decoding import decode, known_encoding, without_surrogates
from annotator.errors import ReadError

TEXT = "Émile wrote it in 1921. “So be it.” Лев agreed."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings_and_utf8_decode(encoding):
    assert decode(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp1251"])
def test_named_encoding(encoding):
    assert decode("Лев".encode(encoding), encoding) == "Лев"


def test_mark_wins_over_named_encoding():
    assert decode(TEXT.encode("utf-16"), "cp1251") == TEXT


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("café".encode("latin-1"), "not-utf8"),
        (b"cut short \xe2\x80", "not-utf8"),
        (b"overlong \xc0\xaf", "not-utf8"),
        (b"\xff\xfea\x00b", "not-utf16"),
        (b"\x89PNG\r\n\x1a\n", "binary"),
        (b"%PDF-1.7 text", "binary"),
        (b"\0" * 64, "binary"),
        ("plain".encode("utf-16-le"), "binary"),
    ],
)
def test_refused_with_a_reason(data, reason):
    with pytest.raises(ReadError) as caught:
        decode(data)
    assert caught.value.reason == reason


def test_a_single_nul_is_text():
    assert decode(b"A long enough sentence with one \0 in it.").count("\0") == 1


@pytest.mark.parametrize("name", ["latin-1", "cp1252", "koi8-r"])
def test_known_encoding(name):
    assert known_encoding(name) == name


@pytest.mark.parametrize("name", ["klingon", "", "hex", "rot13", "a\0b"])
def test_unknown_encoding(name):
    with pytest.raises(ReadError, match="no text encoding"):
        known_encoding(name)


@given(st.text(st.characters(codec=None, categories=("Cs", "L", "P"))))
def test_no_surrogate_survives_and_offsets_stay(text):
    clean = without_surrogates(text)
    clean.encode("utf-8")
    assert len(clean) == len(text)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_decode_or_say_why(data):
    try:
        assert isinstance(decode(data), str)
    except ReadError as error:
        assert error.reason
