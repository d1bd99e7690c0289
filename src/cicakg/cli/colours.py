"""Whether a stream is written in colour, and in which (https://no-color.org, https://force-color.org)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final, TextIO

import click

from cicakg.checks.renderers import Style, plain

WHEN: Final = ("auto", "always", "never")
"""What can be said of colours: by the terminal and the environment, or whatever those are."""

_COLOURS: Final = {
    "violation": "red",
    "warning": "yellow",
    "info": "blue",
    "fix": "green",
    "code": "magenta",
    "new": "cyan",
}


def is_coloured(stream: TextIO, when: str = "auto", environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to write to *stream* in colour.

    *when* decides, if it is not ``auto``; then ``NO_COLOR``, then ``FORCE_COLOR``, where they are not empty;
    then whether *stream* is a terminal that has colours.
    """
    if when != "auto":
        return when == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return environment["FORCE_COLOR"] != "0"
    return stream.isatty() and environment.get("TERM") != "dumb"


def style_for(stream: TextIO, when: str = "auto") -> Style:
    """Return how to colour what goes to *stream*."""
    return _coloured if is_coloured(stream, when) else plain


def _coloured(text: str, role: str) -> str:
    return click.style(text, fg=_COLOURS.get(role), bold=role in {"place", "new"})
