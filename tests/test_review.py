import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import OutputError, ReadError
from annotator.record import LABELS
from annotator.review import Review, ReviewError
from annotator.review_desk import GUIDELINES, Desk, guideline_version
from annotator.review_log import decisions, read_log
from annotator.review_queue import ORDERS, Filter, doubt, queue
from annotator.selection import snap
from tests.review_samples import LETTER, letter, write


@pytest.fixture
def output(tmp_path):
    return write(tmp_path / "out.jsonl", letter() + letter("second.txt", ("One came.", "Two went.")))


@pytest.fixture
def review(output):
    with_log = Review(output, "ann", guideline="2")
    yield with_log
    with_log.close()


def again(review, name="ann"):
    """The same review after its program was closed and started anew."""
    review.close()
    return Review(review.output, name, guideline="2")


def state(review):
    return [(review.view(row).answers, review.view(row).decided, review.view(row).flagged) for row in review.rows]


def test_rows_are_the_sentences_in_their_order(review):
    assert [row.record["text"] for row in review.rows][:5] == list(LETTER)
    assert review.labels == LABELS
    assert review.notices() == []


def test_a_decision_is_in_the_log_at_once(review):
    event = review.change(review.rows[2], "label", "interpretation", note="why")
    (line,) = review.log.read_text(encoding="utf-8").splitlines()
    written = json.loads(line)
    assert written["event"] == event.event
    assert (written["old"], written["new"], written["note"]) == ("unsupported", "interpretation", "why")
    assert (written["reviewer"], written["guideline"], written["index"]) == ("ann", "2", 2)
    assert written["exact"] == LETTER[2]
    assert written["prefix"] == "Ada Moll, the walls were too thin. "[-32:]
    assert written["suffix"] == " It was probably the finest work of its decade."[:32]
    assert written["values"] == {"label": "interpretation", "citation": "none", "voice": "author"}


def test_what_stands_so_already_is_no_event(review):
    row = review.rows[0]
    assert review.change(row, "citation", "none") is None
    assert review.change(row, "label", "documented_fact").field == "decision"
    assert review.change(row, "label", "documented_fact") is None
    assert len(read_log(review.log).events) == 1


@pytest.mark.parametrize(("field", "value"), [("label", "nonsense"), ("citation", "some"), ("voice", "")])
def test_an_answer_that_the_output_does_not_know_is_refused(review, field, value):
    with pytest.raises(ReviewError, match=f"is no {field} here"):
        review.change(review.rows[0], field, value)
    assert read_log(review.log).events == []


def test_undo_takes_back_edits_and_decisions_one_by_one(review):
    untouched, row = state(review), review.rows[1]
    for field, value in [("citation", "vague"), ("label", "unsupported"), ("flag", True), ("note", "hm")]:
        review.change(row, field, value)
    assert [review.undo().field for _ in range(4)] == ["note", "flag", "label", "citation"]
    assert review.undo() is None
    assert state(review) == untouched
    assert len(read_log(review.log).events) == 8


def test_a_review_goes_on_where_it_was(review):
    chance = random.Random(3)
    for _ in range(60):
        row = chance.choice(review.rows)
        act = chance.choice(["label", "citation", "decision", "flag", "undo", "merge", "split"])
        if act == "undo":
            review.undo()
        elif act == "merge":
            rows = review.drafts[row.record["document"]].rows
            both = rows[rows.index(row) : rows.index(row) + 2]
            if len(both) == 2:
                review.recut(both, [(both[0].span[0], both[1].span[1])])
        elif act == "split" and " " in row.record["text"]:
            at, (start, end) = row.record["text"].index(" "), row.span
            review.recut([row], [(start, start + at), (start + at + 1, end)])
        elif act in ("label", "citation"):
            values = LABELS if act == "label" else ("explicit", "vague", "none")
            review.change(row, act, chance.choice(values))
        elif act in ("decision", "flag"):
            review.change(row, act, chance.choice(["accepted", "skipped"]) if act == "decision" else True)
    before = state(review)
    reopened = again(review)
    assert state(reopened) == before
    assert [row.record["text"] for row in reopened.rows] == [row.record["text"] for row in review.rows]
    reopened.close()


