"""How long a reviewer waits for the next sentence: keys in a real browser, decisions in a real log.

Run with ``python benchmarks/review_latency.py [SENTENCES [KEYS]]``; needs the group ``browser`` and Chromium. A time
runs from the key to the frame that shows the next sentence, with the decision on the disk by then.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

from annotator.jsonl import dumps
from annotator.record import LABELS
from annotator.review import Review
from annotator.review_desk import Desk
from annotator.review_log import read_log
from annotator.review_server import ReviewServer

FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"
PRESS = """async (keys) => {
  const root = document.querySelector(".annotator-review"), times = [];
  const shown = () => document.querySelector(".where").textContent;
  for (let n = 0; n < keys; n += 1) {
    const before = shown(), start = performance.now();
    root.dispatchEvent(new KeyboardEvent("keydown", { key: String(n % 4 + 1), bubbles: true }));
    while (shown() === before) await new Promise((resolve) => setTimeout(resolve));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    times.push(performance.now() - start);
  }
  return times;
}"""


def output(folder: Path, sentences: int) -> Path:
    """One document of so many sentences."""
    path, start = folder / "big.jsonl", 0
    with path.open("w", encoding="utf-8") as stream:
        for index in range(sentences):
            text = f"The gauge at station {index} read {index % 97} centimetres on the morning of the flood, they say."
            record = {
                "record": "sentence", "document": "big.txt", "index": index, "start": start, "end": start + len(text),
                "text": text, "label": LABELS[0], "probabilities": dict.fromkeys(LABELS, 0.25), "needs_review": True,
                "citation": "none", "cites_source": False, "voice": "author", "sources": [], "claims": [],
                "reasons": [],
            }  # fmt: skip
            stream.write(dumps(record) + "\n")
            start += len(text) + 1
    return path


def main(sentences: int = 10_000, keys: int = 100) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        review = Review(output(Path(folder), sentences), "benchmark")
        server = ReviewServer(Desk(review))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS.split())
        page = browser.new_page(viewport={"width": 1360, "height": 900})
        page.goto(server.url)
        page.wait_for_selector(".current")
        times = sorted(page.evaluate(PRESS, keys))
        browser.close()
        server.shutdown()
        server.server_close()
        review.close()
        saved = len(read_log(review.log).events)
    print(f"{sentences:,} sentences, {keys} keys, {saved} decisions saved")
    print(
        f"median {statistics.median(times):.0f} ms, 95 % {times[int(keys * 0.95) - 1]:.0f} ms, most {times[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
