"""Fixtures shared by all tests: where things lie, and one loaded model."""

from __future__ import annotations

from pathlib import Path

import pytest

import annotator

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of third-party texts, which is not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("../shared, which holds third-party texts, is absent")
    return SHARED


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def tool() -> annotator.Annotator:
    return annotator.load()


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    """Folder of a model trained in seconds on a part of the seeds."""
    from annotator.recipe import Recipe, make_model

    folder = tmp_path_factory.mktemp("models")
    lines = (seeds / "sentences.jsonl").read_text(encoding="utf-8").splitlines()[:300]
    (folder / "part.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "small.toml").write_text("hash_bits = 10\nvector = 8\nlayer = 8\nfolds = 2\nepochs = 2\n")
    make_model(Recipe([str(folder / "part.jsonl")], str(folder / "small"), str(folder / "small.toml")))
    return folder / "small"
