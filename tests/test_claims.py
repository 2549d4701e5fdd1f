"""Claims: the checkable words without their frame."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.attribution import attributions
from annotator.claims import claims_of
from annotator.record import Attribution, Span


def span(text, piece):
    start = text.index(piece)
    return Span(start, start + len(piece))


def attribution(text, source, *content):
    pieces = tuple(span(text, piece) for piece in content)
    return Attribution(span(text, source) if source else None, None, pieces, "test")


def test_without_a_frame_the_sentence_is_the_claim_of_the_author():
    text = "The bridge was finished in 1931."
    (claim,) = claims_of(text, Span(0, len(text)))
    assert (claim.text, claim.start, claim.end, claim.holder) == (text, 0, len(text), None)


def test_content_of_the_source():
    text = "Klein said that the mill closed."
    (claim,) = claims_of(text, Span(0, len(text)), [attribution(text, "Klein", "that the mill closed.")])
    assert (claim.text, claim.holder) == ("the mill closed.", "Klein")
    assert text[claim.start : claim.end] == claim.text


def test_two_pieces_around_a_frame_are_one_claim_with_parts():
    text = "The fleet, Roy said, would sail."
    (claim,) = claims_of(text, Span(0, len(text)), [attribution(text, "Roy", "The fleet", "would sail.")])
    assert (claim.text, claim.holder) == (text, "Roy")
    assert [part.text for part in claim.parts] == ["The fleet", "would sail."]
    assert all(text[part.start : part.end] == part.text for part in claim.parts)


def test_two_pieces_that_both_assert_something_are_two_claims():
    text = "The mill closed, Roy said, and it was sold."
    found = claims_of(text, Span(0, len(text)), [attribution(text, "Roy", "The mill closed", "and it was sold.")])
    assert [(claim.text, claim.parts) for claim in found] == [("The mill closed", ()), ("it was sold.", ())]


def of(text):
    """Claims of a sentence as the rules for attributions see it."""
    return [(claim.text, claim.holder) for claim in claims_of(text, Span(0, len(text)), attributions(text))]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Moll led the strike (this is a well-known historical fact).", [("Moll led the strike", None)]),
        ("Moll herself explains this as follows:", [("Moll herself explains this as follows", None)]),
        ("Moll demanded to be sent home.", [("Moll demanded to be sent home.", None)]),
        ("The report says that Moll told him: “It froze.”", [("“It froze.”", "Moll")]),
        (
            "Klein said the mill burnt, and Roy claimed that it was sold.",
            [("the mill burnt", "Klein"), ("it was sold.", "Roy")],
        ),
        (
            "For days the train stood at the pass, until Roy announced that the road was shut.",
            [("For days the train stood at the pass", None), ("the road was shut.", "Roy")],
        ),
        (
            "The eldest, Leo, shouted: “They are here, look,” and the youngest hit the officer.",
            [("“They are here, look,”", "The eldest, Leo"), ("the youngest hit the officer.", None)],
        ),
    ],
)
def test_frames(text, claims):
    assert of(text) == claims


def test_no_claim_lies_in_another():
    text = "Moll wrote as follows: “It froze in May.”"
    twice = [attribution(text, "Moll", "“It froze in May.”"), attribution(text, "Moll", "It froze in May.")]
    assert len(claims_of(text, Span(0, len(text)), twice)) == 1


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("The mill, as they say, burnt down.", ["The mill", "burnt down."]),
        ("That is when the bank was reportedly buying gold.", ["That is when the bank was", "buying gold."]),
        ("The bank, as they used to say, of the poor was sold.", ["The bank", "of the poor was sold."]),
        ("Moll met Roy (according to the writer Ada Klein) and his son.", ["Moll met Roy", "his son."]),
    ],
)
def test_a_frame_amid_a_claim_is_in_none_of_its_parts(text, parts):
    (claim,) = claims_of(text, Span(0, len(text)), attributions(text))
    assert [part.text for part in claim.parts] == parts


def test_content_is_cut_at_the_sentence():
    text = "Klein wrote: “It rained. It froze.” Over."
    (claim,) = claims_of(text, Span(0, text.index(" It froze")), [attribution(text, "Klein", "“It rained. It froze.”")])
    assert claim.text == "It rained."


@pytest.mark.parametrize(
    ("text", "content", "claim"),
    [
        ("Klein: the “north” mill closed”", "the “north” mill closed”", "the “north” mill closed"),
        ('Klein: "the mill closed', '"the mill closed', "the mill closed"),
        ("Klein: “the mill closed.”", "“the mill closed.”", "“the mill closed.”"),
    ],
)
def test_quotation_marks_of_a_claim_pair(text, content, claim):
    (found,) = claims_of(text, Span(0, len(text)), [attribution(text, "Klein", content)])
    assert found.text == claim


@pytest.mark.parametrize("text", ["( Laughter).", "(Loud cheers.)", "[Pause]"])
def test_a_stage_direction_is_no_claim(text):
    assert claims_of(text, Span(0, len(text))) == ()


@pytest.mark.parametrize(
    ("text", "mark", "claim"),
    [
        ("It was finished in 1931.[12]", "12", "It was finished in 1931."),
        ("It was finished in 1931 (Klein 2004).", "Klein 2004", "It was finished in 1931"),
        ("[12] It was finished in 1931.", "12", "It was finished in 1931."),
        ("It was finished (Klein 2004) in 1931.", "Klein 2004", "It was finished (Klein 2004) in 1931."),
    ],
)
def test_reference_marks_at_the_ends_are_left_out(text, mark, claim):
    (found,) = claims_of(text, Span(0, len(text)), marks=[span(text, mark)])
    assert found.text == claim


def test_holder_of_a_carried_sentence():
    assert claims_of("It froze.", Span(0, 9), holder="Klein")[0].holder == "Klein"


@pytest.mark.parametrize("text", ["", "…", " * ", "--"])
def test_nothing_said_is_no_claim(text):
    assert claims_of(text, Span(0, len(text))) == ()


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=3))
def test_offsets(text, pairs):
    marks = [Span(min(pair), max(pair)) for pair in pairs if max(pair) <= len(text)]
    for claim in claims_of(text, Span(0, len(text)), [Attribution(None, None, tuple(marks), "test")], marks):
        assert text[claim.start : claim.end] == claim.text != ""
