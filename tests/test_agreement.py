"""Coefficients against published worked examples; intervals, reading, warnings, the queue and the command."""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from annotator import agreement, ratings
from annotator.adjudication import disagreements, write_queue
from annotator.agreement_commands import agree
from annotator.errors import AnnotatorError, OutputError
from annotator.jsonl import dumps
from annotator.ratings import AgreementError, Rating, read_ratings, tabulate
from annotator.review import Review
from annotator.review_log import log_path

NONE = -1
# Fleiss 1971, table 1: 30 patients, each diagnosed by 6 psychiatrists; counts of depression, personality disorder,
# schizophrenia, neurosis, other. As published in R's irr (diagnoses) and in the tests of statsmodels.
DIAGNOSES = """00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"""
# Fleiss' example as told by Wikipedia: 10 subjects, 14 raters, 5 categories.
FOURTEEN = [
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
]  # fmt: skip


def from_counts(rows):
    """Codes (units, raters) with so many answers of each kind in each row."""
    return np.array([[place for place, count in enumerate(row) for _ in range(count)] for row in rows])


def from_table(table):
    """Codes of two raters with this confusion table."""
    return np.array([(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)])


def from_text(*raters):
    """Codes of raters whose answers are letters, a full stop for none."""
    letters = sorted(set("".join(raters)) - {"."})
    return np.array([[NONE if one == "." else letters.index(one) for one in rater] for rater in raters]).T


diagnoses = from_counts([tuple(map(int, row)) for row in DIAGNOSES.split()])


class TestPublishedExamples:
    @pytest.mark.parametrize(
        ("table", "kappa", "raw"),
        [
            # Fleiss, Cohen and Everitt 1969 (Psychological Bulletin 72: 323), after Cohen 1960.
            ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.492, 0.700),
            # 50 grant proposals: the worked example of Wikipedia's article.
            ([[20, 5], [10, 15]], 0.400, 0.700),
            # The two tables by which it shows that kappa depends on the margins.
            ([[45, 15], [25, 15]], 0.130, 0.600),
            ([[25, 35], [5, 35]], 0.259, 0.600),
        ],
    )
    def test_cohen(self, table, kappa, raw):
        codes = from_table(table)
        assert agreement.cohen_kappa(codes, len(table)) == pytest.approx(kappa, abs=5e-4)
        assert agreement.raw_agreement(codes, len(table)) == pytest.approx(raw, abs=5e-4)

    def test_fleiss_over_all(self):
        assert agreement.fleiss_kappa(diagnoses, 5) == pytest.approx(0.430, abs=5e-4)
        assert agreement.fleiss_kappa(from_counts(FOURTEEN), 5) == pytest.approx(0.210, abs=5e-4)
        assert agreement.raw_agreement(from_counts(FOURTEEN), 5) == pytest.approx(0.378, abs=5e-4)

    @pytest.mark.parametrize(("label", "kappa"), enumerate([0.245, 0.245, 0.520, 0.471, 0.566]))
    def test_fleiss_by_label(self, label, kappa):
        assert agreement.fleiss_kappa((diagnoses == label).astype(int), 2) == pytest.approx(kappa, abs=5e-4)

    @pytest.mark.parametrize(
        ("raters", "alpha"),
        [
            # Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", examples A, B and C.
            (("0100000010", "1110010000"), 0.095),
            (("aabbdcccedda", "babbbccceddd"), 0.692),
            (("12332141" + "2...", "12332241" + "25.3", ".3332342" + "251.", "12332441" + "251."), 0.743),
            # The example of Wikipedia's article and of the library's documentation.
            ((".....34121133.3", "1.213343.......", "..21344.21133.4"), 0.691),
        ],
    )
    def test_alpha(self, raters, alpha):
        codes = from_text(*raters)
        assert agreement.krippendorff_alpha(codes, codes.max() + 1) == pytest.approx(alpha, abs=5e-4)

    def test_cohen_of_three_raters_is_the_mean_over_pairs(self):
        codes = np.array([[0, 0, 1], [1, 1, 0], [0, 0, 0], [1, 1, 1]])
        pairs = [agreement.cohen_kappa(codes[:, pair], 2) for pair in ([0, 1], [0, 2], [1, 2])]
        assert pairs == [1, 0, 0]
        assert agreement.cohen_kappa(codes, 2) == pytest.approx(1 / 3)


