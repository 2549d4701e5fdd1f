"""How far to rely on a source: its kind, how well a reader could trace it, and a word from a visible table.

Kind and traceability are told apart, and both are explained in plain words. The words that tell a kind stand in
``lexicons/source_kinds.tsv``, domains in ``domains.tsv``, the table in ``reliability.tsv``. A house list of the user's
own overrides the table. Reliability never touches the label of a sentence, and ratings on the Admiralty scale are for
people to give; the program fills none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from annotator.errors import LexiconError
from annotator.lexicon import FOLDER, Entry, Lexicon, read_rows
from annotator.source_kinds import SourceWords, domains, kind_of, read_source, traces

WORDS = ("strong", "moderate", "weak", "untraceable")
TABLE_HEADER = ["kind", "0", "1", "2", "3", "4", "note"]
HOUSE_HEADER = ["name_or_domain", "standing", "date", "scope", "note"]
MOST_TRACEABLE = 4


@dataclass(frozen=True, slots=True)
class Grade:
    """What is known of a source: `kind`, `traceability` 0 to 4, the word of the table, and why, in plain words."""

    kind: str
    traceability: int
    reliability: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """One row of a house list."""

    name: str
    standing: str
    date: str
    scope: str
    note: str


@dataclass(frozen=True)
class HouseList:
    """What a desk has decided about sources, by name and by domain; `file` and `sha256` say which list it is."""

    names: Lexicon
    standings: Mapping[str, Standing]
    file: str
    sha256: str

    def find(self, source: SourceWords, kind: str) -> Standing | None:
        """Standing of a source whose domain or name is on the list, the longest first, or None."""
        found = [match.entry.phrase.lower() for match in self.names.find(source.words)]
        for name in [*domains(source.host), *sorted(found, key=len, reverse=True)]:
            standing = self.standings.get(name)
            if standing and (standing.scope not in kinds() or standing.scope == kind):
                return standing
        return None


@cache
def kinds() -> tuple[str, ...]:
    """Kinds of source, in the order of the table."""
    return tuple(table())


@cache
def table() -> dict[str, tuple[str, ...]]:
    """The visible table: for each kind the word at traceability 0 to 4."""
    return read_table(FOLDER / "reliability.tsv")


def read_table(path: Path) -> dict[str, tuple[str, ...]]:
    """Read a table of reliability.

    Raises
    ------
    LexiconError
        If a kind stands twice or a cell holds another word than strong, moderate, weak or untraceable.
    """
    rows: dict[str, tuple[str, ...]] = {}
    for line, (kind, *cells, _) in read_rows(path, TABLE_HEADER):
        wrong = [cell for cell in cells if cell not in WORDS]
        if wrong or kind in rows:
            detail = f"{wrong[0]!r} is none of {', '.join(WORDS)}" if wrong else f"{kind!r} stands twice"
            raise LexiconError("table-row", detail, path=path, line=line)
        rows[kind] = tuple(cells)
    return rows


def load_house_list(path: Path | str) -> HouseList:
    """Read a house list: name or domain, standing, date, scope, note; tab-separated, with these as header.

    Raises
    ------
    LexiconError
        With file and line, if a name is empty or stands twice, the standing is none of the four words of the table,
        the date is no YYYY-MM-DD, or the scope is empty.
    """
    path, standings = Path(path), dict[str, Standing]()
    for line, cells in read_rows(path, HOUSE_HEADER):
        row = Standing(*(cell.strip() for cell in cells))
        problem = _problem(row, standings)
        if problem:
            raise LexiconError("house-list-row", problem, path=path, line=line)
        standings[row.name.lower()] = row
    entries = [Entry(row.name, row.standing, row.note) for row in standings.values()]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return HouseList(Lexicon(path.stem, entries), standings, path.name, digest)


def _problem(row: Standing, seen: Mapping[str, Standing]) -> str | None:
    if not row.name:
        return "the name is empty"
    if row.name.lower() in seen:
        return f"{row.name!r} stands twice"
    if row.standing not in WORDS:
        return f"standing {row.standing!r} is none of {', '.join(WORDS)}"
    if not row.scope:
        return "the scope is empty; write all, a kind of source or a topic"
    return None if _is_date(row.date) else f"date {row.date!r} is no date of the form YYYY-MM-DD"


def _is_date(words: str) -> bool:
    try:
        return date.fromisoformat(words).isoformat() == words
    except ValueError:
        return False


def grade(source: str, cue: str | None, rule: str, context: str = "", house: HouseList | None = None) -> Grade:
    """Grade a source from the words that name it.

    Traceability counts how many of these hold, at most 4: *named* (a person, body or outlet is named), *titled* (a work
    is named, by its title or by what it is), *dated* (a year or date), *located* (page, article, verse, shelfmark,
    number of a note), *linked* (a link or a number such as DOI or ISBN). A vague source counts nothing.

    Parameters
    ----------
    source : str
        Words or mark that name the source.
    cue : str or None
        Words of reporting; they may tell the kind ("recalled").
    rule : str
        Id of the rule that found it, as `Attribution.rule`.
    context : str
        The sentence. Only what stands close to the source is looked at: a bracket behind it for date, page and link;
        a few words for the kind where the source itself tells none.
    house : HouseList, optional
        Overrides the word of the table; `why` says so.
    """
    found = read_source(source)
    kind, told = kind_of(found, cue, rule, context)
    why = () if kind == "anonymous" else tuple(traces(found, kind, rule, context))
    traceability = min(len(why), MOST_TRACEABLE)
    standing = house.find(found, kind) if house else None
    word = standing.standing if standing else table()[kind][traceability]
    return Grade(kind, traceability, word, (*why, *told, *((_decision(standing),) if standing else ())))


def _decision(standing: Standing) -> str:
    scope = "" if standing.scope == "all" else f", for {standing.scope}"
    return f"house list: {standing.standing} since {standing.date}{scope} ({standing.name})"
