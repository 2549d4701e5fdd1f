"""How commands talk: a user's mistake is one plain line on standard error, and no document can drive a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from annotator.errors import AnnotatorError
from annotator.wording import printable

INCOMPLETE, NOTHING = 1, 2


@contextmanager
def plainly() -> Iterator[None]:
    """Turn a user's mistake into one line and exit code 2; a bug still shows its traceback."""
    try:
        yield
    except AnnotatorError as error:
        say(f"annotator: {error}")
        sys.exit(NOTHING)
    except click.UsageError as error:
        if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):  # no mistake: it prints the help
            raise
        words = " ".join(error.format_message().split()).rstrip(".")
        where = f"; see '{error.ctx.command_path} --help'" if error.ctx else ""
        say(f"annotator: {words[:1].lower()}{words[1:]}{where}")
        sys.exit(NOTHING)
    except BrokenPipeError:
        # The reader of a pipe has enough; what is left in the buffer must not raise again on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(INCOMPLETE)


class PlainCommand(click.Command):
    """A command whose user's mistakes are one line each."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the arguments."""
        with plainly():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with plainly():
            return super().invoke(ctx)


class PlainGroup(PlainCommand, click.Group):
    """A group of commands, all of them plain."""

    command_class = PlainCommand


def say(text: str) -> None:
    """Print lines on standard error, with control characters shown as escapes."""
    for line in text.split("\n"):
        click.echo(_harmless(line), err=True)


def show(text: str) -> None:
    """Print lines of data, each with its control characters shown as escapes."""
    click.echo("\n".join(_harmless(line) for line in text.split("\n")))


def show_json(value: Mapping[str, Any]) -> None:
    """Print one object on a line."""
    from annotator.decoding import without_surrogates
    from annotator.jsonl import dumps

    click.echo(without_surrogates(dumps(dict(value))))


def _harmless(line: str) -> str:
    from annotator.decoding import without_surrogates

    return printable(without_surrogates(line.rstrip("\n")))
