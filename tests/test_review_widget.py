import sys

import pytest

from annotator.errors import AnnotatorError
from annotator.review_log import read_log
from tests.review_samples import letter, write


@pytest.fixture
def output(tmp_path):
    return write(tmp_path / "out.jsonl", letter())


@pytest.fixture
def widget(output):
    pytest.importorskip("anywidget", reason="the group 'notebook' is not installed")
    from annotator.review_widget import review_widget

    made = review_widget(output, "ann", theme="dark")
    yield made
    made.close()


def sent(widget, message):
    answers = []
    widget.send = answers.append
    widget._hear(widget, message, [])
    return answers


def test_a_message_is_answered_by_its_number(widget):
    (answer,) = sent(widget, {"number": "a-1", "request": {"do": "label", "value": "unsupported"}})
    assert answer["number"] == "a-1"
    assert answer["answer"]["says"] == "Saved: unsupported."
    (event,) = read_log(widget.review.log).events
    assert (event.reviewer, event.new, event.guideline) == ("ann", "unsupported", "3")


@pytest.mark.parametrize("message", [None, "x", [], {}, {"request": "x"}, {"number": 1}])
def test_a_foreign_message_is_passed_over(widget, message):
    assert sent(widget, message) == []


def test_the_front_end_is_the_page_s_own(widget):
    from annotator.review_desk import FRONTEND

    assert str(widget._esm) == (FRONTEND / "review.js").read_text(encoding="utf-8")
    assert widget.theme == "dark"


def test_running_the_cell_again_takes_the_log_over(widget, output):
    from annotator.review_widget import review_widget

    second = review_widget(output, "ann")
    (answer,) = sent(widget, {"number": 1, "request": {"do": "accept"}})
    assert "reviewed elsewhere" in answer["answer"]["error"]
    (answer,) = sent(second, {"number": 1, "request": {"do": "accept"}})
    assert answer["answer"]["says"] == "Saved: accepted."
    second.close()


def test_without_anywidget_the_way_out_is_named(output, monkeypatch):
    from annotator import review_widget

    monkeypatch.setitem(sys.modules, "anywidget", None)
    review_widget._widget_class.cache_clear()
    with pytest.raises(AnnotatorError, match=r"pip install 'annotator\[notebook\]'"):
        review_widget.review_widget(output)
    review_widget._widget_class.cache_clear()
    assert not (output.parent / "out.review.jsonl").exists()
