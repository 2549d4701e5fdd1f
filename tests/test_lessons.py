import random

import numpy as np
import pytest

from annotator.encoder import EncoderConfig
from annotator.gold import LabelledSentence
from annotator.lessons import Cutter, Lesson, answers, lesson, mark_tokens, sample
from annotator.record import Span
from annotator.sentence_tokens import Tokens


def sentence(label, citation=None, **more):
    return LabelledSentence("1", "d", "A text.", label, citation, **more)


class Letters:
    """Stands in for a tokenizer: one token a letter, then a mark."""

    hidden = 1

    def with_places(self, texts):
        return [Tokens([*map(ord, text), 2], [(at, at + 1) for at in range(len(text))]) for text in texts]


letters = Letters()


def plain(texts, labels, citations=0):
    count = len(texts)
    return Lesson(texts, labels, np.zeros((count, citations)), np.zeros((count, 0)), [{}] * count)


@pytest.mark.parametrize(
    ("labels", "citations", "expected"),
    [
        (
            ["no_claim", "unsupported"],
            ["none", "vague"],
            ("documented_fact", "interpretation", "unsupported", "no_claim"),
        ),
        (["b", "a", "no_claim"], [None, None, None], ("a", "b", "no_claim")),
    ],
)
def test_answers_keep_the_codebooks_order(labels, citations, expected):
    found, cited = answers([[sentence(*pair) for pair in zip(labels, citations, strict=False)]])
    assert found == expected
    assert cited == (("explicit", "carried", "vague", "none") if "vague" in citations else ())


def test_gold_labels_are_smoothed_and_opinions_taken_as_they_are():
    reading = EncoderConfig(("a", "b"), ("x", "y"))
    found = lesson([sentence("a", "y"), sentence("b", probabilities={"a": 0.7, "b": 0.3})], reading, 0.1)
    assert found.labels.tolist() == [pytest.approx([0.95, 0.05]), pytest.approx([0.7, 0.3])]
    assert found.citations.tolist() == [pytest.approx([0.05, 0.95]), [0, 0]]


def test_without_citations_there_are_no_columns():
    assert lesson([sentence("a"), sentence("b")], EncoderConfig(("a", "b")), 0).citations.shape == (2, 0)


def test_sample_takes_about_so_many_sentences():
    lessons = [plain(["x"] * 10, np.zeros((10, 2))) for _ in range(20)]
    assert len(sample(lessons, 35, random.Random(0))) == 4
    assert sample(lessons, 0, random.Random(0)) == []


def test_batches_hold_every_sentence_once_with_its_own_answer():
    lessons = [plain([f"{d}{i}" for i in range(30)], np.full((30, 2), d), 1) for d in range(5)]
    batches = Cutter(letters, 20, 4, 0.0, 0.0).batches(lessons, random.Random(1))
    windows = [window for batch in batches for window in batch]
    seen = ["".join(map(chr, tokens[:-1])) for window in windows for tokens in window.tokens]
    assert sorted(seen) == sorted(text for one in lessons for text in one.texts)
    assert all(
        chr(tokens[0]) == f"{row[0]:.0f}" for one in windows for tokens, row in zip(one.tokens, one.labels, strict=True)
    )
    assert all(len(batch) <= 4 for batch in batches)


def test_cuts_move_with_chance_and_repeat_with_the_seed():
    lessons = [plain(["abc"] * 40, np.zeros((40, 2)))]
    cutter = Cutter(letters, 64, 2, 0.0, 0.0)
    sizes = [
        [len(w.tokens) for batch in cutter.batches(lessons, random.Random(seed)) for w in batch] for seed in (1, 1, 2)
    ]
    assert sizes[0] == sizes[1] != sizes[2]


def test_tokens_of_a_span_are_marked_and_what_is_unknown_stays_so():
    (tokens,) = letters.with_places(["abcd"])
    found = mark_tokens(tokens, {"cue": [Span(1, 3)]}, ["source", "cue"])
    assert np.isnan(found[:, 0]).all()
    assert found[:4, 1].tolist() == [0, 1, 1, 0]
    assert np.isnan(found[4, 1])  # the closing mark stands for no letter


def test_a_renamed_document_loses_its_marks_and_keeps_its_labels():
    texts = ["Then Ada met Boris, and Clara, and Boris."] * 4
    one = plain(texts, np.ones((4, 2)))._replace(spans=[{"named": [Span(5, 8)]}] * 4)
    for share in (0.0, 1.0):
        batches = Cutter(letters, 64, 2, share, 1.0, ["named"]).batches([one], random.Random(1))
        marks = np.concatenate([window.marks for batch in batches for window in batch])
        assert np.isnan(marks).all() == (share == 1.0)
        assert all(window.labels.all() for batch in batches for window in batch)


def test_some_words_are_hidden_and_never_the_closing_mark():
    document = plain(["abcdefghij" * 4] * 6, np.eye(2)[[0] * 6])
    cutter = Cutter(letters, 90, 2, 0.0, 0.0, masked=0.25)
    windows = [window for batch in cutter.batches([document] * 5, random.Random(0)) for window in batch]
    sentences = [sentence for window in windows for sentence in window.tokens]
    words = [word for sentence in sentences for word in sentence[:-1]]
    assert {sentence[-1] for sentence in sentences} == {2}
    assert 0.2 < words.count(1) / len(words) < 0.3
