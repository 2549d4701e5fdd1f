"""The seeds keep their promises: labels cover the documents exactly, are valid, and are mixed enough to learn from."""

import json
import re
from collections import Counter
from itertools import groupby
from pathlib import Path

import pandas as pd
import pytest

from annotator.record import CITATIONS, LABELS

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
CORPUS = ROOT.parent / "shared" / "corpus"
FIELDS = ["id", "document", "text", "label", "citation", "source", "title", "genre"]
MINIMUM_SHARE = {
    "label": {"documented_fact": 0.30, "interpretation": 0.25, "unsupported": 0.16, "no_claim": 0.10},
    "citation": {"none": 0.50, "explicit": 0.18, "carried": 0.08, "vague": 0.04},
}

ROWS = [json.loads(line) for line in (SEEDS / "sentences.jsonl").read_text(encoding="utf-8").splitlines()]
RUNS = [(name, list(rows)) for name, rows in groupby(ROWS, key=lambda row: row["document"])]
PATHS = {path.stem: path for path in sorted((SEEDS / "documents").iterdir())}


def text_of(name: str) -> str:
    return PATHS[name].read_text(encoding="utf-8")


def words(sentence: str) -> str:
    return " ".join(re.findall(r"\w+", sentence.lower()))


def test_there_are_enough_documents_and_sentences_of_several_genres() -> None:
    assert len(ROWS) >= 800
    assert len(RUNS) >= 8
    assert len({row["genre"] for row in ROWS}) >= 8


def test_every_document_is_labelled_in_one_run_of_lines() -> None:
    assert sorted(name for name, _ in RUNS) == sorted(PATHS)
    assert {path.suffix for path in PATHS.values()} == {".txt", ".md"}


def test_every_line_has_the_fields_of_the_contract() -> None:
    for name, rows in RUNS:
        for number, row in enumerate(rows):
            assert list(row) == FIELDS
            assert row["id"] == f"{name}.{number}"
            assert row["label"] in LABELS
            assert row["citation"] in CITATIONS
            assert row["title"] == rows[0]["title"]
            assert row["genre"] == rows[0]["genre"]


@pytest.mark.parametrize(("name", "rows"), RUNS, ids=[name for name, _ in RUNS])
def test_sentences_cover_their_document_in_order(name: str, rows: list[dict]) -> None:
    text = text_of(name)
    position = 0
    for row in rows:
        start = text.find(row["text"], position)
        assert start >= 0, row["id"]
        assert not text[position:start].strip(), f"no label before {row['id']}: {text[position:start]!r}"
        assert row["text"] == row["text"].strip()
        assert "\n" not in row["text"]
        position = start + len(row["text"])
    assert not text[position:].strip()


@pytest.mark.parametrize(("name", "rows"), RUNS, ids=[name for name, _ in RUNS])
def test_a_source_is_named_exactly_where_the_citation_needs_one(name: str, rows: list[dict]) -> None:
    text = text_of(name)
    for row in rows:
        assert bool(row["source"]) == (row["citation"] in ("explicit", "carried")), row["id"]
        assert row["source"] is None or row["source"] in text, row["id"]


@pytest.mark.parametrize(("name", "rows"), RUNS, ids=[name for name, _ in RUNS])
def test_a_carried_source_was_named_before(name: str, rows: list[dict]) -> None:
    seen = ""
    for row in rows:
        if row["citation"] == "carried":
            assert row["source"].lower() in seen, row["id"]
        seen += row["text"].lower() + "\n"


def test_most_explicit_sentences_hold_their_source() -> None:
    explicit = [row for row in ROWS if row["citation"] == "explicit"]
    assert sum(row["source"] in row["text"] for row in explicit) >= 0.9 * len(explicit)


@pytest.mark.parametrize("field", ["label", "citation"])
def test_every_value_has_its_share(field: str) -> None:
    counts = Counter(row[field] for row in ROWS)
    short = {value: counts[value] for value, share in MINIMUM_SHARE[field].items() if counts[value] < share * len(ROWS)}
    assert not short


def test_documents_mix_the_statuses() -> None:
    mixed = [name for name, rows in RUNS if {row["label"] for row in rows} == set(LABELS)]
    assert len(mixed) >= 8


@pytest.mark.parametrize("word", ["bankers", "secret", "plot", "funded"])
def test_loaded_words_do_not_give_the_label_away(word: str) -> None:
    labels = Counter(row["label"] for row in ROWS if re.search(rf"\b{word}\b", row["text"], re.IGNORECASE))
    assert sum(labels.values()) - labels["unsupported"] >= 2


def test_no_sentence_repeats_with_another_label() -> None:
    labels: dict[str, set[str]] = {}
    for row in ROWS:
        labels.setdefault(row["text"], set()).add(row["label"])
    assert not [text for text, found in labels.items() if len(found) > 1]


def test_the_readme_gives_the_counts_of_the_files() -> None:
    frame = pd.DataFrame(ROWS)
    readme = (SEEDS / "README.md").read_text(encoding="utf-8")
    for field in ("label", "citation"):
        table = pd.crosstab(frame["document"], frame[field], margins=True).to_string()
        assert "\n".join("    " + line for line in table.splitlines()) in readme


def test_the_examples_of_the_label_guide_are_labelled_as_it_says() -> None:
    labels = {row["text"]: row["label"] for row in ROWS}
    readme = (SEEDS / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r'^\| "([^|]+)" \| `(\w+)` \|', readme, re.MULTILINE)
    assert len(examples) >= 12
    assert [(text, labels.get(text)) for text, _ in examples] == examples


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus, which holds third-party texts, is absent")
def test_no_sentence_is_taken_from_the_corpus() -> None:
    ours = {words(row["text"]): row["id"] for row in ROWS if len(words(row["text"]).split()) >= 5}
    shared = set()
    for path in (CORPUS / "train.jsonl", CORPUS / "dev.jsonl"):
        with path.open(encoding="utf-8") as stream:
            shared |= {words(json.loads(line)["text"]) for line in stream}
    assert not {identity for text, identity in ours.items() if text in shared}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared, which holds third-party texts, is absent")
def test_no_long_run_of_words_is_taken_from_the_article() -> None:
    article = words(" ".join(path.read_text(encoding="utf-8") for path in (CORPUS.parent / "seeds").glob("*.txt")))
    run = 10
    for row in ROWS:
        own = words(row["text"]).split()
        for start in range(len(own) - run + 1):
            assert " ".join(own[start : start + run]) not in article, row["id"]


def test_voices_are_whole_groups_apart_from_the_challenge_set():
    rows = [json.loads(line) for line in (SEEDS / "voices.jsonl").read_text(encoding="utf-8").splitlines()]
    challenge = [
        json.loads(line)["text"]
        for line in (SEEDS.parent / "tests" / "challenge" / "groups.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert len({row["text"] for row in rows}) == len(rows) >= 1500
    assert not {row["text"] for row in rows} & set(challenge)
    assert {row["role"] for row in rows} == {"endorsed", "reported", "rebutted", "record", "reading"}
    assert all((row["label"] == "unsupported") == (row["role"] == "endorsed") for row in rows)
    assert all(row["source"] in row["text"] for row in rows if row["citation"] == "explicit")
