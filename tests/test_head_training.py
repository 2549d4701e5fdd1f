from dataclasses import replace

import numpy as np
import pytest
from scipy.special import log_softmax
from sklearn.metrics import log_loss

from annotator import gold
from annotator.calibration import decision_weights
from annotator.citation_head import citation_chances, evidence, fit_citation
from annotator.citing import settle
from annotator.encoder import EncoderConfig, Reading
from annotator.errors import LabelledDataError
from annotator.gold import rebuild
from annotator.head_training import HELD_BACK, fit_heads, part
from annotator.record import LABELS, MARKED, Claim, Source, Sourcing
from annotator.sourcing import source_sentences

CONFIG = EncoderConfig(LABELS, ("explicit", "carried", "vague", "none"))


class Oracle:
    """An encoder that knows nearly all answers: log-odds of the truth, blurred by chance."""

    config = CONFIG

    def __init__(self, documents):
        chance = np.random.default_rng(0)
        self.answers = {}
        for document in documents:
            rows = [
                [3.0 * (name == line.label) for name in LABELS]
                + [3.0 * (name == line.citation) for name in CONFIG.citations]
                for line in document.labelled
            ]
            self.answers[document.sentences[0].text] = np.array(rows) + chance.normal(0, 1.5, (len(rows), 8))

    def read(self, document):
        return Reading(self.answers[document[0].text], [np.zeros((0, 0))] * len(document), [])


def sourced(document):
    return source_sentences(document.document.text, document.sentences)


@pytest.fixture(scope="module")
def documents(seeds):
    labelled = gold.read_labelled(seeds / "sentences.jsonl")
    return [gold.rebuild(run) for run in gold.documents(labelled)]


def test_parts_are_whole_and_repeatable(documents):
    many = documents * 3
    one, two = part(many, seed=1), part(many, seed=1)
    assert [document.document.id for document in one.held] == [document.document.id for document in two.held]
    assert len(one.kept) + len(one.held) == len(many)
    assert len(one.held) == round(HELD_BACK * len(many))


def test_lone_sentences_are_held_back_only_where_there_is_little_else(documents):
    many = documents * 3
    lone = [rebuild([sentence]) for sentence in many[0].labelled[:20]]
    assert part([*many, *lone]).held == part(many).held
    assert all(len(one.sentences) == 1 for one in part(lone * 5).held)


def test_too_few_documents_are_refused(documents):
    with pytest.raises(LabelledDataError, match="at least 50 documents"):
        part(documents[:10])


def test_heads_are_honest_where_the_encoder_is_too_sure(documents):
    held = documents[:9]
    encoder = Oracle(held)
    heads, metrics = fit_heads(encoder, held, sourced)
    truth = np.array([LABELS.index(line.label) for document in held for line in document.labelled])
    readings = [encoder.read(document.sentences) for document in held]
    answers = np.vstack([reading.answers for reading in readings])
    label = heads.label(answers)
    features = np.vstack([evidence(one, sourced(doc), CONFIG) for one, doc in zip(readings, held, strict=True)])
    citation = heads.citation(features)
    assert np.allclose(label.sum(axis=1), 1)
    assert np.allclose((citation / heads.citation_weights).sum(axis=1), 1)
    plain = np.exp(log_softmax(5 * answers[:, :4], axis=1))
    assert log_loss(truth, label) < log_loss(truth, plain)
    assert set(metrics["label"]["out_of_fold_f1"]) == set(LABELS)
    assert len(metrics["label"]["decision_weights"]) == len(LABELS)


@pytest.mark.parametrize(("share", "helps"), [(0.05, True), (0.5, False)])
def test_weights_help_a_rare_label(share, helps):
    chance = np.random.default_rng(0)
    truth = (chance.random(4000) < share).astype(int)
    scores = np.where(truth == 1, 1.0, 0.0) + chance.normal(0, 1, 4000)
    rare = share * np.exp(scores - 0.5) / (1 - share + share * np.exp(scores - 0.5))
    weights = decision_weights(truth, np.column_stack([1 - rare, rare]))
    assert (weights[1] > 1.2 * weights[0]) == helps


SOURCE = Source("Sedov", 0, 5, "wrote", 6, 11, "memoir", 1, "moderate", ("named author",))
NAMED = Sourcing("explicit", "reported", (SOURCE,), (Claim("it", 12, 14, "Sedov"),))
CARRIED = replace(NAMED, citation="carried", sources=(replace(SOURCE, carried_from=0),))
PLAIN = Sourcing("none", "author", (), (Claim("it", 30, 32, None),))
NAMES = ("explicit", "carried", "vague", "none")


def sure(name):
    return [float(one == name) for one in NAMES]


@pytest.mark.parametrize(
    ("rules", "says", "expected"),
    [
        ([NAMED, PLAIN], ["explicit", "none"], ["explicit", "none"]),
        ([NAMED, PLAIN], ["explicit", "carried"], ["explicit", "carried"]),
        ([NAMED, PLAIN], ["none", "carried"], ["explicit", "carried"]),
        ([PLAIN, PLAIN], ["none", "carried"], ["none", "carried"]),
        ([Sourcing("vague", "reported"), PLAIN], ["none", "none"], ["vague", "none"]),
        ([Sourcing("vague", "reported"), PLAIN], ["explicit", "none"], ["explicit", "none"]),
        ([PLAIN], ["vague"], ["vague"]),
        ([NAMED, NAMED], ["explicit", "carried"], ["explicit", "explicit"]),
        ([NAMED, CARRIED], ["explicit", "none"], ["explicit", "carried"]),
        ([NAMED, PLAIN, PLAIN], ["explicit", "none", "carried"], ["explicit", "none", "carried"]),
    ],
)
def test_the_model_has_the_last_word_on_citations(rules, says, expected):
    settled = settle(rules, np.array([sure(name) for name in says]), NAMES)
    assert [item.citation for item in settled] == expected
    for item in settled:
        assert bool(item.sources) <= (item.citation in ("explicit", "carried"))
        assert all((source.carried_from is not None) == (item.citation == "carried") for source in item.sources)