def test_merge_and_split_keep_every_word_and_can_be_taken_back(review):
    texts = [row.record["text"] for row in review.rows]
    first, second = review.rows[:2]
    review.recut([first, second], [(first.span[0], second.span[1])])
    assert review.rows[0].record["text"] == f"{LETTER[0]} {LETTER[1]}"
    assert review.rows[0].record["sources"][0]["text"] == "Ada Moll"
    review.change(review.rows[0], "label", "documented_fact")
    assert review.rows[0].place in decisions(read_log(review.log).events)
    review.undo()
    review.undo()
    assert [row.record["text"] for row in review.rows] == texts
    with pytest.raises(ReviewError, match="only be cut between"):
        review.recut([review.rows[0]], [(0, 5), (9, review.rows[0].span[1])])


def test_offsets_count_code_points_after_an_emoji(review):
    row = review.rows[2]
    desk = Desk(review)
    desk.handle({"do": "go", "row": 2})
    at = LETTER[2].index("builders")
    answer = desk.handle({"do": "span", "field": "sources", "start": at, "end": at + 10, "at": list(row.span)})
    (source,) = review.view(row).answers["sources"]
    assert source["text"] == "builders 🏗"
    text = review.drafts["letter.txt"].text
    assert text[source["start"] : source["end"]] == source["text"]
    assert answer["view"]["row"]["sources"][0]["from"] == at


def test_two_reviewers_see_conflicts_until_one_adjudicates(review):
    row = review.rows[0]
    review.change(row, "label", "unsupported")
    bob = again(review, "bob")
    row = bob.rows[0]
    assert not bob.view(row).decided
    bob.change(row, "decision", "accepted")
    assert bob.verdict(row) is None
    assert [line["text"] for line in bob.labelled()] == []
    assert queue(bob, ORDERS["disagreements"], Filter())[0] is row
    bob.change(row, "label", "interpretation")
    bob.change(row, "decision", "adjudicated")
    assert bob.verdict(row).answers["label"] == "interpretation"
    assert [line["label"] for line in bob.labelled()] == ["interpretation"]
    bob.close()


def test_the_export_is_a_labelled_sentence_file(review, tmp_path):
    from annotator.gold import read_labelled

    for row in review.rows[:3]:
        review.change(row, "decision", "accepted")
    path = write(tmp_path / "reviewed.jsonl", list(review.labelled()))
    found = read_labelled(path)
    assert [(item.id, item.label, item.source) for item in found] == [
        ("letter.txt.0", "documented_fact", None),
        ("letter.txt.1", "interpretation", "Ada Moll"),
        ("letter.txt.2", "unsupported", None),
    ]


def test_other_documents_and_vanished_sentences_are_named_with_a_count(review, tmp_path):
    review.change(review.rows[0], "label", "unsupported")
    review.change(review.rows[5], "label", "unsupported")
    review.change(review.rows[6], "label", "unsupported")
    review.close()
    other = write(tmp_path / "other.jsonl", letter(texts=("Wholly new.", *LETTER[1:])))
    read = Review(other, "ann", log=review.log, read_only=True)
    assert read.notices() == [
        "2 events of out.review.jsonl skipped: about documents not in the output",
        "1 event of out.review.jsonl skipped: their sentence is no longer there",
    ]
    assert not any(row.views for row in read.rows)


SCRAPS = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 300) | st.text(max_size=8) | st.sampled_from(["sources", "boundary"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "start", "end", "x"]), inner),
    max_leaves=6,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 18), SCRAPS), min_size=1, max_size=6))
