"""A real browser: Debian's Chromium driven by Playwright; tests are skipped, with the reason, where it is absent."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.review import Review
from annotator.review_desk import GUIDELINES, Desk, guideline_version
from annotator.review_server import ReviewServer
from tests.conftest import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PICTURES = ROOT / "out" / "screenshots"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    driver = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: the group 'browser'")
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page that fails the test if a script on it fails, a dialog opens, or anything is loaded from elsewhere."""
    made = chromium.new_page(viewport={"width": 1360, "height": 900})
    wrong: list[str] = []
    made.on("pageerror", lambda error: wrong.append(str(error)))
    made.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    made.set_default_timeout(10_000)
    made.on(
        "request",
        lambda request: (
            "//127.0.0.1:" in request.url or request.url[:5] in ("data:", "blob:") or wrong.append(request.url)
        ),
    )
    yield made
    made.close()
    assert wrong == []


@pytest.fixture
def serve() -> Iterator[Callable[..., ReviewServer]]:
    """Serve the review of an output, as `annotator review` does, until the test ends."""
    running: list[tuple[ReviewServer, threading.Thread]] = []

    def start(output: Path, reviewer: str = "ann") -> ReviewServer:
        text = GUIDELINES.read_text(encoding="utf-8")
        server = ReviewServer(Desk(Review(output, reviewer, guideline=guideline_version(text)), text))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        running.append((server, thread))
        return server

    yield start
    for server, thread in running:
        stop(server, thread)


def stop(server: ReviewServer, thread: threading.Thread | None = None) -> None:
    server.shutdown()
    if thread is not None:
        thread.join()
    server.server_close()
    server.desk.review.close()


@pytest.fixture
def picture() -> Callable[[Any, str], None]:
    """Keep a screenshot beside the other test artefacts, out of git."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return lambda page, name: page.screenshot(path=PICTURES / f"{name}.png")
