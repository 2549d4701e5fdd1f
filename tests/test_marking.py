import numpy as np
import pytest

from annotator.encoder import Reading
from annotator.marking import marked_spans
from annotator.splitting import sentences

TEXT = "It rained. The harbour-master's report (1921) says so."
SECOND = sentences(TEXT)[1]


def reading(words, odds=3.0):
    """Marks on some tokens, where a token is a word or a sign."""
    import re

    marks, places = [], []
    for sentence in sentences(TEXT):
        found = [match.span() for match in re.finditer(r"[A-Za-z]{1,4}|\d+|\S", sentence.text)]
        places.append(found)
        marks.append(np.array([[odds if sentence.text[a:b] in words else -5.0] for a, b in found]))
    return Reading(np.zeros((2, 0)), marks, places)


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (["harb", "our", "-", "mast", "er"], ["harbour-master"]),
        (["harb"], ["harbour"]),  # a part of a word stands for the word
        (["repo", "rt", "(", "1921", ")"], ["report (1921)"]),
        ([",", "."], []),
        (["The", "says"], ["The", "says"]),
    ],
)
def test_tokens_become_whole_words(tokens, expected):
    first, second = marked_spans(reading(tokens), sentences(TEXT), ["named"])
    assert first["named"] == ()
    assert [TEXT[span.start : span.end] for span in second["named"]] == expected


def test_a_span_is_as_sure_as_its_surest_token():
    _, second = marked_spans(reading(["says"], odds=2.0), sentences(TEXT), ["named"])
    assert second["named"][0].chance == pytest.approx(1 / (1 + np.exp(-2.0)))


def test_without_marks_there_are_no_spans():
    assert marked_spans(Reading(np.zeros((2, 4)), [], []), sentences(TEXT), []) == [{}, {}]
