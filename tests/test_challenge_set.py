"""The challenge set keeps its promises: whole groups, valid labels, shared words, swaps that change the name only."""

import json
import re
from collections import Counter
from itertools import combinations, groupby
from pathlib import Path

import pytest
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

import annotator
from annotator.gold import read_labelled
from annotator.record import CITATIONS, LABELS

FOLDER = Path(__file__).parent / "challenge"
ROLES = ["endorsed", "reported", "rebutted", "record", "reading"]
FIELDS = ["id", "document", "text", "label", "allowed", "citation", "source", "role", "matter", "kind", "origin"]
SWAP_FIELDS = ["id", "a", "b", "name_a", "name_b", "label", "kind"]
LABELS_OF_ROLE = {
    "endorsed": {"unsupported"},
    "reported": {"documented_fact", "interpretation"},
    "rebutted": {"documented_fact", "interpretation"},
    "record": {"documented_fact"},
    "reading": {"interpretation"},
}
MINIMUM_OF_KIND = {
    "hidden_agency": 20, "flat_accusation": 20, "insinuating_question": 15, "vague_authority": 15,
    "sweep": 12, "bare_figure": 15, "flat_falsehood": 10, "adopted_source": 8, "plot_conclusion": 4,
}  # fmt: skip
MINIMUM_OF_SWAPS = {"documented_fact": 15, "interpretation": 15, "unsupported": 15, "no_claim": 8}


def rows_of(name: str) -> list[dict]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


ROWS = rows_of("groups.jsonl")
GROUPS = {name: list(rows) for name, rows in groupby(ROWS, key=lambda row: row["document"])}
SWAPS = rows_of("swaps.jsonl")


def stems(text: str) -> frozenset[str]:
    """Content words cut to five letters, so that "bankers" and "banking" count as one."""
    words = re.findall(r"[^\W_]+", text.lower())
    return frozenset(word[:5] for word in words if len(word) > 2 and word not in ENGLISH_STOP_WORDS)


def folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def likeness(one: str, other: str) -> float:
    a, b = stems(one), stems(other)
    return len(a & b) / len(a | b)


def test_there_are_enough_groups_matters_and_kinds():
    assert len(GROUPS) >= 150
    assert len({row["matter"] for row in ROWS}) >= 30
    kinds = Counter(row["kind"] for row in ROWS if row["role"] == "endorsed")
    assert {kind for kind in kinds if kinds[kind] < MINIMUM_OF_KIND[kind]} == set()
    assert set(kinds) == set(MINIMUM_OF_KIND)


def test_every_group_has_each_role_once_in_one_run_of_lines():
    runs = [name for name, _ in groupby(ROWS, key=lambda row: row["document"])]
    assert runs == [f"c{number:03d}" for number in range(1, len(GROUPS) + 1)]
    for name, rows in GROUPS.items():
        assert [row["role"] for row in rows] == ROLES
        assert [row["id"] for row in rows] == [f"{name}.{role}" for role in ROLES]
        assert len({row["matter"] for row in rows}) == 1


@pytest.mark.parametrize("role", ROLES)
def test_labels_suit_the_role(role):
    for row in (row for row in ROWS if row["role"] == role):
        assert row["label"] in LABELS_OF_ROLE[role], row["id"]
        assert row["allowed"][0] == row["label"]
        assert len(row["allowed"]) == len(set(row["allowed"]))
        assert set(row["allowed"]) <= LABELS_OF_ROLE[role], row["id"]


def test_every_line_has_the_fields_of_the_contract():
    for row in ROWS:
        expected = FIELDS if row["role"] == "endorsed" else [field for field in FIELDS if field != "kind"]
        assert list(row) == expected, row["id"]
        assert row["origin"] == "challenge"
        assert row["citation"] in CITATIONS


def test_evaluation_reads_the_groups():
    read = read_labelled(FOLDER / "groups.jsonl")
    assert [(line.id, line.text, line.label) for line in read] == [(r["id"], r["text"], r["label"]) for r in ROWS]
    assert all(line.extra["role"] in ROLES for line in read)


