"""Reviews as lessons: weights, what they bring, suspect labels, and what to review next."""

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from annotator import gold
from annotator.errors import AnnotatorError, LabelledDataError, ReadError
from annotator.gain import SHARES
from annotator.gold import LabelledSentence
from annotator.jsonl import dumps
from annotator.learning import add_reviews, measure_gain, weighted_lesson
from annotator.learning_commands import next_best, suspects
from annotator.next_best import by_worth, choose, uncertainty, word_vectors
from annotator.review import Review
from annotator.review_log import log_path
from annotator.reviewed import read_reviews, superseded, weights
from annotator.suspects import find_suspects, rank_suspects
from annotator.training import TrainingConfig
from tests.test_agreement import FACT, NOTHING, READING, WILD, write_output

SMALL = TrainingConfig(hash_bits=12, vector=8, layer=8, epochs=2, folds=3)
FACTS = ["The {} opened in {}.", "In {1} the {0} was sold to the town.", "The {} had {} visitors in March."]
VIEWS = ["The {} was a splendid idea in {}.", "Perhaps the {} of {} was a mistake.", "The {} of {} deserves better."]
THINGS = ["mill", "bridge", "school", "harbour", "library", "market", "station", "museum"]


def labelled(document, count, start=0, weight=None):
    """Sentences of two kinds that are easy to tell apart."""
    found = []
    for at in range(start, start + count):
        label, patterns = ((FACT, FACTS), (READING, VIEWS))[at % 2]
        text = patterns[at % 3].format(THINGS[at % 8], 1700 + at)
        extra = {} if weight is None else {"weight": weight}
        found.append(LabelledSentence(f"{document}.{at}", document, text, label, "none", extra=extra))
    return found


def documents(count, each=12, **options):
    return [gold.rebuild(labelled(f"d{place}", each, place * each, **options)) for place in range(count)]


TEXTS = [("The mill opened in 1871.", FACT), ("It was a mistake.", READING), ("Yes.", NOTHING), ("It paid off.", WILD)]


def reviewed_output(tmp_path, *decisions, name="out"):
    """An output and its log with decisions: (reviewer, row, label)."""
    out = write_output(tmp_path / f"{name}.jsonl", {"a": TEXTS, "b": TEXTS[:2]})
    for reviewer, row, label in decisions:
        review = Review(out, reviewer)
        review.change(review.rows[row], "label", label)
        review.close()
    return out


class TestReading:
    def test_decided_sentences_count_and_their_neighbours_are_only_read(self, tmp_path):
        out = reviewed_output(tmp_path, ("ann", 1, WILD))
        found = read_reviews(log_path(out), weight=5)
        assert (found.sentences, len(found.documents)) == (1, 1)
        lines = found.documents[0].labelled
        assert [line.text for line in lines] == [text for text, _ in TEXTS]
        assert weights(found.documents).tolist() == [0, 5, 0, 0]
        assert (lines[1].label, lines[1].probabilities) == (WILD, None)
        assert lines[0].probabilities[FACT] == 0.7

    def test_sentences_on_which_reviewers_differ_are_left_out_and_counted(self, tmp_path):
        out = reviewed_output(tmp_path, ("ann", 0, WILD), ("bob", 0, READING), ("ann", 1, WILD), ("bob", 1, WILD))
        found = read_reviews(log_path(out))
        assert weights(found.documents).tolist() == [0, 3, 0, 0]
        assert "1 sentence left out: reviewers differ" in found.notices

    def test_without_the_output_the_sentences_stand_alone(self, tmp_path):
        out = reviewed_output(tmp_path, ("ann", 0, WILD), ("bob", 0, READING), ("ann", 1, WILD))
        out.unlink()
        found = read_reviews(log_path(out))
        assert [line.text for line in found.documents[0].labelled] == ["It was a mistake."]
        assert "without their neighbours" in found.notices[0]
        assert "1 sentence left out: reviewers differ" in found.notices

    def test_what_was_exported_can_be_added_too(self, tmp_path):
        out = reviewed_output(tmp_path, ("ann", 0, WILD), ("ann", 4, READING))
        path = tmp_path / "exported.jsonl"
        lines = Review(out, "x", read_only=True).labelled()
        path.write_text("".join(dumps(line) + "\n" for line in lines), encoding="utf-8")
        found = read_reviews(path)
        assert found.sentences == 2
        assert weights(found.documents).tolist() == [3, 3]

    def test_a_log_of_an_older_draft_is_placed_and_the_rest_listed(self, tmp_path):
        out = reviewed_output(tmp_path, ("ann", 0, WILD), ("ann", 1, WILD))
        write_output(out, {"a": [("A new beginning.", FACT), TEXTS[0], ("It was no mistake.", READING)]})
        found = read_reviews(log_path(out))
        assert weights(found.documents).tolist() == [0, 3, 0]
        assert any("their sentence is no longer there" in notice for notice in found.notices)

    def test_torn_and_foreign_lines_are_counted(self, tmp_path):
        out = reviewed_output(tmp_path, ("ann", 0, WILD))
        log = log_path(out)
        log.write_text(log.read_text() + '{"record": "other"}\n{"rec', encoding="utf-8")
        notices = read_reviews(log).notices
        assert any("1 line of out.review.jsonl skipped: foreign" in notice for notice in notices)
        assert any("skipped: torn" in notice for notice in notices)

    def test_nothing_decided(self, tmp_path):
        out = reviewed_output(tmp_path)
        review = Review(out, "ann")
        review.change(review.rows[0], "flag", True)
        review.close()
        with pytest.raises(ReadError, match="no sentence is decided"):
            read_reviews(log_path(out))
        with pytest.raises(AnnotatorError):
            read_reviews(tmp_path / "absent.review.jsonl")

    @pytest.mark.parametrize("weight", ["3", -1, float("nan"), float("inf"), True, None])
    def test_a_weight_is_a_number_from_0(self, weight):
        line = replace(labelled("d", 1)[0], extra={"weight": weight}, line=7)
        with pytest.raises(LabelledDataError, match="line 7"):
            weights([gold.rebuild([line])])

    def test_the_reviewers_word_takes_the_place_of_the_base(self):
        base = documents(2)
        reviewed = [gold.rebuild([replace(base[1].labelled[3], document="other", label=WILD, extra={"weight": 3.0})])]
        found = superseded(base, reviewed)
        assert weights(found).tolist() == [1.0] * 15 + [0.0] + [1.0] * 8
        assert found[1].labelled[3].probabilities is not None
        assert found[0] == base[0]


