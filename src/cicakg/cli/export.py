"""``cicakg export``: the dataset as a file."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cicakg.cli.settings import Settings
from cicakg.errors import ExitCode
from cicakg.export import DATASET_FORMATS, DatasetFormat, write_atomically, write_dataset
from cicakg.paths import DatasetFolder
from cicakg.store import dataset_quads


@click.command(short_help="Write the dataset to a file.")
@click.option(
    "-f",
    "--format",
    "format_name",
    type=click.Choice([one.name for one in DATASET_FORMATS]),
    required=True,
    help="csv is a table of the claims, one row each.",
)
@click.option(
    "--graph",
    "graphs",
    multiple=True,
    metavar="NAME",
    help="Only this graph (facts, entities, 2020-kk-…); repeatable.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Default: standard output.")
@click.pass_context
def export(ctx: click.Context, format_name: str, graphs: tuple[str, ...], output: Path | None) -> int:
    """Write the dataset, sorted: the same data gives the same bytes. A file appears whole or not at all."""
    settings: Settings = ctx.obj
    chosen = next(one for one in DATASET_FORMATS if one.name == format_name)
    if output is None:
        _write_out(settings.folder(), chosen, graphs)
    else:
        _write_file(settings.folder(), chosen, graphs, output)
    return ExitCode.CLEAN


def _write_out(folder: DatasetFolder, chosen: DatasetFormat, graphs: tuple[str, ...]) -> None:
    """Write to standard output, and only once all is made: a fault on the way leaves nothing half-written
    there.
    """
    buffer = BytesIO()
    _write(folder, chosen, graphs, buffer)
    sys.stdout.buffer.write(buffer.getbuffer())
    sys.stdout.buffer.flush()


def _write_file(folder: DatasetFolder, chosen: DatasetFormat, graphs: tuple[str, ...], output: Path) -> None:
    buffer = BytesIO()
    _write(folder, chosen, graphs, buffer)
    written = buffer.getvalue()

    def put(file: BinaryIO) -> None:
        file.write(written)

    write_atomically(output, put)
    click.echo(f"{output}: {len(written)} bytes", err=True)


def _write(folder: DatasetFolder, chosen: DatasetFormat, graphs: tuple[str, ...], buffer: BytesIO) -> None:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("reading", total=4)

        def note(step: str) -> None:
            progress.update(task, advance=1, description=step)

        write_dataset(dataset_quads(folder), chosen, buffer, graphs, note)