def test_no_log_however_garbled_stops_a_review(output, changes):
    log = output.with_name("garbled.review.jsonl")
    log.unlink(missing_ok=True)
    review = Review(output, "ann", log=log)
    review.change(review.rows[0], "label", "unsupported")
    walls = review.rows[1].span[0] + LETTER[1].index("walls")
    review.change(review.rows[1], "claims", [{"text": "walls", "start": walls, "end": walls + 5, "holder": None}])
    review.recut(review.rows[2:4], [(review.rows[2].span[0], review.rows[3].span[1])])
    review.change(review.rows[3], "decision", "accepted")
    review.undo()
    review.close()
    lines = [json.loads(line) for line in review.log.read_text(encoding="utf-8").splitlines()]
    for number, place, value in changes:
        line = lines[number % len(lines)]
        line[list(line)[place % len(line)]] = value
    write(review.log, lines)
    read = Review(output, "ann", log=review.log, read_only=True)
    desk = Desk(read)
    for at in range(len(read.rows)):
        json.dumps(desk.handle({"do": "go", "row": at}))
    list(read.labelled())
    assert len(read.rows) >= 6


def test_decisions_move_with_their_sentences_when_the_document_changes(review, tmp_path):
    for row in review.rows[1:4]:
        review.change(row, "label", "unsupported")
        review.change(row, "decision", "accepted")
    review.close()
    later = write(tmp_path / "later.jsonl", letter(texts=("A new beginning.", LETTER[1], *LETTER[3:], LETTER[0])))
    read = Review(later, "ann", log=review.log, read_only=True)
    assert [row.record["text"] for row in read.rows if read.view(row).decided] == [LETTER[1], LETTER[3]]
    assert read.notices() == [
        "1 event of out.review.jsonl skipped: their sentence is no longer there",
        "2 events of out.review.jsonl placed anew: the text has changed",
    ]


def test_bad_lines_of_an_output_are_named_with_a_count(tmp_path):
    path = write(tmp_path / "out.jsonl", [*letter(), {"record": "sentence", "document": "x"}])
    with path.open("a", encoding="utf-8") as stream:
        stream.write("{torn")
    review = Review(path, "ann", read_only=True)
    assert review.notices() == [
        "1 line of out.jsonl skipped: not-an-output-line",
        "1 line of out.jsonl skipped: not-json",
    ]


@pytest.mark.parametrize("content", ["", '{"record": "document"}\n'])
def test_an_output_without_sentences_is_refused(tmp_path, content):
    path = tmp_path / "out.jsonl"
    path.write_text(content)
    with pytest.raises(ReadError, match="no sentence"):
        Review(path, "ann")
    assert not (tmp_path / "out.review.jsonl").exists()


def test_texts_give_the_white_space_and_a_changed_one_is_named(output):
    text = "\n\n".join(LETTER)
    assert Review(output, "ann", read_only=True, texts={"letter.txt": text}).notices() == [
        "1 document changed since the annotation"
    ]
    same = Review(output, "ann", read_only=True, texts={"letter.txt": "\t".join(LETTER)})
    assert same.rows[1].gap == "\t"


def test_nothing_changes_when_nothing_can_be_saved(review, monkeypatch):
    def full(event):
        raise OutputError("not-saved", "the decision was not saved: No space left on device")

    desk = Desk(review)
    before = state(review)
    monkeypatch.setattr(review._writer, "append", full)
    answer = desk.handle({"do": "label", "value": "unsupported"})
    assert "No space left" in answer["error"]
    assert answer["view"]["row"]["text"] == LETTER[0]
    assert state(review) == before


# Queues


def test_orders(review):
    names = {name: [row.at for row in order(review, review.rows)] for name, order in ORDERS.items()}
    assert names["document"] == list(range(7))
    doubts = [doubt(review.rows[at]) for at in names["doubtful"]]
    assert doubts == sorted(doubts, reverse=True)
    first = [review.rows[at].record["label"] for at in names["sample"][:4]]
    assert sorted(first) == sorted(LABELS)
    assert sorted(names["sample"]) == list(range(7))


