"""The commands ``annotator agree`` and ``annotator diff``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from annotator.plain_commands import INCOMPLETE, PlainCommand, say, show, show_json
from annotator.wording import counted


def say_skipped(skipped: Mapping[str, Mapping[str, int]]) -> bool:
    """Name what was left out of each file, with counts; whether anything was."""
    for path, counts in skipped.items():
        for reason, count in sorted(counts.items()):
            say(f"annotator: {path}: {count} skipped: {reason}")
    return any(skipped.values())


@click.command(cls=PlainCommand)
@click.argument("files", nargs=-1, required=True, metavar="A.jsonl B.jsonl...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@click.option("--queue", metavar="QUEUE.jsonl", help="Write what to adjudicate, for 'annotator review QUEUE.jsonl'.")
@click.option("--output", metavar="OUT.jsonl", help="The output that was rated, for --queue. Default: found by itself.")
@click.option("--seed", default=0, show_default=True, help="Seed of the bootstrap.")
def agree(files: tuple[str, ...], as_json: bool, queue: str | None, output: str | None, seed: int) -> None:
    """Measure how far raters agree, by question and by label, with intervals, and list what they differ on.

    A file is a review log (every reviewer in it is a rater), an output of 'annotator tag', or labelled sentences.
    Intervals are 95 % bootstrap intervals that draw whole documents. The exit code is 1 where something was skipped.

    \b
    Example:
      annotator agree ann.review.jsonl bob.review.jsonl --queue settle.jsonl
    """
    from annotator.adjudication import disagreements, find_output, write_queue
    from annotator.agreement import measure
    from annotator.agreement_report import to_json, to_text
    from annotator.ratings import read_ratings

    ratings = read_ratings(files)
    fields, found = measure(ratings, seed), disagreements(ratings)
    left_out = say_skipped(ratings.skipped)
    if ratings.alone:
        say(f"annotator: {_alone(ratings.alone)}")
    if as_json:
        show_json(to_json(ratings, fields, found))
    else:
        show(to_text(ratings, fields, found).rstrip())
    if queue is not None:
        missing = write_queue(found, output or find_output(files), queue)
        if missing:
            say(f"annotator: {counted(missing, 'sentence')} in dispute, not in the output and not in the queue")
        say(f"queue: {queue}")
    sys.exit(INCOMPLETE if left_out else 0)


def _alone(alone: Mapping[str, int]) -> str:
    names = sorted(alone)
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"{counted(sum(alone.values()), 'sentence')} rated by one rater only, and left out: {shown}"


@click.command(cls=PlainCommand)
@click.argument("old", metavar="OLD.jsonl")
@click.argument("new", metavar="NEW.jsonl")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each change.")
@click.option(
    "--carry", is_flag=True, help="Carry the decisions on OLD over to the log of NEW, where they can be placed."
)
def diff(old: str, new: str, as_json: bool, carry: bool) -> None:
    """Show what changed between the outputs for two drafts: labels, newly unsourced claims, lost sources.

    Documents are matched by name; two files with one document each are compared whatever their names.
    With --carry, decisions in OLD.review.jsonl whose sentence has the same words in NEW are added to NEW.review.jsonl;
    those that can't be placed are listed. The exit code is 1 where something was skipped or couldn't be placed.

    \b
    Example:
      annotator diff monday.jsonl tuesday.jsonl
    """
    from annotator.draft_report import changes, to_text
    from annotator.drafts import compare_outputs
    from annotator.errors import ReadError
    from annotator.review_log import log_path

    if carry and not log_path(old).exists():
        raise ReadError("not-found", "there is no such log, so nothing to carry over", path=log_path(old))
    found = compare_outputs(old, new)
    left_out = say_skipped({path: counts for path, counts in found.skipped.items() if counts})
    for names, which in ((found.only_old, old), (found.only_new, new)):
        for name in names:
            say(f"annotator: {name}: only in {which}")
    if as_json:
        for change in changes(found):
            show_json(change)
    else:
        show(to_text(found).rstrip())
    lost = _carry(old, new) if carry else 0
    sys.exit(INCOMPLETE if left_out or lost else 0)


def _carry(old: str, new: str) -> int:
    """Add the decisions on one draft to the log of another; the number of those that could not be placed."""
    from annotator.drafts import carry
    from annotator.review_log import log_path, read_log
    from annotator.review_rows import read_output
    from annotator.review_writer import LogWriter

    read = read_log(log_path(old))
    say_skipped({str(log_path(old)): _counts([item.reason for item in read.skipped])})
    carried = carry(read.events, read_output(old)[0], read_output(new)[0])
    known = {event.event for event in read_log(log_path(new)).events}
    fresh = [event for event in carried.events if event.event not in known]
    with LogWriter(Path(log_path(new))) as log:
        for event in fresh:
            log.append(event)
    for event, placement in carried.lost:
        place = f"{event.document} {event.start}-{event.end} {event.field}"
        likely = f", likely now {placement.span.start}-{placement.span.end}" if placement.span else ""
        say(f"not placed ({placement.kind}{likely}): {place}: {event.exact[:60]}")
    say(f"{counted(len(fresh), 'decision')} carried over, {len(carried.lost):,} not placed")
    say(f"result: {log_path(new)}")
    return len(carried.lost)


def _counts(reasons: list[str]) -> dict[str, int]:
    return {reason: reasons.count(reason) for reason in set(reasons)}
