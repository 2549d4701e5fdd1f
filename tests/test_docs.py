import re

import pytest

from benchmarks import figures

from .conftest import ROOT
from .test_cli import COMMANDS

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_stands_in_the_readme(words):
    assert f"annotator {' '.join(words)}" in README


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!http)([^)#]+)\)", README))))
def test_links_lead_somewhere(target):
    assert (ROOT / target).exists()


@pytest.mark.parametrize("path", figures.DOCS, ids=str)
def test_figures_are_those_that_were_measured(path):
    assert figures.replaced(path) == path.read_text(encoding="utf-8"), "run `python benchmarks/figures.py`"


def test_changelog_has_this_version():
    import annotator

    assert f"## {annotator.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
