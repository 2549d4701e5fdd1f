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


def test_a_label_that_a_document_lacks_is_counted_as_none(tool):
    one, other = tool("Who paid the mayor?", id="a"), tool("The mill burnt in 1931. Moll sold it in May.", id="b")
    labels = sorted({*one.profile["labels"], *other.profile["labels"]})
    frame = annotator.documents_frame([one, other])
    assert one.profile["labels"].keys() != other.profile["labels"].keys()
    assert [str(kind) for kind in frame[labels].dtypes] == ["int64"] * len(labels)
    assert frame[labels].to_numpy().sum() == 3


def test_frames_of_nothing():
    assert annotator.sentences_frame([]).empty
    assert annotator.documents_frame([]).empty


TOLD = ["Klein wrote that the mill burnt down in 1931.", "The mill burnt down in 1931. Ada Klein wrote that Roy left."]


def test_claims_frame_groups_what_is_told_twice(tool):
    frame = annotator.claims_frame(tool(text, id=str(at)) for at, text in enumerate(TOLD))
    fire = frame[frame["words"].str.contains("burnt")]
    assert list(fire["document"]) == ["0", "1"]
    assert fire["group"].nunique() == 1
    assert frame["group"].nunique() == 2
    assert list(frame["sources"]) == ["Klein", "", "Ada Klein"]


def test_sources_frame(tool):
    frame = annotator.sources_frame(tool(text, id=str(at)) for at, text in enumerate(TOLD))
    assert list(frame[["document", "text", "mentions", "claims"]].itertuples(index=False, name=None)) == [
        ("0", "Klein", 1, 1),
        ("1", "Ada Klein", 1, 1),
    ]


def test_a_frame_leaves_the_record_as_it_was(tool):
    document = tool(TOLD[0], id="a")
    first = annotator.documents_frame([document])
    assert first.equals(annotator.documents_frame([document]))
    assert first.loc[0, "vague_authorities"] == 0
