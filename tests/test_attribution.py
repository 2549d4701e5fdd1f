"""Attributions: source, cue and content at their exact places."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator import lexicon
from annotator.attribution import attributions, in_sentence, touching_quotes
from annotator.quotation import find_quotations
from annotator.splitting import sentences

GOLDEN = [
    json.loads(line) for line in (Path(__file__).parent / "golden" / "citation.jsonl").read_text("utf-8").splitlines()
]


def words(text, span):
    return None if span is None else text[slice(*span)]


def by_sentence(text):
    parts = sentences(text)
    for part, quotes in zip(parts, touching_quotes(parts, find_quotations(text)), strict=True):
        yield from in_sentence(text, part, lexicon.words(part.text, part.start), quotes)


@pytest.mark.parametrize("row", [row for row in GOLDEN if row["source"]], ids=lambda row: row["text"][:60])
def test_golden_sources(row):
    text = row["text"]
    every = list(by_sentence(text))
    found = [one for one in every if words(text, one.source) == row["source"]]
    assert found, [(words(text, one.source), words(text, one.cue)) for one in every]
    if row["cue"]:
        assert row["cue"] in [words(text, one.cue) for one in found]
    if row["content"]:
        assert row["content"] in [[words(text, piece) for piece in one.content] for one in found]
    assert not any(one.vague for one in found)


@pytest.mark.parametrize("row", [row for row in GOLDEN if row["citation"] == "vague"], ids=lambda row: row["text"][:60])
def test_golden_vague(row):
    found = attributions(row["text"])
    assert found
    assert all(one.vague for one in found)


@pytest.mark.parametrize("row", [row for row in GOLDEN if row["citation"] == "none"], ids=lambda row: row["text"][:60])
def test_golden_none(row):
    assert {one.rule for one in attributions(row["text"])} <= {"self"}


def test_the_table_is_large_and_mixed():
    assert len(GOLDEN) >= 80
    assert {row["citation"] for row in GOLDEN} == {"explicit", "vague", "none"}


def test_first_person_is_marked_as_such():
    (found,) = attributions("I think that the plan was wise.")
    assert (found.rule, found.vague) == ("self", False)


def test_quotation_goes_on_after_the_speaker():
    text = "“The door was open,” said Nora Klein. “Nobody had locked it.”"
    (found,) = attributions(text)
    assert [words(text, piece) for piece in found.content] == ["“The door was open,”", "“Nobody had locked it.”"]


def test_content_runs_to_the_end_of_the_quotation():
    text = "Nora Klein wrote: “The door was open. Nobody had locked it.” The court rose."
    (found,) = attributions(text)
    assert words(text, found.content[0]) == "“The door was open. Nobody had locked it.”"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Nora Klein said: “She said that Tom left.”", "Nora Klein"),
        ("The commission, which met in Bern, reported that the dam leaked.", "The commission, which met in Bern"),
        ("In March Klein added that the dam leaked.", "Klein"),
        ("Vera Lang, 46, a nurse from Ulm, told the court that she was ill.", "Vera Lang, 46, a nurse from Ulm"),
        ("J. R. Haas of Bremen argued that the map was wrong.", "J. R. Haas of Bremen"),
        ("The U.S. Department of Labor reported that wages fell.", "The U.S. Department of Labor"),
    ],
)
def test_first_source(text, source):
    assert words(text, attributions(text)[0].source) == source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The commission, which met in Bern, reported that the dam leaked.", "The commission"),
        ("Vera Lang, 46, a nurse from Ulm, told the court that she was ill.", "Vera Lang"),
        ("Her former teacher, Ada Moll, said that the dam leaked.", "Ada Moll"),
        ("One of the family's lawyers, Tom Haas, said the dam leaked.", "Tom Haas"),
        ("Ada Moll, the mayor said that the dam leaked.", "Ada Moll"),
        ("Tom Haas of the Harbour League said that the dam leaked.", "Tom Haas"),
        ("The minister of works, Tom Haas, said that the dam leaked.", "Tom Haas"),
        ("A pilot named Tom Haas explained that the dam leaked.", "Tom Haas"),
        ("In a speech on Monday, Tom Haas said that the dam leaked.", "Tom Haas"),
        ("Prime Minister Ada May said this week that the dam leaked.", "Prime Minister Ada May"),
        ("The move would be illegal, according to US laws.", "US laws"),
    ],
)
def test_the_shortest_full_name_is_the_source_of_a_sentence(text, source):
    assert [words(text, one.source) for one in by_sentence(text)] == [source]


def test_a_document_keeps_its_author():
    text = "A study published by Moll reveals that the dam leaked."
    assert words(text, list(by_sentence(text))[-1].source) == "A study published by Moll"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Ada Moll (Green) said that the dam leaked.", "Ada Moll (Green)"),
        ("“The dam leaked,” said Ada Moll, a pilot from Ulm.", "Ada Moll, a pilot from Ulm"),
        ("“The dam leaked,” said Ada Moll, and left.", "Ada Moll"),
    ],
)
def test_the_whole_phrase_is_the_source_span(text, source):
    assert words(text, attributions(text)[0].source) == source


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Moll said the dam leaked and warned the town to wait.", "the dam leaked"),
        ("Moll said the dam leaked, but he noted that it might hold.", "the dam leaked"),
        ("Moll said the dam leaked, though she noted that it held before.", "the dam leaked"),
        ("Moll said the dam leaked, arguing that it was old.", "the dam leaked"),
        ("In a talk on “The Morning Hour,” Moll said the dam leaked.", "the dam leaked."),
        ("Moll said the dam leaked and the town drowned.", "the dam leaked and the town drowned."),
        ("Ada Moll, who said he was cheated at the dam, left the town.", "he was cheated at the dam"),
        ("While Moll says the dam leaks, the town sleeps.", "the dam leaks"),
        ("Mending the dam “is dear,” Ada Moll said.", "Mending the dam “is dear,”"),
        ("“The dam leaks,” Moll said, arguing that he will bring a “sober” eye to it.", "“The dam leaks,”"),
        ("Moll told “The Morning Hour” on Friday that the dam leaked.", "that the dam leaked."),
        ("Moll said after the fair he would not come back.", "he would not come back."),
    ],
)
def test_content_ends_where_another_frame_begins(text, content):
    assert [words(text, piece) for piece in attributions(text)[0].content] == [content]


def test_a_second_verb_behind_a_comma_has_the_same_speaker():
    text = "“The day was bad,” Moll said, adding he would never vote."
    found = [(words(text, one.source), words(text, one.content[0])) for one in attributions(text)]
    assert found == [("Moll", "“The day was bad,”"), ("Moll", "he would never vote.")]


def test_a_quotation_of_several_sentences_belongs_to_one_attribution():
    text = "“Look at the dam,” he said. “I say it leaks. What do you say?” Then he left."
    (found,) = attributions(text)
    assert [words(text, piece) for piece in found.content] == [
        "“Look at the dam,”",
        "“I say it leaks. What do you say?”",
    ]


@pytest.mark.parametrize(
    "text", ["Ada Berg believes that.", "Does Ada Berg believe that?", "She thinks that, but Lind came."]
)
def test_that_alone_is_not_what_somebody_believes(text):
    assert attributions(text) == []


@pytest.mark.parametrize("cue", ["bragged", "agreeing", "demurred", "snapped", "rebutted"])
def test_verbs_are_listed_as_they_are_written(cue):
    assert cue in {entry.phrase for entry in lexicon.load("reporting_verbs").entries}


def test_a_verb_with_a_doubled_consonant_cites():
    text = "Ada Berg bragged that the mill was hers."
    assert [text[slice(*one.cue)] for one in attributions(text)] == ["bragged"]


@pytest.mark.parametrize(
    "text", ["She thinks you've overslept.", "Ada Berg believes they'll come.", "He feels that's unfair."]
)
def test_what_somebody_believes_may_begin_with_a_shortened_verb(text):
    assert [one.rule for one in attributions(text)] == ["believing"]


def test_what_is_said_within_quoted_words_is_no_attribution_of_its_own():
    text = "“My clerk thought that it leaked,” said Moll."
    assert [words(text, one.source) for one in attributions(text)] == ["Moll"]
    alone = "“The town said that it held.”"
    assert [words(alone, one.source) for one in attributions(alone)] == ["The town"]


def test_what_comes_before_a_quotation_is_its_clause_but_not_where_it_has_a_frame():
    text = "Haas said the dam was old because “nobody cared,” she said."
    assert [words(text, one.content[0]) for one in attributions(text)][1] == "“nobody cared,”"


def test_the_next_paragraph_opens_another_attribution():
    text = "“It leaks,” said Moll.\n\n“Nobody knew,” he said."
    assert [len(one.content) for one in attributions(text)] == [1, 1]


def test_touching_quotes_are_those_that_overlap():
    text = "“One. Two.” Three. “Four.”"
    parts = sentences(text)
    touching = list(touching_quotes(parts, find_quotations(text)))
    assert [len(quotes) for quotes in touching][-2:] == [0, 1]
    assert all(quote.start < part.end and quote.end > part.start for part, quotes in zip(parts, touching, strict=True)
               for quote in quotes)  # fmt: skip


PIECES = [
    "said", "says", " that ", " he ", "Klein", "the report", ", ", ". ", "“", "”", '"', ":", " according to ", "(", ")",
    "who", " which ", "and", "J. ", "by", "1922", "\n", "quoted", "as follows", "was", "-", "’s", "In his memoirs", "",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=80))
def test_offsets_are_valid_on_any_text(text):
    for one in attributions(text):
        for span in (one.source, one.cue, *one.content):
            if span is not None:
                assert 0 <= span.start < span.end <= len(text)
                assert text[slice(*span)].strip()
        assert all(left.end <= right.start for left, right in pairwise(one.content))


FLOODS = [
    "in X's words ",
    "X said it and said ",
    "said ",
    "according to ",
    "X, ",
    "“a ",
    "(",
    "Klein said that ",
    "was said by ",
    "- ",
    ": ",
    "\x00",
]


@pytest.mark.parametrize("unit", FLOODS)
def test_floods_end(unit):
    text = unit * (20_000 // len(unit))
    assert isinstance(attributions(text), list)
