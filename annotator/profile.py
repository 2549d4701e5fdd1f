"""What a document looks like from above: its labels, its sourcing, and every source with the claims that rest on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from annotator.model import NO_CLAIM
from annotator.record import CITATIONS, VOICES, AnnotatedSentence, Source


def cites_source(sentence: AnnotatedSentence) -> bool:
    """Whether a reader learns where the sentence's content comes from, in it or in a sentence near by."""
    return sentence.sourcing.citation in ("explicit", "carried")


def is_claim(sentence: AnnotatedSentence) -> bool:
    """Whether the sentence asserts anything; only the project's own label set has a label for those that don't."""
    return sentence.verdict.label != NO_CLAIM


def profile(sentences: Sequence[AnnotatedSentence]) -> dict[str, Any]:
    """Counts and shares of a document, ready for JSON.

    Returns
    -------
    dict
        ``labels``, ``citations``, ``voices``: counts; ``claims``: sentences with a claim; ``claims_with_source`` and
        ``claims_with_source_share`` (0 to 1, None without claims); ``needs_review``: sentences a person should look at;
        ``abstained``: those of them whose label is riskier than was asked for;
        ``longest_unsourced_stretch``: most claims in a row without a source.
    """
    claims = [sentence for sentence in sentences if is_claim(sentence)]
    sourced = sum(map(cites_source, claims))
    labels = Counter(sentence.verdict.label for sentence in sentences)
    return {
        "labels": dict(sorted(labels.items())),
        "citations": _counts((sentence.sourcing.citation for sentence in sentences), CITATIONS),
        "voices": _counts((sentence.sourcing.voice for sentence in sentences), VOICES),
        "claims": len(claims),
        "claims_with_source": sourced,
        "claims_with_source_share": round(sourced / len(claims), 4) if claims else None,
        "needs_review": sum(sentence.verdict.needs_review for sentence in sentences),
        "abstained": sum(sentence.verdict.abstained for sentence in sentences),
        "longest_unsourced_stretch": _longest_unsourced(claims),
    }


def _counts(values: Iterable[str], order: Sequence[str]) -> dict[str, int]:
    found = Counter(values)
    return {name: found[name] for name in order}


def _longest_unsourced(claims: Sequence[AnnotatedSentence]) -> int:
    runs = (sum(1 for _ in run) for sourced, run in groupby(claims, cites_source) if not sourced)
    return max(runs, default=0)


def ledger(sentences: Sequence[AnnotatedSentence]) -> tuple[dict[str, Any], ...]:
    """Every source of a document once, in order of first mention, with the sentences that rest on it.

    Two mentions are one source when their words are the same but for case.
    """
    rows: dict[str, dict[str, Any]] = {}
    for sentence in sentences:
        for source in sentence.sourcing.sources:
            row = rows.setdefault(source.text.casefold(), _row(source))
            row["mentions"] += source.carried_from is None
            if row["sentences"][-1:] != [sentence.sentence.index]:
                row["sentences"].append(sentence.sentence.index)
    return tuple(rows.values())


def _row(source: Source) -> dict[str, Any]:
    return {
        "text": source.text,
        "kind": source.kind,
        "traceability": source.traceability,
        "reliability": source.reliability,
        "mentions": 0,
        "sentences": [],
    }