tables = st.integers(2, 4).flatmap(
    lambda raters: st.lists(st.lists(st.integers(-1, 2), min_size=raters, max_size=raters), min_size=2, max_size=25)
)


class TestIntervals:
    @given(tables)
    def test_formulas_of_the_bootstrap_are_those_of_the_libraries(self, rows):
        codes = np.array(rows)
        documents = np.arange(len(codes)) % 3
        many = documents.max() + 1
        sums = agreement._sums(codes, documents, 3)
        libraries = (
            agreement.raw_agreement, agreement.cohen_kappa, agreement.fleiss_kappa, agreement.krippendorff_alpha
        )  # fmt: skip
        for name, library in zip(agreement.MEASURES, libraries, strict=True):
            value = library(codes, 3)
            drawn = agreement._FROM_SUMS[name](np.ones((1, many)), sums)[0]
            if value is None:
                assert not np.isfinite(drawn) or name == "fleiss"
            else:
                assert drawn == pytest.approx(value, abs=1e-9), name

    def test_a_document_is_drawn_whole(self):
        # Two documents, one of agreement only and one of disagreement only: raw agreement is 0, a half, or 1.
        codes = np.array([[0, 0]] * 50 + [[0, 1]] * 50)
        found = agreement.estimate(codes, np.repeat([0, 1], 50), 2)["raw"]
        assert (found.value, found.low, found.high) == (0.5, 0.0, 1.0)
        scattered = agreement.estimate(codes, np.arange(100), 2)["raw"]
        assert 0.38 < scattered.low < 0.42
        assert 0.58 < scattered.high < 0.62

    def test_interval_covers_the_truth_about_as_often_as_it_says(self):
        chance = np.random.default_rng(5)
        hits = 0
        for _ in range(200):
            share = chance.beta(8, 2, 30)
            right = chance.random((30, 20)) < share[:, None]
            codes = np.stack([np.zeros(600, int), np.where(right.ravel(), 0, 1)], axis=1)
            found = agreement.estimate(codes, np.repeat(np.arange(30), 20), 2)["raw"]
            hits += found.low <= 0.8 <= found.high
        assert 178 <= hits <= 198

    def test_one_document_gives_no_interval(self):
        found = agreement.estimate(from_table([[20, 5], [10, 15]]), np.zeros(50, int), 2)
        assert found["alpha"].value is not None
        assert (found["alpha"].low, found["alpha"].high) == (None, None)

    def test_same_seed_same_interval(self):
        codes, documents = from_table([[20, 5], [10, 15]]), np.arange(50) % 7
        assert agreement.estimate(codes, documents, 2, 3) == agreement.estimate(codes, documents, 2, 3)

    def test_what_is_not_defined_is_none(self):
        found = agreement.estimate(np.zeros((30, 2), int), np.arange(30), 2)
        assert found["raw"].value == 1
        assert [found[name].value for name in ("cohen", "fleiss", "alpha")] == [None] * 3
        assert found["alpha"].low is None


def sentence(document, start, text, label="documented_fact", citation="none", voice="author"):
    names = ("documented_fact", "interpretation", "unsupported", "no_claim")
    return {
        "record": "sentence", "document": document, "index": 0, "start": start, "end": start + len(text), "text": text,
        "block": "body", "label": label, "probabilities": {name: 0.7 if name == label else 0.1 for name in names},
        "needs_review": False, "citation": citation, "cites_source": citation in ("explicit", "carried"),
        "voice": voice, "sources": [], "claims": [], "reasons": [],
    }  # fmt: skip


