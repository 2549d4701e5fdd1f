"""What a document looks like from above: its labels, its sourcing as a whole and section by section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from annotator.ledger import ledger, single_source_claims
from annotator.model import NO_CLAIM
from annotator.record import CITATIONS, VOICES, AnnotatedSentence


def cites_source(sentence: AnnotatedSentence) -> bool:
    """Whether a reader learns where the sentence's content comes from, in it or in a sentence near by."""
    return sentence.sourcing.citation in ("explicit", "carried")


def is_claim(sentence: AnnotatedSentence) -> bool:
    """Whether the sentence asserts anything; only the project's own label set has a label for those that don't."""
    return sentence.verdict.label != NO_CLAIM


def profile(sentences: Sequence[AnnotatedSentence], sources: Iterable[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Counts and shares of a document, ready for JSON.

    Parameters
    ----------
    sentences : sequence of AnnotatedSentence
        The whole document.
    sources : iterable of dict, optional
        Its `ledger`, where it is at hand already.

    Returns
    -------
    dict
        ``labels``, ``citations``, ``voices``: counts; ``claims``: sentences with a claim; ``claims_with_source`` and
        ``claims_with_source_share`` (0 to 1, None without claims); ``needs_review``: sentences a person should look at;
        ``abstained``: those of them whose label is riskier than was asked for;
        ``longest_unsourced_stretch``: most claims in a row without a source, and ``longest_unsourced`` where they
        stand; ``sections``: the same by section, headings give the sections; ``single_source_claims``: claims that rest
        on one source alone; ``vague_authorities``: every gesture at a source that nobody could find.
    """
    stretch = _longest_unsourced(sentences)
    return {
        "labels": dict(sorted(Counter(sentence.verdict.label for sentence in sentences).items())),
        "citations": _counts((sentence.sourcing.citation for sentence in sentences), CITATIONS),
        "voices": _counts((sentence.sourcing.voice for sentence in sentences), VOICES),
        **_sourced(sentences),
        "needs_review": sum(sentence.verdict.needs_review for sentence in sentences),
        "abstained": sum(sentence.verdict.abstained for sentence in sentences),
        "longest_unsourced_stretch": len(stretch),
        "longest_unsourced": _stretch(stretch),
        "sections": [_section(heading, part) for heading, part in sections(sentences)],
        "single_source_claims": single_source_claims(ledger(sentences) if sources is None else sources),
        "vague_authorities": [row for sentence in sentences for row in _vague(sentence)],
    }


def _counts(values: Iterable[str], order: Sequence[str]) -> dict[str, int]:
    found = Counter(values)
    return {name: found[name] for name in order}


def _sourced(sentences: Sequence[AnnotatedSentence]) -> dict[str, Any]:
    """Sentences with a claim, and how many of them have a source."""
    claims = [sentence for sentence in sentences if is_claim(sentence)]
    sourced = sum(map(cites_source, claims))
    return {
        "claims": len(claims),
        "claims_with_source": sourced,
        "claims_with_source_share": round(sourced / len(claims), 4) if claims else None,
    }


def _longest_unsourced(sentences: Sequence[AnnotatedSentence]) -> list[AnnotatedSentence]:
    """The first of the longest runs of sentences with a claim and without a source; others between don't end it."""
    claims = [sentence for sentence in sentences if is_claim(sentence)]
    runs = (list(run) for sourced, run in groupby(claims, cites_source) if not sourced)
    return max(runs, key=len, default=[])


def _stretch(run: Sequence[AnnotatedSentence]) -> dict[str, int] | None:
    if not run:
        return None
    first, last = run[0].sentence, run[-1].sentence
    return {"first": first.index, "last": last.index, "start": first.start, "end": last.end}


def sections(
    sentences: Iterable[AnnotatedSentence],
) -> Iterator[tuple[AnnotatedSentence | None, list[AnnotatedSentence]]]:
    """Each section with its heading, None before the first; of headings without text between them only the last."""
    heading: AnnotatedSentence | None = None
    for is_heading, run in groupby(sentences, lambda one: one.sentence.block.kind == "heading"):
        found = list(run)
        if is_heading:
            heading = found[-1]
        else:
            yield heading, found


def _section(heading: AnnotatedSentence | None, sentences: Sequence[AnnotatedSentence]) -> dict[str, Any]:
    first, last = heading or sentences[0], sentences[-1]
    return {
        "heading": heading.sentence.text if heading else None,
        "start": first.sentence.start,
        "end": last.sentence.end,
        "sentences": len(sentences),
        **_sourced(sentences),
        "longest_unsourced_stretch": len(_longest_unsourced(sentences)),
    }


def _vague(sentence: AnnotatedSentence) -> Iterator[dict[str, Any]]:
    """The vague authorities of a sentence; its own place, without words, where only the model sees that it has one."""
    index, found = sentence.sentence.index, sentence.sourcing.vague
    for words in found:
        yield {"index": index, **words._asdict()}
    if not found and sentence.sourcing.citation == "vague":
        yield {"index": index, "text": None, "start": sentence.sentence.start, "end": sentence.sentence.end}
