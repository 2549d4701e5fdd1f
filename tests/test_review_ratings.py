"""Ratings that a reviewer gives: logged, undone, found again, moved with the text, exported, and never made up."""

import json
import re

import pytest
from click.testing import CliRunner

from annotator.cli import main
from annotator.review import Review
from annotator.review_desk import Desk
from annotator.review_log import read_log
from tests.review_samples import LETTER, letter, pronoun, write


@pytest.fixture
def output(tmp_path):
    return write(tmp_path / "out.jsonl", letter())


def desk_of(output, reviewer="ann", row=1):
    desk = Desk(Review(output, reviewer))
    desk.handle({"do": "go", "row": row})
    return desk


def rate(desk, part=None, value=None, number=0):
    return desk.handle({"do": "rate", "number": number, "part": part, "value": value})


def grade(answer, number=0):
    rating = answer["view"]["row"]["sources"][number].get("rating")
    return rating and (rating["source"], rating["item"], rating["by"])


def test_a_rating_is_an_event_like_any_other(output):
    desk = desk_of(output)
    assert grade(desk.handle({"do": "look", "middle": 1})) is None
    answer = rate(desk, "source", "B")
    assert answer["says"] == "Saved: “Ada Moll” rated B–: usually reliable."
    answer = rate(desk, "item", "2")
    assert grade(answer) == ("B", "2", "ann")
    assert answer["view"]["row"]["text"] == LETTER[1]
    first, second = read_log(desk.review.log).events
    assert (first.field, first.old["rating"], second.old["rating"]["item"]) == ("rating", None, None)
    assert (second.new["text"], second.new["rating"]["source"], second.values) == ("Ada Moll", "B", None)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", second.new["rating"]["date"])
    rate(desk, "item", "2")
    assert len(read_log(desk.review.log).events) == 2
    desk.review.close()


def test_it_stands_again_after_a_restart_and_is_taken_back_step_by_step(output):
    desk = desk_of(output)
    rate(desk, "source", "B")
    rate(desk, "item", "2")
    desk.review.close()
    desk = desk_of(output)
    assert grade(desk.handle({"do": "look", "middle": 1})) == ("B", "2", "ann")
    assert desk.handle({"do": "undo"})["says"] == "Taken back: rating."
    assert grade(desk.handle({"do": "look", "middle": 1})) == ("B", None, "ann")
    assert grade(desk.handle({"do": "undo"})) is None
    desk.review.close()


def test_it_can_be_cleared_by_halves_and_whole(output):
    desk = desk_of(output)
    rate(desk, "source", "F")
    rate(desk, "item", "6")
    assert grade(rate(desk, "source", None)) == (None, "6", "ann")
    answer = rate(desk)
    assert grade(answer) is None
    assert answer["says"] == "Saved: rating taken off."
    desk.review.close()


@pytest.mark.parametrize(
    ("number", "part", "value"),
    [(1, "source", "A"), (-1, "source", "A"), (0, "source", "G"), (0, "item", 2), (0, "x", "A")],
)
def test_a_senseless_rating_changes_nothing(output, number, part, value):
    desk = desk_of(output)
    assert rate(desk, part, value, number)["error"]
    assert read_log(desk.review.log).events == []
    desk.review.close()


def test_a_rating_does_not_decide_the_sentence_and_a_decided_one_stays_so(output):
    desk = desk_of(output)
    rate(desk, "source", "C")
    assert not desk.review.view(desk.current).decided
    desk.handle({"do": "accept"})
    desk.handle({"do": "go", "row": 1})
    assert rate(desk, "item", "3")["view"]["row"]["decided"]
    desk.review.close()


def test_it_stays_when_the_words_of_its_source_are_corrected_and_goes_with_the_source(output):
    desk = desk_of(output)
    rate(desk, "source", "C")
    moll = LETTER[1].index("Moll")
    assert grade(desk.handle({"do": "span", "field": "sources", "start": moll, "end": moll + 4})) == ("C", None, "ann")
    answer = desk.handle({"do": "span", "field": "sources", "start": moll, "end": moll + 10})
    assert grade(answer) == ("C", None, "ann")
    desk.handle({"do": "drop", "field": "sources", "number": 0})
    assert grade(desk.handle({"do": "undo"})) == ("C", None, "ann")
    desk.review.close()


def test_another_source_that_takes_its_place_is_not_rated(output):
    desk = desk_of(output)
    rate(desk, "source", "C")
    moll = LETTER[1].index("Moll")
    answer = desk.handle({"do": "span", "field": "sources", "start": moll, "end": moll + 9})
    assert answer["view"]["row"]["sources"][0]["text"] == "Moll, the"
    assert grade(answer) is None
    desk.review.close()


