"""Scores against figures worked out by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.metrics import f1_score

from annotator import evaluation
from annotator.errors import LabelledDataError
from annotator.evaluation import Prediction, evaluate
from annotator.gold import LabelledSentence

FACT, READING, UNSUPPORTED, NONE = "documented_fact", "interpretation", "unsupported", "no_claim"


def gold(labels, citations=None, documents=None, extra=None):
    citations = citations or [None] * len(labels)
    documents = documents or ["d"] * len(labels)
    return [
        LabelledSentence(str(n), document, f"Sentence {n}.", label, citation, extra=extra or {})
        for n, (label, citation, document) in enumerate(zip(labels, citations, documents, strict=True))
    ]


def say(labels, sure=0.9, citations=None):
    citations = citations or [None] * len(labels)
    return [Prediction(label, {label: sure}, citation) for label, citation in zip(labels, citations, strict=True)]


def test_label_scores():
    report = evaluate(gold([FACT, FACT, READING, NONE]), say([FACT, READING, READING, NONE]))
    assert report.label.scores[FACT] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667, "support": 2}
    assert report.label.scores[READING] == {"precision": 0.5, "recall": 1.0, "f1": 0.6667, "support": 1}
    assert report.label.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 1) / 3, abs=1e-4)
    assert report.label.names == [FACT, READING, NONE]
    assert report.label.confusion == [[1, 1, 0], [0, 1, 0], [0, 0, 1]]
    assert report.label.accuracy == 0.75


def test_a_label_that_the_gold_does_not_have_counts_as_an_error_only():
    report = evaluate(gold(["a", "b"]), say(["a", "c"]))
    assert list(report.label.scores) == ["a", "b"]
    assert report.label.macro_f1 == 0.5
    assert report.label.confusion == [[1, 0, 0], [0, 0, 1], [0, 0, 0]]


@pytest.mark.parametrize(
    ("sure", "right", "error"),
    [(0.9, 9, 0.0), (0.9, 5, 0.4), (0.55, 10, 0.45), (1.0, 10, 0.0)],
)
def test_calibration_error(sure, right, error):
    report = evaluate(gold(["a"] * 10 + ["b"]), [*say(["a"] * right + ["b"] * (10 - right), sure), *say(["b"], sure)])
    assert report.calibration_error == pytest.approx(abs((right + 1) / 11 - sure), abs=1e-4)
    assert report.calibration_error == pytest.approx(error, abs=0.06)


def test_the_surest_sentences_come_first():
    guesses = [*say(["a"] * 6, 0.9), *say(["b"] * 4, 0.6)]
    report = evaluate(gold(["a"] * 10), guesses)
    assert report.accuracy_at_coverage == 1.0
    assert report.risk_coverage[-1] == (1.0, 0.4)
    assert report.risk_coverage[0][1] == 0.0


def test_citation_is_scored_where_the_gold_names_it():
    labels = [FACT] * 3
    report = evaluate(gold(labels, ["explicit", None, "none"]), say(labels, citations=["explicit", "vague", "none"]))
    assert report.citation is not None
    assert report.citation.macro_f1 == 1.0
    assert evaluate(gold(labels), say(labels)).citation is None


def test_intervals_hold_the_score_and_follow_the_seed():
    random = np.random.default_rng(0)
    truth = list(random.choice(["a", "b"], 400))
    said = [label if keep else "a" for label, keep in zip(truth, random.random(400) < 0.8, strict=True)]
    documents = [str(n // 10) for n in range(400)]
    found = evaluation.intervals(truth, said, documents, ["a", "b"], 0)
    low, high = found["macro_f1"]
    assert low < f1_score(truth, said, average="macro") < high
    assert high - low < 0.2
    assert found == evaluation.intervals(truth, said, documents, ["a", "b"], 0)
    assert found != evaluation.intervals(truth, said, documents, ["a", "b"], 1)


def test_documents_that_repeat_their_sentences_widen_the_interval():
    truth, said = ["a", "b"] * 40, ["a", "b", "b", "b", "a", "a", "a", "b"] * 10
    alone = evaluation.intervals(truth, said, [str(n) for n in range(80)], ["a", "b"], 0)["macro_f1"]
    together = evaluation.intervals(truth, said, [str(n // 20) for n in range(80)], ["a", "b"], 0)["macro_f1"]
    assert alone[1] - alone[0] > together[1] - together[0]


def test_groups():
    items = gold(["a", "b"], extra={"genre": "news"}) + gold(["a", "b"], extra={"genre": "essay"})
    report = evaluate(items, say(["a", "b", "b", "b"]))
    assert report.groups["genre"]["news"] == {"sentences": 2, "macro_f1": 1.0, "accuracy": 1.0}
    assert report.groups["genre"]["essay"]["accuracy"] == 0.5


def test_json_keeps_the_contract():
    labels = [FACT, READING, UNSUPPORTED, NONE]
    report = evaluate(gold(labels, ["explicit", "none", "none", "none"]), say(labels, citations=["explicit"] * 4))
    found = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert {"sentences", "documents", "macro_f1", "calibration_error", "label", "citation"} <= set(found)
    assert set(found["label"]) == set(labels)
    assert set(found["label"][FACT]) == {"precision", "recall", "f1", "support"}
    assert set(found["citation"]) == {"macro_f1", "explicit", "none"}


def test_text_shows_every_label():
    text = evaluate(gold([FACT, NONE], extra={"origin": "own"}), say([FACT, NONE])).to_text()
    assert all(word in text for word in (FACT, NONE, "calibration error", "macro-F1", "origin", "own"))


@pytest.mark.parametrize(("labels", "said"), [([], []), (["a", "b"], ["a"])])
def test_what_can_not_be_scored(labels, said):
    with pytest.raises(LabelledDataError):
        evaluate(gold(labels), say(said))
