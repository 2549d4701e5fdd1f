"""Who a source is within its document."""

import pytest

from annotator.people import gender_of
from annotator.sourcing import source_sentences
from annotator.splitting import sentences


def last_source(text):
    (source, *_) = source_sentences(text, sentences(text))[-1].sources
    assert text[source.start : source.end] == source.text
    if source.mention is not None:
        assert text[source.mention_start : source.mention_end] == source.mention
    return source


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nora Klein opened the door. She said that nobody had locked it.", "Nora Klein"),
        ("Nora Klein met Tom Haas. He said that it was cold.", "Tom Haas"),
        ("Tom Haas met Nora Klein. She said that it was cold.", "Nora Klein"),
        ("Tom Haas wrote that it was cold. The door stood open in Ulm. He added that it was late.", "Tom Haas"),
        ("Tom Haas said: “Vera Lang opened the door.”\n\nHe added that it was late.", "Tom Haas"),
        ("Mrs. Klein met Mr. Haas. He said that it was cold.", "Mr. Haas"),
        ("Tom Haas came. The White Hall said it was late. He added that it was cold.", "Tom Haas"),
        ("The clerk said that it was late. He added that it was cold.", "The clerk"),
        ("The report found that it was cold. It said that the door was open.", "The report"),
    ],
)
def test_a_pronoun_stands_for_the_nearest_name_that_fits(text, name):
    source = last_source(text)
    assert source.text == name
    assert source.mention in ("He", "She", "It")


@pytest.mark.parametrize(
    "text",
    [
        "Nora Klein opened the door. He said that nobody had locked it.",
        "They said that nobody had locked it.",
        "The birth of the Mill Leagues shows that it was cold. They said that nobody had locked it.",
        "Nora Hughes said that it was cold. They said that nobody had locked it.",
        "L.A. Times said that it was cold. He said that nobody had locked it.",
    ],
)
def test_a_pronoun_that_nobody_fits_stays(text):
    source = last_source(text)
    assert source.text in ("He", "They")
    assert (source.name, source.mention) == (None, None)


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("Nora Klein opened the door. Klein said that nobody had locked it.", "Nora Klein"),
        ("Nora Klein met Tom Klein. Klein said that nobody had locked it.", "Tom Klein"),
        ("J. R. Haas came late. Mr. Haas said that nobody had locked it.", "J. R. Haas"),
        ("His eldest son, Tom Haas, came late. His eldest son recalled that it was cold.", "Tom Haas"),
        ("Will Klein open it? Klein said that nobody had locked it.", "Klein"),
        ("Tom Klein came. Klein Jr. said that nobody had locked it.", "Klein Jr."),
        ("The clerk came. The clerk said that nobody had locked it.", "The clerk"),
    ],
)
def test_short_names_and_roles_have_a_full_name(text, full):
    assert last_source(text).full_name == full


def test_a_relation_stays_with_the_name():
    text = "The former secretary of Marta Klein, Tom Haas, wrote that it was cold."
    assert last_source("The former secretary of Klein Tom Haas wrote that it was cold.").text.startswith("The former")
    assert last_source(text).text in ("Tom Haas", "The former secretary of Marta Klein")


def test_a_carried_source_has_the_name_of_its_opener():
    text = "Nora Klein came. She wrote: “The door was open. Nobody had locked it.”"
    source = last_source(text)
    assert (source.text, source.carried_from) == ("Nora Klein", 1)


@pytest.mark.parametrize(
    ("words", "gender"),
    [
        ("Nora Klein", "female"),
        ("Mr. Klein", "male"),
        ("his eldest son", "male"),
        ("Klein", None),
        ("Robin Klein", None),
    ],
)
def test_gender_is_told_by_first_names_titles_and_relations(words, gender):
    assert gender_of(words) == gender


def test_glued_initials_stay_whole():
    source = last_source("In 1931 A.B. Moll wrote that the mill was ready. Later Moll said that it was not.")
    assert (source.text, source.name) == ("Moll", "A.B. Moll")


@pytest.mark.parametrize(
    "text",
    [
        "WASHINGTON (Wire) — She said on Monday that the bridge was unsafe.",
        "The most Mill-leaning towns were few. He said that it was cold.",
    ],
)
def test_an_agency_in_a_dateline_and_half_a_word_are_nobody(text):
    assert last_source(text).mention is None
