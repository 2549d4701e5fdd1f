"""The commands ``annotator claims`` and ``annotator sources``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import click

from annotator.errors import ReadError
from annotator.plain_commands import INCOMPLETE, PlainCommand, say, show


@click.command(cls=PlainCommand)
@click.argument("tagged", metavar="OUT.jsonl")
@click.option("-o", "--output", default="-", metavar="CLAIMS.jsonl", help="File to write. Default: standard output.")
@click.option("--table", is_flag=True, help="Print a table for people instead of JSON lines.")
@click.option("--repeated", is_flag=True, help="Only claims that are told more than once.")
@click.option("--unsourced", is_flag=True, help="Only claims that no telling gives a source for.")
def claims(tagged: str, output: str, table: bool, repeated: bool, unsourced: bool) -> None:
    """List the distinct claims of an output of 'annotator tag': who says so, where, on what source; which have none.

    Claims that tell the same in slightly other words are one, across sentences and documents; those that differ in a
    number, a name or a "not" are not. '-' is standard input. One JSON object a claim, the most repeated first. The exit
    code is 1 where a line or a document could not be used.

    \b
    Example:
      annotator claims out.jsonl --table --repeated
    """
    from annotator.claim_list import claim_groups, to_text
    from annotator.output import read_tagged

    found = read_tagged(tagged)
    listed = [
        group
        for group in claim_groups(found.documents)
        if (group["times"] > 1 or not repeated) and not (unsourced and group["has_source"])
    ]
    _put(listed, to_text(listed) if table else None, output)
    _end(found.errors)


@click.command(cls=PlainCommand)
@click.argument("tagged", metavar="OUT.jsonl")
@click.option("-o", "--output", default="-", metavar="SOURCES.jsonl", help="File to write. Default: standard output.")
@click.option("--table", is_flag=True, help="Print a table for people instead of JSON lines.")
def sources(tagged: str, output: str, table: bool) -> None:
    """List the sources of an output of 'annotator tag' over all documents, with the claims that rest on each.

    Short forms and the full name are one source ("Moll", "the memoirs of Ada Moll"). '-' is standard input. One JSON
    object a source, those with most claims first. The exit code is 1 where a line or a document could not be used.

    \b
    Example:
      annotator sources out.jsonl --table
    """
    from annotator.output import read_tagged
    from annotator.source_list import batch_sources, to_text, vague_authorities

    found = read_tagged(tagged)
    listed = batch_sources(found.documents)
    _put(listed, to_text(listed, list(vague_authorities(found.documents))) if table else None, output)
    _end(found.errors)


def _put(rows: Iterable[dict[str, Any]], table: str | None, output: str) -> None:
    """Write rows as JSON lines, or a table; both go to a file or to standard output."""
    from annotator.decoding import without_surrogates
    from annotator.jsonl import dumps
    from annotator.wording import printable
    from annotator.writing import STDOUT, open_output

    if table is not None and output == STDOUT:
        show(table)
        return
    with open_output(output) as stream:
        if table is not None:
            stream.writelines(f"{printable(without_surrogates(line))}\n" for line in table.split("\n"))
        else:
            stream.writelines(f"{without_surrogates(dumps(row))}\n" for row in rows)
    if output != STDOUT:
        say(f"result: {output}")


def _end(errors: Iterable[ReadError]) -> None:
    """Name what could not be used, and end with the code that says whether anything could not."""
    failed = list(errors)
    for error in failed:
        say(f"annotator: {error}")
    sys.exit(INCOMPLETE if failed else 0)
