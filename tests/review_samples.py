"""Small outputs to review, made by hand: lines by the contract without running a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from annotator.jsonl import dumps
from annotator.record import LABELS

LETTER = (
    "The dam was opened in 1931.",
    "According to Ada Moll, the walls were too thin.",
    "Everybody knows who paid the builders 🏗️.",
    "It was probably the finest work of its decade.",
    "See also",
)
GUESSES = ("documented_fact", "interpretation", "unsupported", "interpretation", "no_claim")


def sentence(document: str, index: int, start: int, text: str, label: str, chance: float = 0.7) -> dict[str, Any]:
    rest = round((1 - chance) / 3, 4)
    return {
        "record": "sentence", "document": document, "index": index, "start": start, "end": start + len(text),
        "text": text, "block": "body", "label": label,
        "probabilities": {name: chance if name == label else rest for name in LABELS},
        "needs_review": chance < 0.5, "citation": "none", "cites_source": False, "voice": "author",
        "sources": [], "claims": [], "reasons": [],
    }  # fmt: skip


def letter(name: str = "letter.txt", texts: tuple[str, ...] = LETTER) -> list[dict[str, Any]]:
    lines, start = [], 0
    for index, text in enumerate(texts):
        label = GUESSES[index % len(GUESSES)]
        lines.append(sentence(name, index, start, text, label, chance=0.9 - 0.15 * (index % 5)))
        start += len(text) + 1
    ada = lines[1]["text"].find("Ada Moll") if len(lines) > 1 else -1
    if ada >= 0:
        at = lines[1]["start"] + ada
        cue = {"cue": "According to", "cue_start": lines[1]["start"], "cue_end": lines[1]["start"] + 12}
        graded = {"kind": "person", "traceability": 1, "reliability": "weak", "why": ["named person"]}
        source = {"text": "Ada Moll", "start": at, "end": at + 8, **cue, **graded, "carried_from": None}
        lines[1] |= {"citation": "explicit", "cites_source": True, "voice": "reported", "sources": [source]}
        word = lines[1]["start"] + lines[1]["text"].find("too thin")
        lines[1]["reasons"] = [
            {"text": "too thin", "start": word, "end": word + 8, "for": "interpretation", "weight": 0.8}
        ]
    return lines


def write(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(f"{dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def pronoun(name: str = "pronoun.txt") -> list[dict[str, Any]]:
    """A source named in full, by a pronoun in the next sentence, and carried to the last."""
    lines = letter(name, ("Ada Moll kept the mill.", "She said that it was sold.", "It stood empty for years."))
    full = {
        "text": "Ada Moll", "start": 0, "end": 8, "cue": "said", "cue_start": 28, "cue_end": 32, "kind": "person",
        "traceability": 1, "reliability": "weak", "why": ["named person"], "carried_from": None, "name": "Ada Moll",
        "mention": "She", "mention_start": 24, "mention_end": 27, "rating": None,
    }  # fmt: skip
    lines[1] |= {"citation": "explicit", "cites_source": True, "voice": "reported", "sources": [full]}
    nowhere = {"mention": None, "mention_start": None, "mention_end": None}
    lines[2] |= {"citation": "carried", "cites_source": True, "voice": "reported"}
    lines[2]["sources"] = [full | nowhere | {"carried_from": 1, "cue": None, "cue_start": None, "cue_end": None}]
    return lines