def write_output(path: Path, documents: dict[str, list[tuple[str, ...]]]) -> Path:
    """An output of documents whose sentences are given by text, label, citation and voice."""
    lines = []
    for name, sentences in documents.items():
        start = 0
        for index, (text, *answers) in enumerate(sentences):
            lines.append(sentence(name, start, text, *answers) | {"index": index})
            start += len(text) + 1
        lines.append({"record": "document", "document": name, "status": "ok"})
    path.write_text("".join(dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


FACT, READING, WILD, NOTHING = "documented_fact", "interpretation", "unsupported", "no_claim"
DOCUMENTS = {
    "a": [
        ("The mill opened in 1871.", FACT),
        ("It was a mistake.", READING),
        ("Applause.", NOTHING),
        ("Yes.", NOTHING),
    ],
    "b": [("Nobody knows who paid.", WILD), ("The town grew.", FACT), ("Yes.", NOTHING), ("Yes.", NOTHING)],
}


def by_text(found):
    """Answers to the first question by document and text, in the order of the raters."""
    names = [*found.fields[0].names, None]
    rows = zip(found.units, found.fields[0].codes, strict=True)
    return {(unit.document, unit.start, unit.text): [names[code] for code in codes] for unit, codes in rows}


class TestReading:
    def test_two_outputs(self, tmp_path):
        one = write_output(tmp_path / "one.jsonl", DOCUMENTS)
        two = write_output(tmp_path / "two.jsonl", DOCUMENTS | {"b": [("Nobody knows who paid.", READING)]})
        found = read_ratings([one, two])
        assert found.raters == ["one", "two"]
        assert by_text(found)["b", 0, "Nobody knows who paid."] == [WILD, READING]
        assert len(found.units) == 5
        assert found.alone == Counter(b=3)
        assert [field.name for field in found.fields] == ["label", "citation", "voice"]

    def test_reviewers_of_logs_are_raters_and_undone_decisions_do_not_count(self, tmp_path):
        out = write_output(tmp_path / "out.jsonl", DOCUMENTS)
        for name, label in (("ann", FACT), ("bob", READING)):
            review = Review(out, name, log=tmp_path / f"{name}.review.jsonl")
            review.change(review.rows[1], "label", label)
            review.change(review.rows[2], "label", WILD)
            review.undo()
            review.close()
        found = read_ratings([tmp_path / "ann.review.jsonl", tmp_path / "bob.review.jsonl"])
        assert found.raters == ["ann", "bob"]
        assert by_text(found) == {("a", 25, "It was a mistake."): [FACT, READING]}
        joined = tmp_path / "both.jsonl"
        parts = [(tmp_path / f"{name}.review.jsonl").read_text() for name in ("bob", "ann", "bob")]
        joined.write_text("".join(parts), encoding="utf-8")
        assert by_text(read_ratings([joined])).keys() == by_text(found).keys()
        three = read_ratings([out, joined])
        assert sorted(three.raters) == ["ann", "bob", "out"]

    def test_labelled_files_have_no_offsets_and_match_by_rank(self, tmp_path):
        out = write_output(tmp_path / "out.jsonl", DOCUMENTS)
        lines = [
            {"id": f"{name}.{at}", "document": name, "text": text, "label": label if at < 3 else WILD}
            for name, items in DOCUMENTS.items() for at, (text, label) in enumerate(items)
        ]  # fmt: skip
        gold = tmp_path / "gold.jsonl"
        gold.write_text("".join(dumps(line) + "\n" for line in lines), encoding="utf-8")
        found = by_text(read_ratings([gold, out]))
        assert len(found) == 8
        assert found["b", 38, "Yes."] == [NOTHING, NOTHING]
        assert found["b", 43, "Yes."] == [WILD, NOTHING]

    def test_a_repeated_sentence_is_skipped_where_it_cannot_be_told_which_one_is_meant(self, tmp_path):
        out = write_output(tmp_path / "out.jsonl", DOCUMENTS)
        gold = tmp_path / "gold.jsonl"
        lines = [{"document": "b", "text": text, "label": NOTHING} for text in ("The town grew.", "Yes.")]
        gold.write_text("".join(dumps(line) + "\n" for line in lines), encoding="utf-8")
        found = read_ratings([gold, out])
        assert [text for _, _, text in by_text(found)] == ["The town grew."]
        assert list(found.skipped["sentences"].values()) == [3]

    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            ([("a.1", FACT), ("a.5", WILD)], [("a.5", FACT)], [[WILD, FACT]]),
            ([(None, FACT), (None, WILD)], [(None, FACT), (None, READING)], [[FACT, FACT], [WILD, READING]]),
        ],
    )
    def test_equal_sentences_of_labelled_files(self, tmp_path, first, second, expected):
        paths = []
        for name, rows in (("one", first), ("two", second)):
            lines = [
                {"document": "a", "text": "Yes.", "label": label} | ({"id": mark} if mark else {})
                for mark, label in rows
            ]
            paths.append(tmp_path / f"{name}.jsonl")
            paths[-1].write_text("".join(dumps(line) + "\n" for line in lines), encoding="utf-8")
        found = read_ratings(paths)
        assert [[found.fields[0].names[code] for code in row] for row in found.fields[0].codes] == expected

    def test_unequal_numbers_of_equal_sentences_are_unclear(self):
        rows = [("ann", 0), ("ann", 1), ("bob", 0)]
        found = [Rating(rater, "a", "Yes.", None, None, at, {"label": FACT}, f"{rater}{at}") for rater, at in rows]
        found += [Rating(rater, "a", "The mill.", None, None, 9, {"label": FACT}, rater) for rater in ("ann", "bob")]
        table = tabulate(found)
        assert [unit.text for unit in table.units] == ["The mill."]
        assert list(table.skipped["sentences"].values()) == [3]

    def test_bad_lines_are_named_and_counted(self, tmp_path):
        one = write_output(tmp_path / "one.jsonl", DOCUMENTS)
        two = write_output(tmp_path / "two.jsonl", DOCUMENTS)
        out = write_output(tmp_path / "out.jsonl", DOCUMENTS)
        review = Review(out, "ann")
        review.change(review.rows[0], "label", READING)
        review.close()
        log = log_path(out)
        event = json.loads(log.read_text())
        foreign, newer = {"record": "other"}, event | {"schema": 9, "event": "x"}
        log.write_text(log.read_text() + dumps(foreign) + "\n" + dumps(newer) + "\n" + dumps(event)[:40], "utf-8")
        two.write_text(two.read_text() + "{broken\n", encoding="utf-8")
        found = read_ratings([one, two, log])
        assert found.skipped == {
            str(two): Counter({"not-json": 1}), str(log): Counter({"foreign": 1, "other-schema": 1, "torn": 1})
        }  # fmt: skip
        assert by_text(found)["a", 0, "The mill opened in 1871."] == [FACT, FACT, READING]

    @pytest.mark.parametrize(
        ("other", "reason"), [({"c": [("The mill opened in 1871.", FACT)]}, "nothing-in-common"), (None, "one-rater")]
    )
    def test_nothing_to_compare(self, tmp_path, other, reason):
        paths = [write_output(tmp_path / "one.jsonl", DOCUMENTS)]
        paths += [write_output(tmp_path / "two.jsonl", other)] if other else []
        with pytest.raises(AgreementError) as caught:
            read_ratings(paths)
        assert caught.value.reason == reason

    @pytest.mark.parametrize("content", [b"", b"\n\n", b"no json\n", b'{"record": "review"}\n', b'{"foo": 1}\n'])
    def test_files_without_answers(self, tmp_path, content):
        path = tmp_path / "bad.jsonl"
        path.write_bytes(content)
        with pytest.raises(AnnotatorError):
            read_ratings([path, tmp_path / "absent.jsonl"])