class TestGain:
    def test_weights_reach_the_lesson(self):
        lesson, names = weighted_lesson([*documents(2), *documents(1, weight=4.0)], SMALL, None)
        assert lesson.weight.tolist() == [1.0] * 24 + [4.0] * 12
        assert names == [["documented_fact", "interpretation", "unsupported", "no_claim"], []]

    def test_reviews_of_what_the_base_gets_wrong_bring_a_gain(self):
        swapped = {FACT: READING, READING: FACT}
        base = [
            document._replace(labelled=[replace(line, label=swapped[line.label]) for line in document.labelled])
            for document in documents(4)
        ]
        gain = measure_gain(base, documents(12, weight=3.0), SMALL)
        assert [point.sentences for point in gain.curve] == [round(share * (144 - gain.held_back)) for share in SHARES]
        assert gain.curve[0].accuracy < 0.3
        assert gain.curve[-1].accuracy > 0.7
        assert gain.interval[0] > 0
        assert gain.held_back == 36
        assert gain.documents == 3
        text = "\n".join(gain.lines())
        assert "gain +" in text
        assert "don't prove" not in text

    def test_held_back_sentences_are_never_learned(self):
        # What is held back is labelled by a coin that nothing else knows, so no model can do well on it.
        chance = np.random.default_rng(1)
        noise = [
            document._replace(
                labelled=[replace(line, label=str(chance.choice([FACT, READING]))) for line in document.labelled]
            )
            for document in documents(12, weight=50.0)
        ]
        gain = measure_gain(documents(4), noise, SMALL)
        assert all(0.2 < point.accuracy < 0.8 for point in gain.curve)

    def test_few_documents_are_held_back_by_their_ends(self):
        gain = measure_gain(documents(3), documents(1, each=40, weight=3.0), SMALL)
        assert (gain.held_back, gain.documents, gain.interval) == (10, 1, None)
        assert "one document is too little" in gain.lines()[-1]

    def test_a_gain_that_is_not_proved_is_called_that(self):
        gain = measure_gain(documents(6), documents(6, weight=3.0), SMALL)
        assert gain.interval[0] <= 0 <= gain.interval[1]
        assert "don't prove a change" in gain.lines()[-1]

    def test_adding_reviews(self, tmp_path):
        path = tmp_path / "exported.jsonl"
        lines = [line for place in range(4) for line in labelled(f"r{place}", 10, 500 + 10 * place)]
        path.write_text("".join(dumps(line.to_json()) + "\n" for line in lines), encoding="utf-8")
        added = add_reviews(documents(4), [path], SMALL, weight=2)
        assert len(added.documents) == 8
        assert added.gain.curve[-1].sentences == 40 - added.gain.held_back
        assert "40 reviewed sentences, each counting 2 times" in added.lines
        found = json.loads(json.dumps(added.gain.to_json()))
        assert [point["sentences"] for point in found["curve"]][-1] == 40 - found["held_back_sentences"]
        out = reviewed_output(tmp_path, ("ann", 0, WILD))
        few = add_reviews(documents(4), [log_path(out)], SMALL)
        assert few.gain is None
        assert "1 sentences were reviewed; the gain can be measured from 20" in few.lines[-1]


