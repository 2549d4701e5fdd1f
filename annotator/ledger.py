"""Every source of a document once, under its fullest name, with its mentions and the claims that rest on it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from annotator.record import AnnotatedSentence, Claim, Source
from annotator.same_source import fullness, same_sources
from annotator.source_names import read_name
from annotator.word_classes import sort_of

_LEADS = frozenset({"of", "on", "by", "from", "to", "in"})
_INITIALS = re.compile(r"(?:[^\W\d_]\. ?){2}[^\W\d_]{2,20}\b|\b[^\W\d_]{2,20} (?:[^\W\d_]\. ?){2}")


class Mention(NamedTuple):
    """A sentence that rests on a source, and the words that name the source, there or in a sentence near by."""

    sentence: AnnotatedSentence
    source: Source


def ledger(sentences: Sequence[AnnotatedSentence]) -> tuple[dict[str, Any], ...]:
    """Every source of a document once, in order of first mention.

    Returns
    -------
    tuple of dict
        ``text``: its fullest name; ``kind`` (the most frequent), ``traceability``, ``reliability``; ``mentions``: their
        number; ``names``: in which words, with counts; ``kinds``, with counts; ``places``: where it is
        named; ``sentences``: those that rest on it; ``claims``: the claims that do, with ``alone`` where nothing else
        carries them.
    """
    mentions = [Mention(sentence, source) for sentence in sentences for source in sentence.sourcing.sources]
    by_source: dict[int, list[Mention]] = {}
    numbers = dict(zip(map(_place, mentions), _numbers(mentions, sentences), strict=True))
    for mention in mentions:
        by_source.setdefault(numbers[_place(mention)], []).append(mention)
    claims: dict[int, list[dict[str, Any]]] = {number: [] for number in by_source}
    for sentence in sentences:
        for claim, carriers in _carried(sentence, numbers):
            for number in sorted(carriers):
                claims[number].append(_claim_row(sentence, claim, alone=len(carriers) == 1))
    return tuple(_row(found) | {"claims": claims[number]} for number, found in by_source.items())


def _place(mention: Mention) -> tuple[str, int]:
    """Words and place of a mention; a carried source is mentioned where it was named."""
    return mention.source.text, mention.source.start


def _numbers(mentions: Sequence[Mention], sentences: Sequence[AnnotatedSentence]) -> list[int]:
    """Number of the source of each mention."""
    texts = [_full_name(mention.source) or _told_apart(*_place(mention)) for mention in mentions]
    numbers = same_sources(texts, _initialled(texts, sentences))
    latest: dict[str, int] = {}
    for index, text in enumerate(mention.source.text for mention in mentions):
        name = read_name(text)
        if _full_name(mentions[index].source):
            continue
        if name.is_new:
            latest[name.key.partition(" ")[2]] = numbers[index]
        elif not name.is_person:
            numbers[index] = latest.get(name.key, numbers[index])
            latest |= dict.fromkeys(_short_forms(name.key), numbers[index])
    return numbers


def _short_forms(key: str) -> Iterator[str]:
    """What a document is called once it is known: "the resolution of the mill committee" is "the same resolution"."""
    words = key.split()
    at = next((index for index, word in enumerate(words) if word in _LEADS), 0)
    if at and sort_of(words[at - 1]) == "document":
        yield words[at - 1]


def _full_name(source: Source) -> str | None:
    """The name that a role or a short form stands for; a person's own name tells enough by itself."""
    return None if read_name(source.text).is_person else source.name


def _told_apart(text: str, start: int) -> str:
    """Words of a source; "a letter" is another one at every place."""
    return f"{text} @{start}" if read_name(text).is_new else text


def _initialled(texts: Sequence[str], sentences: Sequence[AnnotatedSentence]) -> Iterator[str]:
    """Names with two initials anywhere in the document, where somebody is named without a surname."""
    if any(name.given and not name.surname for name in map(read_name, texts)):
        for item in sentences:
            yield from (found[0] for found in _INITIALS.finditer(item.sentence.text) if found[0][0].isupper())


def _carried(
    sentence: AnnotatedSentence, numbers: dict[tuple[str, int], int]
) -> Iterator[tuple[Claim, frozenset[int]]]:
    """Each claim of a sentence with the numbers of the sources that carry it.

    A claim rests on its holder, and on those sources of the sentence that hold no claim of their own, such as a note.
    """
    sources = sentence.sourcing.sources
    holders = {claim.holder for claim in sentence.sourcing.claims}
    for claim in sentence.sourcing.claims:
        found = {numbers[one.text, one.start] for one in sources if one.text == claim.holder or one.text not in holders}
        yield claim, frozenset(found)


def _claim_row(sentence: AnnotatedSentence, claim: Claim, *, alone: bool) -> dict[str, Any]:
    return {"index": sentence.sentence.index, "start": claim.start, "end": claim.end, "alone": alone}


def single_source_claims(rows: Iterable[dict[str, Any]]) -> int:
    """How many claims rest on one source and on nothing else."""
    return sum(claim["alone"] for row in rows for claim in row["claims"])


def _row(mentions: Sequence[Mention]) -> dict[str, Any]:
    """What is known of one source: the most frequent kind, and the best grade that a mention of that kind has."""
    named = [mention for mention in mentions if mention.source.carried_from is None] or mentions[:1]
    kinds = Counter(mention.source.kind for mention in named)
    best = max((mention.source for mention in named), key=lambda one: (kinds[one.kind], one.traceability))
    names = Counter(mention.source.text for mention in named)
    return {
        "text": fullest([*names, *filter(None, (_full_name(mention.source) for mention in named))]),
        "kind": best.kind,
        "traceability": best.traceability,
        "reliability": best.reliability,
        "mentions": sum(mention.source.carried_from is None for mention in mentions),
        "names": dict(names),
        "kinds": dict(kinds),
        "places": [
            {"index": one.sentence.sentence.index, "start": one.source.start, "end": one.source.end} for one in named
        ],
        "sentences": list(dict.fromkeys(mention.sentence.sentence.index for mention in mentions)),
    }


def fullest(names: Iterable[str]) -> str:
    """The name that tells most: of a person the one with most given names, the shortest of these; else the first."""
    listed = list(names)
    if not read_name(listed[0]).is_person:
        return listed[0]
    return min(listed, key=lambda text: (not read_name(text).surname, fullness(read_name(text)), len(text)))
