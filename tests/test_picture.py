import builtins
from xml.etree import ElementTree

import pytest

from annotator.errors import OutputError
from annotator.evaluation import Prediction, evaluate
from annotator.gold import LabelledSentence
from annotator.picture import check_picture, draw


@pytest.fixture
def report():
    gold = [LabelledSentence(str(n), "d", "Words.", "a" if n % 3 else "b") for n in range(30)]
    return evaluate(gold, [Prediction("a", {"a": 0.5 + n / 60}) for n in range(30)])


@pytest.mark.parametrize("name", ["risk.png", "risk.svg", "RISK.SVG"])
def test_draws_the_same_picture_twice(report, tmp_path, name):
    draw(report, str(tmp_path / name))
    first = (tmp_path / name).read_bytes()
    draw(report, str(tmp_path / name))
    assert (tmp_path / name).read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert first.startswith(b"\x89PNG" if name.endswith("png") else b"<?xml")


def test_svg_names_its_axes_in_words(report, tmp_path):
    draw(report, str(tmp_path / "risk.svg"))
    words = " ".join(ElementTree.parse(tmp_path / "risk.svg").getroot().itertext())
    assert all(text in words for text in ("stated chance of the label", "Risk by coverage", "30 sentences"))


def test_other_kinds_are_refused(report, tmp_path):
    with pytest.raises(OutputError, match=r"\.png or \.svg"):
        draw(report, str(tmp_path / "risk.exe"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(report, tmp_path):
    with pytest.raises(OutputError, match="can't be written"):
        draw(report, str(tmp_path / "none" / "risk.png"))


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.split(".")[0] == "matplotlib":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(OutputError, match=r"annotator\[picture\]"):
        check_picture("risk.png")
