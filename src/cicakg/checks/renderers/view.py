"""What a renderer is told besides the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cicakg.checks.isolation import isolated_sentence
from cicakg.checks.templates import ENGLISH, said
from cicakg.model import Finding, Severity, Wording

Style = Callable[[str, str], str]
"""Colours a text: takes the text and the name of a role (a severity, ``code``, ``place`` or ``fix``)."""


def plain(text: str, role: str) -> str:  # noqa: ARG001 - the style without colours
    """Return *text* as it is."""
    return text


@dataclass(frozen=True, slots=True)
class View:
    """How a report is shown: from the folder *here*, in a *style*; *is_strict* where warnings fail too.

    An excerpt takes *width* columns at most; findings that are *new* since the last report are marked so.
    The reader reads *language*, one of :data:`~cicakg.checks.templates.LANGUAGES`.
    """

    here: Path
    style: Style = plain
    is_strict: bool = False
    width: int = 110
    new: frozenset[Finding] = frozenset()
    language: str = ENGLISH

    def word(self, name: str, **values: object) -> str:
        """Return a part of the report's frame in the reader's language."""
        return said(f"report/{name}", self.language, **values)

    def note(self, note: Wording) -> str:
        """Return what was not checked, and why, as a line."""
        return isolated_sentence(said(note.key, self.language, **dict(note.values)), self.language)

    def line(self, name: str, **values: object) -> str:
        """Return a part of the frame as :meth:`word` does, for a line that runs from left to right."""
        return isolated_sentence(self.word(name, **values), self.language)

    def fails(self, severity: Severity) -> bool:
        """Whether a finding of *severity* fails the check."""
        return severity is Severity.VIOLATION or (self.is_strict and severity is Severity.WARNING)
