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
from bisect import bisect_right
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
        kept = (
            "sentences",
            "documents",
            "macro_f1",
            "calibration_error",
            "accuracy_at_60_coverage",
            "label",
            "citation",
            "intervals",
        )
        found[folder.name] = {name: report[name] for name in kept} | {
            "source_overlap": round(source_overlap(path, model), 3),
            "challenge": score_challenge(ROOT / "tests" / "challenge", model).to_json(),
        }
    return found


def spans(shared: Path) -> dict[str, dict[str, float]]:
    """F1 of the parts of attributions on PolNeAR: of all that are marked there, and of reported speech."""
    from annotator import attributions

    bench, counts = scorer(shared, "score_spans"), {"complete": {}, "reported": {}}
    for line in bench.GOLD.read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        tokens = bench.Tokens(document["text"])
        parts = ("source", "cue", "content")
        gold = [
            {part: tokens(one.get(part, [])) for part in parts} | {scope: one[scope] for scope in counts}
            for one in document["attributions"]
        ]
        said = [
            {"source": tokens([one.source] if one.source else []), "cue": tokens([one.cue] if one.cue else [])}
            | {"content": tokens(one.content)}
            for one in attributions(document["text"])
        ]
        for scope, rows in counts.items():
            bench.score(gold, said, scope, rows)
    return {scope: {key: _f1(*row) for key, row in rows.items() if key != "speaker"} for scope, rows in counts.items()}


def _f1(hit: int, said: int, gold: int) -> float:
    return round(2 * hit / max(said + gold, 1), 3)


def cited_sentences(shared: Path) -> dict[str, dict[str, float]]:
    """F1 of the sentences that hold an attribution, and recall on those without quotation marks."""
    from annotator import attributions

    bench, found = scorer(shared, "score_attribution"), {}
    for name in bench.SETS:
        hit = said = gold = quiet_hit = quiet_gold = 0
        for line in (bench.GOLD / f"attr_{name}.jsonl").read_text(encoding="utf-8").splitlines():
            sentences = json.loads(line)["sents"]
            for sentence, answer in zip(
                sentences, holds_cue([row["text"] for row in sentences], attributions), strict=True
            ):
                quiet = not set(sentence["text"]) & set('"“”«»')
                hit, said, gold = hit + (sentence["cue"] and answer), said + answer, gold + sentence["cue"]
                quiet_hit += quiet and sentence["cue"] and answer
                quiet_gold += quiet and sentence["cue"]
        found[name] = {"f1": _f1(hit, said, gold), "quiet_recall": round(quiet_hit / max(quiet_gold, 1), 3)}
    return found


def holds_cue(texts: list[str], attributions: Any) -> list[bool]:
    """Whether each sentence of a document, a line each, holds the cue of an attribution."""
    starts, answers = [0], [False] * len(texts)
    for text in texts:
        starts.append(starts[-1] + len(text) + 1)
    for one in attributions("\n".join(texts)):
        place = one.cue or one.source
        if place is not None:
            answers[bisect_right(starts, place.start) - 1] = True
    return answers


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    shared = parser.parse_args().shared
    sys.path.insert(0, str(ROOT))
    results = {"splitting": splitting(shared), "models": labels(shared)}
    results |= {"spans": spans(shared), "cited_sentences": cited_sentences(shared)}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(f"written: {RESULTS}; now run benchmarks/figures.py")


if __name__ == "__main__":
    main()
