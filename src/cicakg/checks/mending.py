"""Mends what can be mended safely: applies remedies, checks again, and keeps what made the report shorter."""

from __future__ import annotations

import codecs
import difflib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from cicakg.checks.catalogue import EXCEPTION_UNUSED, UNKNOWN_ENTITY, UNKNOWN_TERM
from cicakg.checks.consequences import may_follow
from cicakg.checks.remedies import Contexts, remedies
from cicakg.checks.remedies.statements import has_overlap
from cicakg.checks.renderers.places import shown_path
from cicakg.checks.report import Report
from cicakg.checks.shadows import Level, level_of
from cicakg.corpus import read_bytes
from cicakg.errors import CicakgError
from cicakg.export import write_atomically
from cicakg.model import Edit, Finding, Remedy
from cicakg.turtle import SourceText

MOST_CHECKS: Final = 60
"""How often the dataset is checked in one mending. Two or three are enough unless remedies are refused."""

Run = Callable[[Mapping[Path, bytes]], Report]
"""Checks the dataset with some files' content, by resolved path, taken from memory."""


@dataclass(frozen=True, slots=True)
class Change:
    """One finding that was mended: where it stood when it was, and what was done."""

    file: Path
    line: int
    code: str
    remedy: Remedy


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file's content before and after."""

    path: Path
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Mended:
    """What was mended, the files it changes, and the *report* of a check with them changed."""

    changes: tuple[Change, ...]
    files: tuple[Rewritten, ...]
    report: Report

    @property
    def unsaved(self) -> dict[Path, bytes]:
        """The content of the files that were mended, by resolved path."""
        return {one.path.resolve(): one.after for one in self.files}


@dataclass(frozen=True, slots=True)
class _Chosen:
    finding: Finding
    remedy: Remedy

    @property
    def mark(self) -> tuple[str, Path, str, str, str]:
        """What the same remedy of the same finding is known by, wherever its line has moved."""
        return (*_likeness(self.finding), self.remedy.title)


def _likeness(finding: Finding) -> tuple[str, Path, str, str]:
    return finding.code, finding.file, finding.focus, finding.message


def mended(
    run: Run, contexts: Callable[[Mapping[Path, bytes]], Contexts], may_change: Callable[[Path], bool]
) -> Mended:
    """Apply, in memory, the safe remedies of what *run* finds in files that *may_change*, until none is left.

    A remedy is kept where its finding is gone after it and no other has come up that could have been found
    before: so every step leaves less to mend, and none undoes another. Raises :class:`CicakgError` where a
    file changes while this goes on.
    """
    state = _State(run, contexts, may_change)
    while state.checks < MOST_CHECKS and state.mend_some():
        pass
    files = tuple(state.files[path] for path in sorted(state.files))
    changed = tuple(one for one in files if one.before != one.after)
    return Mended(tuple(state.changes), changed, state.report)


@dataclass
class _State:
    run: Run
    contexts: Callable[[Mapping[Path, bytes]], Contexts]
    may_change: Callable[[Path], bool]
    files: dict[Path, Rewritten] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    given_up: set[tuple[str, Path, str, str, str]] = field(default_factory=set)
    most: int = 100_000
    checks: int = 1

    def __post_init__(self) -> None:
        self.report = self.run({})

    def mend_some(self) -> bool:
        """Apply what can be applied together; return whether there was anything.

        Where the check is not better for it, half of it is tried, and so on down to a single remedy, which is
        then given up.
        """
        chosen = self._choose()
        if not chosen:
            return False
        files = self._applied(chosen)
        after = self.run({path: one.after for path, one in files.items()})
        self.checks += 1
        if _is_better(self.report, after, chosen):
            self.files, self.report = files, after
            self.changes.extend(_change(one) for one in chosen)
            self.most *= 2
        elif len(chosen) == 1:
            self.given_up.add(chosen[0].mark)
        else:
            self.most = len(chosen) // 2
        return True

    def _choose(self) -> list[_Chosen]:
        """Return the first safe remedy of each finding, those left out that touch what another touches."""
        contexts = self.contexts({path: one.after for path, one in self.files.items()})
        chosen: list[_Chosen] = []
        edits: dict[Path, list[Edit]] = {}
        for one in self._safe(contexts):
            taken = edits.setdefault(one.finding.file.resolve(), [])
            if one.mark not in self.given_up and not has_overlap((*taken, *one.remedy.edits)):
                taken.extend(one.remedy.edits)
                chosen.append(one)
            if len(chosen) >= self.most:
                break
        return chosen

    def _safe(self, contexts: Contexts) -> Iterator[_Chosen]:
        for finding in self.report.findings:
            if not self.may_change(finding.file):
                continue
            context = contexts.of(finding.file)
            lines = self.report.lines.get(finding.file)
            if lines is not None and lines.text.removeprefix("\ufeff") != context.source.text:
                raise changed_meanwhile(finding.file)
            safe = next((one for one in remedies(finding, context) if one.is_safe), None)
            if safe is not None:
                yield _Chosen(finding, safe)

    def _applied(self, chosen: Iterable[_Chosen]) -> dict[Path, Rewritten]:
        edits: dict[Path, list[Edit]] = {}
        paths: dict[Path, Path] = {}
        for one in chosen:
            resolved = one.finding.file.resolve()
            paths[resolved] = one.finding.file
            edits.setdefault(resolved, []).extend(one.remedy.edits)
        files = dict(self.files)
        for resolved, changes in edits.items():
            old = files.get(resolved)
            before = read_bytes(resolved) if old is None else old.before
            content = before if old is None else old.after
            files[resolved] = Rewritten(paths[resolved], before, edited(content, changes))
        return files


