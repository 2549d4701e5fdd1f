from dataclasses import dataclass
from pathlib import Path

import pytest

from annotator.accurate_recipe import settings
from annotator.encoder_trainer import TrainingConfig
from annotator.errors import LabelledDataError
from annotator.settings import read_settings

ROOT = Path(__file__).parent.parent


@dataclass
class Kind:
    base: Path
    epochs: int = 3
    rate: float = 0.1
    start: Path | None = None


def written(tmp_path, text):
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_numbers_and_takes_a_whole_one_for_a_fraction(tmp_path):
    assert read_settings(written(tmp_path, "epochs = 5\nrate = 1\n"), Kind) == {"epochs": 5, "rate": 1}


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("epoch = 5", "unknown key 'epoch'; known: epochs, rate"),
        ("base = 'x'", "unknown key 'base'"),
        ("epochs = 1.5", "epochs must be int, not 1.5"),
        ("epochs = true", "epochs must be int, not True"),
        ("epochs =", "can't be read as TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(tmp_path, text, detail):
    path = written(tmp_path, text)
    with pytest.raises(LabelledDataError, match=detail) as caught:
        read_settings(path, Kind)
    assert str(caught.value.path) == str(path)


@pytest.mark.parametrize("tier", ["accurate", "best"])
def test_the_settings_of_the_shipped_tiers_are_settings(tier, tmp_path):
    found = settings(str(tmp_path), None, str(ROOT / "models" / f"{tier}.toml"))
    assert (found.base, found.start) == (tmp_path, None)
    assert found != TrainingConfig(tmp_path)


def test_learning_on_starts_from_the_encoder_of_a_model(tmp_path):
    assert settings(str(tmp_path), "accurate", None).start == ROOT / "models" / "accurate" / "encoder.onnx"
