import pytest

from annotator.admiralty import in_words, is_rating, rated, scale, short
from annotator.checking import schema

GIVEN = {"source": "B", "item": "2", "by": "ann", "date": "2026-03-01"}


def test_the_scale_has_the_codes_of_the_schema():
    codes = schema()["$defs"]["source"]["properties"]["rating"]["anyOf"][1]["properties"]
    for part in ("source", "item"):
        assert [*scale()[part], None] == codes[part]["enum"]


def test_letter_and_figure_are_set_and_cleared_apart():
    letter = rated(None, "source", "B", "ann", "2026-03-01")
    assert letter == GIVEN | {"item": None}
    both = rated(letter, "item", "2", "ann", "2026-03-01")
    assert both == GIVEN
    assert rated(both, "source", None, "bob", "2026-03-02") == {
        "source": None, "item": "2", "by": "bob", "date": "2026-03-02",
    }  # fmt: skip
    assert rated(letter, "source", None, "ann", "2026-03-02") is None
    assert rated(both, None, None, "ann", "2026-03-02") is None


def test_what_stands_so_already_keeps_its_giver_and_date():
    assert rated(GIVEN, "item", "2", "bob", "2026-04-01") == GIVEN


@pytest.mark.parametrize(
    ("part", "code"), [("source", "G"), ("source", "1"), ("item", "7"), ("who", "A"), ("item", "")]
)
def test_there_are_no_other_codes(part, code):
    with pytest.raises(ValueError, match="no code of the Admiralty scale"):
        rated(None, part, code, "ann", "2026-03-01")


@pytest.mark.parametrize(
    "value",
    [None, {}, [], {"source": "B", "item": "2"}, GIVEN | {"source": "G"}, GIVEN | {"source": ["A"]}, GIVEN | {"by": ""},
     GIVEN | {"source": None, "item": None}, GIVEN | {"date": 7}, GIVEN | {"mood": "x"}, {"source": "B", "by": "ann"}],
)  # fmt: skip
def test_what_is_no_rating(value):
    assert not is_rating(value)


def test_a_rating_in_words():
    assert is_rating(GIVEN)
    assert short(GIVEN) == "B2"
    assert in_words(GIVEN) == "B2: usually reliable, probably true"
    assert in_words(GIVEN | {"item": None}) == "B–: usually reliable"
