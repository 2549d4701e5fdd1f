"""An output again with the ratings that reviewers gave its sources in their place, everything else as it was."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any

from annotator.jsonl import BadLine, read_lines
from annotator.review import Review
from annotator.review_rows import Row


class RatedOutput:
    """The lines of a reviewed output, rated.

    Parameters
    ----------
    review : Review
        The output and its log. `given` counts the ratings that were put in, `split` those left out because reviewers
        differ, `homeless` those of sources that a reviewer marked and the output doesn't have.
    """

    def __init__(self, review: Review) -> None:
        self._review = review
        self.given = self.split = 0
        records = (record for draft in review.drafts.values() for record in draft.records)
        self._known = {(record["document"], record["index"]): record for record in records}
        self._left = {key for row in review.rows for key in _rated_places(row)}

    @property
    def homeless(self) -> int:
        """Ratings that found no source in the output; complete when all lines have been read."""
        return len(self._left)

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield every line of the output; those that are no JSON are left out, as the review leaves them out."""
        with open(self._review.output, "rb") as stream:
            for _, value in read_lines(stream):
                if not isinstance(value, BadLine):
                    yield self._rated(value) if value.get("record") == "sentence" else value

    def _rated(self, line: dict[str, Any]) -> dict[str, Any]:
        place = (line.get("document"), line.get("index"))
        if self._known.get(place) != line:
            return line
        rows = self._review.drafts[line["document"]].rows
        first = bisect_right(rows, line["start"], key=lambda row: row.span[1])
        rows = rows[first : bisect_left(rows, line["end"], key=lambda row: row.span[0])]
        return line | {"sources": [self._source(item, rows) for item in line["sources"]]}

    def _source(self, source: dict[str, Any], rows: list[Row]) -> dict[str, Any]:
        place = (source["start"], source["end"])
        found = [(row, row.ratings(*place)) for row in rows if row.views]
        self._left -= {(row.at, *place) for row, _ in found}
        if not found:
            return source
        ratings = [rating for _, given in found for rating in given]
        self.given += len(ratings) == 1
        self.split += len(ratings) > 1
        return source | {"rating": ratings[0] if len(ratings) == 1 else None}


def _rated_places(row: Row) -> Iterator[tuple[int, int, int]]:
    for view in row.views.values():
        yield from ((row.at, one["start"], one["end"]) for one in view.answers["sources"] if one.get("rating"))
