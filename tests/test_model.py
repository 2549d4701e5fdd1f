"""What the model makes of probabilities; the probabilities themselves are tested with their tiers."""

from dataclasses import replace

import numpy as np
import pytest

import annotator
from annotator.record import LABELS, Document


@pytest.fixture
def model(tool):
    return replace(tool.model, weights=())


def chances(model, best):
    rest = (1 - best) / (len(model.labels) - 1)
    return np.array([best, *[rest] * (len(model.labels) - 1)])


def test_weights_decide_and_the_probabilities_stay(model):
    weighted = replace(model, weights=(1.0, 1.0, 2.0, 1.0))
    found = np.array([0.5, 0.1, 0.3, 0.1])
    assert model.decide(found).label == model.labels[0]
    verdict = weighted.decide(found)
    assert verdict.label == model.labels[2]
    assert list(verdict.probabilities.values()) == [0.5, 0.1, 0.3, 0.1]
    assert verdict.needs_review


@pytest.mark.parametrize(("best", "review"), [(0.49, True), (0.5, False), (0.9, False), (0.3, True)])
def test_more_likely_wrong_than_right_is_for_review(model, best, review):
    verdict = model.decide(chances(model, best))
    assert (verdict.needs_review, verdict.abstained) == (review, False)
    assert verdict.label == model.labels[0]


@pytest.mark.parametrize(
    ("risk", "best", "abstained"),
    [
        (0.3, 0.7, False), (0.3, 0.6999, True), (0.1, 0.9, False), (0.1, 0.89, True), (0.05, 0.95, False),
        (0, 1.0, False), (0, 0.9998, True), (1, 0.25, False), (0.6, 0.45, False), (0.3, 0.69996, False),
    ],
)  # fmt: skip
def test_abstains_above_the_risk_that_was_asked_for(model, risk, best, abstained):
    verdict = replace(model, max_risk=risk).decide(chances(model, best))
    assert (verdict.abstained, verdict.needs_review) == (abstained, abstained)
    assert verdict.label == model.labels[0]


@pytest.mark.parametrize("risk", [-0.1, 1.1, float("nan")])
def test_a_risk_is_a_chance(model, risk):
    with pytest.raises(ValueError, match="between 0 and 1"):
        replace(model, max_risk=risk)


def test_less_risk_abstains_more_and_never_changes_a_label():
    text = "The bridge was opened in 1921. Who paid them? It was a shameful deal, in my view. The cabal owns it all."
    found = [annotator.load(max_risk=risk)(text) for risk in (0.6, 0.3, 0.1, 0.0)]
    counts = [document.profile["abstained"] for document in found]
    assert counts == sorted(counts)
    assert counts[-1] == len(found[-1].sentences)
    assert len({tuple(item.verdict.label for item in document.sentences) for document in found}) == 1


def test_layout_outweighs_words(model):
    text = "# The cabal owns it all\n\nThe cabal owns it all."
    heading, body = next(iter(annotator.Annotator(model).pipe([Document("a", text, markdown=True)]))).sentences
    assert heading.verdict.label == "no_claim"
    assert body.verdict.label in LABELS[:3]
