"""Reliability: kind and traceability told apart, a visible table, and a house list that overrides it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import LexiconError
from annotator.lexicon import FOLDER
from annotator.reliability import WORDS, grade, kinds, load_house_list, read_table, table
from annotator.source_kinds import categories, domain_kinds, read_domains

HEADER = "name_or_domain\tstanding\tdate\tscope\tnote\n"
EXAMPLE = load_house_list(FOLDER / "house_list_example.tsv")
GRADES = [
    ("the memoirs of Anna Hollow", "According to", "according-to", "", "memoir", 2),
    ("Hollow", "says", "reporting", "Hollow, in her memoirs, says so.", "memoir", 1),
    ("Hollow", "told", "reporting", "Hollow told in an interview that it rained.", "interview", 1),
    ("the historian Ann Castell", "points out", "reporting", "", "scholarly_work", 1),
    ("Castell 2001, p. 5", None, "author-date", "", "scholarly_work", 3),
    ("Castell, A. “The Salt Road.” 1999, p. 12", None, "note-text", "", "work", 4),
    ("RGASPI f. 17, op. 3, d. 721", None, "shelfmark", "", "archive", 2),
    ("Art. 58/10 of the Criminal Code", None, "law-article", "", "law", 3),
    ("Pravda, 12 March 1929", None, "newspaper-date", "", "news_report", 2),
    ("The Guardian", "reported", "reporting", "", "news_report", 1),
    ("The Fenland Gazette", "reported", "reporting", "", "news_report", 1),
    ("https://www.nytimes.com/a", None, "link", "", "news_report", 2),
    ("https://en.wikipedia.org/wiki/Heron", None, "link", "", "encyclopedia", 2),
    ("https://stats.harbour.gov/a", None, "link", "", "official_document", 2),
    ("https://unknown.example/a", None, "link", "", "work", 2),
    ("doi:10.1000/xyz123", None, "identifier", "", "scholarly_work", 1),
    ("[20]", None, "note-number", "", "work", 1),
    ("the resolution of the Council of January 7, 1929", "stated", "document", "", "official_document", 3),
    ("a census", "shows", "reporting", "", "statistics", 0),
    ("Anna Hollow", "tweeted", "reporting", "", "social_media", 1),
    ("a tweet by Anna Hollow", "said", "reporting", "", "social_media", 1),
    ("the party's manifesto", "demands", "reporting", "", "party_statement", 0),
    ("experts", "say", "reporting", "", "anonymous", 0),
    ("Those in the know", "say", "vague-authority", "", "anonymous", 0),
    ("The Harbour Board", "said", "reporting", "", "organisation", 1),
    ("police", "said", "reporting", "", "organisation", 0),
    ("Anna Hollow", "wrote", "reporting", "", "person", 1),
    ("He", "wrote", "reporting", "", "person", 0),
    ("we", "think", "reporting", "", "self", 0),
    ("Anna Hollow", "writes", "reporting", "Anna Hollow (Letters, 1931, p. 4) writes so.", "memoir", 3),
]


def write(folder: Path, rows: str) -> Path:
    path = folder / "house.tsv"
    path.write_text(rows, encoding="utf-8")
    return path


@pytest.mark.parametrize(("source", "cue", "rule", "context", "kind", "traceability"), GRADES)
def test_kind_and_traceability(
    source: str, cue: str | None, rule: str, context: str, kind: str, traceability: int
) -> None:
    found = grade(source, cue, rule, context)
    assert (found.kind, found.traceability) == (kind, traceability)
    assert found.reliability == table()[kind][traceability]


def test_reasons_are_plain_words() -> None:
    assert grade("the memoirs of Anna Hollow", None, "according-to").why == (
        "named author",
        "named work",
        "memoir: the word “memoirs”",
    )
    assert grade("Castell 2001, p. 5", None, "author-date").why == ("named author", "dated", "page given")
    assert grade("https://nytimes.com/a", None, "link").why == (
        "named outlet",
        "link",
        "news report: the domain nytimes.com",
    )


def test_table_has_every_kind_and_never_falls_with_traceability() -> None:
    assert len(kinds()) == 16
    for row in table().values():
        ranks = [WORDS.index(word) for word in row]
        assert ranks == sorted(ranks, reverse=True)


def test_every_category_and_domain_has_a_row_in_the_table() -> None:
    assert set(domain_kinds().values()) <= set(kinds())
    assert set(categories(FOLDER / "source_kinds.tsv")) - {"scholar"} <= set(kinds())


@given(
    st.text(max_size=60),
    st.none() | st.text(max_size=10),
    st.sampled_from(["link", "x", "note-text", "page"]),
    st.text(max_size=80),
)
def test_any_words_get_a_grade(source: str, cue: str | None, rule: str, context: str) -> None:
    found = grade(source, cue, rule, context, EXAMPLE)
    assert found.kind in kinds()
    assert 0 <= found.traceability <= 4
    assert found.reliability in WORDS


@pytest.mark.parametrize(
    ("source", "cue", "reliability", "told"),
    [
        ("The Example Gazette", "reported", "strong", True),
        ("https://news.example-leaks.org/a", None, "untraceable", True),
        ("https://notexample-leaks.org/a", None, "moderate", False),
        ("General Exampleov", "in the memoirs of", "moderate", True),
        ("General Exampleov", "said", "weak", False),
        ("https://sample-health.net/a", None, "weak", True),
    ],
)
def test_house_list_overrides_within_its_scope_and_says_so(
    source: str, cue: str | None, reliability: str, told: bool
) -> None:
    found = grade(source, cue, "link" if "://" in source else "reporting", house=EXAMPLE)
    assert found.reliability == reliability
    assert any(reason.startswith("house list: ") for reason in found.why) == told


def test_house_list_gives_date_and_topic() -> None:
    found = grade("https://sample-health.net/a", None, "link", house=EXAMPLE)
    assert found.why[-1] == "house list: weak since 2026-02-11, for health (sample-health.net)"


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ("name\tstanding\n", 1, "the first row must be"),
        (HEADER + "Gazette\tstrong\t2026-01-01\tall\n", 2, "expected 5 cells, found 4"),
        (HEADER + "# why\nGazette\tsuperb\t2026-01-01\tall\t\n", 3, "'superb' is none of"),
        (HEADER + "Gazette\tstrong\tlast May\tall\t\n", 2, "'last May' is no date"),
        (HEADER + "Gazette\tstrong\t2026-01-01\t \t\n", 2, "the scope is empty"),
        (HEADER + "Gazette\tstrong\t20260101\tall\t\n", 2, "'20260101' is no date"),
        (HEADER + " \tstrong\t2026-01-01\tall\t\n", 2, "the name is empty"),
        (HEADER + "Gazette\tweak\t2026-01-01\tall\t\ngazette\tweak\t2026-01-01\tall\t\n", 3, "'gazette' stands twice"),
    ],
)
def test_bad_house_list_rows_are_named_by_file_and_line(tmp_path: Path, rows: str, line: int, words: str) -> None:
    path = write(tmp_path, rows)
    with pytest.raises(LexiconError) as caught:
        load_house_list(path)
    assert str(caught.value).startswith(f"{path}: line {line}: ")
    assert words in str(caught.value)


def test_a_house_list_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "house.tsv"
    path.write_bytes(b"\xef\xbb\xbf" + (HEADER + "Gazette\tstrong\t2026-01-01\tall\t\n").replace("\n", "\r\n").encode())
    assert load_house_list(path).standings["gazette"].standing == "strong"


@pytest.mark.parametrize(
    ("rows", "words"),
    [("a.org\tpamphlets\t\n", "line 2: 'pamphlets' is no kind"), ("a.org\twork\t\n" * 2, "line 3: 'a.org' stands")],
)
def test_bad_domains_are_refused(tmp_path: Path, rows: str, words: str) -> None:
    with pytest.raises(LexiconError, match=words):
        read_domains(write(tmp_path, "domain\tkind\tnote\n" + rows))


def test_missing_house_list_is_a_plain_error(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="can't be read"):
        load_house_list(tmp_path / "absent.tsv")


def test_bad_table_is_refused(tmp_path: Path) -> None:
    rows = "kind\t0\t1\t2\t3\t4\tnote\nlaw\tweak\tweak\tfine\tweak\tweak\t\n"
    with pytest.raises(LexiconError, match="line 2: 'fine' is none of"):
        read_table(write(tmp_path, rows))


@pytest.mark.parametrize("source", ["I.C", "I. C."])
def test_initials_are_not_the_author(source):
    assert grade(source, ":", "speaker-tag", f"{source}: The mill closed.").kind != "self"


def test_a_verb_alone_makes_no_memoir():
    assert grade("Nora Klein", "recalled", "reporting", "Nora Klein recalled that it froze.").kind == "person"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("Ms. Hollow", "person"),
        ("I Samuel 3:16", "person"),
        ("I", "self"),
        ("the Northern Fen Law Center", "organisation"),
        ("the Pope", "person"),
        ("the mill law", "law"),
    ],
)
def test_a_word_inside_another_name_tells_no_kind(source: str, kind: str) -> None:
    assert grade(source, "said", "reporting").kind == kind
