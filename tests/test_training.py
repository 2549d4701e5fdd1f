"""Training, from labelled lines to a model that judges documents and says why."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest
import skops.io

from annotator import gold
from annotator.errors import LabelledDataError
from annotator.gold import LabelledSentence, rebuild
from annotator.model_store import TRUSTED
from annotator.record import Sourcing
from annotator.training import TrainingConfig, train, train_documents
from annotator.weights import read_weights

TINY = TrainingConfig(hash_bits=12, vector=8, layer=8, epochs=3, folds=2)
PARTS = {
    "record": ("The council of Orsk met in 1921.", "The bridge was opened on 3 May 1932.", "He was elected mayor."),
    "plot": ("A secret hand pulled the strings.", "The hidden masters paid for it.", "They covered up the plot."),
}


def lines(documents=12, labels=("record", "plot"), citation=True, seed=0):
    choose = random.Random(seed)
    for number in range(documents):
        for index in range(6):
            label = choose.choice(labels)
            text = choose.choice(PARTS.get(label, PARTS["record"]))
            cited = ("none" if label == "record" else "vague") if citation else None
            yield LabelledSentence(f"d{number}.{index}", f"d{number}", text, label, cited)


def write(path, items):
    path.write_text("".join(json.dumps(item.to_json()) + "\n" for item in items), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return train([write(tmp_path_factory.mktemp("gold") / "g.jsonl", lines())], TINY)


@pytest.fixture(scope="module")
def documents():
    return [rebuild(run).sentences for run in gold.documents(lines(4, seed=9))]


def test_learns_any_label_set(trained, documents):
    assert trained.model.labels == ["plot", "record"]
    found = trained.model.predict_documents(documents)
    right = [
        trained.model.labels[row.argmax()] == item.label
        for rows, run in zip(found, gold.documents(lines(4, seed=9)), strict=True)
        for row, item in zip(rows, run, strict=True)
    ]
    assert np.mean(right) > 0.9


def test_metrics_come_from_documents_not_learned_from(trained):
    assert trained.metrics["sentences"] == 72
    assert trained.metrics["documents"] == 12
    assert trained.metrics["label"]["out_of_fold_macro_f1"] > 0.9
    assert set(trained.metrics["citation"]["out_of_fold_f1"]) == {"explicit", "carried", "vague", "none"}
    assert json.dumps(trained.metrics)


def test_probabilities_are_probabilities_in_batches_or_alone(trained, documents):
    together = trained.model.predict_documents(documents)
    for one, document in zip(together, documents, strict=True):
        assert one.sum(axis=1) == pytest.approx(np.ones(len(document)))
        assert trained.model.predict_documents([document])[0] == pytest.approx(one, abs=1e-5)


def test_nothing_to_judge(trained, documents):
    assert trained.model.predict_documents([]) == []
    empty, full = trained.model.judge([[], documents[0]])
    assert empty.label.shape == (0, 2)
    assert full.label.shape == (6, 2)
    assert [judgement.label.shape for judgement in trained.model.judge([[], []])] == [(0, 2), (0, 2)]


def test_same_seed_same_model(tmp_path, trained, documents):
    again = train([write(tmp_path / "g.jsonl", lines())], TINY).model
    for one, other in zip(trained.model.predict_documents(documents), again.predict_documents(documents), strict=True):
        assert (one == other).all()


def test_reasons_point_into_the_text_and_say_which_way(trained):
    document = rebuild([LabelledSentence("x.0", "x", "In May a secret hand pulled the strings.", "plot")])
    (judgement,) = trained.model.judge([document.sentences], reasons=3)
    (reasons,) = judgement.reasons
    assert 1 <= len(reasons) <= 3
    assert all(document.document.text[one.start : one.end] == one.text for one in reasons)
    assert reasons[0].label == "plot"
    assert reasons[0].weight > 0
    assert [abs(one.weight) for one in reasons] == sorted((abs(one.weight) for one in reasons), reverse=True)


def test_no_reasons_unless_asked(trained, documents):
    assert trained.model.judge(documents)[0].reasons == [()] * 6


def test_survives_storing_bit_by_bit(tmp_path, trained, documents):
    skops.io.dump(trained.model, tmp_path / "m.skops")
    assert set(skops.io.get_untrusted_types(file=tmp_path / "m.skops")) <= set(TRUSTED)
    again = read_weights(tmp_path / "m.skops", TRUSTED)
    for one, other in zip(trained.model.predict_documents(documents), again.predict_documents(documents), strict=True):
        assert (one == other).all()


def test_soft_labels_teach_but_neither_calibrate_nor_score(tmp_path):
    shares = {"record": {"record": 0.9, "plot": 0.1}, "plot": {"record": 0.2, "plot": 0.8}}
    soft = [
        LabelledSentence(f"s{one.id}", f"s{one.document}", one.text, one.label, probabilities=shares[one.label])
        for one in lines(5, seed=4)
    ]
    paths = [write(tmp_path / "g.jsonl", lines()), write(tmp_path / "s.jsonl", soft)]
    metrics = train(paths, TINY).metrics
    assert (metrics["sentences"], metrics["soft_sentences"], metrics["documents"]) == (72, 30, 12)


def test_without_citations(tmp_path):
    model = train([write(tmp_path / "g.jsonl", lines(citation=False))], TINY).model
    assert model.citations == []
    assert model.judge([rebuild(list(lines(1))).sentences])[0].citation is None


def test_one_document_is_enough(tmp_path):
    items = [
        LabelledSentence(f"d.{n}", "d", one.text, one.label) for n, one in enumerate(lines(5))
    ]  # fmt: skip
    assert train([write(tmp_path / "g.jsonl", items)], TINY).metrics["documents"] == 1


def test_sourcing_rules_are_asked_for_when_they_were_learned():
    documents = [rebuild(run) for run in gold.documents(lines(8))]

    def source(document):
        return [Sourcing("none", "author")] * len(document.sentences)

    model = train_documents(documents, TINY, sourcer=source).model
    with pytest.raises(ValueError, match="sourcing rules"):
        model.predict_documents([documents[0].sentences])
    assert model.predict_documents([documents[0].sentences], [source(documents[0])])[0].shape == (6, 2)


def test_progress_is_told(tmp_path):
    told = []
    train([write(tmp_path / "g.jsonl", lines())], TINY, lambda *step: told.append(step))
    assert [step for step in told if step[0] == "fold"] == [("fold", 1, 2), ("fold", 2, 2)]
    assert told[-1][0] == "epoch"
    assert told[-1][1] == told[-1][2]


@pytest.mark.parametrize(
    ("items", "reason"),
    [(lambda: list(lines(3))[:10], "too-few-sentences"), (lambda: lines(labels=("record",)), "one-label")],
)
def test_too_little_to_learn_from(tmp_path, items, reason):
    with pytest.raises(LabelledDataError) as caught:
        train([write(tmp_path / "g.jsonl", items())], TINY)
    assert caught.value.reason == reason


def test_config_from_toml(tmp_path):
    path = tmp_path / "c.toml"
    path.write_text("hash_bits = 14\nrate = 1\nmask = false\n", encoding="utf-8")
    config = TrainingConfig.from_toml(path)
    assert (config.hash_bits, config.rate, config.mask) == (14, 1, False)


@pytest.mark.parametrize("text", ["hash_bits = 'x'", "colour = 1", "hash_bits = ", "epochs = 2.5", "\ud7ff = 1"])
def test_bad_config(tmp_path, text):
    path = tmp_path / "c.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LabelledDataError) as caught:
        TrainingConfig.from_toml(path)
    assert (caught.value.reason, caught.value.path) == ("bad-config", path)
