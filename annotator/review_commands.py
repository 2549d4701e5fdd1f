"""The commands ``annotator review OUT.jsonl``, ``review merge`` and ``review export``."""

from __future__ import annotations

import contextlib
import getpass
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator.errors import AnnotatorError, ReadError
from annotator.plain_commands import PlainGroup, say
from annotator.wording import counted, printable

if TYPE_CHECKING:
    from annotator.review import Review


class _Opens(PlainGroup):
    """A group that opens a review where it is given a file, not a command; a file named ``merge`` is ``./merge``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["open", *args]
        return super().parse_args(ctx, args)


@click.group("review", cls=_Opens)
def review() -> None:
    """Review an output in the browser, on this machine only; merge the logs of reviewers; export what they decided.

    \b
    Example:
      annotator review out.jsonl --reviewer ann
      annotator review merge ann.review.jsonl bob.review.jsonl -o out.review.jsonl
      annotator review export out.jsonl -o reviewed.jsonl
    """


@review.command("open")
@click.argument("output", metavar="OUT.jsonl")
@click.option("--reviewer", metavar="NAME", help="Who decides. Default: the name of the account.")
@click.option("--log", metavar="LOG.jsonl", help="The review log. Default: beside the output.")
@click.option("--documents", "paths", multiple=True, metavar="PATH", help="The documents, for their paragraphs.")
@click.option("--guidelines", metavar="FILE.md", help="Guidelines of the house, with a line 'Version ...'.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of 127.0.0.1. Default: any free one.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def open_review(
    output: str,
    reviewer: str | None,
    log: str | None,
    paths: tuple[str, ...],
    guidelines: str | None,
    port: int,
    no_browser: bool,
) -> None:
    """Review OUT.jsonl in the browser. Every decision is in OUT.review.jsonl before the next sentence comes up.

    \b
    Example:
      annotator review out.jsonl --reviewer ann --documents letters/
    """
    from annotator.review import Review
    from annotator.review_desk import GUIDELINES, Desk, guideline_version
    from annotator.review_server import ReviewServer

    text = _read(guidelines or str(GUIDELINES))
    found = Review(
        output, reviewer or getpass.getuser(), log=log, texts=_texts(paths), guideline=guideline_version(text)
    )
    for notice in found.notices():
        say(f"annotator: {notice}")
    try:
        server = ReviewServer(Desk(found, text), port)
    except OSError as error:
        raise AnnotatorError("no-port", f"port {port} can't be used: {error.strerror}") from error
    say(f"review: {server.url}\ndecisions: {found.log}\nCtrl+C ends the review.")
    if not no_browser:
        webbrowser.open(server.url)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    server.server_close()
    found.close()


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        detail = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ReadError("unreadable", f"can't be read: {detail}", path=path) from error


def _texts(paths: tuple[str, ...]) -> dict[str, str]:
    from annotator.reading import find_files, read_documents
    from annotator.record import Document

    reads = list(read_documents(find_files(paths))) if paths else []
    for read in reads:
        if not isinstance(read, Document):
            say(f"annotator: {read.id}: {read.detail}")
    return {read.id: read.text for read in reads if isinstance(read, Document)}


@review.command("merge")
@click.argument("logs", nargs=-1, required=True, metavar="LOG.review.jsonl...")
@click.option("-o", "--output", required=True, metavar="MERGED.review.jsonl", help="File to write; '-' is stdout.")
def merge_logs(logs: tuple[str, ...], output: str) -> None:
    """Merge review logs, each event once and in order of time, and list what reviewers differ on.

    \b
    Example:
      annotator review merge ann.review.jsonl bob.review.jsonl -o out.review.jsonl
    """
    from collections import Counter

    from annotator.review_log import conflicts, merge, read_log
    from annotator.writing import open_output

    absent = next((path for path in logs if not Path(path).exists()), None)
    if absent:
        raise ReadError("not-found", "there is no such file", path=absent)
    reads = [read_log(path) for path in logs]
    events = merge(*(read.events for read in reads))
    if not events:
        raise ReadError("no-events", "there is no decision in it", path=", ".join(logs))
    with open_output(output) as stream:
        stream.writelines(event.line() for event in events)
    for path, read in zip(logs, reads, strict=True):
        for reason, count in sorted(Counter(line.reason for line in read.skipped).items()):
            say(f"annotator: {path}: {counted(count, 'line')} skipped: {reason}")
    found = list(conflicts(events))
    for conflict in found:
        answers = ", ".join(f"{name}: {answer}" for name, answer in conflict.answers)
        place = f"{conflict.document} {conflict.start}-{conflict.end} {conflict.field}"
        _echo(f"{place}\t{answers}\t{conflict.exact[:80]}", err=output == "-")
    reviewers = len({event.reviewer for event in events})
    say(f"{counted(len(events), 'event')} of {counted(reviewers, 'reviewer')}, {counted(len(found), 'conflict')}")
    say(f"result: {output}")


def _echo(line: str, err: bool) -> None:
    click.echo("\t".join(printable(part) for part in line.split("\t")), err=err)


@review.command("export")
@click.argument("output", metavar="OUT.jsonl")
@click.option("--log", metavar="LOG.jsonl", help="The review log. Default: beside the output.")
@click.option("-o", "--output", "result", required=True, metavar="REVIEWED.jsonl", help="File to write; '-' is stdout.")
@click.option("--rated", is_flag=True, help="Write OUT.jsonl again, its sources with the ratings that reviewers gave.")
def export(output: str, log: str | None, result: str, rated: bool) -> None:
    """Write the decided sentences as labelled sentences, input of 'annotator train' and 'annotator evaluate'.

    Sentences on which reviewers differ are left out until somebody adjudicates them. A line has the "rating" of its
    source on the Admiralty scale, where reviewers gave one. With --rated the result is OUT.jsonl as it was, with every
    rating in its place, also in sentences that nobody has decided.

    \b
    Example:
      annotator review export out.jsonl -o reviewed.jsonl
      annotator review export out.jsonl --rated -o rated.jsonl
    """
    from annotator.review import Review

    if log and not Path(log).exists():
        raise ReadError("not-found", "there is no such file", path=log)
    found = Review(output, "export", log=log, read_only=True)
    for notice in found.notices():
        say(f"annotator: {notice}")
    say(_export_rated(found, result) if rated else _export_labelled(found, result))
    say(f"result: {result}")


def _export_rated(found: Review, result: str) -> str:
    from annotator.jsonl import dumps
    from annotator.rated_output import RatedOutput
    from annotator.writing import open_output

    rated = RatedOutput(found)
    with open_output(result) as stream:
        stream.writelines(dumps(line) + "\n" for line in rated.lines())
    split = f", {rated.split} left out because reviewers differ" if rated.split else ""
    own = f", {rated.homeless} left out because a reviewer marked the source" if rated.homeless else ""
    return f"{counted(rated.given, 'rating')} exported{split}{own}"


def _export_labelled(found: Review, result: str) -> str:
    from annotator.jsonl import dumps
    from annotator.writing import open_output

    decided = sum(any(view.decided for view in row.views.values()) for row in found.rows)
    written = 0
    with open_output(result) as stream:
        for line in found.labelled():
            stream.write(dumps(line) + "\n")
            written += 1
    split = f", {decided - written:,} left out because reviewers differ" if decided > written else ""
    return f"{counted(written, 'sentence')} exported{split}{'' if decided else ': none is decided'}"
