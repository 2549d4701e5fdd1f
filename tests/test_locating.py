import pytest

from annotator.locating import locate
from annotator.marking import MarkedSpan
from annotator.sourcing import source_sentences
from annotator.splitting import sentences


def located(text, **marks):
    found = sentences(text)
    spans = [
        {name: tuple(_spans(text, sentence, chosen)) for name, chosen in {"named": [], "cue": [], **marks}.items()}
        for sentence in found
    ]
    return locate(found, source_sentences(text, found), spans)


def _spans(text, sentence, chosen):
    for words, chance in chosen:
        at = text.find(words, sentence.start, sentence.end)
        if at >= 0:
            yield MarkedSpan(at, at + len(words), chance)


def test_a_source_that_only_the_encoder_sees_becomes_one():
    text = "There was anger at the ferry company from Mayor Lind."
    (found,) = located(text, named=[("Mayor Lind", 0.9)], cue=[("anger", 0.9)])
    (source,) = found.sources
    assert (source.text, source.cue) == ("Mayor Lind", "anger")
    assert text[source.start : source.end] == source.text
    assert text[source.cue_start : source.cue_end] == source.cue


def test_where_both_see_it_the_words_of_the_rules_stay():
    (found,) = located("According to Ada Berg, the crane fell.", named=[("Berg", 0.9)])
    assert [source.text for source in found.sources] == ["Ada Berg"]


def test_what_the_rules_point_at_falls_away_where_the_encoder_is_sure_of_another():
    text = "Ada Berg said that the crane fell, as the port log shows."
    (found,) = located(text, named=[("the port log", 0.9)])
    assert "Ada Berg" not in [source.text for source in found.sources]


@pytest.mark.parametrize("chance", [0.35, 0.2])
def test_a_doubtful_mark_counts_only_where_the_rules_are_silent(chance):
    (ruled,) = located("According to Ada Berg, the crane fell.", named=[("the crane", chance)])
    assert [source.text for source in ruled.sources] == ["Ada Berg"]
    (silent,) = located("The crane fell at noon.", named=[("The crane", chance)])
    assert [source.text for source in silent.sources] == (["The crane"] if chance > 0.3 else [])


def test_a_written_reference_stays_whatever_the_encoder_sees():
    (found,) = located("The crane fell at noon (Berg 1921).", named=[("The crane", 0.9)])
    assert "Berg 1921" in " ".join(source.text for source in found.sources)


def test_a_pronoun_that_stands_for_a_name_stays_beside_another_mark():
    text = "Ada Berg came. She said that the “Father of Cranes” (the port log) was old."
    _, found = located(text, named=[("the port log", 0.9)])
    assert "Ada Berg" in [source.text for source in found.sources]


def test_a_phrase_that_speaks_is_the_source_where_nothing_else_is_found():
    (found,) = located("The two old ferrymen were bitter about the crane.", source=[("The two old ferrymen", 0.8)])
    assert [source.text for source in found.sources] == ["The two old ferrymen"]


def test_who_hears_is_no_source_and_who_is_credited_is_one():
    text = "Ada Moll wrote a letter to the Board of Mills of Ulm, and it was printed."
    (found,) = located(text, named=[("Ada Moll", 0.9), ("Mills of Ulm", 0.9)])
    assert [source.text for source in found.sources] == ["Ada Moll"]
    (found,) = located("The saying was attributed to Tom Haas.", named=[("Tom Haas", 0.9)])
    assert [source.text for source in found.sources] == ["Tom Haas"]


def test_a_cue_that_the_rules_gave_to_one_speaker_leads_to_no_other():
    text = "After Tom Haas called on her, Ada Moll said that the mill was old."
    (found,) = located(text, named=[("Tom Haas", 0.9), ("Ada Moll", 0.9)], cue=[("said", 0.9)])
    assert [source.text for source in found.sources] == ["Ada Moll"]


def test_a_document_that_states_something_stays_beside_who_hands_it_over():
    text = "Ada Moll handed Klein the resolution of the council, which stated that the mill must close."
    (found,) = located(text, named=[("Ada Moll", 0.9)], cue=[("handed", 0.9)])
    assert [source.text for source in found.sources] == ["Ada Moll", "the resolution of the council"]
