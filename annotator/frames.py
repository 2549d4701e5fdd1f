"""Annotated documents as pandas frames, for people: one row a sentence, a document, a claim or a source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from annotator.claim_list import told_claims
from annotator.output import as_tagged
from annotator.record import AnnotatedDocument, AnnotatedSentence
from annotator.source_list import source_rows
from annotator.writing import document_line, sentence_line


def sentences_frame(documents: Iterable[AnnotatedDocument]) -> pd.DataFrame:
    """One row a sentence: the fields of its output line, probabilities as ``p_`` columns, source texts joined.

    The claims, sources and reasons themselves stay in their columns as lists of dicts.
    """
    return pd.DataFrame([_sentence_row(document.id, item) for document in documents for item in document.sentences])


def _sentence_row(document: str, item: AnnotatedSentence) -> dict[str, Any]:
    line = sentence_line(document, item)
    del line["record"]
    probabilities = line.pop("probabilities")
    row = line | {f"p_{label}": value for label, value in probabilities.items()}
    return row | {"source": "; ".join(dict.fromkeys(source.text for source in item.sourcing.sources))}


def documents_frame(documents: Iterable[AnnotatedDocument]) -> pd.DataFrame:
    """One row a document: its status and its profile, counts of labels and citation values as columns of their own."""
    rows, labels = [], dict[str, int]()
    for document in documents:
        rows.append(_document_row(document))
        labels |= dict.fromkeys(document.profile["labels"], 0)
    # A label that a document has nowhere is a count of none, not a gap: gaps make the counts of the others fractions.
    return pd.DataFrame([row | {name: row.get(name, 0) for name in labels} for row in rows])


def _document_row(document: AnnotatedDocument) -> dict[str, Any]:
    line = document_line(document)
    profile = dict(line.pop("profile"))
    del profile["sections"], profile["longest_unsourced"]
    profile["vague_authorities"] = len(profile["vague_authorities"])
    counts: dict[str, Any] = profile.pop("labels") | {
        f"citation_{name}": n for name, n in profile.pop("citations").items()
    }
    voices = {f"voice_{name}": n for name, n in profile.pop("voices").items()}
    keys = ("document", "status", "reason", "detail", "sentences", "model")
    return {key: line[key] for key in keys} | profile | counts | voices


def claims_frame(documents: Iterable[AnnotatedDocument]) -> pd.DataFrame:
    """One row a claim: where it stands, who holds it, on what sources; those with the same ``group`` tell the same."""
    rows = told_claims(as_tagged(documents))
    for row in rows:
        row["sources"] = "; ".join(dict.fromkeys(source["text"] for source in row["sources"]))
    return pd.DataFrame(rows)


def sources_frame(documents: Iterable[AnnotatedDocument]) -> pd.DataFrame:
    """One row a source of a document: kind, grade, mentions, the names it goes by, and how many claims rest on it."""
    rows = source_rows(as_tagged(documents))
    for row in rows:
        row["names"] = "; ".join(row["names"])
    return pd.DataFrame(rows)
