"""Blocks: kinds by markup and by shape, hard-wrapped text, coverage of any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.blocks import find_blocks

LINES = "\n\r\u2028\u2029\x0b\x0c\x85"
WRAPPED = (
    "The committee that was appointed in the spring of that year to look\n"
    "into the accounts of the railway found that nearly every bridge had\n"
    "been paid for twice. It blamed the clerk, who had left.\n"
)


def kinds(text: str, markdown: bool = False) -> list[tuple[str, str, bool]]:
    """Text, kind and mark of each block."""
    return [(text[b.start : b.end], b.kind, b.marked) for b in find_blocks(text, markdown)]


@pytest.mark.parametrize(
    ("line", "kind", "marked"),
    [
        ("* * *", "rule", True),
        ("---", "rule", True),
        ("=====", "rule", True),
        ("- the author is an accomplice;", "list_item", True),
        ("— the paper is to be closed;", "list_item", True),
        ("• salt", "list_item", True),
        ("1. Boil the water", "list_item", True),
        ("2) Add the salt", "list_item", True),
        ("(iv) the tenant", "list_item", True),
        ("A. G. Weller was a painter of the northern school.", "body", False),
        ("-5 degrees were measured that night.", "body", False),
        ("Figure 2. Growth of the towns", "caption", False),
        ("Photo ok. 1920-1921", "caption", False),
        ("Danish poster, 1920", "caption", False),
        ("Anna with her sons on the quay, 1928", "caption", False),
        ("Figure 2 shows that the towns were growing", "body", False),
        ("The picture was painted in 1920", "body", False),
        ("Exile of the Reformer", "heading", False),
        ("THE LAST YEARS", "heading", False),
        ("2.1 Methods of the survey", "heading", False),
        ("background", "heading", False),
        ("He was sent away", "body", False),
        ("He was sent away.", "body", False),
        ("Nobody in the town had ever asked why the clerk of the works left so early", "body", False),
        ("See also:", "body", False),
        ("# of towns", "body", False),
    ],
)
def test_kind_of_a_line_that_stands_alone(line: str, kind: str, marked: bool) -> None:
    text = f"Something came before it.\n\n{line}\n\nIn the meantime the town grew, and nobody answered.\n"
    assert kinds(text)[1] == (line, kind, marked)


def test_heading_needs_text_under_it() -> None:
    assert kinds("In the meantime the town grew.\n\nExile of the Reformer")[-1][1] == "body"


def test_short_line_in_a_run_of_lines_is_body() -> None:
    assert {kind for _, kind, _ in kinds("Cotton sweets\nApple rings\nMeat on a stick")} == {"body"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Title\n\nText.", [("# Title", "heading", True), ("Text.", "body", False)]),
        ("> one\n> two\n\nText.", [("> one\n> two", "quote", True), ("Text.", "body", False)]),
        ("Title\n=====\nText.", [("Title", "heading", True), ("=====", "rule", True), ("Text.", "body", False)]),
    ],
)
def test_markdown(text: str, expected: list[tuple[str, str, bool]]) -> None:
    assert kinds(text, markdown=True) == expected


def test_markdown_marks_are_plain_characters_elsewhere() -> None:
    assert {kind for _, kind, _ in kinds("# Title\n\n> quoted words of somebody.")} == {"body"}


def test_hard_wrapped_lines_are_one_block() -> None:
    assert [kind for _, kind, _ in kinds(WRAPPED + "\n" + WRAPPED)] == ["body", "body"]


def test_short_line_ends_a_hard_wrapped_block() -> None:
    blocks = kinds(WRAPPED + "Yours,\nHarding")
    assert [piece for piece, _, _ in blocks[1:]] == ["Yours,", "Harding"]


def test_lines_of_free_length_stay_apart() -> None:
    text = "The first line is a full sentence of its own rather long.\nShort.\nA third one, of middling length.\nEnd."
    assert len(kinds(text)) == 4


def test_wrapped_line_that_begins_like_a_list_item_goes_on() -> None:
    text = (
        "The committee had looked into the accounts of the railway in May\n"
        "1918. After that it found that nearly every bridge on the line had\n"
        "been paid for twice, and it blamed the clerk of the works, who had\n"
        "left.\n"
    )
    assert len(kinds(text)) == 1


def assert_covered(text: str, markdown: bool) -> None:
    """Blocks are in order, apart from each other, without white space at their edges, and leave nothing out."""
    last = 0
    for block in find_blocks(text, markdown):
        assert last <= block.start < block.end <= len(text)
        assert not text[last : block.start].strip()
        assert text[block.start : block.end] == text[block.start : block.end].strip()
        last = block.end
    assert not text[last:].strip()


@given(st.text(), st.booleans())
def test_blocks_cover_any_text(text: str, markdown: bool) -> None:
    assert_covered(text, markdown)


@given(st.text(alphabet=LINES + " #>-*=1.)aA“\x00\ud800", max_size=200), st.booleans())
def test_blocks_cover_texts_of_marks_and_line_ends(text: str, markdown: bool) -> None:
    assert_covered(text, markdown)