def rate(rows, documents=None):
    """Ratings of ann and bob: pairs of labels."""
    found = []
    for place, pair in enumerate(rows):
        document = documents[place] if documents else f"d{place}"
        for rater, label in zip(("ann", "bob"), pair, strict=True):
            found.append(Rating(rater, document, f"Sentence {place}.", place, place + 1, place, {"label": label}))
    return tabulate(found)


class TestMeasuring:
    def test_by_label_and_confusion(self):
        found = agreement.measure(rate([(FACT, FACT)] * 160 + [(FACT, READING)] * 40 + [(WILD, WILD)] * 40))[0]
        assert found.names == [FACT, READING, WILD]
        assert found.confusions["ann", "bob"].tolist() == [[160, 40, 0], [0, 0, 0], [0, 0, 40]]
        assert found.labels[WILD]["cohen"].value == 1
        assert found.labels[READING]["cohen"].value == 0
        assert found.uses == {FACT: 360, READING: 40, WILD: 80}
        assert found.warnings == []

    @pytest.mark.parametrize(
        ("rows", "documents", "words"),
        [
            ([(FACT, FACT)] * 5 + [(READING, FACT)] * 5, None, "only 10 sentences"),
            ([(FACT, FACT), (READING, READING)] * 40, ["a", "b"] * 40, "2 documents"),
            ([(FACT, FACT), (READING, READING)] * 40, ["a"] * 80, "there is no interval"),
            ([(FACT, FACT)] * 80, None, "not defined"),
            ([(FACT, FACT)] * 80 + [(WILD, WILD)], None, "fewer than 10 times, so that its figures say little: unsupp"),
            ([(FACT, FACT)] * 8 + [(WILD, WILD), (WILD, FACT)] * 2, None, "alpha could be anything"),
        ],
    )
    def test_warnings(self, rows, documents, words):
        found = agreement.measure(rate(rows, documents))[0]
        assert any(words in warning for warning in found.warnings)

    def test_three_raters_with_gaps(self):
        found = [
            Rating(rater, f"d{unit}", f"S {unit}.", 0, 4, unit, {"label": FACT if unit % 2 else READING})
            for rater, units in (("ann", range(20)), ("bob", range(10, 30)), ("eve", range(5)))
            for unit in units
        ]
        measured = agreement.measure(tabulate(found))[0]
        assert measured.overall["alpha"].value == 1
        assert measured.overall["alpha"].units == 15
        assert (measured.overall["fleiss"].value, measured.overall["fleiss"].units) == (None, 0)
        assert any("rated by all" in warning for warning in measured.warnings)
        assert set(measured.confusions) == {("ann", "bob"), ("ann", "eve")}


