"""Two drafts compared: what became of each sentence, of the answers, and of the sources."""

import json
from itertools import pairwise

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement_commands import diff
from annotator.drafts import carry, compare, compare_outputs, pair_sentences
from annotator.errors import ReadError
from annotator.review import Review
from annotator.review_log import log_path, read_log
from annotator.review_rows import Draft, read_output
from tests.test_agreement import FACT, NOTHING, READING, WILD, sentence, write_output

OLD = [
    ("According to the register, the mill opened in 1871.", FACT, "explicit"),
    ("It burned down in the same year.", FACT, "carried"),
    ("The owner wanted the insurance money.", WILD),
    ("Nobody was ever charged with anything.", FACT),
    ("A heading", NOTHING),
]


def records(*sentences):
    found, start = [], 0
    for index, (text, *answers) in enumerate(sentences):
        found.append(sentence("a", start, text, *answers) | {"index": index})
        start += len(text) + 1
    return found


def kinds(old, new):
    return [
        (pair.kind, pair.old and pair.old["index"], pair.new and pair.new["index"])
        for pair in pair_sentences(records(*old), records(*new))
    ]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (OLD, [("same", at, at) for at in range(5)]),
        ([], [("removed", at, None) for at in range(5)]),
        ([("New.", FACT), *OLD[:2]],
         [("added", None, 0), ("same", 0, 1), ("same", 1, 2), *[("removed", at, None) for at in (2, 3, 4)]]),
        ([OLD[0], OLD[1], OLD[3], OLD[4], OLD[2]],
         [("same", 0, 0), ("same", 1, 1), ("same", 3, 2), ("same", 4, 3), ("moved", 2, 4)]),
        ([OLD[0], OLD[1], ("The owner wanted only the insurance money.", WILD), *OLD[3:]],
         [("same", 0, 0), ("same", 1, 1), ("reworded", 2, 2), ("same", 3, 3), ("same", 4, 4)]),
        ([OLD[0], OLD[1], ("It rained.", FACT), *OLD[3:]],
         [("same", 0, 0), ("same", 1, 1), ("removed", 2, None), ("added", None, 2), ("same", 3, 3), ("same", 4, 4)]),
    ],
)  # fmt: skip
def test_what_became_of_each_sentence(new, expected):
    assert kinds(OLD, new) == expected


@given(st.lists(st.sampled_from("abcdefgh"), max_size=12), st.lists(st.sampled_from("abcdefgh"), max_size=12))
def test_every_sentence_is_accounted_for_once(old, new):
    before, after = (
        records(*[(f"Word {x} here.", FACT) for x in old]),
        records(*[(f"Word {x} here.", FACT) for x in new]),
    )
    pairs = pair_sentences(before, after)
    assert sorted(pair.old["index"] for pair in pairs if pair.old) == list(range(len(old)))
    assert [pair.new["index"] for pair in pairs if pair.new] == list(range(len(new)))
    assert all(pair.old["text"] == pair.new["text"] for pair in pairs if pair.kind in ("same", "moved"))
    kept = [pair.old["index"] for pair in pairs if pair.kind == "same"]
    assert all(a < b for a, b in pairwise(kept))


def test_an_endless_rewrite_is_not_compared_sentence_by_sentence():
    old = records(*[(f"Old {at} says this and that.", FACT) for at in range(300)])
    new = records(*[(f"New {at} says this and that.", FACT) for at in range(300)])
    assert {pair.kind for pair in pair_sentences(old, new)} == {"added", "removed"}


def source(text, start=0, kind="record"):
    return {
        "text": text, "start": start, "end": start + len(text), "cue": None, "cue_start": None, "cue_end": None,
        "kind": kind, "traceability": 1, "reliability": "moderate", "why": [], "carried_from": None,
    }  # fmt: skip


def drafts():
    """Two drafts: a source is lost with a claim that rested on it, a label changed, an unsourced claim came in."""
    old, new = records(*OLD), records(*OLD)
    old[0]["sources"], old[1]["sources"] = [source("the register")], [source("The Register")]
    old[3]["sources"], new[3]["sources"] = [source("the court")], [source("The court")]
    new[0]["sources"] = [source("the old book")]
    new[1] |= {"citation": "none", "cites_source": False}
    new[2] |= {"label": READING, "voice": "reported"}
    new += records(*[("x", FACT)] * 5, ("Bankers paid for all of it.", WILD), ("Another heading", NOTHING))[5:]
    return Draft("a", old), Draft("a", new)


def test_answers_and_sources():
    found = compare(*drafts())
    assert [(pair.new["index"], pair.changed) for pair in found.relabelled] == [
        (1, ("citation",)),
        (2, ("label", "voice")),
    ]
    assert [(pair.new["text"], pair.unsourced) for pair in found.unsourced] == [
        (OLD[1][0], "lost-source"), ("Bankers paid for all of it.", "added")
    ]  # fmt: skip
    assert [tuple(item) for item in found.lost_sources] == [("the register", "record", 2)]
    assert found.new_sources == ["the old book"]


def test_documents_are_matched_by_name(tmp_path):
    old = write_output(tmp_path / "old.jsonl", {"a": OLD, "b": OLD, "gone": OLD})
    new = write_output(tmp_path / "new.jsonl", {"b": OLD[1:], "a": OLD, "come": OLD})
    found = compare_outputs(old, new)
    assert [(one.name, len(one.of_kind("removed"))) for one in found.documents] == [("b", 1), ("a", 0)]
    assert (found.only_old, found.only_new) == (["gone"], ["come"])