@pytest.mark.parametrize(
    ("chosen", "rows"),
    [
        ({}, [0, 1, 2, 3, 4, 5, 6]),
        ({"document": "second.txt"}, [5, 6]),
        ({"label": "interpretation"}, [1, 3, 6]),
        ({"citation": "explicit"}, [1]),
        ({"kind": "person"}, [1]),
        ({"kind": "nobody"}, []),
        ({"text": "EVERYBODY"}, [2]),
        ({"state": "decided"}, [0]),
        ({"state": "flagged"}, [3]),
        ({"state": "skipped"}, [4]),
        ({"state": "open"}, [1, 2, 3, 4, 5, 6]),
        ({"state": "doubtful"}, [3, 4]),
        ({"state": "changed"}, [0]),
        ({"reviewer": "ann"}, [0]),
        ({"reviewer": "bob"}, []),
    ],
)
def test_filters(review, chosen, rows):
    review.change(review.rows[0], "label", "unsupported")
    review.change(review.rows[3], "flag", True)
    review.change(review.rows[4], "decision", "skipped")
    assert [row.at for row in queue(review, ORDERS["document"], Filter(**chosen))] == rows


# The desk


def test_one_request_decides_and_brings_the_next_sentence(review):
    desk = Desk(review, "Version 9")
    opened = desk.handle({"do": "open"})
    assert opened["setting"]["labels"] == list(LABELS)
    answer = desk.handle({"do": "label", "value": "unsupported", "at": opened["view"]["row"]["at"]})
    assert answer["says"] == "Saved: unsupported."
    assert answer["view"]["row"]["text"] == LETTER[1]
    assert (answer["view"]["decided"], answer["view"]["total"]) == (1, 7)


def test_skipped_sentences_come_back_last_and_the_end_is_said(review):
    desk = Desk(review)
    desk.handle({"do": "skip"})
    for _ in range(5):
        desk.handle({"do": "accept"})
    assert desk.handle({"do": "accept"})["view"]["row"]["text"] == LETTER[0]
    assert "Everything in this queue is decided" in desk.handle({"do": "accept"})["says"]


def test_a_page_out_of_step_changes_nothing(review):
    desk = Desk(review)
    at = desk.handle({"do": "open"})["view"]["row"]["at"]
    desk.handle({"do": "accept", "at": at})
    assert "out of step" in desk.handle({"do": "accept", "at": at})["error"]
    assert len(read_log(review.log).events) == 1


def test_next_doubtful_undo_and_flag(review):
    desk = Desk(review)
    assert desk.handle({"do": "doubtful"})["view"]["row"]["text"] == LETTER[3]
    desk.handle({"do": "accept"})
    assert desk.handle({"do": "undo"})["view"]["row"]["text"] == LETTER[3]
    assert desk.handle({"do": "accept"})["view"]["row"]["text"] == LETTER[4]
    answer = desk.handle({"do": "doubtful"})
    assert answer["says"].endswith("this is the most doubtful of the rest.")
    assert answer["view"]["row"]["text"] == LETTER[2]
    desk.handle({"do": "go", "row": 4})
    assert desk.handle({"do": "flag"})["view"]["row"]["flagged"]
    desk.handle({"do": "go", "row": 0})
    answer = desk.handle({"do": "undo"})
    assert answer["view"]["row"]["text"] == LETTER[4]
    assert not answer["view"]["row"]["flagged"]
    assert answer["view"]["undo"]


def test_a_selection_replaces_what_it_overlaps_and_adds_what_it_does_not(review):
    desk = Desk(review)
    desk.handle({"do": "go", "row": 1})
    moll = LETTER[1].index("Moll")
    answer = desk.handle({"do": "span", "field": "sources", "start": moll + 1, "end": moll + 2})
    (source,) = answer["view"]["row"]["sources"]
    assert (source["text"], source["cue"]) == ("Moll", "According to")
    walls = LETTER[1].index("walls")
    answer = desk.handle({"do": "span", "field": "sources", "start": walls, "end": walls + 5})
    assert [item["text"] for item in answer["view"]["row"]["sources"]] == ["Moll", "walls"]
    answer = desk.handle({"do": "drop", "field": "sources", "number": 0})
    assert [item["text"] for item in answer["view"]["row"]["sources"]] == ["walls"]
    answer = desk.handle({"do": "span", "field": "claims", "start": walls, "end": len(LETTER[1])})
    assert answer["view"]["row"]["claims"][0]["text"] == "walls were too thin."


