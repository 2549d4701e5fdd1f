"""A challenge set: does the model flag what is asserted or the words it is told in, and does a name move a label?

A folder holds ``groups.jsonl``, ``swaps.jsonl`` or both. The lines of a group do different things with the same words:
one *endorses* a plot, the others report, rebut or soberly record it; each has a ``role``, labels that are ``allowed``
besides its own, and, if endorsed, a ``kind``. A swap is one sentence with two names. Neither a group nor a swap is a
text: every sentence is judged as a document of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from annotator import gold, jsonl
from annotator.errors import LabelledDataError
from annotator.gold import LabelledSentence
from annotator.model import Model
from annotator.record import Verdict
from annotator.scoring import annotate_gold, check_labels, write_predictions

GROUPS, SWAPS = "groups.jsonl", "swaps.jsonl"
ENDORSED, FLAG = "endorsed", "unsupported"
_SIDES = ("a", "b")
_PLACES = 4
Pair = tuple[LabelledSentence, Verdict]


@dataclass(frozen=True, slots=True)
class ChallengeReport:
    """What `score_challenge` found; ``groups`` or ``swaps`` is None where its file is absent.

    Strict scores count the line's own label as right, fair ones every label that it allows. A sentence that isn't
    endorsed and comes out as `unsupported` is wrong under both.
    """

    groups: dict[str, Any] | None
    swaps: dict[str, Any] | None

    def to_json(self) -> dict[str, Any]:
        """One JSON object."""
        return {"groups": self.groups, "swaps": self.swaps}

    def to_text(self) -> str:
        """The same for people."""
        lines = [*_group_lines(self.groups or {}), *_swap_lines(self.swaps or {})]
        return "\n".join(lines) + "\n"


def score_challenge(folder: Path | str, model: Model, predictions: str | None = None) -> ChallengeReport:
    """Score a model on the challenge set of a folder; optionally write its answer to every sentence.

    Raises
    ------
    LabelledDataError
        If there is no such set, a line of it is broken, or the model doesn't know a label of it.
    OutputError
        If the predictions can't be written.
    """
    folder = Path(folder)
    if not any((folder / name).is_file() for name in (GROUPS, SWAPS)):
        raise LabelledDataError("no-challenge", f"there is neither {GROUPS} nor {SWAPS} in it", path=folder)
    grouped = _read_groups(folder / GROUPS) if (folder / GROUPS).is_file() else []
    swapped = _read_swaps(folder / SWAPS) if (folder / SWAPS).is_file() else []
    check_labels(grouped, model, folder / GROUPS)
    check_labels(swapped, model, folder / SWAPS)
    answers = list(annotate_gold([gold.rebuild([line]) for line in [*grouped, *swapped]], model))
    if predictions is not None:
        write_predictions(predictions, [*grouped, *swapped], answers)
    verdicts = [answer.verdict for answer in answers]
    return ChallengeReport(
        _score_groups(list(zip(grouped, verdicts[: len(grouped)], strict=True))) if grouped else None,
        _score_swaps(list(zip(swapped, verdicts[len(grouped) :], strict=True))) if swapped else None,
    )


def _read_groups(path: Path) -> list[LabelledSentence]:
    lines = gold.read_labelled(path)
    for line in lines:
        if not isinstance(line.extra.get("role"), str):
            raise LabelledDataError("bad-field", 'the field "role" must be a text', path=path, line=line.line)
        if not isinstance(line.extra.get("allowed", []), list):
            raise LabelledDataError("bad-field", 'the field "allowed" must be a list', path=path, line=line.line)
    return lines


def _read_swaps(path: Path) -> list[LabelledSentence]:
    """Both sides of every swap, one after the other."""
    found = []
    with path.open("rb") as stream:
        for number, value in jsonl.read_lines(stream):
            if isinstance(value, jsonl.BadLine):
                raise LabelledDataError(value.reason, value.detail, path=path, line=number)
            for name in (*_SIDES, "label"):
                if not isinstance(value.get(name), str) or not value[name].strip():
                    detail = f'the field "{name}" must be a text that is not empty'
                    raise LabelledDataError("bad-field", detail, path=path, line=number)
            identity, extra = str(value.get("id", number)), {"kind": str(value.get("kind", "not stated"))}
            found += [
                LabelledSentence(f"{identity}.{side}", identity, value[side], value["label"], extra=extra, line=number)
                for side in _SIDES
            ]
    return found


def _is_strict(pair: Pair) -> bool:
    return pair[1].label == pair[0].label


def _is_fair(pair: Pair) -> bool:
    line, verdict = pair
    allowed = {line.label, *line.extra.get("allowed", ())}
    return verdict.label in allowed and (verdict.label != FLAG or line.label == FLAG)


def _is_flagged(pair: Pair) -> bool:
    return pair[1].label == FLAG


def _score_groups(pairs: Sequence[Pair]) -> dict[str, Any]:
    endorsed = [pair for pair in pairs if pair[0].extra["role"] == ENDORSED]
    others = [pair for pair in pairs if pair[0].extra["role"] != ENDORSED]
    groups = [list(run) for _, run in groupby(pairs, key=lambda pair: pair[0].document)]
    return {
        "sentences": len(pairs),
        "groups": len(groups),
        "accuracy": _share(_is_strict, pairs),
        "fair_accuracy": _share(_is_fair, pairs),
        "whole_groups": _share(lambda run: all(map(_is_strict, run)), groups),
        "fair_whole_groups": _share(lambda run: all(map(_is_fair, run)), groups),
        "endorsed_flagged": _share(_is_flagged, endorsed),
        "others_flagged": _share(_is_flagged, others),
        "roles": _by("role", pairs),
        "endorsed_by_kind": _by("kind", endorsed),
    }


def _by(name: str, pairs: Sequence[Pair]) -> dict[str, dict[str, float | None]]:
    values = dict.fromkeys(str(line.extra.get(name, "not stated")) for line, _ in pairs)
    found: dict[str, dict[str, float | None]] = {}
    for value in values:
        rows = [pair for pair in pairs if str(pair[0].extra.get(name, "not stated")) == value]
        scores = {"accuracy": _is_strict, "fair_accuracy": _is_fair, "flagged": _is_flagged}
        found[value] = {"sentences": len(rows)} | {key: _share(test, rows) for key, test in scores.items()}
    return found


def _score_swaps(pairs: Sequence[Pair]) -> dict[str, Any]:
    couples = list(zip(pairs[::2], pairs[1::2], strict=True))
    changed = [one[0] for one, other in couples if one[1].label != other[1].label]
    shifts = [abs(one[1].probabilities[one[0].label] - other[1].probabilities[one[0].label]) for one, other in couples]
    return {
        "pairs": len(couples),
        "accuracy": _share(_is_strict, pairs),
        "changed": round(len(changed) / len(couples), _PLACES),
        "mean_shift": round(sum(shifts) / len(shifts), _PLACES),
        "largest_shift": round(max(shifts), _PLACES),
        "changed_pairs": [line.document for line in changed],
    }


def _share(test: Callable[[Any], bool], items: Sequence[Any]) -> float | None:
    return round(sum(map(test, items)) / len(items), _PLACES) if items else None


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _group_lines(found: dict[str, Any]) -> Iterator[str]:
    if not found:
        return
    yield f"{found['sentences']:,} sentences in {found['groups']:,} minimal groups, each judged alone"
    yield f"accuracy {_shown(found['accuracy'])}; where a second label is allowed {_shown(found['fair_accuracy'])}"
    whole = f"{_shown(found['whole_groups'])}; where a second label is allowed {_shown(found['fair_whole_groups'])}"
    yield f"groups with every sentence right {whole}"
    flagged = f"{_shown(found['endorsed_flagged'])} of the endorsed, {_shown(found['others_flagged'])} of the others"
    yield f"flagged as {FLAG}: {flagged} (1 and 0 are right)"
    for title, name in (("role", "roles"), ("kind of the endorsed", "endorsed_by_kind")):
        yield ""
        yield f"{title:<24} {'flagged':>9} {'accuracy':>9} {'fair':>9} {'sentences':>9}"
        for value, row in found[name].items():
            figures = f"{row['flagged']:>9.3f} {row['accuracy']:>9.3f} {row['fair_accuracy']:>9.3f}"
            yield f"{value:<24} {figures} {row['sentences']:>9,}"
    yield ""


def _swap_lines(found: dict[str, Any]) -> Iterator[str]:
    if not found:
        return
    yield f"{found['pairs']:,} swaps of one name for another: label changed in {found['changed']:.3f}"
    shift = f"{found['mean_shift']:.3f} on average, {found['largest_shift']:.3f} at most"
    yield f"accuracy over both sides {found['accuracy']:.3f}; the right label's chance moves by {shift}"
    yield f"changed: {', '.join(found['changed_pairs']) or 'none'}"
