import random

import numpy as np
import pytest

from annotator.encoder import EncoderConfig
from annotator.gold import LabelledSentence
from annotator.lessons import Cutter, Lesson, answers, lesson, sample


def sentence(label, citation=None, **more):
    return LabelledSentence("1", "d", "A text.", label, citation, **more)


def letters(texts):
    """Stands in for a tokenizer: one token a letter, then a mark."""
    return [[*map(ord, text), 2] for text in texts]


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
    lessons = [Lesson(["x"] * 10, np.zeros((10, 2)), np.zeros((10, 0))) for _ in range(20)]
    assert len(sample(lessons, 35, random.Random(0))) == 4
    assert sample(lessons, 0, random.Random(0)) == []


def test_batches_hold_every_sentence_once_with_its_own_answer():
    lessons = [Lesson([f"{d}{i}" for i in range(30)], np.full((30, 2), d), np.zeros((30, 1))) for d in range(5)]
    batches = Cutter(letters, 20, 4, 0.0, 0.0).batches(lessons, random.Random(1))
    windows = [window for batch in batches for window in batch]
    seen = ["".join(map(chr, tokens[:-1])) for window in windows for tokens in window.tokens]
    assert sorted(seen) == sorted(text for one in lessons for text in one.texts)
    assert all(
        chr(tokens[0]) == f"{row[0]:.0f}" for one in windows for tokens, row in zip(one.tokens, one.labels, strict=True)
    )
    assert all(len(batch) <= 4 for batch in batches)


def test_cuts_move_with_chance_and_repeat_with_the_seed():
    lessons = [Lesson(["abc"] * 40, np.zeros((40, 2)), np.zeros((40, 0)))]
    cutter = Cutter(letters, 64, 2, 0.0, 0.0)
    sizes = [
        [len(w.tokens) for batch in cutter.batches(lessons, random.Random(seed)) for w in batch] for seed in (1, 1, 2)
    ]
    assert sizes[0] == sizes[1] != sizes[2]