def test_single_documents_are_compared_whatever_their_names(tmp_path):
    old = write_output(tmp_path / "old.jsonl", {"draft1.txt": OLD})
    new = write_output(tmp_path / "new.jsonl", {"draft2.txt": OLD[:3]})
    found = compare_outputs(old, new).documents[0]
    assert (found.old_name, found.name, len(found.of_kind("removed"))) == ("draft1.txt", "draft2.txt", 2)


def test_nothing_in_common(tmp_path):
    old = write_output(tmp_path / "old.jsonl", {"a": OLD, "b": OLD})
    new = write_output(tmp_path / "new.jsonl", {"c": OLD, "d": OLD})
    with pytest.raises(ReadError, match="no document in common"):
        compare_outputs(old, new)


class TestCarry:
    def reviewed(self, tmp_path):
        old = write_output(tmp_path / "old.jsonl", {"draft1.txt": OLD})
        review = Review(old, "ann")
        for row, label in ((0, WILD), (2, READING), (3, WILD)):
            review.change(review.rows[row], "label", label)
        review.undo()
        review.change(review.rows[4], "note", "why?")
        review.close()
        return old

    def test_decisions_go_to_the_log_of_the_new_draft_once(self, tmp_path):
        old = self.reviewed(tmp_path)
        new = write_output(tmp_path / "new.jsonl", {"draft2.txt": [("A new start.", FACT), *OLD[:2], *OLD[3:]]})
        said = CliRunner().invoke(diff, [str(old), str(new), "--carry"])
        assert said.exit_code == 1
        assert "not placed (gone): draft1.txt 85-122 label: The owner wanted" in said.stderr
        assert "2 decisions carried over, 1 not placed" in said.stderr
        review = Review(new, "ann", read_only=True)
        assert review.notices() == []
        assert [line["text"] for line in review.labelled()] == [OLD[0][0]]
        assert review.view(review.rows[-1]).note == "why?"
        size = log_path(new).stat().st_size
        assert "0 decisions carried over" in CliRunner().invoke(diff, [str(old), str(new), "--carry"]).stderr
        assert log_path(new).stat().st_size == size

    def test_undone_decisions_stay_behind_and_reviewer_and_time_are_kept(self, tmp_path):
        old = self.reviewed(tmp_path)
        before = read_log(log_path(old)).events
        found = carry(before, read_output(old)[0], read_output(old)[0])
        assert [(event.reviewer, event.when, event.exact) for event in found.events] == [
            (event.reviewer, event.when, event.exact) for event in before if event.exact != OLD[3][0]
        ]
        assert found.lost == []

    def test_the_old_log_is_only_read(self, tmp_path):
        old = self.reviewed(tmp_path)
        before = log_path(old).read_bytes()
        new = write_output(tmp_path / "new.jsonl", {"draft1.txt": OLD})
        assert CliRunner().invoke(diff, [str(old), str(new), "--carry"]).exit_code == 0
        assert log_path(old).read_bytes() == before


class TestCommand:
    def test_text_and_json(self, tmp_path):
        old = write_output(tmp_path / "old.jsonl", {"a": OLD, "same": OLD})
        changed = [(OLD[0][0], FACT, "none"), *OLD[1:3], ("Bankers paid for it.", WILD)]
        new = write_output(tmp_path / "new.jsonl", {"a": changed, "same": OLD})
        said = CliRunner().invoke(diff, [str(old), str(new)])
        assert said.exit_code == 0
        for words in (
            "a: sentences 3 same, 1 added, 2 removed", "citation explicit -> none: According to",
            "lost its source: According to", "added without a source: Bankers", "1 document changed, 1 did not",
        ):  # fmt: skip
            assert words in said.stdout
        lines = CliRunner().invoke(diff, [str(old), str(new), "--json"]).stdout.splitlines()
        found = [json.loads(line) for line in lines]
        assert {(one["change"], one.get("kind"), one.get("why")) for one in found} == {
            ("answers", "same", None), ("unsourced", None, "lost-source"), ("unsourced", None, "added"),
            ("sentence", "added", None), ("sentence", "removed", None),
        }  # fmt: skip

    def test_bad_lines_are_named_and_counted(self, tmp_path):
        old = write_output(tmp_path / "old.jsonl", {"a": OLD, "b": OLD})
        new = write_output(tmp_path / "new.jsonl", {"a": OLD, "c": OLD})
        new.write_text(new.read_text() + '{"record": "sentence"}\n{"torn', encoding="utf-8")
        said = CliRunner().invoke(diff, [str(old), str(new)])
        assert said.exit_code == 1
        for words in (f"b: only in {old}", f"c: only in {new}", "1 skipped: not-json", "1 skipped: not-an-output-line"):
            assert words in said.stderr

    def test_a_mistake_is_one_plain_line(self, tmp_path):
        said = CliRunner().invoke(diff, [str(tmp_path / "no.jsonl"), str(tmp_path / "no.jsonl")])
        assert said.exit_code == 2
        assert said.stderr.startswith("annotator: ")
        assert "Traceback" not in said.output