class TestSuspects:
    def test_planted_errors_come_first(self):
        found = documents(12)
        wrong = {(3, 2), (7, 5), (9, 8)}
        planted = [
            document._replace(
                labelled=[
                    replace(line, label={FACT: READING, READING: FACT}[line.label]) if (place, at) in wrong else line
                    for at, line in enumerate(document.labelled)
                ]
            )
            for place, document in enumerate(found)
        ]
        first = find_suspects(planted, SMALL)[: len(wrong)]
        assert {one.sentence.id for one in first} == {planted[place].labelled[at].id for place, at in wrong}
        assert all(one.confidence < 0.3 and one.likely != one.sentence.label for one in first)

    def test_ranking(self):
        probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8], [0.45, 0.55]])
        found = rank_suspects(np.array([0, 0, 1, 1, 1, 0]), probabilities)
        # Row 5 leans to the other label, but less than is usual where that one was given (mean of 0.1, 0.9, 0.8: 0.6).
        assert [(one.row, one.given, one.likely) for one in found] == [(2, 1, 0)]
        assert found[0].confidence == pytest.approx(0.1)

    @given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9), st.integers(1, 9), st.integers(1, 9)), max_size=20))
    def test_suspects_are_ranked_and_never_agree_with_the_model(self, rows):
        chances = np.array([row[1:] for row in rows], float).reshape(-1, 3)
        chances /= chances.sum(axis=1, keepdims=True)
        found = rank_suspects(np.array([row[0] for row in rows], int), chances)
        assert [one.confidence for one in found] == sorted(one.confidence for one in found)
        assert all(chances[one.row, one.likely] > one.confidence and one.likely != one.given for one in found)

    def test_command(self, tmp_path):
        path, config = tmp_path / "labelled.jsonl", tmp_path / "small.toml"
        config.write_text("hash_bits = 12\nvector = 8\nlayer = 8\nepochs = 2\nfolds = 3\n")
        lines = [line for document in documents(8) for line in document.labelled]
        lines[17] = replace(lines[17], label={FACT: READING, READING: FACT}[lines[17].label])
        path.write_text("".join(dumps(line.to_json()) + "\n" for line in lines), encoding="utf-8")
        said = CliRunner().invoke(suspects, [str(path), "--config", str(config), "--json", "--most", "1"])
        assert said.exit_code == 0
        assert json.loads(said.stdout)["id"] == lines[17].id
        assert "1 suspect label among 96" in said.stderr


class TestNextBest:
    def test_uncertainty_is_the_lack_of_margin(self):
        found = uncertainty(np.array([[1.0, 0, 0], [0.5, 0.5, 0], [0.6, 0.3, 0.1]]))
        assert found == pytest.approx([0, 1, 0.7])

    def test_doubtful_first_but_no_two_of_a_kind(self):
        texts = ["The mill was sold.", "The mill was sold!", "Nobody knew about it.", "Rain fell."]
        chances = np.array([[0.5, 0.5], [0.5, 0.5], [0.6, 0.4], [0.99, 0.01]])
        assert choose(chances, word_vectors(texts), 3) == [0, 2, 3]
        assert choose(chances, word_vectors(texts), 3, diversity=0) == [0, 1, 2]

    def test_what_was_seen_is_not_chosen_again_and_lowers_its_like(self):
        texts = ["The mill was sold.", "The mill was sold!", "Nobody knew about it."]
        chances = np.array([[0.5, 0.5], [0.5, 0.5], [0.6, 0.4]])
        assert choose(chances, word_vectors(texts), 5, seen=[0]) == [2, 1]

    @given(st.integers(0, 12), st.integers(0, 15), st.sets(st.integers(0, 11)))
    def test_each_is_chosen_once(self, size, count, seen):
        seen = [row for row in seen if row < size]
        chances = np.full((size, 2), 0.5)
        found = choose(
            chances, word_vectors([f"same words {row % 3}" for row in range(size)] or ["x"])[:size], count, seen
        )
        assert len(found) == len(set(found)) == min(count, size - len(seen))
        assert not set(found) & set(seen)

    def test_as_an_order_of_the_widget_it_holds_every_row_once(self, tmp_path):
        out = reviewed_output(tmp_path, ("ann", 0, WILD))
        review = Review(out, "ann", read_only=True)
        rows = list(by_worth(review, review.rows))
        assert sorted(row.at for row in rows) == list(range(len(review.rows)))
        assert list(by_worth(review, [])) == []

    def test_command_leaves_out_what_is_decided(self, tmp_path):
        out = reviewed_output(tmp_path, ("ann", 0, WILD))
        said = CliRunner().invoke(next_best, [str(out), "--json"])
        assert said.exit_code == 0
        texts = [json.loads(line)["text"] for line in said.stdout.splitlines()]
        assert len(texts) == 5
        assert CliRunner().invoke(next_best, [str(out), "--most", "2"]).stdout.count("\n") == 2
        assert CliRunner().invoke(next_best, [str(tmp_path / "absent.jsonl")]).exit_code == 2
