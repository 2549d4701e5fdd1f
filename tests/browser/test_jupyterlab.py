"""The review notebook in a real JupyterLab: decide by keyboard, reload the page, kill the kernel, go on."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from urllib.error import URLError

import pytest

from annotator.review_log import live, read_log
from annotator.review_rows import read_output
from tests.conftest import ROOT

NOTEBOOK = "notebooks/review_labels.ipynb"
TOKEN = "for-this-test-only"
LABELS = ("documented_fact", "interpretation", "unsupported", "no_claim")


@pytest.fixture
def lab(tmp_path):
    """JupyterLab on a copy of the notebook and the seeds; yields its address, its process and the project's folder."""
    pytest.importorskip("jupyterlab", reason="the group 'notebook' is not installed")
    pytest.importorskip("anywidget", reason="the group 'notebook' is not installed")
    folder = tmp_path / "project"
    (folder / "notebooks").mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / "review_labels.ipynb", folder / "notebooks")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = {"HOME": str(tmp_path / "home"), "JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
    home |= {"IPYTHONDIR": str(tmp_path / "ipython"), "PYTHONPATH": str(ROOT), "JUPYTER_PREFER_ENV_PATH": "1"}
    options = {"ip": "127.0.0.1", "port": port, "root_dir": folder, "open_browser": False, "allow_root": True}
    arguments = [f"--ServerApp.{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "jupyterlab", *arguments, f"--IdentityProvider.token={TOKEN}"]
    command += ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    with (tmp_path / "lab.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | home, start_new_session=True)
    yield f"http://127.0.0.1:{port}", process, folder
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(20)


def start_kernel(base):
    """Start the notebook's kernel once the server answers, so that JupyterLab has none to ask for."""
    session = {"path": NOTEBOOK, "type": "notebook", "name": "", "kernel": {"name": "python3"}}
    headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{base}/api/sessions", json.dumps(session).encode(), headers)
    for _ in range(200):
        try:
            with urllib.request.urlopen(request) as response:
                return json.load(response)
        except URLError:
            time.sleep(0.3)
    raise AssertionError("JupyterLab did not start")


def kill_kernel(process):
    """Kill -9 the kernels that this JupyterLab started."""
    psutil = pytest.importorskip("psutil")
    found = [
        child for child in psutil.Process(process.pid).children() if "ipykernel_launcher" in " ".join(child.cmdline())
    ]
    assert found
    for child in found:
        os.kill(child.pid, signal.SIGKILL)


def open_notebook(page, base):
    page.goto(f"{base}/lab/tree/{NOTEBOOK}?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)


def run_all(page):
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    widget(page).locator(".current").wait_for(timeout=90_000)
    page.wait_for_timeout(500)


def widget(page):
    return page.locator(".annotator-review").last


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(30)
        page.wait_for_selector(".annotator-review[aria-busy=false]")


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_review_in_jupyterlab(chromium, lab, picture):
    base, process, folder = lab
    page = chromium.new_page(viewport={"width": 1440, "height": 1000})
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)) if "annotator" in str(error) else None)
    start_kernel(base)
    open_notebook(page, base)
    run_all(page)
    log, (drafts, _) = folder / "out" / "review.review.jsonl", read_output(folder / "out" / "review.jsonl")
    rows = [row for draft in drafts.values() for row in draft.rows]
    widget(page).focus()
    expected = []
    for number in range(20):
        label = LABELS[number % 4]
        same = rows[number].record["label"] == label
        expected.append((number, "decision", "accepted") if same else (number, "label", label))
        press(page, str(number % 4 + 1))
    assert logged(log) == expected

    # Letters that JupyterLab's command mode knows too (b adds a cell, x cuts one) must reach the widget alone.
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    press(page, "u", "f", "b", "x")
    for key in ("s", "ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    press(page, "Enter")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    undone = read_log(log).events[19].event
    assert logged(log)[20:23] == [(19, "undo", undone), (19, "flag", True), (19, "voice", "rebutted")]
    assert logged(log)[23] == (19, "decision", "skipped")
    row, field, spans = logged(log)[24]
    assert (row, field, len(spans)) == (20, "sources", max(1, len(rows[20].record["sources"])))
    picture(page, "jupyterlab")

    # The page is loaded again: the kernel lives on, and so does the review.
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1500)
    page.reload()
    widget(page).locator(".current").wait_for(timeout=60_000)
    assert "19 of" in widget(page).locator(".counts").inner_text()
    widget(page).focus()
    press(page, "3")
    before = logged(log)
    assert len(before) == 26

    # The kernel is killed: the next key says that it wasn't heard; run again, everything confirmed is there.
    kill_kernel(process)
    page.keyboard.press("1")
    widget(page).locator(".alert:not([hidden])").wait_for(timeout=20_000)
    assert "may not be saved" in widget(page).locator(".alert").inner_text()
    assert logged(log) == before
    open_notebook(page, base)
    for button in page.get_by_role("button", name="Ok").all():
        button.click()
    run_all(page)
    assert "20 of" in widget(page).locator(".counts").inner_text()
    widget(page).focus()
    press(page, "Enter")
    assert logged(log)[:-1] == before
    assert logged(log)[-1][1:] == ("decision", "accepted")
    assert len(live(read_log(log).events)) == 25
    assert wrong == []
    page.close()


def logged(log):
    return [(event.index, event.field, event.new) for event in read_log(log).events]
