"""A house list and a person's ratings, end to end: from the command line and from Python into the record."""

import io
import json

import pytest
from click.testing import CliRunner

import annotator
from annotator.checking import check_lines
from annotator.cli import main
from annotator.errors import LexiconError
from annotator.lexicon import FOLDER

HEADER = "name_or_domain\tstanding\tdate\tscope\tnote\n"
ROW = "The Fenland Gazette\tstrong\t2026-03-01\tall\tcorrections page\n"
TEXT = "The Fenland Gazette reported that the mill had closed. The Harbour Board said that it had not."


@pytest.fixture
def house(tmp_path):
    path = tmp_path / "house.tsv"
    path.write_text(HEADER + ROW, encoding="utf-8")
    return path


@pytest.fixture
def letter(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def tag(letter, out, *options):
    return CliRunner().invoke(main, ["tag", str(letter), "-o", str(out), "--model", "fast", *map(str, options)])


def records(out):
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_a_house_list_overrides_the_table_and_the_record_says_so(house, letter, tmp_path):
    plain, listed = tmp_path / "plain.jsonl", tmp_path / "listed.jsonl"
    assert tag(letter, plain).exit_code == tag(letter, listed, "--house-list", house).exit_code == 0
    (before, *_, first), (after, *_, second) = records(plain), records(listed)
    assert (before["sources"][0]["reliability"], after["sources"][0]["reliability"]) == ("weak", "strong")
    assert "house list: strong since 2026-03-01 (The Fenland Gazette)" in after["sources"][0]["why"]
    assert (before["label"], before["probabilities"]) == (after["label"], after["probabilities"])
    assert first["house_list"] is None
    assert second["house_list"]["file"] == "house.tsv"
    assert list(check_lines(io.BytesIO(listed.read_bytes()))) == []


def test_a_bad_row_is_one_plain_line_and_nothing_runs(house, letter, tmp_path):
    house.write_text(HEADER + ROW + "example.org\tsuperb\t2026-03-01\tall\t\n", encoding="utf-8")
    out = tmp_path / "out.jsonl"
    result = tag(letter, out, "--house-list", house)
    assert result.exit_code == 2
    assert result.output.startswith(f"annotator: {house}: line 3: standing 'superb' is none of")
    assert result.output.count("\n") == 1
    assert not out.exists()


def test_from_python(house):
    document = annotator.load("fast", house_list=house)(TEXT)
    assert document.sentences[0].sourcing.sources[0].reliability == "strong"
    house.write_text(HEADER + "\tstrong\t2026-03-01\tall\t\n", encoding="utf-8")
    with pytest.raises(LexiconError, match="line 2: the name is empty"):
        annotator.load("fast", house_list=house)


def test_the_example_that_ships_is_a_house_list():
    assert annotator.load("fast", house_list=FOLDER / "house_list_example.tsv")(TEXT).house_list is not None


def test_a_person_may_rate_and_the_program_never_does(letter, tmp_path):
    out = tmp_path / "out.jsonl"
    assert tag(letter, out).exit_code == 0
    rated = records(out)
    sources = [source for record in rated[:-1] for source in record["sources"]]
    assert sources
    assert {source["rating"] for source in sources} == {None}
    sources[0]["rating"] = {"source": "B", "item": "2", "by": "anna", "date": "2026-03-01"}
    assert problems(rated) == []
    sources[0]["rating"] = {"source": "G", "item": "2", "by": "anna"}
    assert problems(rated) != []


def problems(rows):
    return list(check_lines(io.BytesIO("".join(json.dumps(row) + "\n" for row in rows).encode())))