def test_it_moves_with_its_sentence_and_survives_a_run_that_finds_no_source(output, tmp_path):
    desk = desk_of(output)
    rate(desk, "source", "B")
    desk.review.close()
    texts = ("A line was put before the others here.", *LETTER)
    lines = letter(texts=texts)
    assert lines[2]["sources"] == []
    moved = Review(write(tmp_path / "later.jsonl", lines), "ann", log=desk.review.log, read_only=True)
    (source,) = moved.view(moved.rows[2]).answers["sources"]
    text = moved.drafts["letter.txt"].text
    assert (text[source["start"] : source["end"]], source["rating"]["source"]) == ("Ada Moll", "B")
    assert moved.notices() == ["1 event of out.review.jsonl placed anew: the text has changed"]


def test_a_mention_moves_with_its_sentence(tmp_path):
    first = desk_of(write(tmp_path / "out.jsonl", pronoun("a.txt")), row=1)
    rate(first, "source", "B")
    first.review.close()
    later = letter("a.txt", ("Ada Moll kept the old mill.", "She said that it was sold.", "It stood empty for years."))
    moved = Review(write(tmp_path / "later.jsonl", later), "ann", log=first.review.log, read_only=True)
    (source,) = moved.view(moved.rows[1]).answers["sources"]
    text = moved.drafts["a.txt"].text
    assert text[source["mention_start"] : source["mention_end"]] == source["mention"] == "She"


def test_the_page_is_told_where_a_mention_stands_and_whence_a_source_is_carried(tmp_path):
    desk = desk_of(write(tmp_path / "out.jsonl", pronoun()), row=1)
    (source,) = desk.handle({"do": "look", "middle": 0})["view"]["row"]["sources"]
    assert (source["mention_from"], source["mention_to"], source["from"], source["carrier"]) == (0, 3, None, None)
    (source,) = desk.handle({"do": "go", "row": 2})["view"]["row"]["sources"]
    assert (source["mention_from"], source["carrier"]) == (None, {"row": 1, "number": 1})
    desk.handle({"do": "go", "row": 0})
    desk.handle({"do": "merge"})
    (source,) = desk.handle({"do": "go", "row": 1})["view"]["row"]["sources"]
    assert source["carrier"] == {"row": 0, "number": 0}
    desk.review.close()


def test_others_ratings_are_shown_once_one_has_decided(output):
    desk = desk_of(output)
    rate(desk, "source", "B")
    desk.handle({"do": "accept"})
    desk.review.close()
    bob = desk_of(output, "bob")
    bob.handle({"do": "accept"})
    (other,) = bob.handle({"do": "go", "row": 1})["view"]["row"]["others"]
    assert other["rated"] == ["Ada Moll B–"]
    assert grade(bob.handle({"do": "go", "row": 1})) is None
    bob.review.close()


def exported(output, *options):
    result = CliRunner().invoke(main, ["review", "export", str(output), "-o", "-", *options])
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def test_the_export_has_the_rating_beside_the_source(output):
    desk = desk_of(output)
    rate(desk, "source", "B")
    desk.handle({"do": "accept"})
    desk.handle({"do": "go", "row": 2})
    desk.handle({"do": "accept"})
    desk.review.close()
    (rated, plain), _ = exported(output)
    assert (rated["source"], rated["rating"]["source"], rated["rating"]["item"]) == ("Ada Moll", "B", None)
    assert "rating" not in plain


def test_the_output_is_written_again_with_ratings_and_nothing_else(output):
    desk = desk_of(output)
    rate(desk, "source", "B")
    rate(desk, "item", "1")
    desk.review.close()
    lines, says = exported(output, "--rated")
    before = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    rating = lines[1]["sources"][0].pop("rating")
    assert (rating["source"], rating["item"], rating["by"]) == ("B", "1", "ann")
    assert lines == before
    assert says.splitlines()[0] == "1 rating exported"


def test_ratings_on_which_reviewers_differ_wait_for_an_adjudication(output):
    for name, letter_ in (("ann", "B"), ("bob", "D")):
        desk = desk_of(output, name)
        rate(desk, "source", letter_)
        desk.review.close()
    lines, says = exported(output, "--rated")
    assert lines[1]["sources"][0]["rating"] is None
    assert "0 ratings exported, 1 left out because reviewers differ" in says
    desk = desk_of(output, "cyd")
    rate(desk, "source", "D")
    desk.handle({"do": "adjudicate"})
    desk.review.close()
    lines, says = exported(output, "--rated")
    assert lines[1]["sources"][0]["rating"]["by"] == "cyd"


def test_a_rating_of_a_source_that_the_output_lacks_is_counted(output):
    desk = desk_of(output)
    walls = LETTER[1].index("walls")
    desk.handle({"do": "span", "field": "sources", "start": walls, "end": walls + 5})
    rate(desk, "source", "E", number=1)
    desk.review.close()
    lines, says = exported(output, "--rated")
    assert [source["text"] for source in lines[1]["sources"]] == ["Ada Moll"]
    assert "0 ratings exported, 1 left out because a reviewer marked the source" in says
