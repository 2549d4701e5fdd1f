"""What a user sees who makes a mistake, or has one of something: one plain line, in words that fit."""

import json

import pytest

from annotator.draft_report import to_text
from annotator.drafts import compare_outputs
from annotator.jsonl import dumps
from annotator.wording import counted, short

from .review_samples import letter, write
from .test_cli import plain, run


@pytest.fixture
def output(tmp_path):
    return write(tmp_path / "out.jsonl", letter())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["tag", "a.txt"], "missing option '-o' / '--output'; see 'main tag --help'"),
        (["frob"], "no such command 'frob'; see 'main --help'"),
        (["tag", "a.txt", "-o", "b.jsonl", "--max-risk", "7"], "invalid value for '--max-risk': 7.0 is not in"),
        (["review", "export", "out.jsonl"], "missing option '-o' / '--output'; see 'main review export --help'"),
        (["review", "out.jsonl", "--port", "99999"], "invalid value for '--port': 99999 is not in"),
        (["next", "out.jsonl", "--most", "0"], "invalid value for '--most': 0 is not in"),
        (["agree"], "missing argument 'A.jsonl B.jsonl...'"),
        (["--bad"], "no such option"),
        (["tag", "a.txt", "-o", "b.jsonl", "--house-list", "nope.tsv"], "nope.tsv: can't be read: No such file"),
    ],
)
def test_wrong_use_is_one_plain_line(words, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("The mill burnt.", encoding="utf-8")
    result = plain(run(*words))
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith(f"annotator: {says}")
    assert "Errno" not in result.stderr


@pytest.mark.parametrize("words", [[], ["review"]])
def test_no_words_at_all_print_the_help(words):
    result = plain(run(*words))
    assert "Usage: " in result.stdout + result.stderr
    assert "annotator: " not in result.stderr


def test_one_is_not_many():
    assert [counted(number, "claim") for number in (0, 1, 2, 1200)] == [
        "0 claims",
        "1 claim",
        "2 claims",
        "1,200 claims",
    ]
    assert [short("one  two\nthree", 13), short("one two three", 8)] == ["one two three", "one two…"]


def test_the_summary_of_one_document_and_of_none_that_could_be_read(tmp_path):
    (tmp_path / "a.txt").write_text("The mill burnt.", encoding="utf-8")
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    one = plain(run("tag", tmp_path / "a.txt", "-o", tmp_path / "a.jsonl", "--model", "fast"))
    assert one.stderr.startswith("1 document, 1 sentence in ")
    none = plain(run("tag", tmp_path / "empty.txt", "-o", tmp_path / "e.jsonl", "--model", "fast"))
    assert none.stderr.splitlines()[1] == "1 document, 1 failed, 0 sentences"


def test_an_output_in_a_folder_that_is_not_there(tmp_path):
    (tmp_path / "a.txt").write_text("The mill burnt.", encoding="utf-8")
    wanted = tmp_path / "no" / "out.jsonl"
    result = plain(run("tag", tmp_path / "a.txt", "-o", wanted, "--model", "fast"))
    assert result.stderr == f"annotator: {wanted}: can't be written: there is no folder {wanted.parent}\n"


def test_one_problem(tmp_path):
    (tmp_path / "out.jsonl").write_text("", encoding="utf-8")
    assert run("check", tmp_path / "out.jsonl").stderr.endswith("1 problem\n")


def test_documents_to_check_against_that_are_not_there(output, tmp_path):
    result = plain(run("check", output, "--documents", tmp_path / "nowhere"))
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "there is no such file or folder" in result.stderr


@pytest.mark.parametrize("command", [["evaluate"], ["suspects"]])
@pytest.mark.parametrize("which", ["out.jsonl", "out.review.jsonl"])
def test_an_output_or_a_log_is_not_taken_for_labelled_sentences(output, command, which, tmp_path):
    (tmp_path / "out.review.jsonl").write_text(dumps({"record": "review", "schema": 1}) + "\n", encoding="utf-8")
    result = plain(run(*command, tmp_path / which))
    assert result.exit_code == 2
    assert "'annotator review export' makes them from a review" in result.stderr
    assert result.stderr.count("\n") == 1


def test_people_count_sentences_from_one_in_every_list(tmp_path):
    mill = "The north mill burnt down in May 1931."
    lines = letter("a.txt", (mill, "Moll bought the brewery for 40 crowns.", mill))
    for line in lines:
        line["claims"] = [{name: line[name] for name in ("text", "start", "end")} | {"holder": None}]
    out = write(tmp_path / "out.jsonl", lines)
    table = plain(run("claims", out, "--table", "--repeated")).stdout
    assert "where: a.txt sentence 1 (0-38), sentence 3 (78-116)" in table
    assert "1 claim, 1 told more than once" in table
    listed = plain(run("next", out)).stdout
    assert {line.split(" sentence ")[1].split(":")[0] for line in listed.splitlines()} == {"1", "2", "3"}
    assert json.loads(plain(run("claims", out, "--repeated")).stdout)["where"][0]["index"] == 0


def test_a_changed_sentence_is_named_by_its_number(tmp_path):
    old, new = letter(), letter()
    new[3] |= {"label": "unsupported"}
    found = compare_outputs(write(tmp_path / "old.jsonl", old), write(tmp_path / "new.jsonl", new))
    told = to_text(found)
    assert "    sentence 4: label interpretation -> unsupported: It was probably" in told
    assert told.endswith("1 document changed, 0 did not\n")


def test_there_is_nothing_to_carry_without_a_log(output, tmp_path):
    other = write(tmp_path / "new.jsonl", letter())
    result = plain(run("diff", output, other, "--carry"))
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "out.review.jsonl: there is no such log" in result.stderr
    assert not (tmp_path / "new.review.jsonl").exists()


def test_files_without_a_decision_are_not_merged(tmp_path):
    (tmp_path / "a.txt").write_text("The mill burnt.", encoding="utf-8")
    result = plain(run("review", "merge", tmp_path / "a.txt", "-o", tmp_path / "both.review.jsonl"))
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "both.review.jsonl").exists()


@pytest.mark.parametrize("words", [["review", "export"], ["next"]])
def test_a_log_that_was_named_must_be_there(output, words, tmp_path):
    more = ["-o", "-"] if "export" in words else []
    result = plain(run(*words, output, "--log", tmp_path / "no.jsonl", *more))
    assert (result.exit_code, result.stderr) == (2, f"annotator: {tmp_path / 'no.jsonl'}: there is no such file\n")


def test_an_export_says_that_nothing_is_decided(output):
    assert plain(run("review", "export", output, "-o", "-")).stderr.startswith(
        "0 sentences exported: none is decided\n"
    )
