"""The whole check: level by level, from the files to the findings."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from cicakg.checks.accepted import AcceptedList, read_accepted
from cicakg.checks.catalogue import CATALOGUE, TEXT_RULES, TURTLE_SYNTAX
from cicakg.checks.collector import without_collections
from cicakg.checks.consequences import OF_THE_CORPUS, without_consequences
from cicakg.checks.engines.shapes_graph import ShapesGraph
from cicakg.checks.facts import with_facts
from cicakg.checks.files import has_misdeclared_prefix, name_findings, structure_findings
from cicakg.checks.labels import label_findings
from cicakg.checks.limits import limited
from cicakg.checks.literals import literal_findings
from cicakg.checks.locate import Locator
from cicakg.checks.memory import Memory
from cicakg.checks.rules import Rule
from cicakg.checks.shadows import Found, Level, Shadow
from cicakg.checks.shape_rules import ShapeRules, codes_in, shape_rules_of
from cicakg.checks.shapes import findings_of
from cicakg.checks.sources import Selection, Source, exceptions_path, is_whole, select
from cicakg.checks.terms import shape_term_findings, term_findings
from cicakg.checks.texts import Reading, read_text, readings, text_findings
from cicakg.checks.vocabulary import Vocabulary
from cicakg.corpus import SourceFile, content_of
from cicakg.errors import CicakgError
from cicakg.model import FileKind, Finding, Remedy, Severity, Wording
from cicakg.paths import DatasetFolder
from cicakg.turtle import SourceText, TurtleDocument, TurtleFault

COMMON: Final = "rules.ttl"
"""The file of what the shapes of both levels need: their prefixes."""


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
    ``rules`` the records of all rules, by code; ``since`` is there where only what is new is reported;
    ``remedies`` are what mends the findings, where that was asked for. ``unsaid`` is what was found, in any
    file, and is left out: held back for a violation, or a consequence of another finding. ``shadow`` is what
    the violations hide from later levels, ``corpus_codes`` are the rules of shapes that need more than one
    article; ``is_cut`` where something kept a level of shapes from being run at all.
    """

    findings: tuple[Finding, ...]
    lines: Mapping[Path, SourceText]
    file_count: int
    accepted_count: int
    notes: tuple[Wording, ...] = ()
    readings: tuple[Reading, ...] = ()
    files: tuple[Path, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    since: Since | None = None
    remedies: Mapping[Finding, tuple[Remedy, ...]] = field(default_factory=dict)
    unsaid: tuple[Finding, ...] = ()
    shadow: Shadow = field(default_factory=Shadow)
    corpus_codes: frozenset[str] = frozenset()
    is_cut: bool = False

    def count(self, severity: Severity) -> int:
        """Return how many findings are of *severity*."""
        return sum(one.severity is severity for one in self.findings)


Progress = Callable[[str, int, int], None]


def _untold(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass
class _State:
    """What is known so far while the levels are gone through."""

    files: list[SourceFile] = field(default_factory=list)
    places: dict[Path, Path] = field(default_factory=dict)
    shapes: dict[Path, TurtleDocument] = field(default_factory=dict)
    rules: ShapeRules = field(default_factory=lambda: shape_rules_of(()))
    first: list[Finding] = field(default_factory=list)
    found: Found = field(default_factory=Found)
    texts: dict[Path, SourceText] = field(default_factory=dict)
    notes: list[Wording] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    unread: list[Source | Path] = field(default_factory=list)
    progress: Progress = _untold
    is_reported: Callable[[Finding], bool] = lambda _: True
    memory: Memory = field(default_factory=Memory)

    def broken(self) -> list[str]:
        """Return the names of the files that cannot be read, or whose terms are other ones for a wrong @base
        or prefix: what they have in common with others cannot be told.
        """
        unread = (one.path if isinstance(one, Source) else one for one in self.unread)
        faults = (one.file for one in self.found.findings if one.code in OF_THE_CORPUS)
        others = (one for one in faults if one in self.found.shadow.files)
        return sorted({one.name for one in (*unread, *others)})


@without_collections()
def check(
    folder: DatasetFolder,
    given: Sequence[Path] = (),
    texts: Path | None = None,
    seconds: float | None = None,
    unsaved: Mapping[Path, bytes] = MappingProxyType({}),
    progress: Progress | None = None,
    memory: Memory | None = None,
) -> Report:
    """Check the dataset in *folder* and report on the files *given* (all, if none).

    With *texts*, a folder of the articles' texts, spans and digests are verified. Raises
    :class:`CicakgError` where *given* or *texts* cannot be used. A node with a violation at one level is
    not reported on at the next. What is *unsaved* in an editor, by resolved path, counts instead of what the
    file holds. With *seconds*, the shapes are run in a child process that is ended then
    (``check-timeout``); the process must have no other threads. With the *memory* of an earlier check of the
    same dataset, only what has changed is looked at again; not together with *seconds*. *progress* is told
    what is being done, how much of it is done, and of how much (0 of 0 where that is not known).
    """
    if texts is not None and not texts.is_dir():
        raise CicakgError(
            "texts-not-found", f"{texts} is not a folder.", "Name the folder of the articles' texts."
        )
    selection = select(folder, given, unsaved)
    state = _State(
        progress=progress or _untold,
        memory=memory or Memory(is_kept=False),
        is_reported=lambda one: selection.reports_on(one.file),
    )
    _read(state, selection, unsaved)
    state.rules = shape_rules_of(state.shapes.values())
    accepted = _read_accepted(state, folder, unsaved)
    state.found = Found(
        {one.path: one for one in state.files}, accepted=lambda one: accepted.accepts(one, folder.root)
    )
    vocabulary = state.memory.vocabulary(state.files, is_whole=_is_background_whole(state))
    _check_files(state, vocabulary)
    is_cut = not _check_shapes(state, seconds)
    state.memory.prepare()
    state.memory.shapes.keep(state.shapes, state.memory.engine)
    if texts is not None:
        _check_texts(state, texts)
    return _report(state, selection, accepted, folder.root, is_cut, has_texts=texts is not None)


def _read(state: _State, selection: Selection, unsaved: Mapping[Path, bytes]) -> None:
    total = len(selection.sources)
    for number, source in enumerate(selection.sources):
        state.progress("Reading files", number, total)
        state.first.extend(name_findings(source.path, source.kind, source.place))
        state.places[source.path] = source.place
        try:
            file = state.memory.file(source, unsaved)
        except TurtleFault as fault:
            _refuse(state, source, source.path, fault, content_of(source.path, unsaved))
        else:
            state.files.append(file)
            state.texts[source.path] = file.document.source
    state.memory.shapes.recall(selection.shapes, unsaved)
    for path in selection.shapes:
        try:
            state.shapes[path] = state.memory.shapes.document(path, unsaved)
            state.texts[path] = state.shapes[path].source
        except TurtleFault as fault:
            _refuse(state, path, path, fault, content_of(path, unsaved))


def _refuse(state: _State, source: Source | Path, path: Path, fault: TurtleFault, data: bytes) -> None:
    text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace")
    state.texts[path] = SourceText(text)
    state.unread.append(source)
    state.first.append(TURTLE_SYNTAX.case_finding(path, fault.position, "", fault.case, fault.values))


def _read_accepted(state: _State, folder: DatasetFolder, unsaved: Mapping[Path, bytes]) -> AcceptedList:
    path = exceptions_path(folder)
    if path.is_file():
        state.texts[path] = SourceText(content_of(path, unsaved).decode("utf-8", errors="replace"))
    codes = {*CATALOGUE, *(one.code for one in state.rules.rules.values())}
    return read_accepted(path, frozenset(codes), unsaved.get(path.resolve()))


def _is_background_whole(state: _State) -> bool:
    """Whether all entities and terms are there, under their names."""
    if any(isinstance(one, Source) and one.kind is not FileKind.ARTICLE for one in state.unread):
        return False
    background = (one for one in state.files if one.kind is not FileKind.ARTICLE)
    return not any(map(has_misdeclared_prefix, background))


def _check_files(state: _State, vocabulary: Vocabulary) -> None:
    for file in state.files:
        find = partial(_file_findings, file, state.places[file.path], vocabulary)
        state.first.extend(state.memory.findings(file.path, (file,), vocabulary, find))
    are_all = not any(isinstance(one, Path) for one in state.unread)
    lint = partial(_lint_findings, state.shapes, vocabulary, are_all)
    state.first.extend(state.memory.shapes.findings(state.shapes, vocabulary, lint))
    state.found.add(Level.FILE, state.first)


def _file_findings(file: SourceFile, place: Path, vocabulary: Vocabulary) -> Iterator[Finding]:
    yield from structure_findings(file, place, vocabulary)
    yield from term_findings(file, vocabulary)
    yield from literal_findings(file)
    yield from label_findings(file)


def _lint_findings(
    shapes: Mapping[Path, TurtleDocument], vocabulary: Vocabulary, are_all: bool
) -> Iterator[Finding]:
    from cicakg.checks.shape_lint.findings import shape_lint_findings  # noqa: PLC0415 - only for new shapes

    for path, document in shapes.items():
        yield from shape_term_findings(path, document, vocabulary)
    if are_all:
        yield from shape_lint_findings(shapes, vocabulary)


def _check_shapes(state: _State, seconds: float | None) -> bool:
    """Run levels 2 and 3 as far as what was read allows; return whether both were run."""
    names = (("names", ", ".join(state.broken())),)
    if not _is_background_whole(state) or any(isinstance(one, Path) for one in state.unread):
        state.notes.append(Wording("report/note-shapes", names))
        return False
    failed = {one.file for one in state.first if one.severity is Severity.VIOLATION}
    if any(path in failed for path in state.shapes):
        state.notes.append(Wording("report/note-mend"))
        return False
    if not state.files:
        return True
    levels, told = partial(_check_levels, state), partial(state.progress, "Checking shapes", 0, 0)
    told()
    found = levels() if seconds is None else limited(levels, seconds, told)
    state.found.findings, state.found.held, state.found.shadow = found
    if state.broken():
        state.notes.append(Wording("report/note-whole", names))
        return False
    return True


def _check_levels(state: _State) -> tuple[list[Finding], list[Finding], Shadow]:
    """Run level 2, and level 3 where all is read; return all findings so far, those held back, and where
    violations stand.
    """
    documents, graph = state.shapes, state.memory.shapes.graph
    local = graph(one for path, one in documents.items() if not is_whole(path))
    whole = graph(one for path, one in documents.items() if is_whole(path) or path.name == COMMON)
    results = state.memory.levels.results(state.files, local, None if state.broken() else whole)
    found, locator = state.found, Locator(state.files, state.memory.homes)
    for level, one in zip((Level.ARTICLE, Level.CORPUS), results, strict=True):
        found.add(level, findings_of(one, state.rules, locator, state.files[0].path))
    found.findings = _with_facts(state, (local, whole), locator)
    found.hold_related(_corpus_codes(state))
    return found.findings, found.held, found.shadow


def _corpus_codes(state: _State) -> frozenset[str]:
    return frozenset(code for path, one in state.shapes.items() if is_whole(path) for code in codes_in(one))


def _with_facts(state: _State, shapes: Sequence[ShapesGraph], locator: Locator) -> list[Finding]:
    data = state.memory.levels.data
    if data is None:
        return state.found.findings
    return with_facts(state.found.findings, shapes, lambda: data.store, locator, state.is_reported)


def _check_texts(state: _State, folder: Path) -> None:
    findings: list[Finding] = []
    for number, file in enumerate(state.files):
        state.progress("Comparing texts", number, len(state.files))
        if file.kind is not FileKind.ARTICLE:
            continue
        text = read_text(file, folder)
        findings.extend(text_findings(file, text))
        if text is not None:
            state.readings.extend(readings(file, text.text))
    state.found.add(Level.TEXT, findings)


def _report(
    state: _State, selection: Selection, accepted: AcceptedList, root: Path, is_cut: bool, has_texts: bool
) -> Report:
    rules = {**{one.code: one for one in state.rules.rules.values()}, **CATALOGUE}
    found = state.found
    remaining = accepted.remaining(found.findings, root)
    told = without_consequences(remaining, found.files)
    unused: Iterable[Finding] = ()
    if not is_cut and not any(one.severity is Severity.VIOLATION for one in remaining):
        could_fire = frozenset(rules) - (frozenset() if has_texts else {one.code for one in TEXT_RULES})
        unused = accepted.unused(found.findings, root, could_fire)
    findings = {one for one in (*told, *accepted.findings, *unused) if selection.reports_on(one.file)}
    held = sum(selection.reports_on(one.file) for one in found.held)
    return Report(
        findings=tuple(sorted(findings, key=_order)),
        lines=state.texts,
        file_count=len(selection.sources) if selection.reported is None else len(selection.reported),
        accepted_count=len(found.findings) - len(remaining),
        notes=(*state.notes, *_held_note(held)),
        readings=tuple(one for one in state.readings if selection.reports_on(one.file)),
        files=tuple(one for one in _paths(selection) if selection.reports_on(one)),
        rules={code: rules[code] for code in sorted(rules)},
        unsaid=(*found.held, *(set(remaining) - set(told))),
        shadow=found.shadow,
        corpus_codes=_corpus_codes(state),
        is_cut=is_cut,
    )


def _held_note(count: int) -> Iterator[Wording]:
    """Yield the note that says that *count* findings are held back, where there are any."""
    if count:
        yield Wording("report/note-held-one" if count == 1 else "report/note-held", (("count", str(count)),))


def _paths(selection: Selection) -> list[Path]:
    return [*(one.path for one in selection.sources), *selection.shapes]


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    position = finding.position
    return (str(finding.file), position.line, position.column, finding.code, finding.message)
