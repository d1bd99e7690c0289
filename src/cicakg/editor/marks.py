"""From the findings of a check to what an editor underlines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cicakg.checks.localisation import in_language, title_in_language
from cicakg.checks.remedies import Contexts, remedies
from cicakg.checks.renderers.facts import facts_text
from cicakg.checks.renderers.view import View
from cicakg.checks.report import Report
from cicakg.checks.templates import ENGLISH, LANGUAGES, fact_name, said
from cicakg.editor.encoding import Encoding, Extent, Point, extent_of
from cicakg.editor.messages import Checked, Elsewhere, Mark, Mending, Question, Replacement, RuleText
from cicakg.editor.scanning import readable_tokens
from cicakg.errors import CicakgError
from cicakg.model import Finding, Position
from cicakg.paths import DatasetFolder
from cicakg.turtle import SourceText
from cicakg.turtle.tokens import TokenKind

MOST: Final = 2_000
"""How many findings of a check are shown; a person mends one after the other."""

_BOM: Final = "\ufeff".encode()
_NOWHERE: Final = SourceText("")


def checked(question: Question, report: Report) -> Checked:
    """Return what *report*, the answer to *question*, gives to show."""
    marker = _Marker(question, report)
    findings = sorted(report.findings, key=lambda one: one.file.resolve() not in question.shown)[:MOST]
    language = _language(question)
    notes = [said(one.key, language, **dict(one.values)) for one in report.notes]
    if len(report.findings) > MOST:
        notes.append(said("editor/shown", language, count=MOST, total=len(report.findings)))
    codes = {one.code for one in findings}
    rules = {code: RuleText(rule.what, rule.why) for code, rule in report.rules.items() if code in codes}
    return Checked(tuple(marker.mark(one) for one in findings), rules, tuple(notes))


def _language(question: Question) -> str:
    return question.language if question.language in LANGUAGES else ENGLISH


@dataclass
class _Marker:
    question: Question
    report: Report
    _ends: dict[Path, dict[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        question, folder = self.question, DatasetFolder(self.question.root)
        self._contexts = Contexts(folder, question.given, question.texts, question.unsaved)
        self._language = _language(question)
        self._view = View(question.root.resolve(), language=self._language)

    def mark(self, finding: Finding) -> Mark:
        """Return *finding* as it is shown."""
        path = finding.file.resolve()
        is_shown = path in self.question.shown
        words = in_language(finding, self._language, self.report.rules)
        return Mark(
            path=path,
            extent=self._extent_of_term(finding.file, finding.position),
            code=finding.code,
            severity=finding.severity,
            message=words.message,
            fix=f"{words.fix} {facts_text(finding, self._view)}".rstrip(),
            mendings=tuple(self._mendings(finding)) if is_shown else (),
            elsewhere=tuple(self._elsewhere(finding)) if is_shown else (),
        )

    def _mendings(self, finding: Finding) -> Iterator[Mending]:
        try:
            found = remedies(finding, self._contexts.of(finding.file))
        except CicakgError:  # the file is gone by now
            return
        for one in found:
            replacements = tuple(
                Replacement(self._extent(finding.file, edit.start, edit.end), edit.text) for edit in one.edits
            )
            yield Mending(title_in_language(one, self._language), replacements, one.is_safe)

    def _elsewhere(self, finding: Finding) -> Iterator[Elsewhere]:
        for fact in finding.facts:
            if fact.file is not None and fact.position is not None:
                extent = self._extent_of_term(fact.file, fact.position)
                name = fact_name(fact.name, self._language)
                yield Elsewhere(fact.file.resolve(), extent, f"{name}: {fact.value}")

    def _extent_of_term(self, path: Path, position: Position) -> Extent:
        """Return the extent of the term at *position*; of what can be seen there, where there is none."""
        source = self.report.lines.get(path, _NOWHERE)
        start = source.offset_of(position)
        end = self._term_ends(path, source).get(start)
        if end is not None:
            return self._between(path, start, end)
        line_end = source.line_starts[min(position.line, len(source.line_starts)) - 1] + len(
            source.line(position.line).rstrip()
        )
        if start < line_end:
            return self._between(path, start, line_end)
        line_start = start - position.column + 1
        return self._between(path, max(line_start, min(start, line_end) - 1), min(start, line_end))

    def _term_ends(self, path: Path, source: SourceText) -> dict[int, int]:
        """Return for the offset of each term in the file at *path* the one behind it."""
        if path not in self._ends:
            self._ends[path] = dict(_terms(source.text)) if path.suffix == ".ttl" else {}
        return self._ends[path]

    def _extent(self, path: Path, start: Position, end: Position) -> Extent:
        source = self.report.lines.get(path, _NOWHERE)
        return self._between(path, source.offset_of(start), source.offset_of(end))

    def _between(self, path: Path, start: int, end: int) -> Extent:
        source = self.report.lines.get(path, _NOWHERE)
        extent = extent_of(source, start, end, self.question.encoding)
        if self.question.unsaved.get(path.resolve(), b"").startswith(_BOM):
            return Extent(self._behind_mark(extent.start), self._behind_mark(extent.end))
        return extent

    def _behind_mark(self, point: Point) -> Point:
        """Return *point* as the editor counts, which holds a byte order mark that was not read."""
        width = Encoding(self.question.encoding).units("\ufeff")
        return Point(point.line, point.character + width) if point.line == 0 else point


def _terms(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the terms of *text* begin and end; a literal ends behind its language tag or datatype."""
    read = list(readable_tokens(text))
    for number, token in enumerate(read):
        end = token.end
        if token.kind is TokenKind.STRING:
            following = read[number + 1 : number + 3]
            if following and following[0].kind is TokenKind.AT and following[0].offset == end:
                end = following[0].end
            elif len(following) == 2 and following[0].text == "^^":
                end = following[1].end
        yield token.offset, end
