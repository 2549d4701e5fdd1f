import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import annotator
from annotator.record import Document

TEXT = """The lock was opened in 1921. According to the report of the harbour board, it cost 40,000 crowns.

Who paid for it all those years?"""


def test_every_sentence_is_answered(tool):
    document = tool(TEXT, id="lock")
    assert [TEXT[item.sentence.start : item.sentence.end] for item in document.sentences] == [
        "The lock was opened in 1921.",
        "According to the report of the harbour board, it cost 40,000 crowns.",
        "Who paid for it all those years?",
    ]
    second = document.sentences[1].sourcing
    assert second.citation == "explicit"
    assert "report of the harbour board" in second.sources[0].text
    assert document.profile["citations"]["explicit"] == 1
    assert document.ok


def test_probabilities_belong_to_the_labels(tool):
    for item in tool(TEXT).sentences:
        shares = item.verdict.probabilities
        assert sum(shares.values()) == pytest.approx(1, abs=0.001)
        assert item.verdict.label == max(shares, key=shares.get)


def test_a_heading_asserts_nothing(tool):
    first, *_ = tool("# The bank paid for the war\n\nThe bank was founded in 1802.", markdown=True).sentences
    assert (first.verdict.label, first.sourcing.claims) == ("no_claim", ())


def test_together_or_alone_gives_the_same(tool):
    documents = [Document(str(n), text) for n, text in enumerate([TEXT, "One line.", "", TEXT[::-1]])]
    together = list(tool.pipe(documents))
    assert together == [next(iter(tool.pipe([document]))) for document in documents]


def test_empty_text_has_no_sentences(tool):
    assert tool("").sentences == tool(" \n\n").sentences == ()


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_text_is_annotated_with_true_offsets(tool, text):
    for item in tool(text).sentences:
        assert text[item.sentence.start : item.sentence.end] == item.sentence.text
        for span in (*item.sourcing.sources, *item.sourcing.claims, *item.verdict.reasons):
            assert text[span.start : span.end] == span.text


def test_the_network_is_never_asked(monkeypatch):
    def refuse(*args, **kwargs):
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert annotator.load()(TEXT).ok


def test_public_names_are_all_there():
    assert all(getattr(annotator, name) is not None for name in annotator.__all__)
    with pytest.raises(AttributeError):
        annotator.nothing_of_that_name  # noqa: B018


def test_the_article(tool, shared):
    """What an editor sees at once in the article: who is cited for what, and where the tale of the bankers runs."""
    path = next((shared / "seeds").glob("*.txt"))
    items = tool(path.read_text(encoding="utf-8")).sentences

    def about(words):
        return next(item for item in items if words in item.sentence.text)

    assert "Sedov" in about("barricaded themselves").sourcing.sources[0].text
    assert about("barricaded themselves").sourcing.sources[0].kind == "memoir"
    assert about("A number of researchers").sourcing.citation == "vague"
    assert "Volkogonov" in about("even judge").sourcing.sources[0].text
    assert about("He was not ready to present").sourcing.citation == "carried"
    assert about("first director").sourcing.citation in ("none", "carried")
    tale = [item.verdict.label for item in items if item.sentence.index > 2 and "banker" in item.sentence.text]
    assert tale.count("unsupported") > len(tale) / 2
