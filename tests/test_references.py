"""Written references: a golden table of own sentences, and what must hold for any text."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import hints
from annotator.record import Attribution, Span
from annotator.references import RULES, covered, find_references

TABLE = Path(__file__).with_name("golden").joinpath("references.jsonl")
GOLDEN = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]
# Blanks stand as "_" and are put back below.
_PIECES = (
    "( ) [ ] 12 1999 Smith von_ ,_ ;_ see_ ibid._ p._ ³ https://a.b/ 王 “ Art._ _of_the_ Code RGASPI_ f._ Pravda,_"
    " March_ Matt._ 5:3 . _v._ ]( \U0001f600"
)
PIECES = st.sampled_from([*(piece.replace("_", " ") for piece in _PIECES.split(" ")), "\n"])


def read(text: str, found: list[Attribution]) -> list[list[str | None]]:
    return [
        [one.rule, one.source and text[slice(*one.source)], text[slice(*one.cue)] if one.cue else None] for one in found
    ]


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: row["text"][:60])
def test_golden(row: dict[str, object]) -> None:
    text = str(row["text"])
    assert read(text, find_references(text)) == row["references"]


def found_without_hint(text: str) -> list[Attribution]:
    seen = hints.Looked(text)
    return [one for hint, rule in RULES if not hint(seen) for one in rule(text)]


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: row["text"][:60])
def test_what_a_rule_finds_has_its_hint(row: dict[str, object]) -> None:
    assert found_without_hint(f"{row['text']} 7") == []


@given(st.lists(PIECES, max_size=40).map("".join))
def test_what_a_rule_finds_in_odd_texts_has_its_hint(text: str) -> None:
    assert found_without_hint(f"{text} 7") == []


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
def test_spans_lie_in_the_text_in_order_and_apart(text: str) -> None:
    end = 0
    for one in find_references(text):
        assert one.source is not None
        spans = sorted(span for span in (one.source, one.cue) if span)
        for span in spans:
            assert end <= span.start < span.end <= len(text)
            assert text[span.start : span.end].strip() == text[span.start : span.end]
            end = span.end


@given(st.sampled_from([row for row in GOLDEN if "\n" not in row["text"]]), st.integers(1, 5))
def test_offsets_count_code_points_of_the_original(row: dict[str, str], shift: int) -> None:
    lead = "\U0001f600é\n" * shift
    moved = [
        (one.rule, one.source and Span(one.source.start + len(lead), one.source.end + len(lead)))
        for one in find_references(row["text"])
    ]
    assert [(one.rule, one.source) for one in find_references(lead + row["text"])] == moved


@pytest.mark.parametrize(
    ("unit", "rules"),
    [
        ("(", set()),
        ("[", set()),
        ("1", set()),
        ("[1", set()),
        ("(1)", set()),
        ("(2001)", set()),
        ("A ", set()),
        ("“", set()),
        ("²", set()),
        ("Aa (", set()),
        ("](", set()),
        ("http://", {"link"}),
        ("[1] ", {"note-number"}),
        ("Article ", set()),
        ("RGASPI ", set()),
        ("ibid. ", {"same-work"}),
        ("p. 1 ", {"page"}),
        ("\n", set()),
    ],
)
def test_floods_give_only_what_they_hold(unit: str, rules: set[str]) -> None:
    assert {one.rule for one in find_references(unit * (20_000 // len(unit)))} == rules


def test_a_link_keeps_the_brackets_it_opened_and_drops_what_trails() -> None:
    text = "(from https://example.org/a_(b)/c), and https://example.org/d...”"
    assert [found[1] for found in read(text, find_references(text))] == [
        "https://example.org/a_(b)/c",
        "https://example.org/d",
    ]


@pytest.mark.parametrize(
    ("mark", "sentence"),
    [(Span(8, 11), 0), (Span(12, 15), 0), (Span(30, 33), 1), (Span(40, 43), 2)],
)
def test_a_mark_covers_its_sentence_or_the_one_it_trails(mark: Span, sentence: int) -> None:
    assert covered(mark, [Span(0, 11), Span(12, 35), Span(40, 43)]) == sentence


def test_a_mark_before_the_first_sentence_covers_none() -> None:
    assert covered(Span(0, 3), [Span(5, 9)]) == -1
