"""The values that travel between layers: positions, findings, and the kinds of source file.

Nothing here reads, writes or decides anything; these are plain frozen values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text file. Line and column count from 1; the column counts Unicode code points."""

    line: int
    column: int


class Severity(StrEnum):
    """How bad a finding is. The names are SHACL's (https://www.w3.org/TR/shacl/#severity)."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class ShaclResult:
    """One result of a shape (https://www.w3.org/TR/shacl/#results-validation-result), each term in Turtle.

    ``path`` and ``value`` are empty where the result has none; ``shape`` is empty for a nameless shape.
    """

    focus: str
    path: str
    value: str
    component: str
    shape: str


@dataclass(frozen=True, slots=True)
class Wording:
    """How a text was made, so that it can be said in another language.

    ``key`` names its template, ``values`` are what was filled in, by name.
    """

    key: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a reader of a finding needs to know: the other claim, a date, a class.

    ``name`` is a word such as ``other``, ``value`` what it is, as a person writes it; what is described in a
    file has its ``file``, ``position`` and ``iri``, another node its ``iri`` only. Facts with the same number
    of a ``row`` belong together.
    """

    name: str
    value: str
    file: Path | None = None
    position: Position | None = None
    iri: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in the data, as a value; it is rendered elsewhere.

    ``file`` is the path as it was given; ``position`` is where the triple at fault stands (its subject
    where a value is missing); ``focus`` is the IRI the finding is about, empty where a file could not be
    read that far; ``message`` says what is wrong and ``fix`` what to do, each one sentence without a line
    break. ``results`` are the shapes' results the finding stands for; a finding of no shape has none.
    ``facts`` are what else a reader must know.
    Both sentences are English; ``wording`` is how the message and the fix were made, ``None`` where they are
    the rule's own.
    """

    code: str
    severity: Severity
    file: Path
    position: Position
    message: str
    fix: str
    focus: str = ""
    results: tuple[ShaclResult, ...] = field(default=(), compare=False)
    wording: tuple[Wording, Wording] | None = field(default=None, compare=False)
    facts: tuple[Fact, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """A change of a text: the characters from *start* up to, not including, *end* become *text*.

    Where *start* and *end* are one place, *text* is put in there.
    """

    start: Position
    end: Position
    text: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way to mend a finding: what it does, in words, and the edits of the finding's file, in their order.

    One that ``is_safe`` cannot change what is said but to what was plainly meant; the others are for a
    person to choose from. No two edits overlap. The title is English; ``wording`` is how it was made.
    """

    title: str
    edits: tuple[Edit, ...]
    is_safe: bool = False
    wording: Wording | None = field(default=None, compare=False)


class FileKind(StrEnum):
    """What a Turtle file of the dataset holds; it decides the named graph its triples go to."""

    ARTICLE = "article"
    ENTITIES = "entities"
    ONTOLOGY = "ontology"
