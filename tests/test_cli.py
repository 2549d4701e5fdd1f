"""Every command as a user runs it."""

import json
import os
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from annotator.cli import main
from annotator.record import LABELS


def commands(group=main, path=()):
    """Every command with the words that call it."""
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


COMMANDS = dict(commands())


def run(*words, stdin=None):
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


def plain(result):
    """No traceback: an exit, whatever its code."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def records(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def letters(tmp_path):
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "a.txt").write_text("The bridge was opened in 1921. Sedov wrote that it fell.", encoding="utf-8")
    (folder / "b.txt").write_text("# Not a heading in plain text.", encoding="utf-8")
    return folder


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(words):
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert COMMANDS[words].help
    assert isinstance(COMMANDS[words], click.Group) or "Example:" in result.output


def test_help_imports_nothing_heavy():
    code = (
        "import sys, annotator.cli; print(sorted({'spacy', 'sklearn', 'pandas', 'numpy', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_tag_then_check(letters, tmp_path):
    out = tmp_path / "out.jsonl"
    result = plain(run("tag", letters, "-o", out))
    assert result.exit_code == 0
    assert "2 documents, 3 sentences" in result.stderr
    assert "claims with a source:" in result.stderr
    assert f"result: {out}" in result.stderr
    assert [line["record"] for line in records(out)] == ["sentence", "sentence", "document", "sentence", "document"]
    checked = plain(run("check", out, "--documents", letters))
    assert (checked.exit_code, checked.output) == (0, f"{out}: correct\n")


def test_tag_to_standard_output_prints_data_only(letters):
    result = plain(run("tag", letters, "-o", "-"))
    assert [json.loads(line)["record"] for line in result.stdout.splitlines()].count("document") == 2


def test_reasons_on_demand(letters, tmp_path):
    assert run("tag", letters / "a.txt", "-o", tmp_path / "out", "--reasons").exit_code == 0
    first, second, _ = records(tmp_path / "out")
    assert first["reasons"]
    assert second["reasons"]
    assert plain(run("check", tmp_path / "out")).exit_code == 0


def test_a_document_is_never_overwritten(letters):
    before = (letters / "a.txt").read_bytes()
    result = plain(run("tag", letters / "a.txt", "-o", letters / "a.txt"))
    assert result.exit_code == 2
    assert "name another file" in result.stderr
    assert (letters / "a.txt").read_bytes() == before


def test_an_earlier_output_is_no_document(letters):
    for _ in range(2):
        result = plain(run("tag", letters, "-o", letters / "out.jsonl"))
        assert result.exit_code == 0
        assert "2 documents" in result.stderr


def test_check_into_a_closed_pipe(letters, tmp_path):
    out = tmp_path / "bad.jsonl"
    out.write_text("{}\n" * 20_000)
    command = f"{sys.executable} -m annotator check {out} | head -n 1"
    process = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert "can't be read" not in process.stderr
    assert "Traceback" not in process.stderr


def test_same_input_same_bytes(letters, tmp_path):
    for name in ("one", "two"):
        run("tag", letters, "-o", tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_bad_documents_cost_themselves_alone(letters, tmp_path):
    (letters / "empty.txt").write_bytes(b"")
    (letters / "latin.txt").write_bytes("Café. Größe.".encode("latin-1"))
    (letters / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    (letters / "lines.jsonl").write_bytes(
        b'{"id": "g1", "text": "Good."}\n{broken\n{"text": "No id."}\n'
        b'{"id": "g1", "text": "Again."}\n{"id": "g2", "text": "Good."}\n'
    )
    out = tmp_path / "out.jsonl"
    result = plain(run("tag", letters, letters / "missing.txt", "-o", out))
    assert result.exit_code == 1
    found = {line["document"].split("/")[-1]: line for line in records(out) if line["record"] == "document"}
    assert {name: line["reason"] for name, line in found.items()} == {
        "a.txt": None,
        "b.txt": None,
        "empty.txt": "empty",
        "latin.txt": "not-utf8",
        "picture.txt": "binary",
        "g1": None,
        "lines.jsonl:2": "not-json",
        "lines.jsonl:3": "no-id",
        "lines.jsonl#4": "duplicate-id",
        "g2": None,
        "missing.txt": "not-found",
    }
    said = [line for line in result.stderr.splitlines() if line.startswith("annotator: ")]
    assert len(said) == 7
    assert "7 failed" in result.stderr
    assert plain(run("check", out)).exit_code == 0


def test_encoding(letters, tmp_path):
    (letters / "latin.txt").write_bytes("Das Café schloss.".encode("latin-1"))
    assert run("tag", letters / "latin.txt", "-o", tmp_path / "out", "--encoding", "latin-1").exit_code == 0
    assert records(tmp_path / "out")[0]["text"] == "Das Café schloss."


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["tag", "{tmp}/nothing", "-o", "{tmp}/out"], "there is no such file or folder"),
        (["tag", "{tmp}/empty", "-o", "{tmp}/out"], "the folder holds no"),
        (["tag", "{tmp}/letters", "-o", "{tmp}/none/out"], "can't be written"),
        (["tag", "{tmp}/letters", "-o", "{tmp}/letters"], "can't be written"),
        (["tag", "{tmp}/letters", "-o", "{tmp}/out", "--model", "nothing"], "there is no model 'nothing'"),
        (["tag", "{tmp}/letters", "-o", "{tmp}/out", "--encoding", "klingon"], "no text encoding"),
        (["check", "{tmp}/nothing"], "can't be read"),
        (["evaluate", "{tmp}/nothing"], "can't be read"),
        (["evaluate", "{tmp}/odd.jsonl"], "line 1"),
        (["evaluate", "{tmp}/foreign.jsonl"], "line 1: the model knows no label 'true'"),
        (["evaluate", "{tmp}/foreign.jsonl", "--picture", "{tmp}/out.gif"], "a picture's name ends in"),
        (["evaluate", "--challenge", "{tmp}/letters"], "neither groups.jsonl nor swaps.jsonl"),
        (["train", "{tmp}/nothing", "--output", "{tmp}/model"], "can't be read"),
        (["train", "{tmp}/foreign.jsonl", "--output", "{tmp}/model"], "at least"),
    ],
)
def test_wrong_use_is_one_plain_line(letters, tmp_path, words, message):
    (tmp_path / "empty").mkdir()
    (tmp_path / "odd.jsonl").write_text('{"text": "No label."}\n')
    (tmp_path / "foreign.jsonl").write_text('{"text": "A.", "label": "true", "document": "d"}\n')
    result = plain(run(*(word.replace("{tmp}", str(tmp_path)) for word in words)))
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("annotator: ")
    assert message in result.stderr
    assert result.stdout == ""
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["evaluate"],
        ["evaluate", "gold.jsonl", "--challenge", "folder"],
        ["evaluate", "--challenge", "folder", "--picture", "risk.png"],
        ["tag", "letters", "-o", "out", "--max-risk", "30"],
    ],
)
def test_options_that_do_not_go_together(words):
    result = plain(run(*words))
    assert result.exit_code == 2
    assert result.stderr.startswith("annotator: ")
    assert result.stderr.count("\n") == 1


def test_max_risk_abstains_and_says_so(letters, tmp_path):
    lines = {}
    for risk in ("0", "1"):
        out = tmp_path / risk
        result = plain(run("tag", letters, "-o", out, "--max-risk", risk))
        assert (result.exit_code, plain(run("check", out)).exit_code) == (0, 0)
        assert ("of them abstained" in result.stderr) == (risk == "0")
        lines[risk] = records(out)
    sentences = [line for line in lines["0"] if line["record"] == "sentence"]
    assert all(line["abstained"] and line["needs_review"] and line["label"] in LABELS for line in sentences)
    assert sum(line["profile"]["abstained"] for line in lines["0"] if line["record"] == "document") == len(sentences)
    assert not any(line["abstained"] for line in lines["1"] if line["record"] == "sentence")


def test_evaluate_draws_and_prints_its_doubt(tmp_path, seeds):
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join((seeds / "sentences.jsonl").read_text(encoding="utf-8").splitlines()[:60]))
    result = plain(run("evaluate", gold, "--picture", tmp_path / "risk.svg"))
    assert result.exit_code == 0
    assert all(word in result.stdout for word in ("stated chance", "kept, surest first", "--max-risk"))
    assert (tmp_path / "risk.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_evaluate_a_challenge_set(tmp_path):
    (tmp_path / "swaps.jsonl").write_text(
        '{"a": "Ann opened the bridge in 1921.", "b": "Eve opened the bridge in 1921.", "label": "documented_fact"}\n'
    )
    found = json.loads(plain(run("evaluate", "--challenge", tmp_path, "--json")).stdout)
    assert (found["groups"], found["swaps"]["pairs"]) == (None, 1)
    assert "1 swaps of one name" in plain(run("evaluate", "--challenge", tmp_path)).stdout


def test_check_finds_a_changed_word(letters, tmp_path):
    out = tmp_path / "out.jsonl"
    run("tag", letters, "-o", out)
    out.write_text(out.read_text().replace("The bridge was", "The bridges were"))
    result = plain(run("check", out))
    assert result.exit_code == 1
    assert "line 1" in result.stdout


def test_hostile_names_do_not_drive_the_terminal(tmp_path):
    path = tmp_path / "d.jsonl"
    path.write_text(json.dumps({"id": "\x1b[31mred", "text": " "}) + "\n")
    result = plain(run("tag", path, "-o", tmp_path / "out"))
    assert "\x1b" not in result.stderr
    assert "\\x1b[31mred" in result.stderr


def test_standard_input(tmp_path, letters):
    process = subprocess.run(
        [sys.executable, "-m", "annotator", "tag", "-", "-o", "-"],
        input="The bridge was opened in 1921.",
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert process.returncode == 0
    assert [json.loads(line)["record"] for line in process.stdout.splitlines()] == ["sentence", "document"]
    assert "\r" not in process.stderr


def test_reader_that_has_enough_is_no_error(letters):
    command = f"{sys.executable} -m annotator tag {letters} -o - | head -n 1"
    process = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert "Traceback" not in process.stderr
    assert len(process.stdout.splitlines()) == 1


def test_train_evaluate_and_use_any_labels(tmp_path, seeds):
    rows = [json.loads(line) for line in (seeds / "sentences.jsonl").read_text(encoding="utf-8").splitlines()[:160]]
    mine = [
        {"document": r["document"], "text": r["text"], "label": "bare" if r["label"] == "no_claim" else "says"}
        for r in rows
    ]
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(json.dumps(row) for row in mine))
    (tmp_path / "small.toml").write_text("hash_bits = 12\nvector = 8\nlayer = 8\nfolds = 2\n")
    words = ["train", gold, "--output", tmp_path / "mine", "--config", tmp_path / "small.toml", "--held-out", gold]
    result = plain(run(*words))
    assert result.exit_code == 0, result.stderr
    assert "out of fold: macro-F1" in result.stderr
    again = plain(run(*words))
    assert (again.exit_code, "--replace" in again.stderr) == (2, True)
    report = json.loads(plain(run("evaluate", gold, "--model", tmp_path / "mine", "--json")).stdout)
    assert set(report["label"]) == {"bare", "says"}
    assert report["sentences"] == 160
    out = tmp_path / "out.jsonl"
    (tmp_path / "a.txt").write_text("The bridge was opened in 1921.")
    assert plain(run("tag", tmp_path / "a.txt", "-o", out, "--model", tmp_path / "mine")).exit_code == 0
    assert plain(run("check", out)).exit_code == 0


def test_evaluate_predictions_keep_the_order(tmp_path, seeds):
    lines = (seeds / "sentences.jsonl").read_text(encoding="utf-8").splitlines()[:50]
    gold, out = tmp_path / "gold.jsonl", tmp_path / "out.jsonl"
    gold.write_text("\n".join(lines), encoding="utf-8")
    result = plain(run("evaluate", gold, "--predictions", out))
    assert "macro-F1" in result.stdout
    assert [line["id"] for line in records(out)] == [json.loads(line)["id"] for line in lines]
    assert set(records(out)[0]) >= {"id", "label", "probabilities", "citation", "sources"}
    assert set(records(out)[0]["probabilities"]) == set(LABELS)


def test_models_marks_the_default():
    result = plain(run("models"))
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if line.endswith("(default)")]


def test_the_seeds_from_end_to_end(tmp_path, seeds):
    out = tmp_path / "out.jsonl"
    assert plain(run("tag", seeds / "documents", "-o", out)).exit_code == 0
    assert plain(run("check", out, "--documents", seeds / "documents")).exit_code == 0
    closed = [line for line in records(out) if line["record"] == "document"]
    assert len(closed) == len(list((seeds / "documents").iterdir()))
    assert all(line["status"] == "ok" and line["sentences"] > 20 for line in closed)
