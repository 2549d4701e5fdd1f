"""The scorer of challenge sets, with a model whose answers are written down; the set itself: test_challenge_set.py."""

import json

import pytest

from annotator.challenge import GROUPS, SWAPS, score_challenge
from annotator.errors import LabelledDataError
from annotator.model import Opinion
from annotator.record import LABELS, Verdict

from .conftest import ROOT

FACT, READING, FLAG = "documented_fact", "interpretation", "unsupported"
ROWS = [
    ("g1", "endorsed", FLAG, [FLAG], "They own it."),
    ("g1", "reported", FACT, [FACT, READING], "He said they own it."),
    ("g1", "record", FACT, [FACT], "They own a shop."),
    ("g2", "endorsed", FLAG, [FLAG], "They paid for it."),
    ("g2", "reported", FACT, [FACT, READING], "She said they paid."),
    ("g2", "record", FACT, [FACT], "They paid 3 marks."),
]
PAIRS = [("s1", "Ann came.", "Bob came.", FACT), ("s2", "Ann lies.", "Bob lies.", READING)]


class Scripted:
    """A model that says what it was told to say of each text."""

    def __init__(self, answers):
        self.labels, self.answers, self.seen, self.house = list(LABELS), answers, [], None

    def judge(self, documents, sourcings):
        self.seen += [len(document) for document in documents]
        return [
            Opinion([self._verdict(sentence.text) for sentence in document], list(sourced))
            for document, sourced in zip(documents, sourcings, strict=True)
        ]

    def _verdict(self, text):
        said = self.answers[text]
        return Verdict(said, {label: 0.7 if label == said else 0.1 for label in LABELS}, False)


RIGHT = {text: label for _, _, label, _, text in ROWS} | {s: label for _, a, b, label in PAIRS for s in (a, b)}


@pytest.fixture
def folder(tmp_path):
    rows = [
        {"id": f"{group}.{role}", "document": group, "text": text, "label": label, "allowed": allowed, "role": role}
        | ({"kind": "sweep"} if role == "endorsed" else {})
        for group, role, label, allowed, text in ROWS
    ]
    swaps = [{"id": name, "a": a, "b": b, "label": label, "kind": "person"} for name, a, b, label in PAIRS]
    for name, lines in ((GROUPS, rows), (SWAPS, swaps)):
        (tmp_path / name).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return tmp_path


def score(folder, **changes):
    return score_challenge(folder, Scripted(RIGHT | {text.replace("_", " "): said for text, said in changes.items()}))


def test_all_right(folder):
    report = score(folder)
    assert report.groups["accuracy"] == report.groups["whole_groups"] == report.groups["endorsed_flagged"] == 1
    assert report.groups["others_flagged"] == report.swaps["changed"] == report.swaps["mean_shift"] == 0


def test_every_sentence_is_judged_alone(folder):
    model = Scripted(RIGHT)
    score_challenge(folder, model)
    assert model.seen == [1] * 10


def test_a_second_label_that_is_allowed_is_fair_and_not_strict(folder):
    found = score(folder, **{"He said they own it.": READING}).groups
    assert (found["accuracy"], found["fair_accuracy"]) == (pytest.approx(5 / 6, abs=1e-4), 1.0)
    assert (found["whole_groups"], found["fair_whole_groups"]) == (0.5, 1.0)


def test_flags_are_counted_by_role_and_kind(folder):
    found = score(folder, **{"They own it.": FACT, "He said they own it.": FLAG}).groups
    assert (found["endorsed_flagged"], found["others_flagged"]) == (0.5, 0.25)
    assert found["roles"]["reported"] == {"sentences": 2, "accuracy": 0.5, "fair_accuracy": 0.5, "flagged": 0.5}
    assert found["endorsed_by_kind"]["sweep"]["flagged"] == 0.5


def test_a_flag_is_never_fair_outside_the_endorsed(folder):
    path = folder / GROUPS
    path.write_text(path.read_text().replace('["documented_fact"]', '["documented_fact", "unsupported"]'))
    assert score(folder, **{"They own a shop.": FLAG}).groups["fair_accuracy"] == pytest.approx(5 / 6, abs=1e-4)


def test_a_name_that_moves_the_label(folder):
    found = score(folder, **{"Ann lies.": FLAG}).swaps
    assert (found["changed"], found["changed_pairs"]) == (0.5, ["s2"])
    assert found["accuracy"] == 0.75
    assert found["mean_shift"] == pytest.approx(0.3)
    assert found["largest_shift"] == pytest.approx(0.6)


def test_both_wrong_alike_is_no_change(folder):
    found = score(folder, **{"Ann lies.": FLAG, "Bob lies.": FLAG}).swaps
    assert (found["changed"], found["accuracy"]) == (0.0, 0.5)


@pytest.mark.parametrize("absent", [GROUPS, SWAPS])
def test_one_file_is_enough(folder, absent):
    (folder / absent).unlink()
    report = score(folder)
    assert (report.groups is None, report.swaps is None) == (absent == GROUPS, absent == SWAPS)
    assert report.to_text().strip()
    json.dumps(report.to_json(), allow_nan=False)


def test_no_set_at_all(tmp_path):
    with pytest.raises(LabelledDataError, match=r"neither groups\.jsonl nor swaps\.jsonl"):
        score_challenge(tmp_path, Scripted({}))


@pytest.mark.parametrize(
    ("file", "line", "expected"),
    [
        (GROUPS, '{"text": "x", "label": "unsupported"}', 'line 7: the field "role"'),
        (GROUPS, '{"text": "x", "label": "unsupported", "role": "record", "allowed": "all"}', 'line 7: .*"allowed"'),
        (GROUPS, '{"text": "x", "label": "odd", "role": "record"}', "line 7: the model knows no label"),
        (SWAPS, '{"a": "x", "label": "unsupported"}', 'line 3: the field "b"'),
        (SWAPS, '{"a": "x", "b": " ", "label": "unsupported"}', 'line 3: the field "b"'),
        (SWAPS, "{", "line 3: the line is not JSON"),
        (SWAPS, '{"a": "x", "b": "y", "label": "odd"}', "line 3: the model knows no label"),
    ],
)
def test_broken_lines_are_named(folder, file, line, expected):
    with (folder / file).open("a") as stream:
        stream.write(line + "\n")
    with pytest.raises(LabelledDataError, match=expected):
        score(folder)


def test_text_shows_roles_kinds_and_swaps(folder):
    text = score(folder, **{"Ann lies.": FLAG}).to_text()
    assert all(word in text for word in ("endorsed", "reported", "sweep", "label changed in 0.500", "changed: s2"))


def test_predictions_are_written_in_order(folder):
    score_challenge(folder, Scripted(RIGHT), str(folder / "said.jsonl"))
    said = [json.loads(line)["id"] for line in (folder / "said.jsonl").read_text().splitlines()]
    assert said == [f"{group}.{role}" for group, role, *_ in ROWS] + ["s1.a", "s1.b", "s2.a", "s2.b"]


def test_the_default_model_on_the_whole_set(tool):
    report = score_challenge(ROOT / "tests" / "challenge", tool.model)
    assert report.groups["sentences"] == 1160
    assert report.swaps["pairs"] == 100
    assert report.swaps["changed"] <= 0.1
    assert report.groups["endorsed_flagged"] > 2 * report.groups["others_flagged"]
