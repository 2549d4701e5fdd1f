"""Which words name the source of a sentence, and which do not."""

import pytest

from annotator.lexicon import words
from annotator.short_names import shortened, without_place
from annotator.sourcing import source_sentences
from annotator.speakers import Reader
from annotator.splitting import sentences
from annotator.word_classes import Phrase


def named(text):
    """Words of the sources of each sentence."""
    return [[source.text for source in found.sources] for found in source_sentences(text, sentences(text))]


def cut(text, by):
    reader = Reader(text, words(text))
    phrase = by(reader, Phrase(0, len(reader.words)))
    return text[reader.words[phrase.first].start : reader.words[phrase.last - 1].end]


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("Ulm’s former Mayor Ada Moll", "Mayor Ada Moll"),
        ("Former Department of Works lawyer Tom Haas", "lawyer Tom Haas"),
        ("the retired Harbour League spokesman Tom Haas", "spokesman Tom Haas"),
        ("Bavarian Democratic Gov. Ada Moll", "Democratic Gov. Ada Moll"),
        ("Prime Minister Ada Moll", "Prime Minister Ada Moll"),
        ("the historian Ada Moll", "the historian Ada Moll"),
        ("a friend of the mayor Ada Moll", "a friend of the mayor Ada Moll"),
        ("Ulm’s former Mayor Moll", "Ulm’s former Mayor Moll"),
    ],
)
def test_a_name_keeps_one_office_before_it(long, short):
    assert cut(long, shortened) == short


def test_a_surname_that_is_an_adverb_too_is_a_name_behind_an_initial():
    assert cut("Ada T. Still", lambda reader, phrase: reader.ending(phrase.last)) == "Ada T. Still"


def test_a_name_ends_before_the_work_in_which_it_speaks():
    assert cut("Ada Moll in her History of Mills", without_place) == "Ada Moll"
    assert cut("people in the Harbour League", without_place) == "people in the Harbour League"
    assert named("According to Ada Moll in her History of Mills, the dam broke at dawn.") == [["Ada Moll"]]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Tom Haas, Bavarian Works Minister said that the dam leaked.", "Tom Haas"),
        (
            "The secretary general of the Mill League (Harbour Union), Tom Haas, said that the dam leaked.",
            "Tom Haas",
        ),
        ("Ada Moll, in her 1992 book The Mills: A History, wrote that the dam leaked.", "Ada Moll"),
        ("The dam was built in a year as the Harbour Commission claimed.", "the Harbour Commission"),
        ("She wanted, said the book, to see that the mill was closed.", "the book"),
        ("The magazine Mill and Weir wrote that the dam leaked.", "The magazine Mill and Weir"),
        ("Tom B. Haas, Jr. wrote that the dam leaked.", "Tom B. Haas, Jr."),
        ("Speaker Tom A. Haas said that the dam leaked.", "Speaker Tom A. Haas"),
        (
            "A memo originating with Tom Haas in Ulm argued that the dam leaked.",
            "A memo originating with Tom Haas in Ulm",
        ),
        (
            "The Haas article, written by a former miller at Ulm (then of the League) argued that it leaked.",
            "The Haas article",
        ),
        (
            "Ada Moll of the Office for River Works and Tom Haas of the League for Weirs and Dams said that it leaked.",
            "Ada Moll",
        ),
        (
            "The paper, entitled “Mills and Weirs,” concludes that the dam leaked.",
            "The paper, entitled “Mills and Weirs,”",
        ),
        ("A later article, “Mills and Weirs,” found that the dam leaked.", "Mills and Weirs,"),
        ("They won the support of former Sen. Tom Haas, who told the Gazette that the dam leaked.", "Sen. Tom Haas"),
        (
            "The mill was damned by the River League, a group of millers, which said that the dam leaked.",
            "the River League",
        ),
        ("“The dam leaks,” states the Ulm board's official webpage.", "the Ulm board's official webpage"),
        ("“The dam leaks,” wrote author and former weekly writer Ada Moll.", "Ada Moll"),
        ("“The dam leaks,” said the League's head of works, Ada Moll.", "Ada Moll"),
        ("As explained by author and documentary filmmaker, Ada Moll, the dam leaks.", "Ada Moll"),
        ("As explained by author and miller, Tom Still, the dam leaks.", "Tom Still"),
        ("CEO of the River Council Anvar Klein told the Gazette that the dam leaked.", "Anvar Klein"),
        ("Local news agency Millfax reports that the dam leaked.", "Millfax"),
        ("Secretary of State Ada Moll said that the dam leaked.", "Secretary of State Ada Moll"),
        ("In a statement Haas said that the dam leaked.", "Haas"),
        ("Elsewhere in her remarks, Moll shrugged, adding that the dam leaked.", "Moll"),
        ("Speaking on the radio, Ada Moll said that the dam leaked.", "Ada Moll"),
        ("Her grandmother in Ulm said that the dam leaked.", "Her grandmother in Ulm"),
        ("“It leaks,” said Haas’s top harbour adviser Ada Moll.", "adviser Ada Moll"),
    ],
)
def test_the_whole_name_is_the_source(text, source):
    assert named(text) == [[source]]