def test_a_source_is_named_exactly_where_the_citation_is_explicit():
    for row in ROWS:
        assert bool(row["source"]) == (row["citation"] == "explicit"), row["id"]
        assert row["source"] in row["text"], row["id"]
        assert row["citation"] != "carried", f"{row['id']}: nothing stands before it"


def test_every_sentence_is_one_sentence_of_ordinary_length():
    for row in ROWS:
        text = row["text"]
        assert 8 <= len(text.split()) <= 40, row["id"]
        assert text == " ".join(text.split())
        assert text[-1] in '.?"', row["id"]
        assert annotator.split(text) == [(0, len(text))], row["id"]


def test_questions_are_insinuations_and_nothing_else():
    asked = {row["id"] for row in ROWS if row["text"].endswith("?")}
    assert asked == {row["id"] for row in ROWS if row.get("kind") == "insinuating_question"}


def test_members_of_a_group_use_the_words_of_the_endorsed_one():
    for rows in GROUPS.values():
        endorsed = stems(rows[0]["text"])
        for row in rows[1:]:
            shared = endorsed & stems(row["text"])
            assert len(shared) >= 3, row["id"]
            assert len(shared) / min(len(endorsed), len(stems(row["text"]))) >= 0.25, row["id"]


def test_groups_share_about_half_their_words_on_the_whole():
    shares = []
    for rows in GROUPS.values():
        endorsed = stems(rows[0]["text"])
        shares += [len(endorsed & stems(r["text"])) / min(len(endorsed), len(stems(r["text"]))) for r in rows[1:]]
    assert sum(shares) / len(shares) >= 0.5


def test_no_sentence_stands_twice():
    texts = Counter(
        folded(text) for text in [row["text"] for row in ROWS] + [swap[side] for swap in SWAPS for side in "ab"]
    )
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("role", ROLES)
def test_groups_are_written_and_not_filled_into_a_template(role):
    texts = [row["text"] for row in ROWS if row["role"] == role]
    assert max(likeness(one, other) for one, other in combinations(texts, 2)) <= 0.5
    openings = Counter(tuple(folded(text).split()[:3]) for text in texts)
    assert max(openings.values()) <= 0.04 * len(texts)


def test_there_are_enough_swaps_of_every_label_and_several_kinds():
    labels = Counter(swap["label"] for swap in SWAPS)
    assert len(SWAPS) >= 60
    assert {label for label in LABELS if labels[label] < MINIMUM_OF_SWAPS[label]} == set()
    for label in ("documented_fact", "interpretation", "unsupported"):
        assert len({swap["kind"] for swap in SWAPS if swap["label"] == label}) >= 6


def test_swaps_differ_in_the_name_only():
    for number, swap in enumerate(SWAPS, 1):
        assert list(swap) == SWAP_FIELDS
        assert swap["id"] == f"s{number:03d}"
        assert swap["label"] in LABELS
        assert swap["name_a"] in swap["a"], swap["id"]
        assert swap["name_a"] != swap["name_b"]
        assert swap["a"].replace(swap["name_a"], swap["name_b"]) == swap["b"], swap["id"]
        assert 3 <= len(swap["a"].split()) <= 40, swap["id"]


def test_the_article_suits_both_names():
    for swap in SWAPS:
        for side in "ab":
            wrong = re.findall(r"\b(?:an [bcdfgjklmnpqrstvwz]|a [aeio])\w*", swap[side], re.IGNORECASE)
            assert wrong == [], swap["id"]


def test_real_people_and_faiths_of_the_sober_swaps_are_never_accused():
    sober = [swap for swap in SWAPS if swap["label"] != "unsupported"]
    assert "ethnicity" not in {swap["kind"] for swap in SWAPS if swap["label"] == "unsupported"}
    guarded = [swap for swap in sober if swap["kind"] in {"person", "family", "religion", "ethnicity"}]
    names = re.compile("|".join(rf"\b{re.escape(swap[name])}\b" for swap in guarded for name in ("name_a", "name_b")))
    plots = [swap[side] for swap in SWAPS if swap["label"] == "unsupported" for side in "ab"]
    plots += [row["text"] for row in ROWS if row["role"] == "endorsed"]
    assert [text for text in plots if names.search(text)] == []
