import pytest

from annotator import attributing, attribution, attributions
from annotator.marking import MarkedSpan
from annotator.splitting import sentences


def combined(text, source=(), cue=(), chance=0.9):
    found = sentences(text)
    marks = [
        {"source": tuple(_spans(text, sentence, source, chance)), "cue": tuple(_spans(text, sentence, cue, chance))}
        for sentence in found
    ]
    ruled = attribution.attributions(text, found)
    return [
        tuple(text[slice(*span)] if span else None for span in (one.source, one.cue))
        for one in attributing.combine(text, found, ruled, marks)
    ]


def _spans(text, sentence, words, chance):
    for one in words:
        at = text.find(one, sentence.start, sentence.end)
        if at >= 0:
            yield MarkedSpan(at, at + len(one), chance)


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


# Forty sentences in which nobody says anything.
RECIPE = " ".join(["Stir the porridge until it is thick."] * 40)


def test_a_weak_cue_counts_where_nothing_shows_that_a_document_tells_little_of_others():
    assert combined("The cook loved this old pan.", cue=["loved"], chance=0.6) == [(None, "loved")]


@pytest.mark.parametrize("cue", ["loved", "wanted to keep", "known for"])
def test_a_weak_cue_falls_away_in_a_document_that_tells_little_of_others(cue):
    assert combined(f"{RECIPE} The cook {cue} this old pan.", cue=[cue], chance=0.6) == []


@pytest.mark.parametrize(
    "said", ["that the pan was old", "how the pan had cracked", "she had burnt it", "the old pan was hers"]
)
def test_a_weak_cue_counts_anywhere_if_a_clause_follows(said):
    assert combined(f"{RECIPE} The cook knew {said}.", cue=["knew"], chance=0.6) == [(None, "knew")]


def test_a_cue_that_is_just_seen_counts_only_with_a_clause():
    assert combined("Lind fancied the ferry was late.", cue=["fancied"], chance=0.32) == [(None, "fancied")]
    assert combined("Lind fancied the old ferry.", cue=["fancied"], chance=0.32) == []


def test_a_sure_cue_counts_anywhere():
    assert combined(f"{RECIPE} The cook loved this old pan.", cue=["loved"], chance=0.95) == [(None, "loved")]


def test_a_document_that_tells_much_of_others_keeps_its_weak_cues():
    told = "The baker complained of the smoke. " * 40
    found = combined(f"{told} The cook loved this old pan.", cue=["complained", "loved"], chance=0.6)
    assert found[-1] == (None, "loved")


def test_without_an_encoder_the_rules_answer():
    text = "Ada Berg said that the crane fell."
    assert attributions(text, "fast") == attribution.attributions(text)


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_is_attributed_in_nothing(text):
    assert attributions(text) == []
