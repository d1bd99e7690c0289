"""The ``cicakg`` command: its group of commands and the one place where a failure becomes a sentence and
an exit code.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from cicakg.cli.settings import Settings
from cicakg.errors import CicakgError, ExitCode

# Each command lives in a module of its own and is imported only when it is used: `cicakg rules` needs no
# web server.
COMMANDS: Final[Mapping[str, str]] = {
    "build": "cicakg.cli.build",
    "check": "cicakg.cli.check",
    "coverage": "cicakg.cli.coverage",
    "export": "cicakg.cli.export",
    "find": "cicakg.cli.find",
    "load": "cicakg.cli.load",
    "lsp": "cicakg.cli.lsp",
    "new": "cicakg.cli.new",
    "query": "cicakg.cli.query",
    "rules": "cicakg.cli.rules",
    "serve": "cicakg.cli.serve",
    "span": "cicakg.cli.span",
    "suggest": "cicakg.cli.suggest",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when asked for; the command has its module's last name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names, sorted."""
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command called *cmd_name*, or ``None``."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return super().get_command(ctx, cmd_name)
        command = getattr(importlib.import_module(module), cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}.{cmd_name} is not a command")
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a reader (head, less) that has seen enough and left is no fault."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # What is left in the buffer must not raise again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(ExitCode.CLEAN) from None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "-V", "--version", package_name="cicakg", prog_name="cicakg")
@click.option(
    "--root",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The dataset's folder (it has ontology/, data/, shapes/). "
    "Default: the one you stand in, else the one installed with cicakg.",
)
@click.pass_context
def main(ctx: click.Context, root: Path | None) -> None:
    """Check, serve, query and export the CICA knowledge graph."""
    ctx.obj = Settings(root)


def run() -> None:
    """Run the command line and leave with its exit code: 0 clean, 1 findings, 2 usage, 3 our fault."""
    sys.exit(exit_code(sys.argv[1:]))


def exit_code(arguments: list[str]) -> int:  # one for each way a command can end
    """Carry out *arguments* and return the exit code; everything a person must know is on standard error
    by then.
    """
    try:
        result = main.main(args=arguments, prog_name="cicakg", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as fault:
        fault.show()
        return ExitCode.USAGE
    except CicakgError as fault:
        click.echo(f"cicakg: {fault.detail}\n  {fault.fix}", err=True)
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("cicakg: stopped.", err=True)
        return 130
    except Exception as fault:  # our own fault, whatever it is
        report_our_fault(fault)
        return ExitCode.OUR_FAULT
    return result if isinstance(result, int) else ExitCode.CLEAN


def report_our_fault(fault: Exception) -> None:
    """Say that the program is at fault, with an identifier; the traceback goes where ``CICAKG_DEBUG``
    asks for it.
    """
    identifier = uuid.uuid4().hex[:8]
    click.echo(
        f"cicakg: this is a fault of the program, not yours ({type(fault).__name__}, {identifier}).", err=True
    )
    if os.environ.get("CICAKG_DEBUG"):
        traceback.print_exception(fault)
    else:
        click.echo("  Run the same command with CICAKG_DEBUG=1 and report what it prints.", err=True)
