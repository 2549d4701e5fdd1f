"""What the classifier sees of a sentence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import features, lexicon
from annotator.features import Features
from annotator.gold import LabelledSentence, rebuild
from annotator.record import Sourcing

SMALL = Features(hash_bits=12)


def document(*texts):
    return rebuild([LabelledSentence(str(n), "d", text, "x") for n, text in enumerate(texts)]).sentences


def look(text):
    return features.read(document(text)[0], lexicon.load(features.CUES))


def shape(text):
    return dict(zip(features.SHAPE, look(text).shape, strict=True))


def cues(text):
    return {match.entry.category for match in look(text).cues}


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The Orsk council met.", "the <name> council met ."),
        ("Then I met the NKVD in Orsk.", "then i met the <acronym> in <name> ."),
        ("In 1921 he paid 300 rubles.", "in <year> he paid <number> rubles ."),
        ('"The vote failed," he said.', '" the vote failed , " he said .'),
        ("In the 1930s I'm told", "in the <year> i'm told"),
    ],
)
def test_names_and_numbers_are_masked(text, terms):
    reading = look(text)
    assert " ".join(reading.terms) == terms
    for term, word in zip(reading.terms, reading.words, strict=True):
        assert term[0] == "<" or text[word.start : word.end].lower() == term


def test_another_name_changes_nothing():
    one, other = (SMALL.transform([document(f"The money went to {name} in May.")]) for name in ("Orlov", "Smith"))
    assert np.abs((one - other)[:, len(SMALL.dense_names) :]).sum() == 0


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Perhaps the harvest failed.", "hedge"),
        ("Somebody was pulling the strings.", "hidden_agency"),
        ("It is well known that he was paid.", "vague_authority"),
        ("There is no evidence for this.", "debunk"),
        ("Is it a coincidence?", "insinuation"),
        ("He was financed by the bank.", "money_flow"),
        ("The treaty was signed in May.", "record_word"),
        ("(Stir the flour in.", "opening_verb"),
    ],
)
def test_cues(text, category):
    assert category in cues(text)


def test_the_lexicon_is_sound():
    assert len(lexicon.load(features.CUES).entries) > 500
    assert set(lexicon.categories(lexicon.FOLDER / f"{features.CUES}.tsv")) == set(SMALL.cue_names)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Who paid them?", "question", 1),
        ("It was so!", "exclamation", 1),
        ("A heading", "no_stop", 1),
        ('He said: "Enough."', "no_stop", 0),
        ("and so on.", "lower_start", 1),
        ("THE END", "all_capitals", 1),
        ("The Great Orsk Fire", "titled", 1),
        ("See www.example.org for more.", "web", 1),
        ("Well… no.", "ellipsis", 1),
    ],
)
def test_shape(text, name, value):
    assert shape(text)[name] == value


def test_matrix_has_a_row_a_sentence_and_unit_length():
    matrix = SMALL.transform([document("One thing.", "Two things."), document("Three.")])
    assert matrix.shape == (3, SMALL.width)
    hashed = matrix[:, len(SMALL.dense_names) :]
    assert np.sqrt(hashed.multiply(hashed).sum(axis=1)) == pytest.approx(np.ones((3, 1)), abs=1e-5)


def test_other_documents_do_not_matter():
    alone = SMALL.transform([document("The bridge was opened.")])
    among = SMALL.transform([document("Another text, with words."), document("The bridge was opened.")])
    assert np.abs(alone - among[1]).sum() == pytest.approx(0, abs=1e-6)


def test_sourcing_is_one_hot_and_absent_without_rules():
    place = len(SMALL.cue_names) + len(features.SHAPE)
    rules = SMALL.transform([document("He said so.")], [[Sourcing("vague", "reported")]]).toarray()[0]
    none = SMALL.transform([document("He said so.")]).toarray()[0]
    told = {SMALL.dense_names[place + n] for n in np.flatnonzero(rules[place : len(SMALL.dense_names)])}
    assert told == {"vague", "reported"}
    assert not none[place : len(SMALL.dense_names)].any()


def test_every_occurrence_belongs_to_a_word_of_its_row():
    readings = SMALL.read([document("The bridge, the bridge!", "Opened.")])
    words = SMALL.occurrences(readings)
    ends = np.cumsum([len(reading.terms) for reading in readings])
    assert (np.searchsorted(ends, words.places, side="right") == words.rows).all()


@given(st.text(min_size=1, max_size=80))
def test_any_text_has_finite_features(text):
    matrix = SMALL.transform([document(text)])
    assert np.isfinite(matrix.data).all()


@pytest.mark.parametrize("name", ["Illuminati", "Freemasons", "Jesuits", "Nazis", "Bolsheviks", "Reuters"])
def test_no_cue_is_the_name_of_a_group(name):
    assert not cues(name)


def test_an_opening_cue_counts_at_the_start_only():
    assert "opening_verb" not in cues("They stir the flour in.")
