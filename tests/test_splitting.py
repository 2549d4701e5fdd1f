"""Sentences: the golden table, exact spans of any text, floods, and floors on the public sets where they are there."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import boundaries, unmarked
from annotator.splitting import sentences, split, split_all

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
GOLDEN = [json.loads(line) for line in (ROOT / "tests/golden/splitting.jsonl").read_text("utf-8").split("\n") if line]
FLOODS = ["(", '"', "!", ".", "👍", "a", "A", "“", "]", "[1]", "́", "\n", "\r", "1. ", "Mr. ", "A ", ". ", '." ', "- "]
FLOORS = {"ewt_test": 0.92, "ewt_test_flat": 0.83, "gentle": 0.93, "golden": 0.90}


def assert_exact(text: str, spans: list[tuple[int, int]]) -> None:
    """Spans are in order and apart, carry no white space at their edges, and leave nothing out."""
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        assert not text[last:start].strip()
        assert text[start:end] == text[start:end].strip()
        last = end
    assert not text[last:].strip()


@pytest.mark.parametrize("row", GOLDEN, ids=[row["phenomenon"] for row in GOLDEN])
def test_golden_table(row: dict) -> None:
    assert [row["text"][start:end] for start, end in split(row["text"])] == row["sentences"]


def test_golden_table_is_large_and_names_each_phenomenon_once() -> None:
    names = [row["phenomenon"] for row in GOLDEN]
    assert len(names) == len(set(names)) >= 80


def test_sentences_carry_their_text_block_and_index() -> None:
    text = "Exile of the Reformer\n\nHe left. She stayed.\n\n* * *\n\n- salt\n"
    found = sentences(text)
    assert [sentence.block.kind for sentence in found] == ["heading", "body", "body", "rule", "list_item"]
    assert [sentence.index for sentence in found] == [0, 1, 2, 3, 4]
    for sentence in found:
        assert sentence.text == text[sentence.start : sentence.end]
        assert sentence.block.start <= sentence.start < sentence.end <= sentence.block.end


def test_markdown_heading_is_one_sentence_only_where_markdown_is_on() -> None:
    text = "# Mr. Harding. A life\n\nHe left."
    assert [text[start:end] for start, end in split(text, markdown=True)] == ["# Mr. Harding. A life", "He left."]
    assert len(split(text)) > 2


def test_split_all_splits_each_text() -> None:
    assert split_all(["One. Two.", "", "Three"]) == [[(0, 4), (5, 9)], [], [(0, 5)]]


def test_white_space_longer_than_any_look() -> None:
    for text in ("Hi,{}The end.", "Thanks,{}Anna", "One.{}two", "One{}Two", "1.{}One 2.{}Two"):
        wide = text.replace("{}", " " * 500)
        assert_exact(wide, split(wide))


def test_heading_run_into_flattened_text() -> None:
    body = "The town grew quickly in those years, and its council bought the land along the river. " * 6
    text = "History of the Region According to the chronicle, the town was founded by monks. " + body
    assert split(text)[0] == (0, len("History of the Region"))


@given(st.text(), st.booleans())
def test_any_text_is_covered_exactly(text: str, markdown: bool) -> None:
    assert_exact(text, split(text, markdown))


WORDS = """A I . ... … ? ! " “ ” ' ( ) [1] 1. a) ----- said The Mr etc No 5 http://a.b Hi, :) 👍 * # > Figure Thanks,"""
PIECES = [*WORDS.split(), " ", "  ", "\n", "\r\n", "\u2028", "• ", "- ", "1/2/2000 10:20", "\x00", "\ud800"]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.booleans())
def test_texts_of_awkward_pieces_are_covered_exactly(text: str, markdown: bool) -> None:
    assert_exact(text, split(text, markdown))


@pytest.mark.parametrize("unit", FLOODS)
def test_floods_are_covered_exactly(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    assert_exact(text, split(text))


@pytest.mark.parametrize("unit", [*FLOODS, "word ", "The word ", "Ab. "])
def test_work_grows_with_the_text(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Linear by construction: the looks number at most one a stop and one a gap, and each sees a bounded slice."""
    seen: list[int] = []
    real_gap, real_sides = boundaries.gap_at, unmarked.sides

    def gap_at(*arguments):
        gap = real_gap(*arguments)
        seen.append(len(gap.word) + len(gap.previous) + sum(map(len, gap.after)) if gap else 0)
        return gap

    def sides(*arguments):
        found = real_sides(*arguments)
        seen.append(max(len(found.before), len(found.after)))
        return found

    monkeypatch.setattr(boundaries, "gap_at", gap_at)
    monkeypatch.setattr(unmarked, "sides", sides)
    text = unit * (6_000 // len(unit))
    split(text)
    assert len(seen) <= len(text)
    assert max(seen, default=0) <= 3 * boundaries.REACH


def test_the_score_of_a_gap_is_the_sum_of_the_weights_of_its_features() -> None:
    text, table = "In the 1930s the Orsk council The Bridge was opened (see below) by Ada Moll", unmarked.weights()
    for gap in unmarked.gaps(text, 0, len(text)):
        names = unmarked.features(text, 0, gap, len(text))
        assert unmarked.score(text, 0, gap, len(text)) == sum((table.get(name, 0.0) for name in names), table["bias"])


def test_shapes_are_cut_short_before_they_are_kept() -> None:
    features = unmarked.features("x " + "A" * 5_000 + " B", 0, (1, 2), 5_004)
    assert max(map(len, features)) < 2 * unmarked.SHAPE_LENGTH + 10


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    """The public scorer, where it is there."""
    path = SHARED / "bench/score_split.py"
    if not path.exists():
        pytest.skip("needs ../shared/bench (public gold sets)")
    spec = importlib.util.spec_from_file_location("score_split", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", FLOORS)
def test_floor_on_public_gold(name: str, scorer: ModuleType) -> None:
    lines = (scorer.GOLD / f"split_{name}.jsonl").read_text("utf-8").split("\n")
    documents = [json.loads(line) for line in lines if line]
    boundary, _ = scorer.score(documents, split_all([document["text"] for document in documents]))
    assert boundary >= FLOORS[name]


@pytest.mark.parametrize("markdown", [False, True])
def test_bad_inputs_are_covered_exactly(markdown: bool) -> None:
    folder = SHARED / "badinputs"
    if not folder.exists():
        pytest.skip("needs ../shared/badinputs")
    texts = json.loads((folder / "blns/blns.json").read_text("utf-8"))
    generated = (folder / "generated/texts.jsonl").read_text("utf-8").split("\n")
    texts += [json.loads(line)["text"] for line in generated if line]
    assert len(texts) > 500
    for text in texts:
        assert_exact(text, split(text, markdown))


def test_golden_cases_of_a_peer() -> None:
    path = SHARED / "badinputs/splitter/pysbd_golden_en.jsonl"
    if not path.exists():
        pytest.skip("needs ../shared/badinputs/splitter")
    cases = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    right = 0
    for case in cases:
        text = case["text"]
        right += [text[a:b] for a, b in split(text)] == [sentence.strip() for sentence in case["sentences"]]
    assert right >= 60
