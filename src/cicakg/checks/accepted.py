"""The list of accepted findings, data/exceptions.toml: what is known, looked at, and meant to stay."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cicakg.checks.catalogue import EXCEPTION_FORM, EXCEPTION_UNUSED
from cicakg.model import Finding, Position

_HEADING: Final = re.compile(r"\s*\[\[\s*accepted\s*\]\]")
_KEYS: Final = frozenset({"code", "file", "focus", "reason"})
_LINE: Final = re.compile(r"at line (\d+), column (\d+)")


@dataclass(frozen=True, slots=True)
class Accepted:
    """One accepted finding: its code, its file from the dataset's root, the IRI it is about (any, if
    empty).
    """

    code: str
    file: str
    focus: str
    reason: str
    position: Position

    def accepts(self, finding: Finding, root: Path) -> bool:
        """Whether *finding* is the one that is accepted here."""
        if finding.code != self.code or self.focus not in ("", finding.focus):
            return False
        return finding.file.resolve() == (root / self.file).resolve()


@dataclass(frozen=True, slots=True)
class AcceptedList:
    """What the list holds, and what is wrong with the list itself."""

    path: Path
    entries: tuple[Accepted, ...]
    findings: tuple[Finding, ...]

    def accepts(self, finding: Finding, root: Path) -> bool:
        """Whether the list accepts *finding*."""
        return any(entry.accepts(finding, root) for entry in self.entries)

    def remaining(self, findings: Iterable[Finding], root: Path) -> list[Finding]:
        """Return those of *findings* that the list does not accept."""
        return [one for one in findings if not self.accepts(one, root)]

    def unused(
        self, findings: Iterable[Finding], root: Path, could_fire: frozenset[str]
    ) -> Iterator[Finding]:
        """Yield a finding for each entry that accepts none of *findings*, of the rules that *could_fire*."""
        found = list(findings)
        for entry in self.entries:
            if entry.code in could_fire and not any(entry.accepts(one, root) for one in found):
                yield EXCEPTION_UNUSED.finding(
                    self.path, entry.position, accepted=entry.code, name=entry.file
                )


def read_accepted(path: Path, codes: frozenset[str], unsaved: bytes | None = None) -> AcceptedList:
    """Read the list at *path*; there need not be one. *codes* are the rules there are.

    What is *unsaved*, if anything, counts instead of what the file holds.
    """
    try:
        text = (path.read_bytes() if unsaved is None else unsaved).decode("utf-8-sig")
    except FileNotFoundError:
        return AcceptedList(path, (), ())
    except UnicodeDecodeError:
        return AcceptedList(path, (), (EXCEPTION_FORM.finding(path, Position(1, 1), case="encoding"),))
    try:
        tables = tomllib.loads(text).get("accepted", [])
    except tomllib.TOMLDecodeError as error:
        return AcceptedList(path, (), (_not_toml(path, error),))
    positions = _positions(text)
    entries: list[Accepted] = []
    findings: list[Finding] = []
    for number, table in enumerate(tables if isinstance(tables, list) else [tables]):
        position = positions[number] if number < len(positions) else Position(1, 1)
        fault = _problem(table, codes)
        if fault is None:
            entries.append(_entry(table, position))
        else:
            findings.append(EXCEPTION_FORM.case_finding(path, position, "", fault.case, fault.values))
    return AcceptedList(path, tuple(entries), tuple(findings))


def _entry(table: dict[str, str], position: Position) -> Accepted:
    return Accepted(table["code"], table["file"], table.get("focus", ""), table["reason"], position)


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong with an entry: the case of the rule, and what fills its sentence."""

    case: str
    values: Mapping[str, str] = field(default_factory=dict)


def _problem(table: object, codes: frozenset[str]) -> _Fault | None:
    if not isinstance(table, dict):
        return _Fault("table")
    missing = [one for one in ("code", "file", "reason") if not table.get(one)]
    if missing:
        return _Fault("lacks", {"keys": ", ".join(missing)})
    other = sorted(set(table) - _KEYS)
    if other:
        return _Fault("key", {"key": str(other[0])})
    if not all(isinstance(one, str) for one in table.values()):
        return _Fault("value")
    if table["code"] not in codes:
        return _Fault("code", {"code": table["code"]})
    return None


def _positions(text: str) -> list[Position]:
    lines = enumerate(text.splitlines(), start=1)
    return [Position(number, 1) for number, line in lines if _HEADING.match(line)]


def _not_toml(path: Path, error: tomllib.TOMLDecodeError) -> Finding:
    found = _LINE.search(str(error))
    position = Position(int(found[1]), int(found[2])) if found else Position(1, 1)
    return EXCEPTION_FORM.finding(path, position, case="toml", error=error)