class TestQueue:
    def test_label_first_and_most_divided_first(self):
        answers = {
            0: [("label", (FACT, FACT, READING))], 1: [("label", (FACT, READING, WILD))],
            2: [("label", (FACT, FACT, FACT)), ("citation", ("none", "vague", "explicit"))],
            3: [("label", (FACT, FACT, FACT))],
        }  # fmt: skip
        found = [
            Rating(rater, "d", f"S {unit}.", unit, unit + 1, unit, {name: said[place] for name, said in fields})
            for unit, fields in answers.items() for place, rater in enumerate(("ann", "bob", "eve"))
        ]  # fmt: skip
        queue = disagreements(tabulate(found))
        assert [item.unit.start for item in queue] == [1, 0, 2]
        assert queue[2].answers == {"citation": {"ann": "none", "bob": "vague", "eve": "explicit"}}
        assert all(a.split >= b.split for a, b in pairwise(queue[:2]))

    def test_the_widget_opens_the_queue_with_everybodys_answers(self, tmp_path):
        from annotator.review_queue import by_disagreement

        one = write_output(tmp_path / "one.jsonl", DOCUMENTS)
        other = DOCUMENTS | {"a": [*DOCUMENTS["a"][:1], ("It was a mistake.", WILD, "vague"), *DOCUMENTS["a"][2:]]}
        two = write_output(tmp_path / "two.jsonl", other)
        queue = disagreements(read_ratings([one, two]))
        assert write_queue(queue, one, tmp_path / "settle.jsonl") == 0
        review = Review(tmp_path / "settle.jsonl", "judge")
        assert review.notices() == []
        assert {row.record["document"] for row in review.rows} == {"a"}
        first, second, *_ = by_disagreement(review, review.rows)
        assert first.record["text"] == "It was a mistake."
        assert {name: view.values()["label"] for name, view in first.views.items()} == {"one": READING, "two": WILD}
        assert not second.views
        review.change(first, "decision", "adjudicated")
        review.close()
        assert [line["text"] for line in Review(tmp_path / "settle.jsonl", "x", read_only=True).labelled()] == [
            "It was a mistake."
        ]
        with pytest.raises(OutputError):
            write_queue(queue, one, tmp_path / "settle.jsonl")


