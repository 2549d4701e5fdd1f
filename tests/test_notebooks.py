"""Every notebook runs from the top to the bottom, and carries no outputs in git."""

import json
import os
import shutil

import pytest

import annotator
from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.name for path in NOTEBOOKS]


def test_the_notebooks_are_there():
    assert "review_labels.ipynb" in NAMES


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_carries_no_outputs_and_no_traces_of_a_run(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None
        assert set(cell["metadata"]) <= {"tags"}
    assert set(notebook["metadata"]) <= {"kernelspec", "language_info"}
    assert notebook["metadata"]["language_info"] == {"name": "python"}


def test_the_review_takes_ten_short_cells():
    notebook = json.loads((ROOT / "notebooks" / "review_labels.ipynb").read_text(encoding="utf-8"))
    assert len(notebook["cells"]) <= 10
    assert max(len("".join(cell["source"]).splitlines()) for cell in notebook["cells"]) <= 8


def test_hostile_text_in_a_frame_is_shown_as_text(tool):
    text = "<script>alert(1)</script> was said. <img src=x onerror=alert(1)> stood there."
    frame = annotator.sentences_frame([tool(text, id="<b>id</b>")])
    shown = frame._repr_html_()
    assert "&lt;script&gt;" in shown
    for tag in ("<script", "<img", "<b>"):
        assert tag not in shown


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_runs_from_top_to_bottom(path, tmp_path, monkeypatch):
    nbclient = pytest.importorskip("nbclient", reason="the group 'notebook' is not installed")
    import nbformat

    folder = tmp_path / "project"
    (folder / "notebooks").mkdir(parents=True)
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("MPLBACKEND", "agg")
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3")
    client.execute(cwd=str(folder / "notebooks"), env=dict(os.environ))
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [output for output in shown if output.output_type == "error"] == []
    assert [output for output in shown if output.get("name") == "stderr"] == []
    if path.name == "review_labels.ipynb":
        assert any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in shown)
        assert (folder / "out" / "reviewed.jsonl").exists()
        assert (folder / "out" / "review.review.jsonl").exists()
