"""Claims that could be checked apart are apart, and nothing else is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.propositions import apart
from annotator.record import Claim


def cut(text, offset=0, **options):
    claim = Claim(text, offset, offset + len(text), "Klein")
    return apart(text, offset, [claim], **options)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Moll was born in 1879 and died in 1940.", ["Moll was born in 1879", "died in 1940."]),
        ("The mill burnt down and the workers moved to Brno.", ["The mill burnt down", "the workers moved to Brno."]),
        ("The law was passed in May, but it was never used.", ["The law was passed in May", "it was never used."]),
        ("The price was too high; the engines came late.", ["The price was too high", "the engines came late."]),
        ("The council agreed, while the senate rejected it.", ["The council agreed", "the senate rejected it."]),
        (
            "In 1898 Moll was arrested, spent two years in prison, and then was exiled to Split.",
            ["In 1898 Moll was arrested", "spent two years in prison", "then was exiled to Split."],
        ),
        (
            "The border was closed, the mayor was shot, and the papers were burnt.",
            ["The border was closed", "the mayor was shot", "the papers were burnt."],
        ),
        (
            "The committee, which Moll led, was dissolved and its papers were burnt.",
            ["The committee, which Moll led, was dissolved", "its papers were burnt."],
        ),
        ("The mill was sold and left the union in 1930.", ["The mill was sold", "left the union in 1930."]),
    ],
)
def test_cut(text, pieces):
    assert [claim.text for claim in cut(text)] == pieces


@pytest.mark.parametrize(
    "text",
    [
        "The mill made flour, bread and beer.",
        "He met Klein and Roy in Vienna.",
        "The old and tired men went home.",
        "The union was founded in 1921 and banned in 1930.",
        "Both Moll and her son were in Split.",
        "Roy announced that Moll and his family were under arrest.",
        "He bought a house, which stood on the hill and overlooked the river.",
        "If the mill had burnt, the town would be poor and the bank would have closed.",
        "She not only wrote the book but also printed it.",
        "The talks between Moll and Roy were long and hard.",
        "When Klein arrived and Roy left, the mill closed.",
        "Klein wrote (the mill burnt down and the workers left) to Roy.",
        "Who paid the mill and who sold it?",
        "The planned and approved budget was cut.",
        "The mayor has encouraged and promoted the plan of the senate.",
        "The council met to discuss the problems of trade and farming in the town brought on by the war.",
        "The letters must be secret, given the date, and the fact that the mayor refused to open them.",
        "The camps need to be raided with every guard arrested and charged with murder.",
        "Their acts were legal and not politically motivated by the senate.",
        "Given that our views are shaped by the town, and not by the mill, we may be wrong.",
        "He doubted that the mill was safe, and that meaning was lost on Roy.",
        "",
    ],
)
def test_left_whole(text):
    assert [claim.text for claim in cut(text)] == [text]


def test_a_piece_says_whose_predicate_it_is_and_keeps_the_holder():
    text = "At last, when the train had left, Ada Moll came to the guard and declared that she was free."
    first, second = cut(text, 100)
    assert (first.subject, second.holder) == (None, "Klein")
    assert second.subject.text == "Ada Moll" == text[second.subject.start - 100 : second.subject.end - 100]
    assert second.text == text[second.start - 100 : second.end - 100]


def test_what_is_reported_with_that_twice_is_cut_and_without_a_frame_is_not():
    said = "Klein said that the mill was closed and that the owner had fled."
    start = said.index("the mill")
    found = apart(said, 0, [Claim(said[start:], start, len(said), "Klein")])
    assert [claim.text for claim in found] == ["the mill was closed", "the owner had fled."]
    assert len(cut(said)) == 1


def test_of_a_reading_only_whole_clauses_are_set_apart():
    assert len(cut("Moll feared the senate and died in despair.", clauses_only=True)) == 1
    both = "The mayor never understood the old town, and his friends in the senate never forgave him."
    assert len(cut(both, clauses_only=True)) == 2


@given(
    st.lists(st.sampled_from(["Moll", "and", "the mill", "was", "sold", ",", ";", "which", "(", ")", "but", "died"]))
)
def test_pieces_keep_order_and_offsets(words):
    text = " ".join(words)
    last = 0
    for claim in cut(text):
        assert text[claim.start : claim.end] == claim.text
        assert claim.start >= last
        last = claim.end
