"""What goes between the server and the process that checks: questions and answers, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cicakg.editor.encoding import Encoding, Extent
from cicakg.model import Severity


@dataclass(frozen=True)
class Question:
    """One check: of the dataset at *root*, or of the files *given* only.

    *unsaved* are the open texts by resolved path; for findings in the files of *shown*, remedies and other
    places are looked up as well. Places are counted in *encoding*, sentences are in *language*.
    """

    root: Path
    given: tuple[Path, ...] = ()
    texts: Path | None = None
    unsaved: Mapping[Path, bytes] = field(default_factory=dict)
    shown: frozenset[Path] = frozenset()
    encoding: Encoding = Encoding.UTF16
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Replacement:
    """A piece of text that takes the place of what *extent* covers."""

    extent: Extent
    text: str


@dataclass(frozen=True, slots=True)
class Mending:
    """One way to mend what is marked, in the same file; a safe one needs no person to look at it."""

    title: str
    replacements: tuple[Replacement, ...]
    is_safe: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another place that matters to what is marked."""

    path: Path
    extent: Extent
    message: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding as it is shown in the file at *path*, which is resolved."""

    path: Path
    extent: Extent
    code: str
    severity: Severity
    message: str
    fix: str
    mendings: tuple[Mending, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleText:
    """What a rule says for itself, for a reader of the file."""

    what: str
    why: str


@dataclass(frozen=True)
class Checked:
    """What a check found, the records of the rules broken, and sentences on what was not checked."""

    marks: tuple[Mark, ...]
    rules: Mapping[str, RuleText]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Why there was no check, and what to do; ``code`` names the reason for programs."""

    code: str
    detail: str
    fix: str
