from dataclasses import replace

import numpy as np
import pytest
from scipy.special import log_softmax
from sklearn.metrics import log_loss

from annotator import gold
from annotator.calibration import decision_weights
from annotator.citing import settle
from annotator.errors import LabelledDataError
from annotator.gold import rebuild
from annotator.head_training import HELD_BACK, fit_heads, part
from annotator.record import LABELS, MARKED, Claim, Source, Sourcing


class Config:
    labels = LABELS
    citations = ("explicit", "carried", "vague", "none")


class Oracle:
    """An encoder that knows nearly all answers: log-odds of the truth, blurred by chance."""

    config = Config()

    def __init__(self, documents):
        chance = np.random.default_rng(0)
        self.answers = {}
        for document in documents:
            rows = [
                [3.0 * (name == line.label) for name in LABELS]
                + [3.0 * (name == line.citation) for name in Config.citations]
                for line in document.labelled
            ]
            self.answers[document.sentences[0].text] = np.array(rows) + chance.normal(0, 1.5, (len(rows), 8))

    def encode_documents(self, documents):
        return [self.answers[document[0].text] for document in documents]


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
    heads, metrics = fit_heads(encoder, held)
    truth = np.array([LABELS.index(line.label) for document in held for line in document.labelled])
    answers = np.vstack(encoder.encode_documents([document.sentences for document in held]))
    label, citation = heads.chances(answers)
    assert np.allclose(label.sum(axis=1), 1)
    assert citation.shape == (len(truth), 4)
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
        ([NAMED, PLAIN], ["none", "carried"], ["none", "none"]),
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
