"""What a renderer is told besides the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cicakg.model import Severity

Style = Callable[[str, str], str]
"""Colours a text: takes the text and the name of a role (a severity, ``code``, ``place`` or ``fix``)."""


def plain(text: str, role: str) -> str:  # noqa: ARG001 - the style without colours
    """Return *text* as it is."""
    return text


@dataclass(frozen=True, slots=True)
class View:
    """How a report is shown: from the folder *here*, in a *style*; *is_strict* where warnings fail too."""

    here: Path
    style: Style = plain
    is_strict: bool = False

    def fails(self, severity: Severity) -> bool:
        """Whether a finding of *severity* fails the check."""
        return severity is Severity.VIOLATION or (self.is_strict and severity is Severity.WARNING)
