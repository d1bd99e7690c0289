"""What the annotator's commands share: where the texts are, and words of a text on a terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import click

from cicakg.annotating.articles import Span
from cicakg.annotating.texts import Context
from cicakg.languages import direction
from cicakg.terminal import POP_DIRECTIONAL_ISOLATE, isolated, safe

TEXTS: Final = "CICAKG_TEXTS"

# The direction of a line of context is that of the article, whatever letter it begins with (UAX #9).
_ISOLATES: Final = {"ltr": "\N{LEFT-TO-RIGHT ISOLATE}", "rtl": "\N{RIGHT-TO-LEFT ISOLATE}"}

texts_option = click.option(
    "--texts",
    type=click.Path(path_type=Path),
    envvar=TEXTS,
    metavar="DIR",
    help=f"The folder of the articles' texts; default: ${TEXTS}.",
)


def span_iri(span: Span) -> str:
    """Return what an annotator pastes for *span*."""
    return f"<#char={span[0]},{span[1]}>"


def in_context(found: Context, tag: str) -> str:
    """Return the words of a span in brackets with what is around them, isolated, in the direction of the
    language *tag*.
    """
    words = styled(f"⟦{safe(found.words)}⟧", bold=True, fg="green")
    line = f"{safe(found.before)}{words}{safe(found.after)}"
    return _ISOLATES[direction(tag or "und")] + line + POP_DIRECTIONAL_ISOLATE


def quoted(text: str) -> str:
    """Return *text* isolated, between quotation marks that stay outside."""
    return f"“{isolated(text)}”"


def styled(text: str, fg: str | None = None, bold: bool = False) -> str:
    """Return *text* in colour on a terminal, plain where the output goes elsewhere or NO_COLOR is set."""
    is_coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return click.style(text, fg=fg, bold=bold) if is_coloured else text


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 claim``, ``2 claims``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
