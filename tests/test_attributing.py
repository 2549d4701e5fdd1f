import pytest

from annotator import attributing, attribution, attributions
from annotator.marking import MarkedSpan
from annotator.splitting import sentences


def combined(text, source=(), cue=()):
    found = sentences(text)
    marks = [
        {"source": tuple(_spans(text, sentence, source)), "cue": tuple(_spans(text, sentence, cue))}
        for sentence in found
    ]
    ruled = attribution.attributions(text, found)
    return [
        tuple(text[slice(*span)] if span else None for span in (one.source, one.cue))
        for one in attributing.combine(text, found, ruled, marks)
    ]


def _spans(text, sentence, words):
    for one in words:
        at = text.find(one, sentence.start, sentence.end)
        if at >= 0:
            yield MarkedSpan(at, at + len(one), 0.9)


def test_a_cue_that_only_the_encoder_sees_makes_an_attribution():
    assert combined("Lind vented that the ferry never came.", ["Lind"], ["vented"]) == [("Lind", "vented")]


def test_a_cue_that_the_encoder_doubts_falls_away():
    assert attribution.attributions("Ada Berg said that the crane fell.")
    assert combined("Ada Berg said that the crane fell.") == []


def test_the_encoder_delimits_the_source_that_both_see():
    text = "Ada Berg, the harbour master, said that the crane fell."
    assert combined(text, ["Ada Berg, the harbour master"], ["said"]) == [("Ada Berg, the harbour master", "said")]


def test_each_sentence_keeps_its_own():
    text = "Ada Berg said that the crane fell. Nobody came. Lind vented that the ferry never came."
    assert combined(text, ["Ada Berg", "Lind"], ["said", "vented"]) == [("Ada Berg", "said"), ("Lind", "vented")]


def test_without_an_encoder_the_rules_answer():
    text = "Ada Berg said that the crane fell."
    assert attributions(text, "fast") == attribution.attributions(text)


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_is_attributed_in_nothing(text):
    assert attributions(text) == []
