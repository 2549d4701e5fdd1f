"""The records that flow through the program: documents in, annotated sentences out.

Offsets count Unicode code points of the original text, are half-open, and always satisfy
``document.text[start:end] == record.text``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

SCHEMA_VERSION = 1

Label = Literal["documented_fact", "interpretation", "unsupported", "no_claim"]
Citation = Literal["explicit", "carried", "vague", "none"]
Voice = Literal["author", "reported", "quoted", "rebutted"]
BlockKind = Literal["heading", "list_item", "rule", "quote", "caption", "body"]

LABELS: tuple[Label, ...] = ("documented_fact", "interpretation", "unsupported", "no_claim")
CITATIONS: tuple[Citation, ...] = ("explicit", "carried", "vague", "none")
VOICES: tuple[Voice, ...] = ("author", "reported", "quoted", "rebutted")


# Rule id of a source or an attribution that an encoder marks and no rule found.
MARKED = "marked"


class Span(NamedTuple):
    """Half-open range of code points in a document."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A text to annotate; ``metadata`` holds the other fields of its line, ``markdown`` says how to read its blocks."""

    id: str
    text: str
    metadata: dict[str, Any] = field(default_factory=dict)
    markdown: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines of one kind: a paragraph, a heading, a list item and so on.

    ``marked`` is true where the kind rests on markup (``# Heading``) and false where it is a guess from the shape.
    """

    start: int
    end: int
    kind: BlockKind
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a document and the block that it stands in."""

    index: int
    start: int
    end: int
    text: str
    block: Block


@dataclass(frozen=True, slots=True)
class Attribution:
    """Place credited to somebody: who (`source`), by which words (`cue`), and what (`content`).

    ``rule`` names the pattern that found it; ``vague`` marks a source that nobody could find ("experts say").
    ``mention`` is the pronoun that stands for the source where `source` is the name that it was resolved to.
    """

    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    rule: str
    vague: bool = False
    mention: Span | None = None


class Place(NamedTuple):
    """Place of a document at their place."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """A source that a sentence rests on, with how a reader could trace it and how far to rely on it.

    ``text`` are the words that name it, in the sentence or, where the sentence has a pronoun, nearest to it. ``name``
    is the fullest name in the document, None where that is ``text``; ``mention`` is the pronoun in the sentence.
    ``rule`` is the id of the rule that found it, ``covers`` that of the rule by which it stands for this sentence;
    ``refers_to`` are the notes or works that it leads to, ``referred_from`` the marks that lead to it. A person's
    rating on the Admiralty scale has its place in the output beside these and never comes from the program.
    """

    text: str
    start: int
    end: int
    cue: str | None
    cue_start: int | None
    cue_end: int | None
    kind: str
    traceability: int
    reliability: str
    why: tuple[str, ...]
    carried_from: int | None = None
    name: str | None = None
    mention: str | None = None
    mention_start: int | None = None
    mention_end: int | None = None
    rule: str = ""
    covers: str = ""
    refers_to: tuple[Place, ...] = ()
    referred_from: tuple[Place, ...] = ()

    @property
    def full_name(self) -> str:
        """The fullest name that the document gives: one for all mentions of a source."""
        return self.name or self.text


@dataclass(frozen=True, slots=True)
class Claim:
    """The checkable words of a sentence without their attribution frame, and who holds them.

    Where the frame stands in the midst of them ("The mill, they say, burnt"), the claim reaches over it and ``parts``
    holds the words on either side. ``subject`` holds what the claim is about where that stands before it ("The mill
    burnt in 1931 *and was rebuilt*").
    """

    text: str
    start: int
    end: int
    holder: str | None
    parts: tuple[Place, ...] = ()
    subject: Place | None = None


class Reason(NamedTuple):
    """Place that moved the label: positive ``weight`` speaks for ``label``, in units of log-odds."""

    text: str
    start: int
    end: int
    label: str
    weight: float


@dataclass(frozen=True, slots=True)
class Sourcing:
    """What the sourcing stage says of one sentence; ``vague`` holds the words that gesture at nobody to be found."""

    citation: Citation
    voice: Voice
    sources: tuple[Source, ...] = ()
    claims: tuple[Claim, ...] = ()
    vague: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the classifying stage says of one sentence.

    ``abstained`` is true where the label is riskier than was asked for; it stays as the best guess.
    """

    label: str
    probabilities: dict[str, float]
    needs_review: bool
    reasons: tuple[Reason, ...] = ()
    abstained: bool = False


@dataclass(frozen=True, slots=True)
class AnnotatedSentence:
    """A sentence with its status, voice and sourcing."""

    sentence: Sentence
    verdict: Verdict
    sourcing: Sourcing


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A document after annotation; ``reason`` and ``detail`` are set where it failed."""

    id: str
    sentences: tuple[AnnotatedSentence, ...]
    profile: dict[str, Any]
    sources: tuple[dict[str, Any], ...]
    model: str
    model_sha256: str
    metadata: dict[str, Any] = field(default_factory=dict)
    reason: str | None = None
    detail: str | None = None
    house_list: dict[str, str] | None = None

    @property
    def ok(self) -> bool:
        """Whether the document was annotated."""
        return self.reason is None
