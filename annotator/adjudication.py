"""Where raters differ: in what order to settle it, and a file that the review widget opens for that."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

from annotator.errors import OutputError
from annotator.jsonl import BadLine, dumps, read_lines
from annotator.ratings import AgreementError, Ratings, Unit
from annotator.review_log import ANSWERS, Event, content_hash, log_path, now
from annotator.review_rows import Draft, read_output
from annotator.writing import STDOUT, open_output

GUIDELINE = "before adjudication"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A sentence that raters answered differently: by question, who said what; `split` in bits, over all questions."""

    unit: Unit
    answers: dict[str, dict[str, str]]
    everything: dict[str, dict[str, str]]
    split: float

    def to_json(self) -> dict[str, Any]:
        """Fields for a line of JSON."""
        return self.unit._asdict() | {"answers": self.answers, "split": round(self.split, 4)}


def disagreements(ratings: Ratings) -> list[Disagreement]:
    """Sentences that raters answered differently; the label before citation and voice, the most divided first."""
    found = []
    for row, unit in enumerate(ratings.units):
        said = {field.name: _said(field.codes[row], field.names, ratings.raters) for field in ratings.fields}
        split = {name: by for name, by in said.items() if len(set(by.values())) > 1}
        if split:
            found.append(Disagreement(unit, split, said, sum(_entropy(by.values()) for by in split.values())))
    places = {document: place for place, document in enumerate(dict.fromkeys(unit.document for unit in ratings.units))}
    return sorted(
        found, key=lambda one: ("label" not in one.answers, -one.split, places[one.unit.document], one.unit.start or 0)
    )


def _said(codes: Any, names: Sequence[str], raters: Sequence[str]) -> dict[str, str]:
    return {rater: names[code] for rater, code in zip(raters, codes, strict=True) if code >= 0}


def _entropy(answers: Any) -> float:
    counts = Counter(answers)
    total = sum(counts.values())
    return -sum(count / total * log2(count / total) for count in counts.values())


def find_output(paths: Sequence[Path | str]) -> Path:
    """The output that the raters rated: the first output among the files, or the one beside the first log.

    Raises
    ------
    AgreementError
        If there is none, so that nothing could be shown in its context.
    """
    for path in map(Path, paths):
        if path.name.endswith(".review.jsonl"):
            output = path.with_name(path.name.removesuffix(".review.jsonl") + ".jsonl")
            if output.is_file():
                return output
        elif _is_output(path):
            return path
    raise AgreementError("no-output", "a queue needs the output that was rated: name it with --output")


def _is_output(path: Path) -> bool:
    with open(path, "rb") as stream:
        _, first = next(read_lines(stream), (0, {}))
        return not isinstance(first, BadLine) and first.get("record") == "sentence"


def write_queue(queue: Sequence[Disagreement], output: Path | str, target: Path | str) -> int:
    """Write an output with its log that ``annotator review`` opens for adjudication.

    The output holds the documents that have a disagreement, the log each rater's answers on the sentences in dispute,
    so that the order "disagreements first" brings them up with who said what.

    Returns
    -------
    int
        Sentences in dispute that the output doesn't hold, and that are therefore missing.

    Raises
    ------
    OutputError
        If the target exists with decisions in its log, or can't be written.
    """
    if str(target) == STDOUT:
        raise OutputError("not-a-file", "a queue is two files, and can't go to standard output")
    if log_path(target).exists():
        raise OutputError("exists", "there are decisions in it; name another queue", path=log_path(target))
    drafts, _ = read_output(output)
    wanted = {item.unit.document for item in queue}
    placed = [(item, _draft(item, drafts)) for item in queue]
    with open_output(str(target)) as stream, open(output, "rb") as lines:
        for _, value in read_lines(lines):
            if not isinstance(value, BadLine) and value.get("document") in wanted:
                stream.write(dumps(value) + "\n")
    with open_output(str(log_path(target))) as stream:
        for item, draft in placed:
            if draft is not None:
                stream.writelines(event.line() for event in _events(item, draft))
    return sum(draft is None for _, draft in placed)


def _draft(item: Disagreement, drafts: Mapping[str, Draft]) -> Draft | None:
    draft = drafts.get(item.unit.document)
    return draft if draft is not None and _record(item.unit, draft) is not None else None


def _record(unit: Unit, draft: Draft) -> dict[str, Any] | None:
    """The line of the output that a unit is about; one without offsets must be the only sentence with its words."""
    same = [record for record in draft.records if content_hash(record["text"]) == content_hash(unit.text)]
    if unit.start is not None:
        same = [record for record in same if record["start"] == unit.start]
    return same[0] if len(same) == 1 else None


def _events(item: Disagreement, draft: Draft) -> list[Event]:
    record = _record(item.unit, draft)
    if record is None:
        return []
    found, when = [], ""
    for rater in dict.fromkeys(rater for by in item.everything.values() for rater in by):
        values = {name: item.everything.get(name, {}).get(rater, record[name]) for name in ANSWERS}
        when = now(when)
        place = (record["document"], str(record["start"]), rater, *values.values())
        found.append(
            Event(
                when=when,
                reviewer=rater,
                document=record["document"],
                index=record["index"],
                field="label",
                old=record["label"],
                new=values["label"],
                note=None,
                values=values,
                sentence=content_hash(record["text"]),
                start=record["start"],
                end=record["end"],
                **draft.context(record["start"], record["end"]),
                guideline=GUIDELINE,
                event=hashlib.sha256("\0".join(place).encode("utf-8", "surrogatepass")).hexdigest()[:16],
            )
        )
    return found
