import pytest

from annotator.contents import content_of
from annotator.record import Span
from annotator.splitting import sentences


@pytest.mark.parametrize(
    ("text", "source", "cue", "expected"),
    [
        ("Lind vented that the ferry never came.", "Lind", "vented", ["that the ferry never came."]),
        ("The ferry never came, Lind vented.", "Lind", "vented", ["The ferry never came"]),
        ("“The ferry sank,” Lind vented, “and nobody came to help.”", "Lind", "vented",
         ["“The ferry sank,”", "“and nobody came to help.”"]),
        ("Lind vented.", "Lind", "vented", []),
        ("There was word of a sunken ferry again.", None, "word", ["of a sunken ferry again."]),
    ],
)  # fmt: skip
def test_content_is_what_stands_beside_source_and_cue(text, source, cue, expected):
    def place(words):
        return Span(text.index(words), text.index(words) + len(words)) if words else None

    found = content_of(text, sentences(text)[0], place(cue), place(source))
    assert [text[span.start : span.end] for span in found] == expected