def test_merge_and_split_through_the_desk(review):
    desk = Desk(review)
    assert desk.handle({"do": "merge"})["view"]["row"]["text"] == f"{LETTER[0]} {LETTER[1]}"
    answer = desk.handle({"do": "split", "start": len(LETTER[0]) + 3})
    assert answer["view"]["row"]["text"] == LETTER[0]
    assert [row.record["text"] for row in review.rows][:5] == list(LETTER)
    desk.handle({"do": "go", "row": 6})
    assert "no sentence of this document follows" in desk.handle({"do": "merge"})["error"]
    desk.handle({"do": "go", "row": 0})
    assert "only be cut between" in desk.handle({"do": "split", "start": 0})["error"]


def test_other_reviewers_stay_hidden_until_one_has_decided(review):
    review.change(review.rows[0], "label", "unsupported")
    bob = again(review, "bob")
    desk = Desk(bob)
    assert desk.handle({"do": "open"})["view"]["row"]["others"] == []
    desk.handle({"do": "accept"})
    (other,) = desk.handle({"do": "go", "row": 0})["view"]["row"]["others"]
    assert (other["reviewer"], other["label"]) == ("ann", "unsupported")
    bob.close()


@pytest.mark.parametrize(
    "request_",
    [
        {"do": "label"},
        {"do": "label", "value": 7},
        {"do": "label", "value": ["x"]},
        {"do": "span", "field": "label", "start": 0, "end": 4},
        {"do": "span", "field": "sources", "start": "x", "end": None},
        {"do": "span", "field": "sources", "start": 900, "end": 1000},
        {"do": "go", "row": "x"},
        {"do": "order", "name": "__class__"},
        {"do": "filter", "filter": 3},
        {"do": "look", "middle": "x"},
        {"do": "undo", "at": "elsewhere"},
    ],
)
def test_a_senseless_request_changes_nothing(review, request_):
    desk, before = Desk(review), state(review)
    answer = desk.handle(request_)
    assert answer["error"]
    assert state(review) == before
    assert read_log(review.log).events == []


def test_a_filter_that_leaves_nothing_is_said_and_undone(review):
    desk = Desk(review)
    answer = desk.handle({"do": "filter", "filter": {"text": "nowhere to be found"}})
    assert answer["view"]["row"] is None
    assert "no sentence is in hand" in desk.handle({"do": "accept"})["error"]
    assert desk.handle({"do": "filter", "filter": {}})["view"]["queue"] == 7


def test_ten_thousand_sentences_send_a_neighbourhood_only(tmp_path):
    texts = tuple(f"Sentence number {n} stands here." for n in range(10_000))
    review = Review(write(tmp_path / "big.jsonl", letter(texts=texts)), "ann")
    answer = Desk(review).handle({"do": "go", "row": 5000})
    assert len(answer["view"]["window"]) == 81
    assert (answer["view"]["before"], answer["view"]["after"]) == (4960, 4959)
    assert len(json.dumps(answer)) < 60_000
    review.close()


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [(0, 1, "One"), (5, 6, "two-three"[:3]), (3, 5, "two"), (8, 9, "three"), (0, 99, "One two-three, four.")],
)
def test_a_selection_grows_to_whole_words(start, end, words):
    text = "One two-three, four."
    begin, stop = snap(text, start, end)
    assert text[begin:stop] == words


def test_the_shipped_guidelines_say_their_version():
    assert guideline_version(GUIDELINES.read_text(encoding="utf-8")) == "3"
    assert guideline_version("House rules") == "unversioned"
