"""The last word on citation: the rules' sources by a model's chances."""

from dataclasses import replace

import numpy as np

from annotator.citing import settle
from annotator.record import CITATIONS, MARKED, Claim, Sourcing

from .test_writing import SOURCE


def chances(*values):
    return np.array([[0.9 if name == value else 0.03 for name in CITATIONS] for value in values])


def explicit(*texts, **rest):
    named = tuple(replace(SOURCE, text=text, start=9 * at, end=9 * at + len(text), carried_from=None, **rest)
                  for at, text in enumerate(texts))  # fmt: skip
    return Sourcing("explicit", "reported", named)


def test_a_carried_sentence_takes_the_source_that_the_model_found_in_its_opener():
    opener = explicit("Tom Haas", rule=MARKED)
    carried = Sourcing("carried", "quoted", (replace(SOURCE, text="Roy", start=90, end=93, carried_from=0),),
                       (Claim("the mill burnt", 100, 114, "Roy"),))  # fmt: skip
    found = settle([opener, carried], chances("explicit", "carried"), CITATIONS)[1]
    assert [(one.text, one.carried_from) for one in found.sources] == [("Tom Haas", 0)]
    assert [claim.holder for claim in found.claims] == ["Tom Haas"]


def test_a_carried_sentence_keeps_the_source_that_its_opener_has():
    opener = explicit("Roy", "Tom Haas")
    carried = Sourcing("carried", "quoted", (replace(opener.sources[0], carried_from=0),))
    found = settle([opener, carried], chances("explicit", "carried"), CITATIONS)[1]
    assert found.sources[0].text == "Roy"


def test_what_follows_rests_on_a_person_rather_than_on_the_number_of_a_page():
    named = explicit("Tom Haas", "page 93")
    opener = replace(named, sources=(named.sources[0], replace(named.sources[1], rule="page")))
    found = settle([opener, Sourcing("none", "author")], chances("explicit", "carried"), CITATIONS)[1]
    assert (found.citation, found.sources[0].text) == ("carried", "Tom Haas")


def test_a_source_that_is_named_wins_over_a_vague_one():
    found = settle([explicit("the Harbour Board")], chances("vague"), CITATIONS)[0]
    assert (found.citation, [one.text for one in found.sources]) == ("explicit", ["the Harbour Board"])
