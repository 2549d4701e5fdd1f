import pytest

from annotator import lexicon
from annotator.errors import LexiconError
from annotator.lexicon import Entry, Lexicon, read_lexicon, words

HEAD = "# category hedge: takes back some of the assurance\n# category booster: adds some\nphrase\tcategory\tnote\n"


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "some.tsv"
    path.write_bytes(text.encode(encoding))
    return path


def test_words_have_their_offsets():
    text = "Don’t say “Ö.”"
    assert [(word.lower, text[word.start : word.end]) for word in words(text)] == [
        ("don't", "Don’t"), ("say", "say"), ("“", "“"), ("ö", "Ö"), (".", "."), ("”", "”"),
    ]  # fmt: skip


def test_offsets_can_be_shifted():
    assert [(word.start, word.end) for word in words("a bc", 10)] == [(10, 11), (12, 14)]


def test_longest_phrase_wins_at_each_word():
    found = Lexicon("x", [Entry("it is", "a", ""), Entry("it is said", "b", ""), Entry("is said that", "c", "")])
    text = "It is said that it is."
    matches = [(text[match.start : match.end], match.entry.category) for match in found.find(words(text))]
    assert matches == [("It is said", "b"), ("is said that", "c"), ("it is", "a")]


def test_a_phrase_may_stand_in_two_categories():
    found = Lexicon("x", [Entry("claims", "noun", ""), Entry("claims", "verb", "")])
    assert [match.entry.category for match in found.find(words("He claims it"))] == ["noun", "verb"]


def test_phrases_do_not_match_inside_words():
    assert not list(Lexicon("x", [Entry("art", "a", "")]).find(words("start party")))


def test_reads_rows_and_comments(tmp_path):
    found = read_lexicon(write(tmp_path, HEAD + "perhaps\thedge\tcommon\n# a comment\n\nof course\tbooster\t\n"))
    assert found.phrases("hedge") == ("perhaps",)
    assert found.categories == ("hedge", "booster")


@pytest.mark.parametrize(
    ("rows", "line", "words_of_error"),
    [
        ("perhaps\tdoubt\t\n", 4, "undeclared category 'doubt'"),
        ("perhaps\thedge\n", 4, "expected 3 cells, found 2"),
        (" \thedge\t\n", 4, "the phrase is empty"),
        ("maybe\thedge\t\nMaybe\thedge\tagain\n", 5, "stands already in line 4"),
    ],
)
def test_bad_row_names_file_and_line(tmp_path, rows, line, words_of_error):
    path = write(tmp_path, HEAD + rows)
    with pytest.raises(LexiconError, match=words_of_error) as caught:
        read_lexicon(path)
    assert (caught.value.path, caught.value.line) == (path, line)


def test_bad_header(tmp_path):
    with pytest.raises(LexiconError, match="first row must be phrase category note"):
        read_lexicon(write(tmp_path, "phrase\tkind\tnote\n"))


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_undecodable(tmp_path, encoding):
    with pytest.raises(LexiconError, match="can't be read"):
        read_lexicon(write(tmp_path, HEAD + "é\thedge\t\n", encoding))


def test_missing_file(tmp_path):
    with pytest.raises(LexiconError, match="can't be read"):
        read_lexicon(tmp_path / "none.tsv")


def common_lexicons():
    """Lexicons of the package with the common header; tables have one of their own."""
    declared = [path for path in sorted(lexicon.FOLDER.glob("*.tsv")) if lexicon.categories(path)]
    assert declared
    return [path.stem for path in declared]


@pytest.mark.parametrize("name", common_lexicons())
def test_every_lexicon_of_the_package_is_sound(name):
    found = lexicon.load(name)
    assert set(found.categories) == set(lexicon.categories(lexicon.FOLDER / f"{name}.tsv"))
