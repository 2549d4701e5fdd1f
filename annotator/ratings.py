"""Who answered what: the sentences of review logs, outputs and labelled files side by side, one column a rater.

Reviewers are raters by their name, wherever their events lie; an output or a labelled file is one rater, named after
the file. Nothing is matched by likeness: a sentence must have the same words, and the same place or the same rank among
the equal sentences of its document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from annotator import review_log
from annotator.errors import AnnotatorError, ReadError
from annotator.gold import read_labelled
from annotator.jsonl import BadLine, read_lines
from annotator.record import CITATIONS, LABELS, VOICES
from annotator.review_log import ANSWERS, content_hash
from annotator.review_rows import read_output

USUAL = {"label": LABELS, "citation": CITATIONS, "voice": VOICES}


class AgreementError(AnnotatorError):
    """The files hold nothing whose agreement could be measured."""


class Rating(NamedTuple):
    """Answers of one rater on one sentence; without `start` where the file has only an `id`; `rank`: place in it."""

    rater: str
    document: str
    text: str
    start: int | None
    end: int | None
    rank: int
    answers: Mapping[str, str]
    id: str = ""


class Unit(NamedTuple):
    """A sentence that somebody rated: `start` and `end` are None where no file says where it stands."""

    document: str
    text: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Field:
    """Answers to one question as a table.

    `codes` is (units, raters): the place of the answer in `names`, -1 where there is none.
    """

    name: str
    names: list[str]
    codes: np.ndarray


@dataclass(frozen=True, slots=True)
class Ratings:
    """Sentences, raters, and a table of answers for each question that at least two raters answered.

    `skipped` counts what was left out, by file and reason; `alone` counts the sentences with one rater, by document.
    """

    units: list[Unit]
    raters: list[str]
    fields: list[Field]
    skipped: dict[str, Counter[str]] = field(default_factory=dict)
    alone: Counter[str] = field(default_factory=Counter)

    @property
    def documents(self) -> np.ndarray:
        """Document of each unit, as numbers from 0."""
        places: dict[str, int] = {}
        return np.array([places.setdefault(unit.document, len(places)) for unit in self.units], dtype=int)


def read_ratings(paths: Sequence[Path | str]) -> Ratings:
    """Read review logs, outputs and labelled files, in any mixture.

    Raises
    ------
    ReadError, LabelledDataError
        If a file can't be read or holds nothing of use.
    AgreementError
        If there are fewer than two raters, or no sentence that two of them rated.
    """
    skipped: dict[str, Counter[str]] = {}
    ratings: list[Rating] = []
    logs = []
    names = _file_names(paths)
    for path in paths:
        kind = kind_of(path)
        skipped[str(path)] = Counter()
        if kind == "review":
            read = review_log.read_log(path)
            logs.append(read.events)
            skipped[str(path)].update(item.reason for item in read.skipped)
        elif kind == "sentence":
            ratings += _of_output(path, names[str(path)], skipped[str(path)])
        else:
            ratings += _of_labelled(path, names[str(path)])
    ratings += _of_logs(review_log.merge(*logs), {rating.rater for rating in ratings})
    return tabulate(ratings, skipped)


def kind_of(path: Path | str) -> str:
    """What a file holds, by its first line that is an object: ``review``, ``sentence`` or ``labelled``."""
    try:
        with open(path, "rb") as stream:
            first = next((value for _, value in read_lines(stream) if not isinstance(value, BadLine)), None)
    except OSError as error:
        raise ReadError("unreadable", f"can't be read: {error.strerror}", path=path) from error
    if first is None:
        raise ReadError("no-sentences", "the file holds no answers: no review log, output or labelled file", path=path)
    record = first.get("record")
    return "review" if record == "review" else "sentence" if record in ("sentence", "document") else "labelled"


def _file_names(paths: Sequence[Path | str]) -> dict[str, str]:
    stems = Counter(Path(path).stem for path in paths)
    return {str(path): Path(path).stem if stems[Path(path).stem] == 1 else str(path) for path in paths}


def _of_output(path: Path | str, rater: str, skipped: Counter[str]) -> list[Rating]:
    drafts, lines = read_output(path)
    skipped.update(lines)
    records = [record for draft in drafts.values() for record in draft.records]
    return [
        Rating(
            rater,
            item["document"],
            item["text"],
            item["start"],
            item["end"],
            rank,
            {name: item[name] for name in ANSWERS},
        )
        for rank, item in enumerate(records)
    ]


def _of_labelled(path: Path | str, rater: str) -> list[Rating]:
    found = []
    for rank, item in enumerate(read_labelled(path)):
        voice = item.extra.get("voice")
        answers = {"label": item.label, "citation": item.citation, "voice": voice if isinstance(voice, str) else None}
        known = {name: answer for name, answer in answers.items() if answer is not None}
        found.append(Rating(rater, item.document, item.text, None, None, rank, known, item.id))
    return found


def _of_logs(events: Iterable[review_log.Event], taken: set[str]) -> list[Rating]:
    found = []
    for rank, by in enumerate(review_log.decisions(events).values()):
        for reviewer, event in by.items():
            name = f"{reviewer} (reviewer)" if reviewer in taken else reviewer
            values = event.values or {}
            found.append(Rating(name, event.document, event.exact, event.start, event.end, rank, values))
    return found


def tabulate(ratings: Sequence[Rating], skipped: dict[str, Counter[str]] | None = None) -> Ratings:
    """Put ratings side by side; sentences with one rater only are counted and left out.

    Raises
    ------
    AgreementError
        If there are fewer than two raters, or no sentence that two of them rated.
    """
    raters = list(dict.fromkeys(rating.rater for rating in ratings))
    if len(raters) < 2:
        who = f"there is only {raters[0]!r}" if raters else "there is none"
        raise AgreementError("one-rater", f"agreement needs at least two raters; {who}")
    keyed, unclear = _keys(ratings)
    together: dict[tuple[str, str, int], dict[str, Rating]] = {}
    for key, rating in keyed:
        together.setdefault(key, {})[rating.rater] = rating
    alone = Counter(key[0] for key, by in together.items() if len(by) < 2)
    shared = {key: by for key, by in together.items() if len(by) > 1}
    if not shared:
        raise AgreementError("nothing-in-common", "no sentence was rated by two raters: are these the same documents?")
    found = dict(skipped or {})
    if unclear:
        found["sentences"] = Counter({"repeated in the document, and it can't be told which one is meant": unclear})
    tables = [_field(name, raters, shared.values()) for name in ANSWERS]
    return Ratings(
        units=[_unit(by.values()) for by in shared.values()],
        raters=raters,
        fields=[table for table in tables if ((table.codes >= 0).sum(axis=1) > 1).any()],
        skipped={name: counts for name, counts in found.items() if counts},
        alone=alone,
    )


def _keys(ratings: Sequence[Rating]) -> tuple[list[tuple[tuple[str, str, int], Rating]], int]:
    """Each rating with document, hash and rank among equal sentences, in the order of the files; how many have none."""
    groups: dict[tuple[str, str], list[Rating]] = {}
    for rating in ratings:
        groups.setdefault((rating.document, content_hash(rating.text)), []).append(rating)
    found, unclear = [], 0
    for (document, sentence), group in groups.items():
        ranks = _ranks(group)
        if ranks is None:
            unclear += len(group)
        else:
            found += [((document, sentence, rank), rating) for rank, rating in zip(ranks, group, strict=True)]
    return sorted(found, key=lambda pair: pair[1].rank), unclear


def _ranks(group: Sequence[Rating]) -> list[int] | None:
    """Which of the equal sentences of a document each rating is about; None if that can't be told.

    Offsets tell, or ids that files have in common. Otherwise all files must hold all of the equal sentences, in order.
    """
    starts = {rating.start for rating in group}
    ids = Counter(rating.id for rating in {(one.rater, one.id): one for one in group}.values())
    if None not in starts or (starts == {None} and max(ids.values()) > 1):
        marks: list[Any] = [rating.id if rating.start is None else rating.start for rating in group]
        places = {mark: rank for rank, mark in enumerate(sorted(set(marks)))}
        return [places[mark] for mark in marks]
    counts = Counter(rating.rater for rating in group if rating.start is None)
    if len(set(counts.values()) | ({len(starts) - 1} - {0})) > 1:
        return None
    places = {start: rank for rank, start in enumerate(sorted(start for start in starts if start is not None))}
    met: Counter[str] = Counter()
    ranks = []
    for rating in group:
        ranks.append(met[rating.rater] if rating.start is None else places[rating.start])
        met[rating.rater] += 1
    return ranks


def _unit(ratings: Iterable[Rating]) -> Unit:
    best = max(ratings, key=lambda rating: rating.start is not None)
    return Unit(best.document, best.text, best.start, best.end)


def _field(name: str, raters: Sequence[str], shared: Iterable[Mapping[str, Rating]]) -> Field:
    rows: list[list[Any]] = [
        [by[rater].answers.get(name) if rater in by else None for rater in raters] for by in shared
    ]
    used = {answer for row in rows for answer in row if answer is not None}
    names = [usual for usual in USUAL[name] if usual in used] + sorted(used - set(USUAL[name]))
    codes = [[-1 if answer is None else names.index(answer) for answer in row] for row in rows]
    return Field(name, names, np.array(codes, dtype=int).reshape(len(rows), len(raters)))