def test_a_title_goes_on_behind_its_colon():
    (found,) = named("In her 1994 book Mills and Weirs: A History of Water, Ada Moll argued that the dam leaked.")
    assert found == ["Mills and Weirs: A History of Water", "Ada Moll"]


def test_a_dated_document_keeps_the_month():
    (found,) = named("In the resolution of the Mill Committee of 3 May it was stated that the dam leaked.")
    assert found == ["the resolution of the Mill Committee of 3 May"]


def test_an_adverb_that_opens_the_sentence_is_nobody():
    assert named("Specifically, as the rite has it, the door is shut, to wit: bolted.") != [["Specifically"]]


@pytest.mark.parametrize(
    "text",
    [
        "KYIV: Three mills burnt on Monday.",
        "HELSINKI: The last train left at noon.",
    ],
)
def test_a_dateline_is_no_speaker(text):
    assert named(text) == [[]]


def test_a_name_in_capitals_before_a_colon_still_is_one():
    assert named("HAAS: The dam leaked, and we knew it.") == [["HAAS"]]


def test_a_reference_that_is_a_sentence_of_its_own_counts_there_too():
    text = "“Fear not, and give glory.” Genesis 14:7. The mill stood idle."
    found = source_sentences(text, sentences(text))
    assert [one.citation for one in found] == ["explicit", "explicit", "none"]


def test_a_quotation_rests_on_the_note_behind_it():
    text = "The clerk looked up. “The mill burnt. Nobody came. It was late.” (12) The court rose."
    found = source_sentences(text, sentences(text))
    quoted = [one for one in found if "mill burnt" in " ".join(claim.text for claim in one.claims)]
    assert [one.citation for one in quoted] == ["carried"]
    assert quoted[0].sources[0].text == "(12)"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("1Tom Foster Haas, The Red Mill (Ulm: Harbour, 1950).", "Tom Foster Haas, The Red Mill (Ulm: Harbour, 1950)"),
        ("It burnt twice. In The Red Mill (Ulm: Harbour, 1950) it burns.", "The Red Mill (Ulm: Harbour, 1950)"),
        ("It burnt. The Red Mill (Ulm: Harbour, 1950), p. 65.", "The Red Mill (Ulm: Harbour, 1950)"),
        ("It burnt (Ulm: Harbour, 1950).", "Ulm: Harbour, 1950"),
        ("In The Two Mills, by Klein, p. 227, it burns.", "The Two Mills, by Klein, p. 227"),
    ],
)
def test_an_imprint_belongs_to_the_work_before_it(text, source):
    assert named(text)[-1] == [source]


def test_who_is_the_name_before_the_comma_whatever_opens_the_sentence():
    text = "The next day, Klein visited Moll, who informed him that she had heard of the strike."
    assert named(text) == [["Moll"]]


@pytest.mark.parametrize("work", ["his letter “Mills”", "his report “Mills”", "“Mills”", "a letter"])
def test_a_work_before_its_speaker_is_no_trouble(work):
    (found,) = named(f"In {work} Ada Moll wrote that it rained.")
    assert found
