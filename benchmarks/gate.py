"""The accuracy gate: no model in the repository falls below its floors.

    python benchmarks/gate.py [NAME ...]                              check; the exit code is the answer
    python benchmarks/gate.py --update [NAME ...]                     raise the floors to what the models reach now
    python benchmarks/gate.py --update --allow-regression REASON ...  lower them too, with the reason on record

Floors stand in ``models/NAME/metrics.json`` with a checksum of the data that they were measured on. The project's own
sentences and challenge set are always there; the development sentences of ``../shared`` are checked where they are.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
OWN = ("seeds/sentences.jsonl", "tests/challenge")
SETS = (*OWN, "../shared/corpus/dev.jsonl")


def check(name: str) -> list[str]:
    """What is wrong with a model's scores, a line each."""
    from annotator.floors import breaches, read_floors
    from annotator.model_store import find_model, load_model

    floors = read_floors(find_model(name))
    missing = [f"{path}: there is no floor on it" for path in OWN if path not in floors.get("sets", {})]
    return missing + breaches(floors, ROOT, load_model(name))


def update(name: str, reason: str | None) -> None:
    """Set a model's floors to what it reaches now."""
    from annotator.floors import measured, read_floors, write_floors
    from annotator.model_store import find_model, load_model

    folder = find_model(name)
    write_floors(folder, measured(read_floors(folder), list(SETS), ROOT, load_model(name), reason))


def main() -> int:
    """Check or update; 0 if all is well."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--allow-regression", metavar="REASON")
    wanted = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    from annotator.errors import ModelError
    from annotator.model_store import installed

    problems = []
    for name in wanted.names or [folder.name for folder in installed()]:
        try:
            if wanted.update:
                update(name, wanted.allow_regression)
            problems += [f"{name}: {line}" for line in check(name)]
        except ModelError as error:
            problems.append(f"{name}: {error}")
    print("\n".join(problems) or "every model keeps its floors")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