@pytest.mark.parametrize("says", NAMES)
def test_a_written_reference_stays(says):
    link = replace(SOURCE, cue=None, cue_start=None, cue_end=None)
    found = replace(NAMED, sources=(link,))
    assert settle([found], np.array([sure(says)]), NAMES) == [found]


def test_a_carried_sentence_names_its_opener_and_holder():
    _, second = settle([NAMED, PLAIN], np.array([sure("explicit"), sure("carried")]), NAMES)
    assert (second.sources[0].text, second.sources[0].carried_from) == ("Sedov", 0)
    assert second.claims[0].holder == "Sedov"
    assert second.voice == "reported"


def test_without_a_source_nobody_holds_the_claim():
    (only,) = settle([NAMED], np.array([sure("none")]), NAMES)
    assert (only.sources, only.voice, only.claims[0].holder) == ((), "author", None)


@pytest.mark.parametrize("says", ["none", "vague"])
def test_a_marked_name_is_no_source_where_nobody_is_cited(says):
    marked = replace(NAMED.sources[0], cue=None, cue_start=None, cue_end=None, rule=MARKED)
    (only,) = settle([Sourcing("none", "author", (marked,))], np.array([sure(says)]), NAMES)
    assert only.sources == ()


def test_a_marked_name_is_no_written_reference():
    marked = replace(NAMED.sources[0], cue=None, cue_start=None, cue_end=None, rule=MARKED)
    (only,) = settle([replace(NAMED, sources=(marked,))], np.array([sure("none")]), NAMES)
    assert (only.citation, only.sources) == ("none", ())


def test_a_source_of_its_own_outweighs_the_one_above_where_the_model_says_so():
    both = replace(CARRIED, sources=(*CARRIED.sources, replace(SOURCE, text="Natalia", rule=MARKED)))
    _, second = settle([NAMED, both], np.array([sure("explicit"), sure("explicit")]), NAMES)
    assert (second.citation, [source.text for source in second.sources]) == ("explicit", ["Natalia"])
    _, second = settle([NAMED, both], np.array([sure("explicit"), sure("none")]), NAMES)
    assert (second.citation, [source.text for source in second.sources]) == ("carried", ["Sedov"])


def test_a_citation_follows_the_rules_where_the_encoder_is_blind():
    chance = np.random.default_rng(1)
    rules = [NAMED if chance.random() < 0.4 else PLAIN for _ in range(300)]
    truth = np.array([NAMES.index(rule.citation) for rule in rules])
    reading = Reading(chance.normal(0, 1, (300, 8)), [np.zeros((0, 0))] * 300, [])
    features = evidence(reading, rules, CONFIG)
    chances = citation_chances(fit_citation(features, truth), features, 4)
    assert (chances.argmax(axis=1) == truth).mean() > 0.95
    assert (chances[:, 1:3] == 0).all()


def test_the_sentence_before_is_evidence_and_the_first_has_none():
    reading = Reading(np.arange(24.0).reshape(3, 8), [np.zeros((0, 0))] * 3, [])
    features = evidence(reading, [NAMED, PLAIN, CARRIED], CONFIG)
    assert features.shape == (3, 16)
    assert (features[0, 8:] == 0).all()
    assert (features[1:, 8:] == features[:-1, :8]).all()
    assert features[1, 12:].tolist() == [1.0, 0.0, 0.0, 0.0]


def test_no_sentence_and_one_citation_only_are_no_trouble():
    empty = evidence(Reading(np.zeros((0, 8)), [], []), [], CONFIG)
    assert empty.shape == (0, 16)
    fitted = fit_citation(np.zeros((5, 16)), np.full(5, 3))
    assert citation_chances(fitted, empty, 4).shape == (0, 4)
    assert citation_chances(fitted, np.ones((2, 16)), 4).tolist() == [[0, 0, 0, 1]] * 2


def test_what_follows_rests_on_who_says_something_and_not_on_a_law_that_is_quoted():
    law = replace(SOURCE, text="Art. 5", cue=None, cue_start=None, cue_end=None, rule="law-article")
    _, second = settle(
        [replace(NAMED, sources=(SOURCE, law)), PLAIN], np.array([sure("explicit"), sure("carried")]), NAMES
    )
    assert [source.text for source in second.sources] == ["Sedov"]


def test_a_source_comes_back_only_where_a_sentence_rests_on_it():
    other = replace(NAMED, sources=(replace(SOURCE, text="Moll"),))
    first, second = settle([NAMED, other], np.array([sure("none"), sure("carried")]), NAMES)
    assert (first.citation, second.sources[0].text) == ("none", "Moll")


def test_what_a_carried_sentence_is_carried_from_names_its_source():
    answers = np.array([sure("none"), sure("none"), sure("carried")])
    settled = settle([NAMED, CARRIED, CARRIED], answers, NAMES)
    assert [found.citation for found in settled] == ["explicit", "carried", "carried"]
