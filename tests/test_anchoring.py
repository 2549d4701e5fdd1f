"""Quotations in changed documents: where they stand now, and what is never guessed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.anchoring import EventPlacer, Placement, Placer, Quote, is_respelt, likeness
from annotator.record import Span
from annotator.review import Review
from annotator.review_log import CONTEXT, content_hash
from annotator.review_rows import Draft, read_output
from tests.test_agreement import FACT, NOTHING, READING, WILD, sentence, write_output

OLD = [
    "The mill was built in 1871 by a farmer.", "Its first owner died young.", "Applause.", "It burned twice.",
    "Nobody in the valley recalls the second fire.", "Applause.", "The council received the report in March.", "Yes.",
]  # fmt: skip


def spans(sentences, gap=" "):
    """Text of the sentences and where each stands."""
    found, start = [], 0
    for one in sentences:
        found.append((start, start + len(one)))
        start += len(one) + len(gap)
    return gap.join(sentences), found


def quote(at, sentences=tuple(OLD)):
    text, places = spans(list(sentences))
    start, end = places[at]
    return Quote(text[max(0, start - CONTEXT) : start], text[start:end], text[end : end + CONTEXT], start)


def place(at, new, gap=" "):
    """Sentence of the new draft that an old one was placed at, by kind and words."""
    text, places = spans(new, gap)
    found = Placer(text, places).find(quote(at))
    return found.kind, None if found.span is None else text[found.span.start : found.span.end]


class TestPlaced:
    @pytest.mark.parametrize("at", range(len(OLD)))
    @pytest.mark.parametrize("gap", [" ", "\n\n", "\r\n"])
    def test_unchanged_sentences_after_a_new_paragraph(self, at, gap):
        assert place(at, ["Something new comes first.", "And more of it.", *OLD], gap) == ("same", OLD[at])

    def test_equal_sentences_are_told_apart_by_their_neighbours(self):
        text, places = spans(["New.", *OLD])
        assert Placer(text, places).find(quote(2)).span == places[3]
        assert Placer(text, places).find(quote(5)).span == places[6]

    @pytest.mark.parametrize(
        ("new", "at"),
        [
            (["Its first owner died young.", "The mill was built in 1871 by a farmer."], 0),
            (["Something else entirely.", "The mill was built in 1871 by a farmer.", "And another thing."], 0),
            (["The mill was  built in\n1871 by a farmer."], 0),
        ],
    )
    def test_moved_and_reflowed(self, new, at):
        kind, words = place(at, new)
        assert (kind, words.split()) == ("same", OLD[at].split())

    def test_typography_may_change(self):
        text, places = spans(["He said: “It’s a mill” – twice…"])
        assert Placer(text, places).find(Quote("", 'He said: "It\'s a mill" - twice...', "", 0)).kind == "same"

    @pytest.mark.parametrize(
        ("old", "new", "respelt"),
        [
            ("received", "recieved", True), ("council", "counsil", True), ("council", "counciil", True),
            ("council", "conucil", True), ("legal", "illegal", False), ("proven", "unproven", False),
            ("is", "isn't", False), ("now", "not", False), ("18711", "18721", False), ("report", "reports", False),
            ("council", "cuonicl", False), ("denied", "defied", True), ("council", "council", False),
        ],
    )  # fmt: skip
    def test_only_one_letter_inside_a_long_word(self, old, new, respelt):
        assert is_respelt(f"They said the {old} here.", f"They said the {new} here.") is respelt

    def test_a_typing_error_put_right_keeps_the_decision(self):
        new = [*OLD]
        new[6] = "The council recieved the report in March."
        assert place(6, new) == ("respelt", new[6])


class TestNotGuessed:
    @pytest.mark.parametrize(
        ("new", "kind"),
        [
            ("The mill was not built in 1871 by a farmer.", "reworded"),
            ("The mill was built in 1872 by a farmer.", "reworded"),
            ("The mill was built in 1871 by a farmer?", "reworded"),
            ("A farmer is said to have had some part in it.", "gone"),
        ],
    )
    def test_reworded_is_named_but_not_sure(self, new, kind):
        text, places = spans([new, *OLD[1:]])
        found = Placer(text, places).find(quote(0))
        assert (found.kind, found.sure) == (kind, False)
        assert found.span == (places[0] if kind == "reworded" else None)

    def test_a_short_sentence_in_other_company_is_not_the_same(self):
        assert place(7, ["Was he there at all?", "Yes.", "So they asked again."]) == ("unsure", None)

    def test_equal_sentences_with_equal_neighbours_are_ambiguous(self):
        told = ["The chair thanked all members.", "Applause.", "The next speaker rose slowly."]
        old, new = told * 3, ["Opening words."] + told * 2
        text, places = spans(new)
        found = Placer(text, places).find(quote(4, tuple(old)))
        assert found == Placement("ambiguous")

    def test_a_sentence_that_never_moved_stays_although_others_are_equal(self):
        told = ["The chair thanked all members.", "Applause.", "The next speaker rose slowly."]
        text, places = spans([*told * 3, "Closing words."])
        assert Placer(text, places).find(quote(4, tuple(told * 3))).span == places[4]

    def test_nothing_is_placed_in_an_empty_document(self):
        assert Placer("", []).find(quote(0)) == Placement("gone")

    @given(
        st.lists(st.sampled_from(["One.", "Two went home.", "Three of them stayed on.", "Four?"]), max_size=8),
        st.data(),
    )
    def test_sure_means_the_same_words(self, new, data):
        at = data.draw(st.integers(0, len(OLD) - 1))
        text, places = spans(new + data.draw(st.permutations(OLD)))
        found = Placer(text, places).find(quote(at))
        if found.sure:
            assert text[found.span.start : found.span.end] == OLD[at]


def test_likeness():
    assert likeness("one two three four", "one two three four") == 1
    assert likeness("one two three four", "one two five four") == 0.75
    assert likeness("one two", "three four") == 0


TEXTS = [("The mill opened in 1871.", FACT), ("It was a mistake.", READING), ("Yes.", NOTHING), ("It paid off.", WILD)]


def events_on(path, *changes):
    """Events of ann after some changes: (row, field, value)."""
    review = Review(path, "ann")
    for row, field, value in changes:
        review.change(review.rows[row], field, value)
    review.close()
    return review.events


def test_events_move_with_their_spans(tmp_path):
    old = write_output(tmp_path / "old.jsonl", {"a": [("Smith said it: it was 9.", FACT), ("It was a mistake.", FACT)]})
    source = {"text": "Smith", "start": 0, "end": 5, "cue": "said", "cue_start": 6, "cue_end": 10, "kind": "person"}
    claim = {"text": "it", "start": 15, "end": 17, "holder": "Smith"}
    events = events_on(
        old, (0, "sources", [source]), (0, "claims", [claim]), (1, "sources", [source]), (1, "label", WILD)
    )
    lead = "A new first line."
    new = write_output(tmp_path / "new.jsonl", {"a": [(lead, FACT), ("Smith said it: it was 9.", FACT), TEXTS[1]]})
    drafts, _ = read_output(new)
    placer = EventPlacer(drafts)
    moved = [placer(event) for event in events]
    assert placer.lost == []
    shift = len(lead) + 1
    assert [(event.start, event.end) for event in moved[:2]] == [(shift, shift + 24)] * 2
    assert moved[0].new[0] == source | {"start": shift, "end": shift + 5, "cue_start": shift + 6, "cue_end": shift + 10}
    assert (moved[1].new[0]["start"], moved[1].new[0]["end"]) == (shift + 15, shift + 17)
    # A source further up in the document moves too, since its words stand there just once.
    assert moved[2].new[0]["start"] == shift
    text = drafts["a"].text
    assert all(text[event.start : event.end] == event.exact for event in moved)
    assert all(event.sentence == content_hash(event.exact) for event in moved)
    assert moved[3].values["label"] == WILD


def test_a_span_that_is_gone_loses_its_event_and_no_other(tmp_path):
    old = write_output(tmp_path / "old.jsonl", {"a": [("Smith said so.", FACT), ("It was a mistake.", FACT)]})
    source = {"text": "Smith", "start": 0, "end": 5, "kind": "person"}
    events = events_on(old, (1, "sources", [source]), (1, "label", WILD))
    new = write_output(tmp_path / "new.jsonl", {"a": [("Jones said so.", FACT), ("It was a mistake.", FACT)]})
    placer = EventPlacer(read_output(new)[0])
    assert [placer(event) is None for event in events] == [True, False]
    assert [lost.event.field for lost in placer.lost] == ["sources"]


def test_unknown_documents_are_lost_not_guessed(tmp_path):
    old = write_output(tmp_path / "old.jsonl", {"a": TEXTS})
    event = events_on(old, (0, "label", WILD))[0]
    placer = EventPlacer(read_output(old)[0])
    assert placer(replace(event, document="z")) is None
    assert placer.lost[0].placement == Placement("gone")
    renamed = EventPlacer(read_output(old)[0], {"z": "a"})
    assert renamed(replace(event, document="z")).document == "a"


def test_a_merged_sentence_and_the_decision_on_it_move_together(tmp_path):
    old = write_output(tmp_path / "old.jsonl", {"a": TEXTS})
    review = Review(old, "ann")
    rows = review.rows[1:3]
    review.recut(rows, [(rows[0].span[0], rows[1].span[1])])
    review.change(review.rows[1], "label", WILD)
    review.close()
    new = write_output(tmp_path / "new.jsonl", {"a": [("Something comes before it.", FACT), *TEXTS]})
    again = Review(new, "ann", log=review.log, read_only=True, place=EventPlacer(read_output(new)[0]))
    assert [row.record["text"] for row in again.rows][2:4] == ["It was a mistake. Yes.", "It paid off."]
    assert again.view(again.rows[2]).values()["label"] == WILD
    assert again.unplaced == []


def test_review_places_a_log_in_a_later_draft_and_lists_the_rest(tmp_path):
    old = write_output(tmp_path / "old.jsonl", {"a": TEXTS})
    events_on(old, (0, "label", WILD), (1, "label", WILD), (3, "label", FACT))
    new = write_output(
        tmp_path / "new.jsonl", {"a": [("More.", FACT), TEXTS[0], ("It was no mistake.", READING), *TEXTS[2:]]}
    )
    review = Review(
        new, "ann", log=tmp_path / "old.review.jsonl", read_only=True, place=EventPlacer(read_output(new)[0])
    )
    decided = {row.record["text"]: review.view(row).values()["label"] for row in review.rows if row.views}
    assert decided == {"The mill opened in 1871.": WILD, "It paid off.": FACT}
    assert [event.exact for event in review.unplaced] == ["It was a mistake."]


def test_a_draft_may_be_large():
    records = [
        sentence("a", at * 60, f"Sentence number {at} speaks of matter {at * 7} and more.") for at in range(3000)
    ]
    draft = Draft("a", records)
    placer = Placer(draft.text, [row.span for row in draft.rows])
    found = [
        placer.find(Quote("", f"Sentence number {at} speaks of matter {at * 7} and less.", "", 0)) for at in range(300)
    ]
    assert {one.kind for one in found} == {"reworded"}
    assert found[7].span == Span(*draft.rows[7].span)
