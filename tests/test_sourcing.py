"""Sourcing: citation, voice, sources and claims of every sentence."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.record import CITATIONS, VOICES, Span
from annotator.sourcing import source_sentences
from annotator.splitting import sentences

GOLDEN = [
    json.loads(line) for line in (Path(__file__).parent / "golden" / "citation.jsonl").read_text("utf-8").splitlines()
]


def sourced(text):
    found = sentences(text)
    return list(zip(found, source_sentences(text, found), strict=True))


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: row["text"][:60])
def test_golden_citation(row):
    assert sourced(row["text"])[0][1].citation == row["citation"]


def test_no_sentences():
    assert source_sentences("", []) == []


def test_a_quotation_carries_its_source_to_each_sentence():
    text = "Klein wrote: “The door was open. Nobody had locked it. It was cold.” The court rose."
    answers = [answer for _, answer in sourced(text)]
    assert [answer.citation for answer in answers] == ["explicit", "carried", "carried", "none"]
    assert [answer.voice for answer in answers[1:]] == ["quoted", "quoted", "author"]
    (source,) = sourced(text)[1][1].sources
    assert (source.text, source.carried_from) == ("Klein", 0)
    assert sourced(text)[1][1].claims[0].holder == "Klein"


def test_a_quotation_named_at_its_end_carries_back():
    text = "The hall was dark. “The door was open. Nobody had locked it,” said Nora Klein."
    answers = [answer for _, answer in sourced(text)]
    assert [answer.citation for answer in answers] == ["none", "carried", "explicit"]
    assert answers[1].sources[0].carried_from == 2


def test_an_adverbial_opener_is_no_claim():
    (_, answer) = sourced("In addition, according to Nora Klein, the mill closed.")[0]
    assert [claim.text for claim in answer.claims] == ["the mill closed."]


def test_a_cross_reference_is_no_source_and_no_part_of_the_claim():
    (_, answer) = sourced("The mill closed in the autumn (see also Keller, Mills of the North).")[0]
    assert (answer.citation, answer.claims[0].text) == ("none", "The mill closed in the autumn")


def test_a_conclusion_ends_a_quotation_never_closed():
    text = "Klein wrote: “The door was open. Nobody had locked it. Thus the clerk was to blame. It was late."
    assert [answer.citation for _, answer in sourced(text)] == ["explicit", "carried", "none", "none"]


def test_a_conclusion_in_the_first_person_goes_on():
    text = "Klein wrote: “The door was open. Nobody had locked it. Thus we lost the clerk."
    assert [answer.citation for _, answer in sourced(text)] == ["explicit", "carried", "carried"]


def test_a_stage_direction_is_not_carried():
    text = "Klein wrote: “The door was open. (Laughter.) Nobody had locked it.” The court rose."
    cited = {sentence.text: answer for sentence, answer in sourced(text)}
    assert (cited["(Laughter.)"].citation, cited["(Laughter.)"].claims) == ("none", ())


def test_a_second_quotation_goes_on_with_the_speaker():
    text = "“The door was open,” said Nora Klein. “Nobody had locked it.”"
    assert [answer.citation for _, answer in sourced(text)] == ["explicit", "carried"]


def test_a_quotation_never_closed_ends_with_its_paragraph():
    text = "Klein wrote: “The door was open. Nobody had locked it.\n\nThe court rose. It was late."
    assert [answer.citation for _, answer in sourced(text)] == ["explicit", "carried", "none", "none"]


def test_a_colon_at_the_end_of_a_paragraph_announces_the_next():
    text = "Klein himself explains it thus:\n\nThe door was open. Nobody had locked it.\n\nThe court rose that day."
    assert [answer.citation for _, answer in sourced(text)] == ["explicit", "carried", "carried", "none"]


def citations(text):
    return [answer.citation for _, answer in sourced(text)]


@pytest.mark.parametrize(("opens", "closes"), [("“", "”"), ('"', '"'), ("«", "»"), ("„", "”")])
def test_a_quotation_of_five_sentences_is_carried_to_its_end(opens, closes):
    text = (
        f"Klein wrote: {opens}It rained. It froze. It thawed. The road was lost. All was quiet.{closes} The court rose."
    )
    assert citations(text) == ["explicit", "carried", "carried", "carried", "carried", "none"]
    assert {source.carried_from for _, answer in sourced(text)[1:5] for source in answer.sources} == {0}


def test_a_paragraph_between_does_not_end_a_quotation():
    assert citations("Klein wrote: “It rained.\n\n“It froze.” The court rose.") == ["explicit", "carried", "none"]


def test_a_quotation_within_a_quotation_does_not_end_it():
    text = "Klein wrote: “It rained. They cried ‘Enough’ and left. All was quiet.” The court rose."
    assert citations(text) == ["explicit", "carried", "carried", "none"]


def test_a_saying_in_an_open_quotation_does_not_end_what_is_carried():
    text = "Klein wrote: “The door was open. My clerk said that it rained. All was quiet. Nobody had locked it."
    assert citations(text)[2:] == ["carried", "carried"] or citations(text)[2:] == ["explicit", "carried", "carried"]


def test_a_pronoun_that_speaks_in_a_quotation_is_told_by_whoever_is_quoted():
    text = "Klein wrote: “The door was open. He said that it rained. All was quiet.” The court rose."
    assert citations(text) == ["explicit", "carried", "carried", "none"]


def test_a_pronoun_behind_a_quotation_of_its_own_names_a_source_in_an_open_one():
    text = "Klein came. He wrote: “The door was open. “Nobody had locked it in all those years,” he said, to applause."
    answers = [found for _, found in sourced(text)]
    assert [found.citation for found in answers] == ["none", "explicit", "explicit"]
    assert [source.text for source in answers[2].sources] == ["Klein"]


def test_a_broken_quotation_mark_leaves_the_rest_alone():
    rest = " The court rose. It was noon. Haas said that it was cold. The judge left. It was one o'clock." * 3
    after = citations("Klein wrote: “The door was open." + " The road was wet and the mill stood still." * 20 + rest)
    assert after[-13:] == ["explicit", "none", "none"] + ["none", "none", "explicit", "none", "none"] * 2


def test_a_colon_before_a_quotation_names_who_is_quoted():
    text = "Tom Haas gave the usual answer:\n\n“The door was open. Nobody had locked it.”"
    assert citations(text) == ["explicit", "carried", "carried"]
    assert sourced(text)[0][1].sources[0].text == "Tom Haas"


def test_a_colon_without_a_quotation_names_nobody():
    assert citations("Tom Haas gave the usual presents:\n\nThe door was open.") == ["none", "none"]


def test_a_summary_that_runs_on_is_carried():
    text = "The report found that the dam leaked. It also lists four mills. The mills were old."
    assert citations(text) == ["explicit", "carried", "none"]
    assert citations("Tom Haas found that the dam leaked. It also has four mills.") == ["explicit", "none"]


def test_pronouns_stand_for_the_last_name():
    text = "Nora Klein opened the door. She said that nobody had locked it."
    (source,) = sourced(text)[1][1].sources
    assert source.text == "Nora Klein"
    assert text[source.start : source.end] == "Nora Klein"


def test_a_reference_leaves_the_voice_to_the_author():
    (_, answer) = sourced("The town had four mills (Keller 2004, p. 17).")[0]
    assert (answer.citation, answer.voice) == ("explicit", "author")
    assert answer.claims[0].text.startswith("The town had four mills")
    assert "Keller" not in answer.claims[0].text


def test_named_goes_before_vague():
    (_, answer) = sourced("Experts say it is safe, but Nora Klein said that it was not.")[0]
    assert answer.citation == "explicit"


@pytest.mark.parametrize(
    "text",
    [
        "There is no evidence that the queen was poisoned.",
        "Klein falsely claimed that the vault was empty.",
        "The claim that the vault was empty has been debunked.",
    ],
)
def test_rebutted(text):
    assert sourced(text)[0][1].voice == "rebutted"


def test_every_source_is_graded():
    (_, answer) = sourced("According to the memoirs of Vera Lang, the guests left at noon.")[0]
    assert answer.sources[0].kind == "memoir"
    assert answer.sources[0].reliability
    assert answer.sources[0].cue == "According to"


PIECES = [
    "Klein said that ", "he ", "“It rained. ", "It froze.” ", "Experts say ", "[12]", " (Keller 2004). ", ":\n\n", "\n",
    ". ", "according to ", "the report", "”", '"', "She wrote: ", "falsely claimed ", "This report ", "I left. ",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=80))
def test_everything_holds_on_any_text(text):
    found = sentences(text)
    answers = source_sentences(text, found)
    assert len(answers) == len(found)
    for sentence, answer in zip(found, answers, strict=True):
        assert answer.citation in CITATIONS
        assert answer.voice in VOICES
        assert bool(answer.sources) == (answer.citation in ("explicit", "carried"))
        for source in answer.sources:
            assert text[source.start : source.end] == source.text != ""
            assert (source.carried_from is not None) == (answer.citation == "carried")
            assert source.carried_from != sentence.index
        for claim in answer.claims:
            assert Span(sentence.start, sentence.end).start <= claim.start < claim.end <= sentence.end
            assert text[claim.start : claim.end] == claim.text


def test_the_article(shared):
    """Sources of the article that the project starts from, each in the sentence that names it."""
    text = next((shared / "seeds").glob("*.txt")).read_text(encoding="utf-8")
    answers = sourced(text)

    def answer(opening):
        return next(answer for sentence, answer in answers if sentence.text.startswith(opening))

    def source(opening):
        return answer(opening).sources[0].text

    assert {"memoirs", "Lev", "Sedov"} <= set(source("In addition, according to").split())
    assert source("According to the memoirs of Trotsky") == "the memoirs of Trotsky"
    assert source("According to the memoirs of Lev") == "the memoirs of Lev Sedov"
    assert {"book", "Felshtinsky", "Chernyavsky"} <= set(source("In the book by Yu.").split())
    assert source("At the beginning of 1922") == "the Soviet magazine The Economist"
    assert source("The same resolution") == "The same resolution of the OGPU"
    assert source("Even the former secretary") == "the former secretary of Stalin Bazhanov B. G."
    assert source("Historian Dmitry Volkogonov") == "Historian Dmitry Volkogonov"
    assert source("As the historian Dmitry") == "the historian Dmitry Volkogonov"
    assert source("N. Krotov claims") == "N. Krotov"
    assert source("He immediately attacked") == "Stalin"
    assert source("He was not ready to present") == "Historian Dmitry Volkogonov"
    assert source("Several escorts died") == source("In the book by Yu.")
    assert any("Rogovin" in one.text for _, found in answers for one in found.sources if "2017" in one.text)
    assert answer("A number of researchers note").citation == "vague"
    assert answer("But why do American bankers").citation == "vague"
    assert answer("Trotsky and his family were not deprived").citation == "none"
    assert answer("Trotsky came to Petrograd").citation == "none"
    desire = answer("With him, according to his desire")
    assert not any("desire" in one.text for one in desire.sources)


def test_two_cues_of_one_name_are_one_source():
    text = "Ada Moll explains this change as follows: “The dam leaked.”"
    (found, *_) = source_sentences(text, sentences(text))
    assert [source.text for source in found.sources] == ["Ada Moll"]
