"""An attribution as the record of a source: its words, its grade, what it covers and what it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from annotator.carrying import Look
from annotator.note_links import Links, Target
from annotator.people import People
from annotator.record import Attribution, Place, Source, Span
from annotator.reference_patterns import pattern
from annotator.reliability import Grade, HouseList, grade

_WORKS = {"note-number": "numbered note", "author-date": "in the list of works"}
_SAME = "names again “{}”"
_SHOWN = 60


class _Cue(NamedTuple):
    text: str | None
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Sources:
    """Makes the records of the sources of one document.

    Parameters
    ----------
    people : People
        Of the document, resolved.
    links : Links
        Of its references.
    house : HouseList, optional
        Overrides the reliability of the sources that it names.
    """

    people: People
    links: Links
    house: HouseList | None = None

    @property
    def text(self) -> str:
        """The document."""
        return self.people.text

    def source(self, found: Attribution, look: Look) -> Source:
        """Record of an attribution that covers a sentence."""
        span = found.source or look.span
        cue = self._cue(found.cue)
        graded = self._grade(found, span, cue.text, look)
        words, mention = self.text[span.start : span.end], self._cue(found.mention)
        full = self.people.full_name(span)
        return Source(
            words, span.start, span.end, cue.text, cue.start, cue.end,
            graded.kind, graded.traceability, graded.reliability, graded.why,
            name=full if full != words else None,
            mention=mention.text, mention_start=mention.start, mention_end=mention.end,
            rule=found.rule, covers=covers(found, look.span),
            refers_to=tuple(self._place(target.span) for target in self.links.targets.get(span, ())),
            referred_from=tuple(self._place(place) for place in self.links.back.get(span, ())),
        )  # fmt: skip

    def _cue(self, cue: Span | None) -> _Cue:
        return _Cue(self.text[cue.start : cue.end], cue.start, cue.end) if cue else _Cue(None, None, None)

    def _place(self, span: Span) -> Place:
        return Place(self.text[span.start : span.end], span.start, span.end)

    def _grade(self, found: Attribution, span: Span, cue: str | None, look: Look) -> Grade:
        """Grade by the words of the source, or by those of the note or work that it leads to."""
        target = next(iter(self.links.targets.get(span, ())), None)
        if target is None:
            return grade(self.text[slice(*span)], cue, found.rule, look.sentence.text, self.house)
        return self._by_target(found, span, target)

    def _by_target(self, found: Attribution, span: Span, target: Target) -> Grade:
        place = target.found.source or target.span
        words = self.text[slice(*place)]
        page = pattern("leaf").search(self.text, *span)
        if page is not None and not pattern("leaf").search(words):
            words = f"{words.rstrip('.')}, {page.group()}"
        graded = grade(words, None, target.found.rule, self.text[slice(*target.span)], self.house)
        named = _WORKS.get(found.rule) or _SAME.format(self.text[slice(*target.span)][:_SHOWN])
        return Grade(graded.kind, graded.traceability, graded.reliability, (named, *graded.why))


def covers(found: Attribution, sentence: Span) -> str:
    """Id of the rule by which a source stands for a sentence.

    ``own-sentence``: it stands in it; ``sentence-before``: its mark opens the next one; ``own-line``: the line is a
    note or an entry of a bibliography itself. One that another sentence carries here is ``carried`` in the output.
    """
    if found.rule == "note-text":
        return "own-line"
    return "sentence-before" if found.source and found.source.start >= sentence.end else "own-sentence"
