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
