"""Quotations, however badly marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.quotation import PARAGRAPHS, REACH, SHORT_REACH, find_quotations

TABLE = [
    ("plain", "He said: “It rained.” Then he left.", ["“It rained.”"]),
    ("straight", 'He said "It rained" and "it froze" twice.', ['"It rained"', '"it froze"']),
    ("guillemets", "«It rained», he said.", ["«It rained»"]),
    ("low marks", "„Es regnete“, he said.", ["„Es regnete“"]),
    ("two apostrophes", "''It rained,'' he said.", ["''It rained,''"]),
    ("single", "'It rained,' he said.", ["'It rained,'"]),
    ("apostrophes are no marks", "It's John's and the workers' day.", []),
    ("inches", 'A 6" pipe and a 7" pipe.', []),
    ("nested", "“He said ‘No’ twice.”", ["“He said ‘No’ twice.”", "‘No’"]),
    ("nested same", "“a “b” c”", ["“a “b” c”", "“b”"]),
    ("mixed marks", 'the " united front”, as they say', ['" united front”']),
    ("space inside", 'the second party ". Then', []),
    ("over sentences", "“It rained. It froze. It thawed.” So he said.", ["“It rained. It froze. It thawed.”"]),
    ("never closed", "He said: “It rained. It froze.\nNothing else is known.", ["“It rained. It froze."]),
    ("never closed, then another", "“A b. She wrote: “C d.” Over.", ["“A b.", "“C d.”"]),
    ("opened again", "“One.\n\n“Two.”\n\nOver.", ["“One.\n\n“Two.”", "“Two.”"]),
    ("closed in the next paragraph", "“One.\nTwo.” He left.", ["“One.\nTwo.”"]),
    ("first person goes on", "“I left.\nNobody saw me.\nThe train left.", ["“I left.\nNobody saw me."]),
    ("nothing opened", "It rained.” He left.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_quotations(text, expected):
    assert [text[quote.start : quote.end] for quote in find_quotations(text)] == expected


def test_closed_and_depth():
    outer, inner = find_quotations("“a “b” c")
    assert (outer.closed, outer.depth) == (False, 0)
    assert (inner.closed, inner.depth) == (True, 1)


def test_a_broken_mark_spoils_only_its_paragraph():
    broken = "He said “It rained.\n"
    rest = "It froze. «Cold», he said.\n" * 50
    found = [quote for quote in find_quotations(broken + rest) if quote.start >= len(broken)]
    assert [(quote.start - len(broken), quote.end - len(broken)) for quote in found] == [
        (quote.start, quote.end) for quote in find_quotations(rest)
    ]


def test_reach_of_a_quotation_never_closed():
    long = "“" + "word " * REACH
    assert find_quotations(long)[0].end <= SHORT_REACH
    many = "“I left.\n" + "I left again.\n" * 20
    assert many[: find_quotations(many)[0].end].count("\n") <= PARAGRAPHS


def test_given_breaks_are_the_only_ones():
    text = "“One.\nTwo three."
    assert find_quotations(text, [0])[0].end == len(text)
    assert find_quotations(text)[0].end == len("“One.")


@given(st.text(alphabet="ab .\n“”\"'‘’«»„`I", max_size=200))
def test_offsets_on_any_marks(text):
    for quote in find_quotations(text):
        assert 0 <= quote.start < quote.end <= len(text)
        assert quote.depth >= 0


@pytest.mark.parametrize("unit", ['"', "“", "”", "“a ", "\n“", "''", "'A ", "«»", "“a”"])
def test_floods_end(unit):
    text = unit * (20_000 // len(unit))
    assert all(quote.end <= len(text) for quote in find_quotations(text))
