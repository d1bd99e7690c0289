"""``cicakg lsp``: the server an editor speaks to."""

from __future__ import annotations

import logging
import os
import sys
from typing import Final

import click

from cicakg.cli.settings import Settings
from cicakg.editor.server import EditorServer
from cicakg.errors import CicakgError

LOOPBACK: Final = "127.0.0.1"
"""Whoever reaches the server can read the dataset and have it checked: it listens to this machine only."""


@click.command(short_help="Speak to an editor: underline, mend, complete.")
@click.option(
    "--tcp",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    help=f"Listen on {LOOPBACK}:PORT for one editor, instead of using standard input and output.",
)
@click.option("--stdio", is_flag=True, help="Speak over standard input and output, as without it.")
@click.option("-v", "--verbose", is_flag=True, help="Log more to standard error.")
@click.pass_context
def lsp(ctx: click.Context, tcp: int | None, stdio: bool, verbose: bool) -> int:
    """Serve an editor by the Language Server Protocol: findings as one types, quick fixes, completion.

    An editor starts this by itself; docs/editors.md shows how for several. The dataset is that of the folder
    the editor has open, or of --root. Exit code: 0 where the editor said goodbye, 1 where it just left.
    """
    settings: Settings = ctx.obj
    if tcp is not None and stdio:
        raise CicakgError("lsp-two-ways", "--tcp and --stdio exclude each other.", "Leave one of them out.")
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if verbose else logging.WARNING,
        format="cicakg lsp: %(message)s",
    )
    server = EditorServer(settings.folder().root if settings.root is not None else None)
    if tcp is not None:
        server.start_tcp(LOOPBACK, tcp)
    else:
        with os.fdopen(_answers_alone(), "wb") as answers:
            server.start_io(sys.stdin.buffer, answers)
    return server.protocol.exit_code


def _answers_alone() -> int:
    """Return standard output for the answers, and turn what anybody else prints to standard error."""
    mine = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return mine
