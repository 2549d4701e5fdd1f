import gzip

import pytest

from annotator import marked
from annotator.errors import LabelledDataError
from annotator.gold import LabelledSentence
from annotator.record import Span

HEADER = "set\tsplit\tdoc\tcites_source\tsource\tcue\ttext\n"
ROWS = [
    "polnear\ttrain\tone\t1\tthe mill owner|he\tsaid|added\tThe mill owner said so, he added.\n",
    "polnear\ttrain\tone\t1\the\t\tNobody came.\n",
    "polnear\tdev\ttwo\t1\tAda\tsaid\tAda said so.\n",
    "other\ttrain\tthree\t0\t\t\tIt rained.\n",
]


def table(path, *lines):
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(lines)
    return path


def test_reads_the_documents_of_a_set_and_split(tmp_path):
    (document,) = marked.read_attributions(table(tmp_path / "a.tsv.gz", HEADER, *ROWS))
    first, second = document
    assert first.flags == {"attribution": True, "attributed": True}
    assert [first.text[span.start : span.end] for span in first.spans["cue"]] == ["said", "added"]
    assert "he" in [first.text[span.start : span.end] for span in first.spans["source"]]
    assert second.flags == {"attribution": False, "attributed": True}
    assert second.spans == {"source": (), "cue": ()}


@pytest.mark.parametrize(
    ("lines", "reason"),
    [(["text\tlabel\n", "a\tb\n"], "bad-header"), ([HEADER, ROWS[3]], "no-sentences"), ([], "bad-header")],
)
def test_a_file_that_is_no_such_table_is_refused_with_its_name(tmp_path, lines, reason):
    path = table(tmp_path / "a.tsv.gz", *lines)
    with pytest.raises(LabelledDataError) as caught:
        marked.read_attributions(path)
    assert (caught.value.reason, str(caught.value.path)) == (reason, str(path))


def test_a_file_that_is_not_compressed_is_refused(tmp_path):
    path = tmp_path / "a.tsv.gz"
    path.write_text(HEADER)
    with pytest.raises(LabelledDataError, match="can't be read"):
        marked.read_attributions(path)


@pytest.mark.parametrize(
    ("citation", "source", "spans"),
    [
        ("explicit", "Ada Berg", {"named": (Span(13, 21),)}),
        ("explicit", "nobody here", {}),
        ("none", None, {"named": ()}),
        ("carried", "Ada Berg", {"named": ()}),
        (None, None, {}),
    ],
)
def test_what_a_label_says_of_the_words_that_name_the_source(citation, source, spans):
    sentence = LabelledSentence("1", "d", "According to Ada Berg, it fell.", "documented_fact", citation, source)
    assert marked.named(sentence).spans == spans
