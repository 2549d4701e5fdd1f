"""The ledger: every source once, with what rests on it."""

from dataclasses import replace

from annotator.ledger import fullest, ledger
from annotator.record import Claim

from .test_profile import ITEMS, item
from .test_writing import SOURCE


def sources(*texts, **rest):
    return tuple(replace(SOURCE, text=text, start=7 * at, **rest) for at, text in enumerate(texts))


def names(*items):
    return [(row["text"], row["mentions"], row["sentences"]) for row in ledger(items)]


def test_each_source_once():
    assert names(*ITEMS) == [("Sedov", 2, [0, 1, 5]), ("Pravda", 1, [5])]


def test_short_forms_and_works_of_a_person_are_one_source_under_the_fullest_name():
    found = names(
        item(0, sources=sources("Moll")),
        item(1, sources=sources("the memoirs of Ada Moll")),
        item(2, sources=sources("Ada Moll", "Roy")),
    )
    assert found == [("Ada Moll", 3, [0, 1, 2]), ("Roy", 1, [2])]


def test_a_letter_is_another_letter_each_time_until_it_is_named_again():
    first, second = item(0, sources=sources("a letter")), item(1, sources=(replace(SOURCE, text="a letter", start=90),))
    again = item(2, sources=(replace(SOURCE, text="the letter", start=180),))
    assert names(first, second, again) == [("a letter", 1, [0]), ("a letter", 2, [1, 2])]


def test_kind_is_the_most_frequent_and_grade_its_best():
    (row,) = ledger(
        [
            item(0, sources=sources("Moll", kind="person", traceability=1, reliability="weak")),
            item(1, sources=sources("the memoirs of Moll", kind="memoir", traceability=1, reliability="weak")),
            item(2, sources=sources("the memoirs of Moll", kind="memoir", traceability=2, reliability="moderate")),
        ]
    )
    assert (row["kind"], row["traceability"], row["reliability"]) == ("memoir", 2, "moderate")
    assert row["kinds"] == {"person": 1, "memoir": 2}
    assert row["names"] == {"Moll": 1, "the memoirs of Moll": 2}
    assert row["places"][1] == {"index": 1, "start": 0, "end": SOURCE.end}


def test_a_claim_rests_on_its_holder_and_on_the_notes_beside_it():
    claims = (Claim("it froze", 20, 28, "Moll"), Claim("it rained", 30, 39, "Roy"))
    rows = ledger([item(0, sources=sources("Moll", "Roy", "Records 1921, p. 4"), claims=claims)])
    rests = {row["text"]: [(claim["start"], claim["alone"]) for claim in row["claims"]] for row in rows}
    assert rests == {"Moll": [(20, False)], "Roy": [(30, False)], "Records 1921, p. 4": [(20, False), (30, False)]}


def test_claim_that_rests_on_one_source_alone():
    ((row),) = ledger([item(3, sources=sources("Moll"), claims=(Claim("it froze", 20, 28, "Moll"),))])
    assert row["claims"] == [{"index": 3, "start": 20, "end": 28, "alone": True}]


def test_initials_elsewhere_in_the_document_find_the_surname():
    items = [item(0, sources=sources("Ada Borisovna")), item(1, sources=(replace(SOURCE, text="Moll", start=60),))]
    assert len(ledger(items)) == 2
    known = replace(items[1], sentence=replace(items[1].sentence, text="A. B. Moll wrote that it froze."))
    assert names(items[0], known) == [("Moll", 2, [0, 1])]


def test_a_role_is_the_person_that_the_document_tells_it_is():
    son = replace(SOURCE, text="his eldest son", start=90, name="Leo Moll")
    assert names(item(0, sources=sources("Leo Moll")), item(1, sources=(son,))) == [("Leo Moll", 2, [0, 1])]


def test_fullest_name():
    assert fullest(["Moll", "the historian Ada Moll", "Ada Moll", "A. Moll"]) == "Ada Moll"
    assert fullest(["the decree of the Senate", "decree of the Senate"]) == "the decree of the Senate"


def test_a_document_is_the_same_one_under_its_short_name():
    first = item(0, sources=(replace(SOURCE, text="the resolution of the Mill Committee of 3 May"),))
    same = item(1, sources=(replace(SOURCE, text="The same resolution", start=90),))
    again = item(2, sources=(replace(SOURCE, text="This resolution", start=180),))
    other = item(3, sources=(replace(SOURCE, text="The letter", start=270),))
    found = names(first, same, again, other)
    assert found == [("the resolution of the Mill Committee of 3 May", 3, [0, 1, 2]), ("The letter", 1, [3])]
