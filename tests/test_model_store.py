import io
import json
import pickle
import random
import shutil
import zipfile
from dataclasses import replace

import pytest
import skops.io

from annotator import model_store
from annotator.errors import ModelError
from annotator.model_store import CONFIG, METRICS, WEIGHTS, checksum, find_model, installed, load_model, save_model


@pytest.fixture
def folder(tmp_path, small_model):
    path = tmp_path / "small"
    shutil.copytree(small_model, path)
    return path


def forge(folder, **changes):
    """Change config.json, and make the checksums fit what lies in the folder."""
    config = json.loads((folder / CONFIG).read_text())
    config["files"] = {file: checksum(folder / file) for file in config["files"]}
    (folder / CONFIG).write_text(json.dumps(config | changes))


def reason(folder):
    with pytest.raises(ModelError) as caught:
        load_model(str(folder))
    return caught.value.reason


def test_a_saved_model_gives_the_same_answers(folder):
    one, two = load_model(str(folder)), load_model(str(folder))
    assert one.sha256 == two.sha256 == checksum(folder / CONFIG)


@pytest.mark.parametrize("name", [path.name for path in installed()])
def test_every_shipped_model_loads_and_has_its_card(name):
    model = load_model(name)
    assert model.labels == ["documented_fact", "interpretation", "unsupported", "no_claim"]
    assert (find_model(name) / "README.md").read_text(encoding="utf-8").startswith("# Model")


def test_missing_model_names_those_installed():
    with pytest.raises(ModelError, match=r"installed are: .*fast"):
        load_model("nothing")


@pytest.mark.parametrize("file", [WEIGHTS, METRICS])
def test_missing_file(folder, file):
    (folder / file).unlink()
    assert reason(folder) == "missing-file"


def test_every_bit_is_checked(folder):
    data = bytearray((folder / WEIGHTS).read_bytes())
    chance = random.Random(1921)
    for _ in range(20):
        place = chance.randrange(len(data))
        data[place] ^= 1 << chance.randrange(8)
        (folder / WEIGHTS).write_bytes(data)
        assert reason(folder) == "altered"
        data = bytearray((folder / WEIGHTS).read_bytes())


@pytest.mark.parametrize("share", [0, 0.3, 0.99])
def test_truncated(folder, share):
    data = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(data[: int(len(data) * share)])
    assert reason(folder) == "altered"
    forge(folder)
    assert reason(folder) == "bad-weights"


class Evil:
    def __reduce__(self):
        return print, ("this must never run",)


def test_a_pickle_is_never_opened(folder, capsys):
    (folder / WEIGHTS).write_bytes(pickle.dumps(Evil()))
    forge(folder)
    assert reason(folder) == "bad-weights"
    assert capsys.readouterr().out == ""


def test_an_unknown_type_is_refused(folder):
    skops.io.dump(random.Random(1), folder / WEIGHTS)
    forge(folder)
    assert reason(folder) == "bad-weights"


def test_another_object_is_refused(folder):
    skops.io.dump({"a": 1}, folder / WEIGHTS)
    forge(folder)
    assert reason(folder) == "bad-weights"


def test_a_zip_bomb_is_refused(folder, monkeypatch):
    monkeypatch.setattr(model_store, "MAX_WEIGHTS", 1000)
    with zipfile.ZipFile(folder / WEIGHTS, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", b"0" * 100_000)
    forge(folder)
    assert reason(folder) == "too-large"


def test_a_file_outside_the_folder_is_refused(folder):
    config = json.loads((folder / CONFIG).read_text())
    config["files"]["../secret"] = "0" * 64
    (folder / CONFIG).write_text(json.dumps(config))
    assert reason(folder) == "bad-config"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"format": 99}, "bad-config"),
        ({"sklearn": "0.1.0"}, "other-version"),
        ({"labels": ["a", "b"]}, "other-answer"),
        ({"probe": [0.0, 0.0, 0.0, 1.0]}, "other-answer"),
    ],
)
def test_foreign_config(folder, changes, expected):
    forge(folder, **changes)
    assert reason(folder) == expected


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}'])
def test_broken_config(folder, text):
    (folder / CONFIG).write_text(text)
    assert reason(folder) == "bad-config"


def test_saving_replaces_a_model_and_nothing_else(folder, tmp_path):
    model = load_model(str(folder))
    save_model(folder, replace(model, name="other", review_below=0.4), {}, card="# Model")
    assert load_model(str(folder)).review_below == 0.4
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("precious")
    with pytest.raises(ModelError, match="no model"):
        save_model(tmp_path / "letters", model, {}, card="")
    assert (tmp_path / "letters" / "a.txt").read_text() == "precious"


def test_failing_to_save_leaves_the_old_model(folder, monkeypatch):
    before = (folder / CONFIG).read_bytes()
    model = load_model(str(folder))

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(skops.io, "dump", full)
    with pytest.raises(ModelError, match="No space left"):
        save_model(folder, model, {}, card="")
    assert (folder / CONFIG).read_bytes() == before
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name]


def test_weights_are_no_pickle(folder):
    with zipfile.ZipFile(io.BytesIO((folder / WEIGHTS).read_bytes())) as archive:
        assert not any(archive.read(name).startswith(b"\x80") for name in archive.namelist())
