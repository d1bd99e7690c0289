"""``cicakg query``: ask the dataset from the command line."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import BinaryIO, Final

import click

from cicakg.cli.settings import Settings
from cicakg.cli.tables import print_boolean, print_solutions
from cicakg.errors import CicakgError, ExitCode
from cicakg.examples import Example, read_examples
from cicakg.export import write_atomically
from cicakg.paths import DatasetFolder
from cicakg.sparql.formats import FORMATS, ResultKind, format_named, formats_of
from cicakg.sparql.request import MEBIBYTE, Budget, QueryRequest
from cicakg.store import open_snapshot
from cicakg.workers import Answer, run_once

TABLE: Final = "table"


@click.command(short_help="Ask a SPARQL query.")
@click.argument("file", required=False, type=str)
@click.option("-e", "--expression", "text", metavar="QUERY", help="The query itself, instead of a file.")
@click.option("--example", "example", metavar="NAME", help="One of the example queries, by number or name.")
@click.option("--list", "list_examples", is_flag=True, help="List the example queries and leave.")
@click.option(
    "-f",
    "--format",
    "format_name",
    type=click.Choice([TABLE, *(one.name for one in FORMATS)]),
    help="Default: a table on a terminal; CSV, or Turtle for a graph, when piped or written to a file.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to this file (whole or not at all)."
)
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True, help="Seconds."
)
@click.option(
    "--memory",
    type=click.IntRange(min=16),
    default=2048,
    show_default=True,
    help="What the query may use, in MiB.",
)
@click.pass_context
def query(
    ctx: click.Context,
    file: str | None,
    text: str | None,
    example: str | None,
    *,
    list_examples: bool,
    format_name: str | None,
    output: Path | None,
    timeout: float,
    memory: int,
) -> int:
    """Ask the dataset a SPARQL query, from FILE (- is standard input), from -e, or one of the examples.

    The usual prefixes (cica:, id:, modality:, skos:, …) need not be declared.
    """
    settings: Settings = ctx.obj
    folder = settings.folder()
    if list_examples:
        _print_examples(read_examples(folder))
        return ExitCode.CLEAN
    question = _question(folder, file, text, example)
    shown_as_table = format_name == TABLE or (format_name is None and output is None and sys.stdout.isatty())
    budget = Budget(seconds=timeout, memory_bytes=memory * MEBIBYTE)
    request = QueryRequest(
        question, _formats(None if shown_as_table else format_name, shown_as_table), budget=budget
    )
    answer = run_once(open_snapshot(folder), request)
    with answer.file:
        _show(answer, output, shown_as_table=shown_as_table)
    return ExitCode.CLEAN


def _question(folder: DatasetFolder, file: str | None, text: str | None, example: str | None) -> str:
    """The text of the one query asked for."""
    if sum(one is not None for one in (file, text, example)) != 1:
        raise click.UsageError(
            'Give one query: a FILE, -e "SELECT …", or --example NAME (cicakg query --list shows them).'
        )
    if text is not None:
        return text
    if example is not None:
        return _example(read_examples(folder), example).text
    return _read(file or "-")


def _read(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as fault:
        raise CicakgError(
            "query-unreadable",
            f"The query file {file} cannot be read: {fault.strerror or type(fault).__name__}.",
            'Name a file with a query in it, or give the query with -e "SELECT …".',
        ) from fault
    except UnicodeDecodeError as fault:
        raise CicakgError(
            "query-unreadable",
            f"{file} is not UTF-8 text: byte {fault.start + 1} cannot be read.",
            "Save the query as UTF-8.",
        ) from fault


def _example(examples: tuple[Example, ...], name: str) -> Example:
    for one in examples:
        if name in {one.number, one.slug, f"{one.number}-{one.slug}"}:
            return one
    raise CicakgError(
        "example-unknown", f"There is no example query {name}.", "cicakg query --list shows them."
    )


def _print_examples(examples: tuple[Example, ...]) -> None:
    for one in examples:
        click.echo(f"{one.number}  {one.slug}\n     {one.questions.get('en', '')}")


def _formats(name: str | None, shown_as_table: bool) -> dict[ResultKind, str]:
    """The format for each kind of result: the one asked for where it can write that kind, else our
    default.
    """
    if shown_as_table:
        return {ResultKind.SOLUTIONS: "json", ResultKind.BOOLEAN: "json", ResultKind.GRAPH: "turtle"}
    if name is None:
        return {ResultKind.SOLUTIONS: "csv", ResultKind.BOOLEAN: "csv", ResultKind.GRAPH: "turtle"}
    chosen = format_named(name)
    return {kind: name for kind in ResultKind if chosen in formats_of(kind)}


def _show(answer: Answer, output: Path | None, *, shown_as_table: bool) -> None:
    if output is not None:
        write_atomically(output, lambda file: shutil.copyfileobj(answer.file, file))
    elif shown_as_table and answer.kind is ResultKind.SOLUTIONS:
        print_solutions(answer.file)
    elif shown_as_table and answer.kind is ResultKind.BOOLEAN:
        print_boolean(answer.file)
    else:
        _copy_out(answer.file)


def _copy_out(file: BinaryIO) -> None:
    shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.buffer.flush()
