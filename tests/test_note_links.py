"""Marks and notes linked both ways, ibid. and op. cit. resolved, and the rule by which a source covers a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.note_links import linked
from annotator.record import Attribution, Span
from annotator.references import find_references
from annotator.source_records import covers
from annotator.sourcing import source_sentences
from annotator.splitting import sentences

NOTES = """The mill closed in May.[1] The clerk left for the coast [2]. Nobody followed.³
The lock stayed.[4] It rusted.[5]

Notes

1. RGASPI f. 17, op. 3, d. 721.
2. Conversation with the clerk's widow, May 1990.
3. Keller, A. Mills of the North. Hamburg: Anker, 1999, p. 12.
4. Ibid., p. 15.
5. Keller, op. cit., p. 99.
"""
WORKS = """The town had four mills (Keller 2004, p. 17). Later it had two (ibid., p. 19).

Bibliography

Keller, A. “Mills of the North.” Hamburg: Anker, 2004.
"""


def sources(text):
    found = sentences(text)
    answers = source_sentences(text, found)
    return {source.text: source for answer in answers for source in answer.sources}


def ends(source):
    return [place.text for place in source.refers_to]


def starts(source):
    return [place.text for place in source.referred_from]


def test_a_mark_leads_to_its_note_and_the_note_back_to_its_marks():
    found = sources(NOTES)
    assert ends(found["[1]"]) == ["RGASPI f. 17, op. 3, d. 721."]
    assert starts(found["RGASPI f. 17, op. 3, d. 721"]) == ["[1]"]
    assert ends(found["³"]) == ["Keller, A. Mills of the North. Hamburg: Anker, 1999, p. 12."]


def test_a_mark_is_graded_by_its_note():
    found = sources(NOTES)
    assert (found["[1]"].kind, found["[1]"].reliability) == ("archive", "strong")
    assert found["[1]"].why[0] == "numbered note"


def test_a_note_that_looks_like_no_reference_is_one_where_a_mark_leads_to_it():
    text = "Conversation with the clerk's widow, May 1990."
    assert sources(NOTES)[text].rule == "note-text"
    alone = NOTES[NOTES.index("Notes") :]
    assert text not in sources(alone)


def test_ibid_and_op_cit_lead_to_the_work_meant():
    found = sources(NOTES)
    work = "Keller, A. Mills of the North. Hamburg: Anker, 1999, p. 12."
    assert ends(found["Ibid., p. 15."]) == [work]
    assert ends(found["Keller, op. cit., p. 99."]) == [work]
    assert starts(found[work]) == ["³", "Ibid., p. 15.", "Keller, op. cit., p. 99."]


def test_an_author_and_year_leads_to_the_entry_and_keeps_its_page():
    found = sources(WORKS)
    entry = "Keller, A. “Mills of the North.” Hamburg: Anker, 2004."
    assert ends(found["Keller 2004, p. 17"]) == ends(found["ibid., p. 19"]) == [entry]
    assert "page given" in found["Keller 2004, p. 17"].why
    assert "page given" not in found[entry].why


def test_op_cit_without_a_work_of_that_name_leads_nowhere():
    assert ends(sources("The mill closed (Keller 2004, p. 1). It burned (Brandt, op. cit., p. 5).")[
        "Brandt, op. cit., p. 5"
    ]) == []  # fmt: skip


def test_a_range_of_notes_leads_to_each():
    text = "The mill closed [1-3].\n\nNotes\n\n1. The clerk, 1990.\n2. The widow, 1991.\n3. The priest, 1992.\n"
    assert ends(sources(text)["[1-3]"]) == ["The clerk, 1990.", "The widow, 1991.", "The priest, 1992."]


def test_numbers_that_start_again_lead_to_the_next_note_below():
    part = "The {} closed.[1]\n\nNotes\n\n[1] The {}, 1990.\n\n"
    text = part.format("mill", "miller") + part.format("inn", "host")
    found = [source for answer in source_sentences(text, sentences(text)) for source in answer.sources]
    assert [ends(one) for one in found if one.text == "[1]"] == [["The miller, 1990."], ["The host, 1990."]]


def test_a_markdown_definition_is_a_note():
    found = sources("The mill closed.[^a] It rained.\n\n[^a]: The minutes of the council.\n")
    assert ends(found["[^a]"]) == ["The minutes of the council."]


def test_a_number_before_a_note_is_no_mark_on_the_sentence_above():
    text = "The mill closed.[1]\n\nIt rained all day.\n\n[1] The minutes of the council.\n"
    answers = dict(zip([one.text for one in sentences(text)], source_sentences(text, sentences(text)), strict=True))
    assert answers["It rained all day."].citation == "none"


@pytest.mark.parametrize(
    ("text", "covers"),
    [
        ("The mill closed.[1] It rained.", ["own-sentence", ""]),
        ("The mill closed (Keller 2004).", ["own-sentence"]),
        ("Keller, A. “Mills of the North.” Hamburg: Anker, 2004.", ["own-line", "own-line"]),
    ],
)
def test_the_record_says_by_which_rule_a_source_covers_a_sentence(text, covers):
    answers = source_sentences(text, sentences(text))
    found = [answer.sources[0].covers if answer.sources else "" for answer in answers]
    assert found[: len(covers)] == covers


def test_a_mark_behind_the_stop_covers_the_sentence_before():
    mark = Attribution(Span(17, 20), None, (), "note-number")
    assert covers(mark, Span(0, 16)) == "sentence-before"


PIECES = ["[1]", "[^a]", "[1-3] ", "The mill closed. ", "\n", "\n1. ", "\n[1] ", "Notes\n", "Ibid., p. 5. ",
          "op. cit. ", "Keller, ", "(Keller 2004) ", "²", "\n\n", "RGASPI f. 1, op. 2 "]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_links_lie_in_the_text_and_lead_both_ways(text):
    found, links = linked(text, find_references(text))
    places = {one.source for one in found}
    for source, targets in links.targets.items():
        assert source in places
        assert all(0 <= target.span.start < target.span.end <= len(text) for target in targets)
        assert any(source in back for back in links.back.values())


def test_a_long_line_that_begins_like_a_note_is_running_text():
    note = "Keller, A. “Mills of the North.” Hamburg: Anker, 2004. "
    text = note + "The mill closed in the autumn and nobody followed. " * 10
    answers = source_sentences(text, sentences(text))
    assert answers[0].citation == "explicit"
    assert answers[-1].citation == "none"
