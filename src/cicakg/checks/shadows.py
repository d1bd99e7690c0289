"""What the levels of a check hide from each other.

A violation on a claim would make the next level complain of the same claim once more, in other words; so a
later level says nothing of what has a violation already. Of everything else it does, in the same file too:
otherwise a typing error in one claim would hide what is wrong with all the others until it is mended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import groupby
from pathlib import Path
from typing import Final

from cicakg.checks.catalogue import CATALOGUE, TEXT_RULES, TURTLE_SYNTAX
from cicakg.checks.consequences import OF_A_NAME, OF_THE_FILE, iri_of
from cicakg.corpus import SourceFile
from cicakg.model import Finding, Severity
from cicakg.vocab import ARTICLE, EVIDENCE, term

_PARTS: Final = frozenset({EVIDENCE, term("cica:quotedIn")})
_TEXT_CODES: Final = frozenset(one.code for one in TEXT_RULES)


class Level(IntEnum):
    """The levels of a check, in their order."""

    READING = 0
    FILE = 1
    ARTICLE = 2
    CORPUS = 3
    TEXT = 4


def level_of(code: str, of_the_corpus: Collection[str] = ()) -> Level:
    """Return the level of the rule *code*; *of_the_corpus* are the shapes that need more than one article."""
    if code == TURTLE_SYNTAX.code:
        return Level.READING
    if code in _TEXT_CODES:
        return Level.TEXT
    if code in CATALOGUE:
        return Level.FILE
    return Level.CORPUS if code in of_the_corpus else Level.ARTICLE


@dataclass
class Shadow:
    """Where violations stand: the files and the nodes that have one, each with the first level of one.

    ``files`` are those where it concerns all that the file says; ``nameless`` those where it concerns nodes
    without a name, or any: a finding about a node without a name may be about one of these.
    """

    files: dict[Path, Level] = field(default_factory=dict)
    nodes: dict[str, Level] = field(default_factory=dict)
    nameless: dict[Path, Level] = field(default_factory=dict)

    def add(self, level: Level, finding: Finding, parts: Iterable[str] = ()) -> None:
        """Add a violation of *level*; *parts* are what belongs to its node."""
        self.nameless[finding.file] = min(level, self.nameless.get(finding.file, level))
        if finding.code in OF_THE_FILE:
            self.files[finding.file] = min(level, self.files.get(finding.file, level))
        for node in filter(None, (finding.focus, *parts)):
            self.nodes[node] = min(level, self.nodes.get(node, level))

    def hides(self, level: Level, finding: Finding) -> bool:
        """Whether a violation of an earlier level than *level* hides *finding*."""
        nodes = (
            self.nodes.get(finding.focus, level) if finding.focus else self.nameless.get(finding.file, level)
        )
        return min(nodes, self.files.get(finding.file, level)) < level

    def hides_any(self, level: Level, iris: Iterable[str]) -> bool:
        """Whether one of *iris* is a claim, or what else an article's file describes, that has a violation of
        an earlier level than *level*.
        """
        return any(one.startswith(ARTICLE) and self.nodes.get(one, level) < level for one in iris)


@dataclass
class Found:
    """What the levels have found so far, and what they may not say of it: what is *held* back.

    *files* are those the findings are about, by path. What is *accepted* hides nothing.
    """

    files: Mapping[Path, SourceFile] = field(default_factory=dict)
    accepted: Callable[[Finding], bool] = lambda _: False
    findings: list[Finding] = field(default_factory=list)
    held: list[Finding] = field(default_factory=list)
    shadow: Shadow = field(default_factory=Shadow)

    def add(self, level: Level, found: Iterable[Finding]) -> None:
        """Add what *level* found; those of one level do not hide each other."""
        shown: list[Finding] = []
        for one in found:
            (self.held if self.shadow.hides(level, one) else shown).append(one)
        self.findings.extend(shown)
        faults = [one for one in shown if one.severity is Severity.VIOLATION and not self.accepted(one)]
        concerned = self._concerned(faults)
        for one in faults:
            is_unread = one.code == TURTLE_SYNTAX.code
            self.shadow.add(Level.READING if is_unread else level, one, concerned.get(one, ()))

    def hold_related(self, codes: Collection[str]) -> None:
        """Hold back what the rules *codes*, of the corpus, say of a claim beside one that has a violation of
        an earlier level: that one will be another claim when it is mended.
        """
        related = [one for one in self.findings if one.code in codes and self._is_related_to_fault(one)]
        self.held.extend(related)
        held = set(related)
        self.findings = [one for one in self.findings if one not in held]

    def _is_related_to_fault(self, finding: Finding) -> bool:
        return self.shadow.hides_any(Level.CORPUS, (one.iri for one in finding.facts))

    def _concerned(self, faults: Iterable[Finding]) -> Mapping[Finding, set[str]]:
        """Return what each of *faults* concerns beside its node: the spans and the quotation of a claim, the
        nodes that have an unknown name.
        """
        concerned: defaultdict[Finding, set[str]] = defaultdict(set)
        for path, group in groupby(sorted(faults, key=_path), key=_path):
            by_node: defaultdict[str, list[Finding]] = defaultdict(list)
            by_name: defaultdict[str, list[Finding]] = defaultdict(list)
            for one in group:
                by_node[one.focus].append(one)
                if one.code in OF_A_NAME:
                    by_name[iri_of(one)].append(one)
            for triple in self.files[path].document.statements if path in self.files else ():
                is_part = triple.predicate in _PARTS
                if not is_part and not by_name:
                    continue
                subject, predicate, value = (getattr(one, "value", "") for one in triple)
                if is_part:
                    _add(concerned, by_node.get(subject, ()), value)
                for name in (predicate, value) if by_name else ():
                    _add(concerned, by_name.get(name, ()), subject)
        return concerned


def _path(finding: Finding) -> Path:
    return finding.file


def _add(concerned: Mapping[Finding, set[str]], faults: Iterable[Finding], node: str) -> None:
    for one in faults:
        concerned[one].add(node)
