import annotator
from annotator.record import AnnotatedDocument


def test_sentences_frame(tool):
    text = "The bridge was opened in 1921. Sedov wrote that it fell."
    document = tool(text, id="a")
    frame = annotator.sentences_frame([document])
    assert list(frame["text"]) == [item.sentence.text for item in document.sentences]
    assert frame.loc[1, "source"] == "Sedov"
    assert {"p_unsupported", "label", "citation", "needs_review"} <= set(frame.columns)
    assert (frame["document"] == "a").all()


def test_documents_frame_shows_failures_too(tool):
    failed = AnnotatedDocument("b", (), tool("").profile, (), "m", "0", {}, "empty", "no text")
    frame = annotator.documents_frame([tool("One. Two.", id="a"), failed])
    assert list(frame["status"]) == ["ok", "error"]
    assert list(frame["sentences"]) == [2, 0]
    assert frame.loc[1, "reason"] == "empty"


def test_frames_of_nothing():
    assert annotator.sentences_frame([]).empty
    assert annotator.documents_frame([]).empty
