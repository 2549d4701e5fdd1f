"""A model fitted to reviews: it learns what holds across documents, forgets nothing for less, and is another model."""

import json
from dataclasses import replace

import numpy as np
import pytest

from annotator import gold
from annotator.adaptation import LEAST_DOCUMENTS, adapt, measure_adaptation
from annotator.errors import LabelledDataError, ModelError
from annotator.jsonl import dumps
from annotator.model_store import load_model
from annotator.recipe import Recipe, make_model
from annotator.review_recipe import adapt_model
from annotator.training import train_documents
from tests.test_agreement import FACT, READING
from tests.test_learning import SMALL, documents, labelled

SWAPPED = {FACT: READING, READING: FACT}


@pytest.fixture(scope="module")
def model():
    return train_documents(documents(10), SMALL).model


def relabelled(found, change):
    return [
        document._replace(labelled=[replace(line, label=change(line)) for line in document.labelled])
        for document in found
    ]


def house(count, start=20):
    """Documents of a house that calls every fact a reading, and every reading a fact."""
    found = [gold.rebuild(labelled(f"h{at}", 12, 12 * (start + at), weight=3.0)) for at in range(count)]
    return relabelled(found, lambda line: SWAPPED[line.label])


def accuracy(model, found):
    guesses = np.concatenate(model.predict_documents([document.sentences for document in found])).argmax(axis=1)
    return np.mean([model.labels[at] == line.label for at, line in zip(guesses, _lines(found), strict=True)])


def _lines(found):
    return [line for document in found for line in document.labelled]


def test_a_house_rule_is_learned_and_the_old_model_stays_as_it_is(model):
    before = [part.copy() for part in model.predict_documents([one.sentences for one in house(2)])]
    adapted = adapt(model, house(8))
    assert accuracy(model, house(6, start=60)) < 0.2
    assert accuracy(adapted.model, house(6, start=60)) > 0.8
    assert np.isfinite(adapted.penalties["label"])
    after = model.predict_documents([one.sentences for one in house(2)])
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_slips_of_reviewers_do_not_make_the_model_forget(model):
    chance = np.random.default_rng(3)
    for share in (0.0, 0.1):
        found = relabelled(
            house(8), lambda line, share=share: line.label if chance.random() < share else SWAPPED[line.label]
        )
        assert accuracy(adapt(model, found).model, documents(6)) >= accuracy(model, documents(6)) - 0.05


def test_neighbours_and_sentences_without_weight_teach_nothing(model):
    found = house(8)
    decoys = [
        document._replace(
            labelled=[
                replace(
                    line, label=SWAPPED[line.label], probabilities={SWAPPED[line.label]: 1.0}, extra={"weight": 0.0}
                )
                if at % 3 == 2
                else line
                for at, line in enumerate(document.labelled)
            ]
        )
        for document in found
    ]
    kept = [
        document._replace(
            labelled=[replace(line, label=FACT) if line.probabilities else line for line in document.labelled]
        )
        for document in decoys
    ]
    one, two = adapt(model, decoys), adapt(model, kept)
    assert np.array_equal(one.model.classifier.weights_["output"], two.model.classifier.weights_["output"])


def test_too_little_is_said(model):
    with pytest.raises(LabelledDataError, match="12 sentences were reviewed"):
        adapt(model, house(1))
    with pytest.raises(LabelledDataError, match=f"of {LEAST_DOCUMENTS - 1} documents"):
        adapt(model, house(LEAST_DOCUMENTS - 1))
    with pytest.raises(LabelledDataError, match="knows no 'rumour'"):
        adapt(model, relabelled(house(8), lambda line: "rumour"))


def test_the_gain_is_measured_on_other_documents(model):
    gain = measure_adaptation(model, house(12))
    assert (gain.held_back, gain.documents) == (36, 3)
    assert [point.sentences for point in gain.curve] == [0, 24, 48, 108]
    assert gain.curve[0].accuracy == gain.curve[1].accuracy < 0.2
    assert gain.curve[-1].accuracy > 0.8
    assert gain.interval[0] > 0


def test_a_new_model_folder_is_made_and_none_is_overwritten(tmp_path):
    files = {"base.jsonl": documents(8), "reviews.jsonl": house(10)}
    for name, found in files.items():
        (tmp_path / name).write_text("".join(dumps(line.to_json()) + "\n" for line in _lines(found)), encoding="utf-8")
    (tmp_path / "small.toml").write_text("hash_bits = 12\nvector = 8\nlayer = 8\nepochs = 2\nfolds = 3\n")
    old, new, reviews = str(tmp_path / "old"), str(tmp_path / "new"), [str(tmp_path / "reviews.jsonl")]
    make_model(Recipe([str(tmp_path / "base.jsonl")], old, str(tmp_path / "small.toml")))
    before = {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()}
    lines = adapt_model(reviews, new, old)
    assert any(line.startswith("gain +") for line in lines)
    assert {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()} == before
    assert load_model(new).labels == load_model(old).labels
    metrics = json.loads((tmp_path / "new" / "metrics.json").read_text())
    assert metrics["reviews"]["made_from"] == "old"
    assert metrics["reviews"]["curve"][-1]["accuracy"] > metrics["reviews"]["curve"][0]["accuracy"]
    assert "Fitted to reviews, from the model `old`" in (tmp_path / "new" / "README.md").read_text()
    for output, reason in ((new, "exists"), (old, "same-model")):
        with pytest.raises(ModelError) as caught:
            adapt_model(reviews, output, old)
        assert caught.value.reason == reason
    with pytest.raises(ModelError) as caught:
        adapt_model(reviews, old, old, replace=True)
    assert caught.value.reason == "same-model"
    adapt_model(reviews, new, old, replace=True)
