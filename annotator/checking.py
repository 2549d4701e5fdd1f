"""Verify an output file: every line by the schema, every offset by its words, every document accounted for."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

import jsonschema_rs

from annotator.jsonl import BadLine, read_lines

SCHEMA = Path(__file__).parent / "schema" / "annotation-v1.json"
_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line of an output file; ``line`` is counted from 1, 0 stands for the file as a whole."""

    line: int
    detail: str


@dataclass(slots=True)
class _Open:
    """The document whose sentence lines are being read."""

    name: str | None = None
    sentences: list[dict[str, Any]] = field(default_factory=list)


@cache
def schema() -> Any:
    """JSON Schema of one output line, as it ships with the package."""
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


@cache
def _validator() -> Any:
    return jsonschema_rs.validator_for(schema())


def check_lines(stream: IO[bytes], texts: Mapping[str, str] | None = None) -> Iterator[Problem]:
    """Yield every problem of an output file, in the order of its lines.

    Parameters
    ----------
    stream : binary file
        The output.
    texts : mapping, optional
        Original texts by document id; where given, offsets are held against them too.
    """
    current, closed = _Open(), set[str]()
    number = 0
    for number, value in read_lines(stream):
        if isinstance(value, BadLine):
            yield Problem(number, value.detail)
            continue
        problems = list(_by_schema(value))
        yield from (Problem(number, detail) for detail in problems)
        if not problems:
            yield from (Problem(number, detail) for detail in _by_content(value, current, closed, texts or {}))
    if current.sentences:
        yield Problem(number, f"the sentences of {current.name!r} are followed by no document line")
    if not closed and not current.sentences:
        yield Problem(0, "the file holds no document line")


def _by_schema(value: dict[str, Any]) -> Iterator[str]:
    for error in _validator().iter_errors(value):
        place = "/".join(str(step) for step in error.instance_path)
        yield f"{place or 'line'}: {error.message}"


def _by_content(value: dict[str, Any], current: _Open, closed: set[str], texts: Mapping[str, str]) -> Iterator[str]:
    if value["document"] in closed:
        yield f"the document {value['document']!r} was closed by its document line further up"
    if value["record"] == "document":
        yield from _document(value, current)
        closed.add(value["document"])
        current.name, current.sentences = None, []
        return
    if current.name not in (None, value["document"]):
        yield f"the sentences of {current.name!r} are followed by no document line"
        current.sentences = []
    current.name = value["document"]
    yield from _sentence(value, current.sentences, texts.get(value["document"]))
    current.sentences.append(value)


def _document(value: dict[str, Any], current: _Open) -> Iterator[str]:
    if current.name not in (None, value["document"]):
        yield f"the sentences of {current.name!r} are closed by the document line of {value['document']!r}"
    if value["sentences"] != len(current.sentences):
        yield f"the document line counts {value['sentences']} sentences, the file holds {len(current.sentences)}"
    if (value["status"] == "error") != (value["reason"] is not None):
        yield "a reason must be given for an error, and for nothing else"
    yield from _profile(value["profile"], current.sentences)
    for sentence in current.sentences:
        for item in sentence["sources"]:
            if (item["carried_from"] or 0) >= value["sentences"]:
                yield f"sentence {sentence['index']}: carried from a sentence that does not exist"
    for row in value["sources"]:
        rests = [*row["sentences"], *(place["index"] for place in (*row.get("places", ()), *row.get("claims", ())))]
        if any(index >= value["sentences"] for index in rests):
            yield f"the source {row['text']!r} is credited with a sentence that does not exist"


def _profile(profile: dict[str, Any], sentences: list[dict[str, Any]]) -> Iterator[str]:
    """The counts of the document line against the sentence lines."""
    for name, field_name in (("labels", "label"), ("citations", "citation"), ("voices", "voice")):
        counted = Counter(sentence[field_name] for sentence in sentences)
        if Counter(profile[name]) != counted:
            yield f"profile: {name} are {profile[name]}, the sentences have {dict(counted)}"
    review = sum(sentence["needs_review"] for sentence in sentences)
    claims = sum(sentence["label"] != "no_claim" for sentence in sentences)
    if "sections" in profile:
        in_sections = sum(section["claims"] for section in profile["sections"])
        headings = sum(one["block"] == "heading" and one["label"] != "no_claim" for one in sentences)
        if not claims - headings <= in_sections <= claims:
            yield f"profile: the sections hold {in_sections} claims, the sentences have {claims}"
    for name, expected in (("needs_review", review), ("claims", claims)):
        if profile[name] != expected:
            yield f"profile: {name} is {profile[name]}, the sentences have {expected}"


def _sentence(value: dict[str, Any], before: list[dict[str, Any]], text: str | None) -> Iterator[str]:
    if value["index"] != len(before):
        yield f"expected the sentence with index {len(before)}, found {value['index']}"
    if before and value["start"] < before[-1]["end"]:
        yield "the sentence begins before the one above it ends"
    if text is not None and text[value["start"] : value["end"]] != value["text"]:
        yield "the text of the document at these offsets is not the text of the sentence"
    yield from _spans(value, before)
    yield from _answers(value)


def _spans(value: dict[str, Any], before: list[dict[str, Any]]) -> Iterator[str]:
    """Every span must hold its own words in the sentence that it lies in; a carried source lies in another."""
    if value["end"] - value["start"] != len(value["text"]):
        yield "the text is not as long as its offsets say"
    for kind in ("claims", "reasons", "sources"):
        for item in value[kind]:
            if not _stands(item["text"], item["start"], item["end"], value, before):
                yield f"{kind}: the words at {item['start']} to {item['end']} are not {item['text']!r}"
    for words in (*value.get("vague", ()), *_inner_words(value["claims"])):
        if not _stands(words["text"], words["start"], words["end"], value, before):
            yield f"the words at {words['start']} to {words['end']} are not {words['text']!r}"
    for item in value["sources"]:
        for part in ("cue", "mention"):
            words, start, end = item.get(part), item.get(f"{part}_start"), item.get(f"{part}_end")
            if words is not None and (start is None or end is None or not _stands(words, start, end, value, before)):
                yield f"sources: the words at {start} to {end} are not {words!r}"
        if item["carried_from"] is not None and item["carried_from"] == value["index"]:
            yield "sources: carried from the sentence itself"


def _inner_words(claims: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The parts and subjects of claims."""
    for claim in claims:
        yield from claim.get("parts", ())
        if claim.get("subject"):
            yield claim["subject"]


def _stands(words: str, start: int, end: int, value: dict[str, Any], before: list[dict[str, Any]]) -> bool:
    """Whether the words stand at their offsets; of a span that no one sentence holds only the length is known."""
    if start < value["start"] and before:
        value = before[max(0, bisect_right(before, start, key=itemgetter("start")) - 1)]
    if value["start"] <= start and end <= value["end"]:
        at = value["start"]
        return bool(value["text"][start - at : end - at] == words)
    return end - start == len(words)


def _answers(value: dict[str, Any]) -> Iterator[str]:
    probabilities = value["probabilities"]
    if abs(sum(probabilities.values()) - 1) > _TOLERANCE:
        yield f"the probabilities add up to {sum(probabilities.values()):.3f}"
    if value["label"] not in probabilities:
        yield f"the label {value['label']!r} has no probability"
    if value["cites_source"] != (value["citation"] in ("explicit", "carried")):
        yield f"cites_source is {value['cites_source']} where the citation is {value['citation']!r}"
    if value["citation"] == "carried" and any(item["carried_from"] is None for item in value["sources"]):
        yield "a carried citation must say from which sentence"
