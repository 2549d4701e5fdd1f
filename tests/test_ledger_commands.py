"""``annotator claims`` and ``annotator sources`` as a user runs them, over invented documents."""

import json

import pytest

from annotator.claim_list import claim_groups, claim_words, to_text
from annotator.output import as_tagged, read_tagged
from annotator.source_list import batch_sources

from .test_cli import plain, run

LETTERS = {
    "a.txt": "Ada B. Klein wrote that the north mill burnt down in May 1931. Moll bought the brewery for 40 crowns.",
    "b.txt": "Experts say that the tower fell. In May 1931 the north mill burnt down. Ada Klein wrote that Roy fled.",
}


@pytest.fixture(scope="session")
def tagged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("letters")
    for name, text in LETTERS.items():
        (folder / name).write_text(text, encoding="utf-8")
    out = folder / "out.jsonl"
    plain(run("tag", folder / "a.txt", folder / "b.txt", "-o", out, "--model", "fast"))
    return out


def rows(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture(scope="session")
def documents(tool):
    import annotator

    read = [annotator.Document(name, text) for name, text in LETTERS.items()]
    return list(as_tagged(tool.pipe(read)))


def test_what_is_told_twice_is_one_claim_with_both_places(documents):
    first, *others = claim_groups(documents)
    assert (first["times"], first["documents"], first["holders"]) == (2, 2, ["Ada B. Klein", None])
    assert [(row["document"], row["index"]) for row in first["where"]] == [("a.txt", 0), ("b.txt", 1)]
    for row in first["where"]:
        assert LETTERS[row["document"]][row["start"] : row["end"]] == row["text"]
    assert [source["text"] for source in first["sources"]] == ["Ada B. Klein"]
    assert (first["has_source"], first["single_source"]) == (True, True)
    assert all(group["times"] == 1 for group in others)


def test_a_claim_without_a_source_says_so(documents):
    (bought,) = (group for group in claim_groups(documents) if "brewery" in group["claim"])
    assert (bought["has_source"], bought["sources"], bought["reliability"], bought["holders"]) == (
        False,
        [],
        None,
        [None],
    )


def test_a_claim_in_words():
    parts = [{"text": "The mill", "start": 0, "end": 8}, {"text": "burnt down.", "start": 23, "end": 34}]
    assert claim_words({"text": "The mill, they say, burnt down.", "parts": parts}) == "The mill burnt down."
    assert claim_words({"text": "died.", "parts": [], "subject": {"text": "Moll"}}) == "[Moll] died."
    assert claim_words({"text": "It\nfroze."}) == "It froze."


def test_one_source_over_documents_under_its_fullest_name(documents):
    listed = {one["text"]: one for one in batch_sources(documents)}
    klein = listed["Ada B. Klein"]
    assert (klein["documents"], klein["mentions"], klein["claims"], klein["claims_alone"]) == (2, 2, 2, 2)
    assert klein["names"] == {"Ada B. Klein": 1, "Ada Klein": 1}
    assert "Ada Klein" not in listed


def test_a_lone_surname_is_one_source_but_not_somebody_of_another_document(tool):
    import annotator

    texts = ["Moll wrote that it froze.", "Moll wrote that it rained.", "Ada Moll wrote that it snowed."]
    read = [annotator.Document(str(at), text) for at, text in enumerate(texts)]
    listed = batch_sources(as_tagged(tool.pipe(read)))
    assert [(one["text"], one["documents"]) for one in listed] == [("Moll", 2), ("Ada Moll", 1)]


def test_what_has_no_name_is_another_source_in_each_document(tool):
    import annotator

    text = "The report said that the tower fell."
    read = [annotator.Document(name, text) for name in ("a", "b")]
    assert [one["documents"] for one in batch_sources(as_tagged(tool.pipe(read)))] == [1, 1]


def test_claims_command(tagged):
    every = plain(run("claims", tagged))
    assert every.exit_code == 0
    assert max(row["times"] for row in rows(every)) == 2
    repeated = rows(run("claims", tagged, "--repeated"))
    assert [row["times"] for row in repeated] == [2]
    unsourced = rows(run("claims", tagged, "--unsourced"))
    assert unsourced
    assert not any(row["has_source"] for row in unsourced)


def test_tables_and_files(tagged, tmp_path):
    table = plain(run("claims", tagged, "--table")).stdout
    assert "2 x" in table
    assert "source: Ada B. Klein" in table
    result = run("sources", tagged, "--table", "-o", tmp_path / "t.txt")
    assert result.exit_code == 0
    assert "vague authorities: experts" in (tmp_path / "t.txt").read_text(encoding="utf-8").lower()
    run("sources", tagged, "-o", tmp_path / "s.jsonl")
    lines = (tmp_path / "s.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0])["text"] == "Ada B. Klein"


def test_standard_input_gives_the_same(tagged):
    for command in ("claims", "sources"):
        assert run(command, "-", stdin=tagged.read_bytes()).stdout == run(command, tagged).stdout


def test_a_bad_line_is_named_and_costs_itself_alone(tagged, tmp_path):
    lines = tagged.read_text(encoding="utf-8").splitlines()
    broken = tmp_path / "broken.jsonl"
    broken.write_text("\n".join([lines[0], "{", '{"record": "sentence"}', *lines[1:]]), encoding="utf-8")
    for command in ("claims", "sources"):
        result = plain(run(command, broken))
        assert result.exit_code == 1
        assert result.stdout == run(command, tagged).stdout
        first, second = result.stderr.splitlines()
        assert first.startswith(f"annotator: {broken}: line 2: the line is not JSON")
        assert second.startswith(f"annotator: {broken}: line 3: ")


@pytest.mark.parametrize("content", ["", "{", '{"id": "a", "text": "b"}', "\x00"])
@pytest.mark.parametrize("command", ["claims", "sources"])
def test_no_output_at_all_is_one_line_and_nothing_done(tmp_path, command, content):
    file = tmp_path / "no.jsonl"
    file.write_text(content, encoding="utf-8")
    result = plain(run(command, file))
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert str(file) in result.stderr


def test_a_missing_file_is_one_line(tmp_path):
    result = plain(run("claims", tmp_path / "none.jsonl"))
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


def test_a_failed_document_is_named_and_the_others_are_listed(tagged, tmp_path):
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\xfa")
    out = tmp_path / "out.jsonl"
    run("tag", tmp_path / "bad.txt", tagged.parent / "a.txt", "-o", out, "--model", "fast")
    result = plain(run("sources", out))
    assert result.exit_code == 1
    assert "bad.txt" in result.stderr
    assert [row["text"] for row in rows(result)] == ["Ada B. Klein"]


def test_read_tagged_keeps_documents_apart(tagged):
    found = read_tagged(str(tagged))
    assert [len(document.sentences) for document in found.documents] == [2, 3]
    assert found.errors == []


def test_the_table_counts(documents):
    assert to_text(claim_groups(documents)).splitlines()[-1].startswith("4 claims, 1 told more than once, ")
    assert to_text([]) == "0 claims, 0 told more than once, 0 without a source"
