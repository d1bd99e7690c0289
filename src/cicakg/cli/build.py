"""``cicakg build``: the data as a snapshot on disk."""

from __future__ import annotations

from pathlib import Path

import click

from cicakg.cli.settings import Settings
from cicakg.errors import ExitCode
from cicakg.store.building import build_dataset, build_files
from cicakg.store.integrity import find_damage
from cicakg.store.manifest import Manifest, read_manifest


@click.command(short_help="Build a snapshot of the graph on disk.")
@click.option(
    "--data",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An RDF file (N-Quads, TriG, Turtle, …) to build from instead of the dataset; may be repeated.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder to make. An older snapshot there is replaced.",
)
@click.option(
    "--verify",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Check every byte of the snapshot there instead.",
)
@click.pass_context
def build(ctx: click.Context, data: tuple[Path, ...], out: Path | None, verify: Path | None) -> int:
    """Build a snapshot that `cicakg serve --snapshot DIR` opens at once, however large it is.

    It appears whole or not at all. A server that has the old one open keeps it until it is told to read again
    (SIGHUP).
    """
    if verify is not None:
        if out is not None or data:
            raise click.UsageError("--verify goes without --out and --data.")
        return _verify(verify)
    if out is None:
        raise click.UsageError("Say where to build with --out DIR, or what to check with --verify DIR.")
    settings: Settings = ctx.obj
    manifest = build_files(data, out, _tell) if data else build_dataset(settings.folder(), out, _tell)
    _show(out, manifest)
    return ExitCode.CLEAN


def _verify(folder: Path) -> int:
    """Say what is wrong with the snapshot in *folder*."""
    manifest = read_manifest(folder)
    faults = [*find_damage(folder, manifest)]
    for fault in faults:
        click.echo(f"{folder}: {fault}", err=True)
    if faults:
        click.echo("cicakg: the snapshot is damaged; build it again with `cicakg build --out DIR`.", err=True)
        return ExitCode.FINDINGS
    _show(folder, manifest)
    return ExitCode.CLEAN


def _show(folder: Path, manifest: Manifest) -> None:
    click.echo(
        f"{folder}: {manifest.quad_count} statements, {manifest.size} bytes, "
        f"fingerprint {manifest.fingerprint}"
    )


def _tell(step: str) -> None:
    click.echo(f"cicakg: {step} …", err=True)
