"""When two names are one source, and when they are not."""

import pytest

from annotator.same_source import agree, same_sources
from annotator.source_names import read_name


@pytest.mark.parametrize(
    ("text", "surname", "given"),
    [
        ("Moll", "moll", ()),
        ("the historian Ada Moll", "moll", ("ada",)),
        ("Historian Ada Moll", "moll", ("ada",)),
        ("Dr. A. B. Moll", "moll", ("a.", "b.")),
        ("Moll A.B.", "moll", ("a.", "b.")),
        ("the former clerk of Roy Moll A. B.", "moll", ("a.", "b.")),
        ("Its author Moll A. B.", "moll", ("a.", "b.")),
        ("the memoirs of Ada Moll", "moll", ("ada",)),
        ("the memoirs of Roy's youngest daughter, Ada Moll", "moll", ("ada",)),
        ("Ada Moll's diary", "moll", ("ada",)),
        ("the study by Ada Moll", "moll", ("ada",)),
        ("Moll, Ada", "moll", ("ada",)),
        ("Ada van der Moll", "moll", ("ada",)),
        ("A. B. Moll, 2017", "moll", ("a.", "b.")),
        ("Ada Borisovna", "", ("ada", "borisovna")),
    ],
)
def test_a_person_is_read_from_the_words_that_name_them(text, surname, given):
    assert (read_name(text).surname, read_name(text).given) == (surname, given)


@pytest.mark.parametrize(
    "text",
    [
        "the Moll Committee",
        "Central Committee",
        "the Bank of Roy",
        "the minutes of the Moll Society",
        "Roy's eldest son",
        "the president of Moravia",
        "WHO",
        "Moll and Roy 2004",
        "the book by Ada Moll “The North Mill”",
        "police",
        "I note that the report of the office on the fire holds a short passage on a letter "
        "that was sent in May beside Ada Moll's letter",
        "",
    ],
)
def test_what_names_no_one_person(text):
    assert not read_name(text).is_person


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Moll", "Ada Moll"),
        ("A. Moll", "Ada Berta Moll"),
        ("Moll A. B.", "the historian Ada Moll"),
        ("Mrs. Moll", "Ada Moll"),
        ("the diary of Ada Moll", "Moll"),
        ("A. B. Moll, 2017", "Ada Moll"),
        ("The same decree of the Senate", "the decree of the Senate"),
        ("the Northern Mill Union", "NMU"),
        ("Moll", "MOLL"),
        ("“The North Mill”", "the book by Ada Moll “The north mill”"),
    ],
)
def test_one_source(one, other):
    assert same_sources([one, other]) == [0, 0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Moll", "Berta Moll"),
        ("A. Moll", "B. Moll"),
        ("Mr. Moll", "Mrs. Moll"),
        ("Ada Moll", "Ada Roy"),
        ("Moll 2004", "Moll 2017"),
        ("the Central Committee", "the Party Committee"),
        ("the Committee", "the Central Committee"),
        ("the Bank of Moravia", "the Bank of Ruritania"),
        ("the memoirs of Ada Moll", "the memoirs of Berta Moll"),
        ("Ada Moll", "Ada Moll's widow"),
        ("the decree of the Senate", "the decree of the Council"),
    ],
)
def test_two_sources(one, other):
    assert same_sources([one, other]) == [0, 1]


def test_a_short_form_that_could_be_either_joins_neither():
    assert same_sources(["Ada Moll", "Berta Moll", "Moll", "A. Moll"]) == [0, 1, 2, 0]


def test_order_of_mention_changes_nothing():
    texts = ["Moll", "A. Moll", "Ada Moll", "Roy", "the memoirs of Ada Moll"]
    assert same_sources(texts) == [0, 0, 0, 1, 0]
    assert same_sources(texts[::-1]) == [0, 1, 0, 0, 0]


def test_somebody_without_a_surname_is_found_by_other_names_of_the_document():
    assert same_sources(["Ada Borisovna", "Moll"], ["A. B. Moll"]) == [0, 0]
    assert same_sources(["Ada Borisovna", "Moll"], ["A. B. Moll", "A. B. Roy"]) == [0, 1]
    assert same_sources(["Ada Borisovna", "Moll"]) == [0, 1]


def test_given_names_agree_in_order():
    assert agree(("ada", "b."), ("a.",))
    assert not agree(("ada", "b."), ("a.", "c."))
