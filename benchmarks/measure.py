"""Measure everything that the documentation states, and keep it in ``benchmarks/results.json``.

    python benchmarks/measure.py [--shared ../shared]

Needs the public gold sets of ``../shared``, which are not part of the project. Speeds are not kept: machines are noisy;
run `benchmarks/throughput.py` for those.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results.json"


def scorer(shared: Path, name: str) -> ModuleType:
    """One of the scoring programs that come with the gold sets."""
    spec = importlib.util.spec_from_file_location(name, shared / "bench" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def splitting(shared: Path) -> dict[str, dict[str, float]]:
    """Boundary and exact-sentence F1 (0 to 100) of the splitter on each gold set."""
    from annotator.splitting import split_all

    bench, found = scorer(shared, "score_split"), {}
    for name in bench.SETS:
        lines = (shared / "bench" / "gold" / f"split_{name}.jsonl").read_text(encoding="utf-8").splitlines()
        documents = [json.loads(line) for line in lines]
        boundary, exact = bench.score(documents, split_all([document["text"] for document in documents]))
        found[name] = {"boundary_f1": round(100 * boundary, 1), "exact_f1": round(100 * exact, 1)}
    return found


def labels(shared: Path) -> dict[str, dict[str, Any]]:
    """Scores of each installed model on the development sentences and on the project's challenge set."""
    from annotator.challenge import score_challenge
    from annotator.model_store import installed, load_model
    from annotator.scoring import score_model, source_overlap

    path, found = str(shared / "corpus" / "dev.jsonl"), {}
    for folder in installed():
        model = load_model(folder.name)
        report = score_model(path, model).to_json()
        kept = ("sentences", "documents", "macro_f1", "calibration_error", "label", "citation", "intervals")
        found[folder.name] = {name: report[name] for name in kept} | {
            "source_overlap": round(source_overlap(path, model), 3),
            "challenge": score_challenge(ROOT / "tests" / "challenge", model).to_json(),
        }
    return found


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    shared = parser.parse_args().shared
    sys.path.insert(0, str(ROOT))
    results = {"splitting": splitting(shared), "models": labels(shared)}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(f"written: {RESULTS}; now run benchmarks/figures.py")


if __name__ == "__main__":
    main()