class TestCommand:
    def test_tables_json_and_queue(self, tmp_path):
        one = write_output(tmp_path / "one.jsonl", DOCUMENTS)
        two = write_output(tmp_path / "two.jsonl", DOCUMENTS | {"b": [("Nobody knows who paid.", READING, "vague")]})
        said = CliRunner().invoke(agree, [str(one), str(two), "--queue", str(tmp_path / "queue.jsonl")])
        assert said.exit_code == 0
        for words in ("raw agreement", "Krippendorff's alpha", "rows: one, columns: two", "warning: label: only 5",
                      "1 sentence to adjudicate", "Nobody knows who paid."):  # fmt: skip
            assert words in said.stdout
        assert "3 sentences rated by one rater only" in said.stderr
        assert log_path(tmp_path / "queue.jsonl").is_file()
        found = json.loads(CliRunner().invoke(agree, [str(one), str(two), "--json"]).stdout)
        assert found["fields"]["label"]["overall"]["raw"] == {"value": 0.8, "interval": [0.0, 1.0], "sentences": 5}
        assert found["disagreements"][0]["answers"]["label"] == {"one": WILD, "two": READING}
        assert set(found["fields"]) == {"label", "citation", "voice"}

    def test_something_skipped_is_exit_code_1_and_nothing_to_compare_is_2(self, tmp_path):
        one = write_output(tmp_path / "one.jsonl", DOCUMENTS)
        two = write_output(tmp_path / "two.jsonl", DOCUMENTS)
        two.write_text(two.read_text() + '{"torn', encoding="utf-8")
        said = CliRunner().invoke(agree, [str(one), str(two)])
        assert said.exit_code == 1
        assert f"{two}: 1 skipped: not-json" in said.stderr
        alone = CliRunner().invoke(agree, [str(one)])
        assert alone.exit_code == 2
        assert "at least two raters" in alone.stderr
        assert CliRunner().invoke(agree, [str(tmp_path / "absent.jsonl"), str(one)]).exit_code == 2

    def test_hostile_text_reaches_no_terminal(self, tmp_path):
        wild = "\x1b]0;owned\x07 \u202eReversed <script>.\u2028And on \x85 and on."
        one = write_output(tmp_path / "one.jsonl", {"a": [(wild, FACT)] * 1})
        two = write_output(tmp_path / "two.jsonl", {"a": [(wild, WILD)] * 1})
        said = CliRunner().invoke(agree, [str(one), str(two)])
        assert not set(said.output) & set("\x1b\x07\u202e\x85")
        assert "<script>" in said.output

    def test_a_lone_surrogate_breaks_nothing(self, tmp_path):
        for name, label in (("one", FACT), ("two", WILD)):
            line = json.dumps({"document": "a\ud800", "text": "He said \udfff.", "label": label})
            (tmp_path / f"{name}.jsonl").write_text(line + "\n")
        paths = [str(tmp_path / "one.jsonl"), str(tmp_path / "two.jsonl")]
        assert CliRunner().invoke(agree, paths).exit_code == 0
        assert CliRunner().invoke(agree, [*paths, "--json"]).exit_code == 0


def test_two_equal_file_names_are_told_apart(tmp_path):
    paths = []
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        paths.append(write_output(tmp_path / folder / "out.jsonl", DOCUMENTS))
    assert ratings.read_ratings(paths).raters == [str(path) for path in paths]
