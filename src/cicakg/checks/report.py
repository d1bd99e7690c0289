"""The whole check: level by level, from the files to the findings."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pyoxigraph import Triple

from cicakg.checks.accepted import read_accepted
from cicakg.checks.catalogue import CATALOGUE, TEXT_RULES, TURTLE_SYNTAX
from cicakg.checks.collector import fewer_collections
from cicakg.checks.files import name_findings, structure_findings
from cicakg.checks.graphs import QueriedGraph, rdflib_graph
from cicakg.checks.labels import label_findings
from cicakg.checks.limits import limited
from cicakg.checks.literals import literal_findings
from cicakg.checks.locate import Locator, locator_of
from cicakg.checks.rules import Rule
from cicakg.checks.shape_rules import shape_rules_of
from cicakg.checks.shapes import shape_findings
from cicakg.checks.sources import Selection, Source, exceptions_path, select
from cicakg.checks.terms import shape_term_findings, term_findings
from cicakg.checks.texts import Reading, read_text, readings, text_findings
from cicakg.checks.vocabulary import Vocabulary, vocabulary_of
from cicakg.corpus import SourceFile, read_bytes, read_source, span_quads
from cicakg.errors import CicakgError
from cicakg.model import FileKind, Finding, Severity
from cicakg.paths import DatasetFolder
from cicakg.turtle import SourceText, TurtleDocument, TurtleFault, read_turtle
from cicakg.vocab import term

WHOLE: Final = "corpus.ttl"
"""The file of the shapes that need more than one article."""

COMMON: Final = "rules.ttl"
"""The file that goes with every run of shapes."""

_REST: Final = term("rdf:rest")


@dataclass(frozen=True, slots=True)
class Since:
    """What a report of news is measured against: a *revision*, and how many findings were there by then.

    ``changed_count`` is how many of the findings reported, the first ones, are in files changed since; the
    others are what the change broke elsewhere.
    """

    revision: str
    changed_count: int
    old_count: int


@dataclass(frozen=True)
class Report:
    """What a check found, sorted by place, and what a reader of it needs.

    ``lines`` gives the text of each file with a finding; ``notes`` says what was not checked, and why;
    ``readings`` are the words behind the spans, where the texts were at hand; ``files`` those reported on;
    ``rules`` the records of all rules, by code; ``since`` is there where only what is new is reported.
    """

    findings: tuple[Finding, ...]
    lines: Mapping[Path, SourceText]
    file_count: int
    accepted_count: int
    notes: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    files: tuple[Path, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    since: Since | None = None

    def count(self, severity: Severity) -> int:
        """Return how many findings are of *severity*."""
        return sum(one.severity is severity for one in self.findings)


@dataclass
class _State:
    """What is known so far while the levels are gone through."""

    files: list[SourceFile] = field(default_factory=list)
    places: dict[Path, Path] = field(default_factory=dict)
    shapes: dict[Path, TurtleDocument] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    texts: dict[Path, SourceText] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    unread: list[Source | Path] = field(default_factory=list)

    def failed(self) -> set[Path]:
        """Return the files with a violation: they are not shown to the next level."""
        return {one.file for one in self.findings if one.severity is Severity.VIOLATION}


@fewer_collections()
def check(
    folder: DatasetFolder,
    given: Sequence[Path] = (),
    texts: Path | None = None,
    seconds: float | None = None,
    unsaved: Mapping[Path, bytes] = MappingProxyType({}),
) -> Report:
    """Check the dataset in *folder* and report on the files *given* (all, if none).

    With *texts*, a folder of the articles' texts, spans and digests are verified. Raises
    :class:`CicakgError` where *given* or *texts* cannot be used. A file with a violation at one level is
    not reported on at the next. What is *unsaved* in an editor, by resolved path, counts instead of what the
    file holds. With *seconds*, the shapes are run in a child process that is ended then
    (``check-timeout``); the process must have no other threads.
    """
    if texts is not None and not texts.is_dir():
        raise CicakgError(
            "texts-not-found", f"{texts} is not a folder.", "Name the folder of the articles' texts."
        )
    selection = select(folder, given)
    state = _State()
    _read(state, selection, unsaved)
    vocabulary = vocabulary_of(state.files, is_whole=_is_background_whole(state))
    _check_files(state, vocabulary)
    is_complete = _check_shapes(state, seconds)
    if texts is not None:
        _check_texts(state, texts)
    return _report(state, selection, folder, is_complete, has_texts=texts is not None)


def _read(state: _State, selection: Selection, unsaved: Mapping[Path, bytes]) -> None:
    for source in selection.sources:
        state.findings.extend(name_findings(source.path, source.kind, source.place))
        state.places[source.path] = source.place
        data = unsaved.get(source.path.resolve()) if unsaved else None
        try:
            file = read_source(source.path, source.kind, source.place, data)
        except TurtleFault as fault:
            _refuse(state, source, source.path, fault, data)
        else:
            state.files.append(file)
            state.texts[source.path] = file.document.source
    for path in selection.shapes:
        data = unsaved.get(path.resolve()) if unsaved else None
        try:
            state.shapes[path] = read_turtle(read_bytes(path) if data is None else data)
            state.texts[path] = state.shapes[path].source
        except TurtleFault as fault:
            _refuse(state, path, path, fault, data)


def _refuse(
    state: _State, source: Source | Path, path: Path, fault: TurtleFault, given: bytes | None
) -> None:
    data = (read_bytes(path) if given is None else given).removeprefix(codecs.BOM_UTF8)
    state.texts[path] = SourceText(data.decode("utf-8", errors="replace"))
    state.unread.append(source)
    state.findings.append(TURTLE_SYNTAX.finding(path, fault.position, fix=fault.fix, fault=fault.message))


def _is_background_whole(state: _State) -> bool:
    return not any(isinstance(one, Source) and one.kind is not FileKind.ARTICLE for one in state.unread)


def _check_files(state: _State, vocabulary: Vocabulary) -> None:
    for file in state.files:
        state.findings.extend(structure_findings(file, state.places[file.path], vocabulary))
        state.findings.extend(term_findings(file, vocabulary))
        state.findings.extend(literal_findings(file))
        state.findings.extend(label_findings(file))
    for path, document in state.shapes.items():
        state.findings.extend(shape_term_findings(path, document, vocabulary))


def _check_shapes(state: _State, seconds: float | None) -> bool:
    """Run levels 2 and 3 as far as what was read allows; return whether both were run on all files."""
    broken = sorted(one.path.name if isinstance(one, Source) else one.name for one in state.unread)
    if not _is_background_whole(state) or any(isinstance(one, Path) for one in state.unread):
        state.notes.append(f"The shapes were not checked: {', '.join(broken)} must be readable first.")
        return False
    failed = state.failed()
    if any(path in failed for path in state.shapes):
        state.notes.append("The shapes were not checked: they must be mended first.")
        return False
    if not state.files:
        return not state.failed()
    levels = partial(_check_levels, state)
    state.findings = levels() if seconds is None else limited(levels, seconds)
    if state.unread:
        state.notes.append(
            f"What needs all articles was not checked: {', '.join(broken)} must be readable first."
        )
        return False
    return not state.failed()


def _check_levels(state: _State) -> list[Finding]:
    """Run level 2, and level 3 where all is read; return all findings so far."""
    data, locator = rdflib_graph(_triples(state.files)), locator_of(state.files)
    _check_level(state, [path for path in state.shapes if path.name != WHOLE], data, locator)
    if not state.unread:
        _check_level(state, [path for path in state.shapes if path.name in (WHOLE, COMMON)], data, locator)
    return state.findings


def _check_level(state: _State, shapes: Sequence[Path], data: QueriedGraph, locator: Locator) -> None:
    failed = state.failed()
    documents = [state.shapes[path] for path in shapes]
    if not documents:
        return
    found = shape_findings(data, documents, locator, state.files[0].path)
    state.findings.extend(one for one in found if one.file not in failed)


def _triples(files: Iterable[SourceFile]) -> Iterator[Triple]:
    """Yield what the shapes see: lists are cut, as no shape looks into one and a cyclic one ends pySHACL."""
    for file in files:
        yield from (one.triple for one in file.document.triples if one.triple.predicate != _REST)
        yield from (one.triple for one in span_quads(file))


def _check_texts(state: _State, folder: Path) -> None:
    failed = state.failed()
    for file in state.files:
        if file.kind is not FileKind.ARTICLE:
            continue
        text = read_text(file, folder)
        if file.path not in failed:
            state.findings.extend(text_findings(file, text))
        if text is not None:
            state.readings.extend(readings(file, text.text))


def _report(
    state: _State, selection: Selection, folder: DatasetFolder, is_complete: bool, has_texts: bool
) -> Report:
    shape_rules = shape_rules_of(state.shapes.values()).rules.values()
    rules = {**{one.code: one for one in shape_rules}, **CATALOGUE}
    codes = set(rules)
    path = exceptions_path(folder)
    accepted = read_accepted(path, frozenset(codes))
    remaining = accepted.remaining(state.findings, folder.root)
    could_fire = codes - (set() if has_texts else {one.code for one in TEXT_RULES})
    unused = accepted.unused(state.findings, folder.root, frozenset(could_fire)) if is_complete else ()
    if path.is_file():
        state.texts[path] = SourceText(path.read_text(encoding="utf-8", errors="replace"))
    findings = {one for one in (*remaining, *accepted.findings, *unused) if selection.reports_on(one.file)}
    return Report(
        findings=tuple(sorted(findings, key=_order)),
        lines=state.texts,
        file_count=len(selection.sources) if selection.reported is None else len(selection.reported),
        accepted_count=len(state.findings) - len(remaining),
        notes=tuple(state.notes),
        readings=tuple(one for one in state.readings if selection.reports_on(one.file)),
        files=tuple(one for one in _paths(selection) if selection.reports_on(one)),
        rules={code: rules[code] for code in sorted(rules)},
    )


def _paths(selection: Selection) -> list[Path]:
    return [*(one.path for one in selection.sources), *selection.shapes]


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    position = finding.position
    return (str(finding.file), position.line, position.column, finding.code, finding.message)
