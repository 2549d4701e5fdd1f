"""What kind of source some words name, and by which signs a reader could trace it.

The words stand in ``lexicons/source_kinds.tsv``, domains in ``domains.tsv``, outlets in ``newspapers.tsv``. A source is
judged by the words that name it and by those right beside it, never by the look of the page it stands on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from annotator.errors import LexiconError
from annotator.lexicon import FOLDER, Entry, Match, Word, categories, load, read_rows, words
from annotator.reference_patterns import known, pattern

DOMAIN_HEADER = ["domain", "kind", "note"]
SCHOLAR = "scholar"
_NEAR = 30
_BRACKET = 60
_HOST = re.compile(r"(?:://|\bwww\.)(?:www\.)?([\w.-]{3,253})")
_NUMBER = re.compile(r"\b10\.\d{4,9}/|\b(?:ISBN|ISSN|PMID|arXiv)\b")
_YEAR = re.compile(r"(?<!\d)(?:1\d|20)\d\d(?!\d)|\d[./]\d{1,2}[./]\d\d")
_QUOTED = re.compile(r"[“«\"*_‘][^”»\"*_’]{3,200}[”»\"*_’]")
_BY_RULE = {
    "shelfmark": "archive",
    "law-article": "law",
    "newspaper-date": "news_report",
    "scripture": "work",
    "note-number": "work",
    "page": "work",
    "same-work": "work",
}
_IF_UNTOLD = {"author-date": "scholarly_work", "identifier": "scholarly_work"}
_LOCATED = {
    "shelfmark": "shelfmark given",
    "law-article": "article given",
    "scripture": "verse given",
    "note-number": "numbered note",
    "page": "page given",
}
_NAMELESS_RULES = frozenset({"note-number", "page", "same-work"})
_TITLED_RULES = frozenset({"bracketed-work", "note-text"})
_WORK_RULES = frozenset({*_TITLED_RULES, "see", "link", "source-line"})
_BY_CUE = frozenset({"memoir", "interview", "social_media", SCHOLAR})
_BARE = frozenset({"person", "organisation", SCHOLAR})
_NAMED = {
    "person": "named person",
    "interview": "named person",
    "memoir": "named author",
    "scholarly_work": "named author",
    "work": "named author or title",
    "news_report": "named outlet",
    "archive": "named archive",
    "law": "named law",
}


@dataclass(frozen=True, slots=True)
class SourceWords:
    """The words that name a source, looked up once."""

    text: str
    words: tuple[Word, ...]
    told: tuple[Match, ...]
    named: bool
    host: str


@lru_cache(maxsize=4096)
def read_source(source: str) -> SourceWords:
    """Look up the words of a source: those that tell a kind, a proper name, the host of a link."""
    found = _HOST.search(source) if "://" in source or "www." in source else None
    tokens = tuple(words(source[: found.start()] if found else source))
    told = tuple(match for match in load("source_kinds").find(tokens) if not _is_initial(source, match))
    host = found.group(1).lower().strip(".") if found else ""
    return SourceWords(source, tokens, told, bool(host) or _has_name(source, tokens, told), host)


def _is_initial(source: str, match: Match) -> bool:
    """Whether a word for the author of the text is only a capital letter or a number: "I. C.", "I Timothy 3:16"."""
    return match.entry.category == "self" and match.end - match.start == 1 and len(source) > 1


def _has_name(source: str, tokens: tuple[Word, ...], told: tuple[Match, ...]) -> bool:
    """Whether a capitalised word stands in a source that is more than the first word of a sentence."""
    for index, word in enumerate(tokens):
        if source[word.start].isupper():
            common = index == 0 and (
                word.lower in known("no_title") or word.lower in known("not_author") or any(m.first == 0 for m in told)
            )
            if not common or (word.end - word.start > 1 and source[word.start : word.end].isupper()):
                return True
    return False


def kind_of(source: SourceWords, cue: str | None, rule: str, context: str) -> tuple[str, tuple[str, ...]]:
    """Kind of a source, and the reason in words where a word or a domain told it; the surer sign wins."""
    domain = next((name for name in domains(source.host) if name in domain_kinds()), None)
    if domain:
        return domain_kinds()[domain], (f"{plain(domain_kinds()[domain])}: the domain {domain}",)
    if rule.startswith("vague"):
        return "anonymous", ("nobody is named",)
    if rule in _BY_RULE:
        return _BY_RULE[rule], ()
    told = _teller(source, cue, rule, context)
    if told:
        kind = "scholarly_work" if told.category == SCHOLAR else told.category
        return kind, (f"{plain(kind)}: the word “{told.phrase}”",)
    return _untold(source, rule), ()


def _teller(source: SourceWords, cue: str | None, rule: str, context: str) -> Entry | None:
    """Entry that tells the kind: in the source, in the list of newspapers, in the cue or close beside the source."""
    told = _strongest([match.entry for match in source.told])
    if told and (told.category == "anonymous" and source.named):
        told = None
    if rule in _IF_UNTOLD:
        return told if told and told.category not in _BARE else None
    if told and told.category not in _BARE:
        return told
    beside = words(f"{cue or ''} | {_near(source.text, context)}")
    around = [match.entry for match in load("source_kinds").find(beside) if match.entry.category in _BY_CUE]
    return _outlet(source) or _strongest(around) or told


def _strongest(entries: list[Entry]) -> Entry | None:
    """Entry whose category the lexicon declares first."""
    return min(entries, key=lambda entry: _ranks()[entry.category], default=None)


@cache
def _ranks() -> dict[str, int]:
    return {name: rank for rank, name in enumerate(categories(FOLDER / "source_kinds.tsv"))}


def _outlet(source: SourceWords) -> Entry | None:
    """Newspaper of the list, upper and lower case counting, or a name that ends like one."""
    for match in load("newspapers").find(source.words):
        name = source.text[match.start : match.end]
        if name != match.entry.phrase or match.entry.category == "issue":
            continue
        if match.entry.category == "title" or (match.first > 1 and match.last == len(source.words)):
            return Entry(source.text if match.entry.category == "ending" else name, "news_report", "")
    return None


def _near(source: str, context: str) -> str:
    place = context.find(source) if source else -1
    end = place + len(source)
    return f"{context[max(0, place - _NEAR) : place]} | {context[end : end + _NEAR]}" if place >= 0 else ""


def _untold(source: SourceWords, rule: str) -> str:
    if rule in _IF_UNTOLD:
        return "work" if source.text.upper().startswith("ISBN") else _IF_UNTOLD[rule]
    if rule in _WORK_RULES or _QUOTED.search(source.text):
        return "work"
    capitals = source.text.isupper() and len(source.text) > 1
    return "organisation" if capitals or (source.named and source.text[:4].lower() == "the ") else "person"


def traces(source: SourceWords, kind: str, rule: str, context: str) -> Iterator[str]:
    """Reasons that a reader could find the source: one for each of named, titled, dated, located, linked that holds.

    A bracket right behind the source counts with it, as in ``N. Example (Letters, 1931, p. 4)``.
    """
    text = source.text + _behind(source.text, context)
    number = _NUMBER.search(text) is not None
    if source.named and rule not in _NAMELESS_RULES and rule != "identifier":
        yield "named site" if source.host and kind != "news_report" else _NAMED.get(kind, "named body")
    tells_work = source.named and any(match.entry.note == "work" for match in source.told)
    if rule in _TITLED_RULES or tells_work or _QUOTED.search(text) or (rule == "link" and text[:1] == "["):
        yield "named work"
    if not number and _YEAR.search(text):
        yield "dated"
    if rule in _LOCATED or (any(map(str.isdigit, text)) and pattern("leaf").search(text)):
        yield _LOCATED.get(rule, "page given")
    if source.host or number:
        yield "link" if source.host else "identifier"


def _behind(source: str, context: str) -> str:
    """The bracket right behind the source in its sentence, if there is one."""
    place = context.find(source) if source else -1
    rest = context[place + len(source) : place + len(source) + _BRACKET].lstrip('”"» ,*_') if place >= 0 else ""
    return " " + rest.partition(")")[0] if rest.startswith("(") else ""


def domains(host: str) -> list[str]:
    """A host and the domains above it, from long to short."""
    labels = host.split(".")[-6:] if host else []
    return [".".join(labels[start:]) for start in range(len(labels))]


@cache
def domain_kinds() -> dict[str, str]:
    """Kind of source that each domain of ``domains.tsv`` carries."""
    return read_domains(FOLDER / "domains.tsv")


def read_domains(path: Path) -> dict[str, str]:
    """Read a file of domains.

    Raises
    ------
    LexiconError
        With file and line, if a domain stands twice or its kind is none of those in ``source_kinds.tsv``.
    """
    found = dict[str, str]()
    for line, (domain, kind, _) in read_rows(path, DOMAIN_HEADER):
        if domain in found or kind not in _ranks():
            problem = f"{domain!r} stands twice" if domain in found else f"{kind!r} is no kind of source"
            raise LexiconError("domain-row", problem, path=path, line=line)
        found[domain] = kind
    return found


def plain(kind: str) -> str:
    """A kind as people write it."""
    return kind.replace("_", " ")
