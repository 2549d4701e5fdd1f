import json
import shutil

import pytest

from annotator import floors
from annotator.errors import ModelError
from annotator.floors import breaches, carry_over, fingerprint, measure, measured, read_floors, write_floors
from annotator.model_store import METRICS, checksum, load_model
from annotator.recipe import Recipe, make_model

SET = "gold.jsonl"


@pytest.fixture
def root(tmp_path, small_model, seeds):
    """A repository in small: a model and a labelled file."""
    shutil.copytree(small_model, tmp_path / "models" / "small")
    lines = (seeds / "sentences.jsonl").read_text(encoding="utf-8").splitlines()[300:400]
    (tmp_path / SET).write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


@pytest.fixture
def model(root):
    return load_model(str(root / "models" / "small"))


def limits(root, model, **changes):
    found = measured({}, [SET], root, model)
    found["sets"][SET]["limits"] |= changes
    return found


def test_a_model_keeps_the_floors_that_it_was_measured_for(root, model):
    found = measured({}, [SET, "absent.jsonl"], root, model)
    assert set(found["sets"]) == {SET}
    assert set(found["sets"][SET]["limits"]) == {"macro_f1", "unsupported_f1", "calibration_error"}
    assert breaches(found, root, model) == []


@pytest.mark.parametrize(
    ("change", "word"), [({"macro_f1": 0.999}, "floor is 0.999"), ({"calibration_error": 0.0}, "ceiling is 0.000")]
)
def test_a_missed_floor_and_a_passed_ceiling(root, model, change, word):
    found = breaches(limits(root, model, **change), root, model)
    assert len(found) == 1
    assert word in found[0]
    assert found[0].startswith(f"{SET}: {next(iter(change))} is ")


def test_other_data_proves_nothing(root, model):
    found = limits(root, model)
    with (root / SET).open("a") as stream:
        stream.write("\n\n")
    assert breaches(found, root, model) == [f"{SET}: the data has changed since the floors were measured"]
    (root / SET).unlink()
    assert breaches(found, root, model) == []


def test_raising_needs_no_reason(root, model):
    low = limits(root, model, macro_f1=0.01, calibration_error=1.0)
    assert measured(low, [SET], root, model) == limits(root, model)


def test_lowering_needs_a_reason_which_stays_on_record(root, model):
    high = limits(root, model, macro_f1=0.999)
    with pytest.raises(ModelError, match=r"with a reason only: gold\.jsonl: macro_f1 0\.999 ->"):
        measured(high, [SET], root, model)
    found = measured(high, [SET], root, model, "fewer sentences to learn from")
    now = found["sets"][SET]["limits"]["macro_f1"]
    row = {"data": SET, "measure": "macro_f1", "from": 0.999, "to": now, "reason": "fewer sentences to learn from"}
    assert found["lowered"] == [row]
    assert measured(found, [SET], root, model)["lowered"] == [row]


def test_limits_are_rounded_to_the_easier_side(root, model):
    exact, rounded = measure(root / SET, model), limits(root, model)["sets"][SET]["limits"]
    for name, value in rounded.items():
        assert abs(value - exact[name]) < 0.001
        assert (value >= exact[name]) == (name == "calibration_error") or value == exact[name]


def test_challenge_folders_have_floors_too(root, model):
    folder = root / "challenge"
    folder.mkdir()
    row = {"document": "g", "text": "They own it all.", "label": "unsupported", "role": "endorsed"}
    (folder / "groups.jsonl").write_text(f"{json.dumps(row)}\n{json.dumps(row | {'role': 'record'})}\n")
    (folder / "swaps.jsonl").write_text('{"a": "Ann came.", "b": "Bob came.", "label": "documented_fact"}\n')
    found = measured({}, ["challenge"], root, model)
    assert set(found["sets"]["challenge"]["limits"]) == {
        "fair_accuracy", "endorsed_flagged", "others_flagged", "swaps_changed"
    }  # fmt: skip
    before = fingerprint(folder)
    (folder / "README.md").write_text("words")
    assert fingerprint(folder) == before
    (folder / "swaps.jsonl").write_text('{"a": "Ann left.", "b": "Bob left.", "label": "documented_fact"}\n')
    assert fingerprint(folder) != before


def test_floors_are_written_into_a_model_that_still_loads(root, model):
    folder = root / "models" / "small"
    write_floors(folder, limits(root, model))
    assert load_model(str(folder)).sha256 != model.sha256
    assert read_floors(folder) == limits(root, model)
    assert json.loads((folder / METRICS).read_text())["training"]
    assert not list(folder.glob("*.partial"))


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_unreadable_metrics(root, text):
    (root / "models" / "small" / METRICS).write_text(text)
    with pytest.raises(ModelError, match="can't be read"):
        read_floors(root / "models" / "small")


def test_a_new_model_starts_without_floors(root, model):
    assert carry_over(root / "models" / "new", model) == {}


@pytest.fixture
def recipe(root, seeds):
    """What trains the model of `root` once more."""
    lines = (seeds / "sentences.jsonl").read_text(encoding="utf-8").splitlines()[:300]
    (root / "part.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (root / "small.toml").write_text("hash_bits = 10\nvector = 8\nlayer = 8\nfolds = 2\nepochs = 2\n")
    return {"paths": [str(root / "part.jsonl")], "output": str(root / "models" / "small"), "replace": True,
            "config": str(root / "small.toml")}  # fmt: skip


def test_training_anew_keeps_the_floors(root, model, recipe):
    write_floors(root / "models" / "small", limits(root, model, macro_f1=0.01))
    make_model(Recipe(**recipe))
    assert read_floors(root / "models" / "small") == limits(root, model, macro_f1=0.01)


def test_a_worse_model_takes_no_better_ones_place_without_a_reason(root, model, recipe):
    folder = root / "models" / "small"
    write_floors(folder, limits(root, model, macro_f1=0.999))
    before = {path.name: checksum(path) for path in folder.iterdir()}
    with pytest.raises(ModelError, match=r"worse: gold\.jsonl: macro_f1 is .*--allow-regression"):
        make_model(Recipe(**recipe))
    assert {path.name: checksum(path) for path in folder.iterdir()} == before
    make_model(Recipe(**recipe, allow_regression="other labels"))
    found = read_floors(folder)
    assert found["lowered"][0]["reason"] == "other labels"
    assert breaches(found, root, load_model(str(folder))) == []


def test_tolerance_is_less_than_what_counts():
    assert 0 < floors.TOLERANCE < 0.03
