"""Names that an encoder marks, widened to the phrase that speaks."""

import pytest

from annotator.mark_phrases import speaking, whole
from annotator.marking import MarkedSpan
from annotator.splitting import sentences


def marks(text, *chosen):
    return [MarkedSpan(text.index(words), text.index(words) + len(words), chance) for words, chance in chosen]


def widened(text, named, spoken):
    sentence = sentences(text)[-1]
    return [text[span.start : span.end] for span in whole(sentence, marks(text, *named), marks(text, *spoken))]


@pytest.mark.parametrize(
    ("text", "named", "spoken", "found"),
    [
        (
            "The dam leaked, according to a newly found copy of the report.",
            [("a newly", 0.4)],
            [("a newly found copy of the report", 0.7)],
            ["a newly found copy of the report"],
        ),
        (
            "A page on mill-to-weir works showed that the dam leaked.",
            [("weir", 0.4)],
            [("A page on mill", 0.8), ("weir works", 0.9)],
            ["A page on mill-to-weir works"],
        ),
        (
            "The old papers used by Haas hold no word of the dam.",
            [("Haas", 0.6)],
            [("The old papers used by Haas", 0.9)],
            ["Haas"],
        ),
        (
            "Moll's letter holds that the dam leaked.",
            [("Moll", 0.6)],
            [("Moll", 0.9)],
            ["Moll's letter"],
        ),
        ("See Ada Moll on this.", [("Ada Moll", 0.6)], [], ["Ada Moll"]),
        ('The weekly "Mill" is to close.', [('weekly "Mill', 0.6)], [], ['weekly "Mill"']),
        ("His plans were these: dams.", [("His", 0.6)], [("His", 0.8)], []),
        ("It says “no” in the weekly.", [("no", 0.6)], [], ["no"]),
        (
            "The Moll-Haas trio has been critical.",
            [("The Moll-Haas", 0.6), ("The Moll-Haas trio", 0.5)],
            [],
            ["The Moll-Haas trio"],
        ),
        (
            "The book you are about to read shows a feud.",
            [("The book you", 0.4)],
            [("The book you", 0.8)],
            ["The book"],
        ),
        (
            "Ada B. Moll, Mayor Haas’s chief dam adviser, saw it.",
            [("Ada B. Moll, Mayor Haas’s chief dam adviser", 0.6)],
            [],
            ["Ada B. Moll"],
        ),
        (
            "Ada Moll, the Harbour League’s lawyer, saw it.",
            [("Ada Moll, the Harbour League’s lawyer", 0.6)],
            [],
            ["Ada Moll"],
        ),
        (
            "The miller Ada Moll - head of the Harbour League - saw it.",
            [("miller Ada Moll - head of the Harbour League", 0.6)],
            [],
            ["miller Ada Moll"],
        ),
        ("See Ada Moll, The Mills of Ulm.", [("Ada Moll, The Mills of Ulm", 0.6)], [], ["Ada Moll, The Mills of Ulm"]),
        (
            "It was told by Ada Moll who saw it.",
            [("by Ada Moll who", 0.6)],
            [],
            ["Ada Moll"],
        ),
    ],
)
def test_a_piece_is_widened_and_a_full_name_stays(text, named, spoken, found):
    assert widened(text, named, spoken) == found


def test_both_marks_together_are_surer_than_a_doubtful_name():
    text = "Captain Tom Haas called the press and said that the dam leaked."
    (span,) = whole(sentences(text)[0], marks(text, ("Captain Tom Haas", 0.4)), marks(text, ("Captain Tom Haas", 0.8)))
    assert span.chance == pytest.approx(0.6)


def test_offsets_count_in_the_document():
    text = "The mill stood idle. Then the clerk of the court spoke."
    found = widened(text, [("clerk", 0.4)], [("the clerk of the court", 0.8)])
    assert found == ["the clerk of the court"]


def test_the_phrase_that_speaks_where_no_name_is_marked():
    text = "Both millers issued a note of hope."
    (span,) = speaking(sentences(text)[0], marks(text, ("millers", 0.6)))
    assert text[span.start : span.end].startswith("millers")
    assert speaking(sentences(text)[0], marks(text, ("Both millers", 0.4))) == []
