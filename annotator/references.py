"""References in writing: which words or marks of a text name a written source.

Rules run in order of trust; where two find the same place, the first wins. The patterns stand in
`reference_patterns`, their words in ``lexicons/references.tsv``, ``newspapers.tsv`` and ``archives.tsv``; numbered
notes are found in `notes`, brackets in `brackets`. Each reference carries the id of its rule:

=================  =====================================================================================
rule               finds, and covers
=================  =====================================================================================
note-number        a mark of a note; the sentence it stands in, or the one before where it opens a sentence
note-text          a line that holds a note or an entry of a bibliography; that line
author-date        (Name 2001, p. 5) and Name (2001); the sentence
bracketed-work     a work in brackets with its page or imprint; the sentence
page               a page without more; the sentence
shelfmark          an archive and its units; the sentence
law-article        article, statute, law report or case; the sentence
newspaper-date     a periodical with a date; the sentence
scripture          book, chapter and verse; the sentence
identifier, link   DOI, ISBN, arXiv; links bare and in Markdown; the sentence
same-work          ibid., op. cit.; the sentence
see, source-line   a work that the reader is sent to, a line that opens with "Source:"; the sentence
=================  =====================================================================================
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter

from annotator import hints
from annotator.brackets import TOKEN, bracketed, ends_run, names_work, narrated, reference, stripped
from annotator.newspapers import newspapers
from annotator.notes import entry_lines, marks
from annotator.record import Attribution, Span
from annotator.reference_patterns import known, pattern

_BEFORE_PAGE = frozenset(',)”"')
_TRAILING = ".,;:!?'’\"*_"
_AROUND = "()[]“”\"«»,'’*_"
_FARTHEST = 120


def find_references(text: str) -> list[Attribution]:
    """Written references of a text, in order, never overlapping.

    Parameters
    ----------
    text : str
        A sentence or any longer piece of a document.

    Returns
    -------
    list of Attribution
        `source` is the words or the mark that name the source, without brackets around them; `cue` is "see", "cf." and
        the like or None; `content` is empty, as the rule says what a reference covers (table above).
    """
    seen = hints.Looked(text)
    if not hints.any_reference(seen):
        return []
    return _apart((one for hint, rule in RULES if hint(seen) for one in rule(text)), text)


def covered(mark: Span, sentences: Sequence[Span]) -> int:
    """Index of the sentence that a mark covers, -1 if there is none.

    It is the sentence the mark stands in; a mark that opens a sentence stands behind the stop of the one before and
    covers that.
    """
    index = bisect_right(sentences, mark.start, key=lambda sentence: sentence.start) - 1
    opens = index > 0 and sentences[index].start == mark.start and sentences[index].end > mark.end
    return index - 1 if opens else index


def _apart(found: Iterable[Attribution], text: str) -> list[Attribution]:
    taken, kept = bytearray(len(text)), []
    for one in found:
        start, end = _extent(one)
        if taken.find(1, start, end) < 0:
            kept.append((start, one))
            if one.rule == "note-text":  # the number before a note is no mark of it
                start = text.rfind("\n", 0, start) + 1
            taken[start:end] = b"\x01" * (end - start)
    kept.sort(key=itemgetter(0))
    return [one for _, one in kept]


def _extent(found: Attribution) -> tuple[int, int]:
    source, cue = found.source, found.cue
    if source is None or cue is None:
        return source or cue or Span(0, 0)
    return min(source.start, cue.start), max(source.end, cue.end)


def _plain(rule: str, name: str) -> Callable[[str], Iterator[Attribution]]:
    """Rule whose source is the whole match of a pattern."""

    def find(text: str) -> Iterator[Attribution]:
        for found in pattern(name).finditer(text):
            yield reference(rule, Span(*found.span()))

    return find


def _cases(text: str) -> Iterator[Attribution]:
    for found in pattern("case").finditer(text):
        yield reference("law-article", Span(found.start(), found.start() + len(found.group().rstrip("."))))


def _links(text: str) -> Iterator[Attribution]:
    for found in pattern("link").finditer(text):
        yield reference("link", Span(found.start(), found.start() + len(_link(found.group()))))


def _identifiers(text: str) -> Iterator[Attribution]:
    for found in pattern("identifier").finditer(text):
        yield reference("identifier", Span(found.start(), found.start() + len(_link(found.group()))))


def _link(link: str) -> str:
    """The link up to a closing bracket that it did not open, without the punctuation behind it."""
    depth = 0
    for index, character in enumerate(link):
        depth += (character in "([") - (character in ")]")
        if depth < 0:
            link = link[:index]
            break
    return link.rstrip(_TRAILING)


def _labels(text: str) -> Iterator[Attribution]:
    for found in pattern("label").finditer(text):
        source = stripped(text, *found.span(2))
        direction = pattern("lead").match(text, source.start, source.end)
        if source.end > source.start and not direction:
            yield reference("source-line", source, found.span(1))


def _pages(text: str) -> Iterator[Attribution]:
    for found in pattern("page").finditer(text):
        start = _title_start(text, found.start())
        yield reference("page" if start == found.start() else "bracketed-work", Span(start, found.end()))


def _volumes(text: str) -> Iterator[Attribution]:
    for found in pattern("volume").finditer(text):
        yield reference("bracketed-work", Span(_title_start(text, found.start()), found.end()))


def _title_start(text: str, end: int) -> int:
    """Start of the capitalised words that run up to `end` after a comma or a bracket, else `end`."""
    offset = max(0, end - _FARTHEST)
    window = text[offset:end]
    nearest = window.rsplit(None, 1)[-1].strip(_AROUND) if window.strip() else ""
    if window.rstrip()[-1:] not in _BEFORE_PAGE or not (nearest[:1].isupper() or len(nearest) == 4):
        return end
    start = end
    for token in reversed(list(TOKEN.finditer(window))):
        bare = token.group().strip(_AROUND)
        joins = bare.lower() in known("joint") or (bare == "by" and start < end)
        if not (bare[:1].isupper() or joins or (bare.isdigit() and len(bare) == 4)):
            break
        if start < end and (ends_run(token.group(), bare) or (token.group()[-1] in ".:" and len(bare) > 4)):
            break
        if bare[:1].isupper():
            start = offset + token.start()
    return start


def _directions(text: str) -> Iterator[Attribution]:
    """Directions outside brackets: "See X", where X is a run of capitalised words or a title in quotation marks."""
    for found in pattern("see").finditer(text):
        body = Span(found.end(), min(len(text), found.end() + _FARTHEST))
        if body.start < len(text) and text[body.start : body.end].strip() and names_work(text, body):
            yield reference("see", Span(body.start, _run_end(text, body)), found.span(1))


def _run_end(text: str, body: Span) -> int:
    end = body.start
    for token in TOKEN.finditer(text, body.start, body.end):
        bare = token.group().strip("“”\"«»‘’'(),.:")
        if bare[:1].islower() and bare not in known("joint"):
            break
        if not bare[:1].islower():
            end = token.start() + len(token.group().rstrip(".,;:!?)"))
        if token.group()[-1] in ".!?;" and len(bare) > 3:
            break
    return max(end, body.start + 1)


RULES: tuple[tuple[hints.Hint, Callable[[str], Iterator[Attribution]]], ...] = (
    (hints.holds("]("), _plain("link", "markdown")),
    (hints.names("source_label"), _labels),
    (lambda seen: seen.figures or "[^" in seen.lower, entry_lines),
    (hints.shelfmark, _plain("shelfmark", "shelfmark")),
    (hints.holds("(", "["), bracketed),
    (hints.holds("://", "www."), _links),
    (hints.identifier, _identifiers),
    (hints.law, _plain("law-article", "law")),
    (hints.statute, _plain("law-article", "statute")),
    (hints.holds(" v. "), _cases),
    (hints.verse, _plain("scripture", "scripture")),
    (hints.newspaper, newspapers),
    (hints.journal, _plain("bracketed-work", "journal")),
    (hints.narrated, narrated),
    (hints.volume, _volumes),
    (lambda seen: seen.figures or "[" in seen.lower, marks),
    (hints.names("same"), _plain("same-work", "same")),
    (hints.page, _pages),
    (hints.direction, _directions),
)
