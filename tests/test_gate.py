"""The accuracy gate of the models in the repository; ``benchmarks/gate.py`` says the same on the command line."""

import json
import shutil
import sys

import pytest

from annotator import model_store
from annotator.floors import read_floors, write_floors
from annotator.model_store import find_model, installed
from benchmarks import gate


@pytest.mark.parametrize("name", [path.name for path in installed()])
def test_no_model_falls_below_its_floors(name):
    assert gate.check(name) == [], "see benchmarks/gate.py"


@pytest.mark.parametrize("name", [path.name for path in installed()])
def test_every_lowered_floor_has_its_reason(name):
    assert all(row["reason"].strip() for row in read_floors(find_model(name)).get("lowered", []))


@pytest.fixture
def alone(tmp_path, small_model, monkeypatch):
    """A repository whose only model is the small one, gated on a short file of its own."""
    shutil.copytree(small_model, tmp_path / "models" / "small")
    (tmp_path / "gold.jsonl").write_text((small_model.parent / "part.jsonl").read_text(encoding="utf-8"))
    monkeypatch.setattr(model_store, "models_folder", lambda: tmp_path / "models")
    for name, value in (("ROOT", tmp_path), ("OWN", ("gold.jsonl",)), ("SETS", ("gold.jsonl",))):
        monkeypatch.setattr(gate, name, value)
    return tmp_path / "models" / "small"


def run(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["gate.py", *words])
    return gate.main()


def test_a_model_without_floors_fails(alone, monkeypatch, capsys):
    assert run(monkeypatch) == 1
    assert "small: gold.jsonl: there is no floor on it" in capsys.readouterr().out


def test_update_sets_floors_that_then_hold(alone, monkeypatch, capsys):
    assert run(monkeypatch, "--update") == 0
    assert run(monkeypatch) == 0
    assert "keeps its floors" in capsys.readouterr().out


def test_a_floor_is_lowered_with_a_reason_only(alone, monkeypatch, capsys):
    run(monkeypatch, "--update")
    floors = read_floors(alone)
    floors["sets"]["gold.jsonl"]["limits"]["macro_f1"] = 1.2
    write_floors(alone, floors)
    assert run(monkeypatch) == 1
    assert "macro_f1 is" in capsys.readouterr().out
    assert run(monkeypatch, "--update") == 1
    assert "with a reason only" in capsys.readouterr().out
    assert run(monkeypatch, "--update", "--allow-regression", "a smaller model") == 0
    assert json.dumps(read_floors(alone)["lowered"]).count("a smaller model") == 1


def test_a_floor_edited_by_hand_is_noticed(alone, monkeypatch, capsys):
    run(monkeypatch, "--update")
    path = alone / model_store.METRICS
    path.write_text(path.read_text().replace('"macro_f1": ', '"macro_f1": 0.0, "was": ', 1))
    assert run(monkeypatch) == 1
    assert "checksum" in capsys.readouterr().out