def _change(one: _Chosen) -> Change:
    return Change(one.finding.file, one.finding.position.line, one.finding.code, one.remedy)


def _is_better(before: Report, after: Report, chosen: Iterable[_Chosen]) -> bool:
    """Whether what was mended is gone and nothing has come that a check could have found before."""
    old, new = (Counter(map(_likeness, (*one.findings, *one.unsaid))) for one in (before, after))
    gone = Counter(_likeness(one.finding) for one in chosen)
    if any(new[one] > old[one] - count for one, count in gone.items()):
        return False
    causes = {one.finding.code for one in chosen}
    come = new - old
    return not any(
        _could_find(before, causes, one) for one in (*after.findings, *after.unsaid) if _likeness(one) in come
    )


def _could_find(report: Report, causes: Collection[str], finding: Finding) -> bool:
    """Whether the check behind *report* could have found *finding*, where the rules *causes* were broken.

    What follows from another finding is not reported, what has a violation already is not shown to the next
    level, and nothing is compared with a file whose names cannot be told.
    """
    level = level_of(finding.code, report.corpus_codes)
    if any(may_follow(cause, finding.code) for cause in causes) or report.shadow.hides(level, finding):
        return False
    if finding.code == EXCEPTION_UNUSED.code:
        return not (report.shadow.nameless or report.is_cut)
    is_name = finding.code in (UNKNOWN_ENTITY.code, UNKNOWN_TERM.code)
    return not report.is_cut or (level is Level.FILE and not is_name)


def edited(content: bytes, edits: Iterable[Edit]) -> bytes:
    """Return *content* with *edits*, which do not overlap; a byte order mark stays."""
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    source = SourceText(content.removeprefix(mark).decode("utf-8"))
    parts: list[str] = []
    at = 0
    for edit in sorted(edits):
        parts.extend((source.text[at : source.offset_of(edit.start)], edit.text))
        at = source.offset_of(edit.end)
    parts.append(source.text[at:])
    return mark + "".join(parts).encode("utf-8")


def changed_meanwhile(path: Path) -> CicakgError:
    """Return the error that says that the file at *path* is another than was checked."""
    return CicakgError(
        "file-changed",
        f"{path} changed while it was being mended.",
        "Save it in every editor that has it open, and run the command again.",
    )


def save(files: Iterable[Rewritten]) -> None:
    """Write *files*, each at once and with the permissions it has; a link leads to the file that is written.

    Raises :class:`CicakgError` before anything is written where a file is not what it was
    (``file-changed``), or may not be written (``file-protected``).
    """
    waiting = list(files)
    for one in waiting:
        path = one.path.resolve()
        if read_bytes(path) != one.before:
            raise changed_meanwhile(one.path)
        if not path.stat().st_mode & 0o222:
            raise CicakgError(
                "file-protected", f"{one.path} is write-protected.", "Let it be written, or leave it out."
            )
    for one in waiting:
        _write(one)


def _write(one: Rewritten) -> None:
    def put(file: BinaryIO) -> None:
        file.write(one.after)

    write_atomically(one.path.resolve(), put)


def diff_lines(files: Iterable[Rewritten], here: Path) -> Iterator[str]:
    """Yield the lines of a unified diff of *files*, as seen from the folder *here*, with their line ends."""
    for one in files:
        name = shown_path(one.path, here).lstrip("/")
        before, after = (_lines(content) for content in (one.before, one.after))
        for line in difflib.unified_diff(before, after, f"a/{name}", f"b/{name}"):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(content: bytes) -> list[str]:
    """Return the lines of *content*, which end with a line feed as far as a diff is concerned."""
    text = content.decode("utf-8", errors="replace")
    parts = [f"{one}\n" for one in text.split("\n")]
    return [*parts[:-1], *([parts[-1][:-1]] if parts[-1] != "\n" else [])]
