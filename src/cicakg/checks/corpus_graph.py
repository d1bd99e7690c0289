"""The triples of all files as one graph that is kept while files change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, Triple

from cicakg.checks.changes import Changes
from cicakg.checks.engines.port import DataGraph, Subject
from cicakg.corpus import SourceFile, span_quads, spans_in
from cicakg.vocab import term

_REST: Final = term("rdf:rest")
_FORMS: Final = ("triples", "rdflib", "n_triples", "_by_subject")


def triples_of(file: SourceFile) -> Iterator[Triple]:
    """Yield what the shapes see of *file*: what stands there and what its spans say.

    Lists are cut: no shape looks into one, and a cyclic one ends pySHACL.
    """
    yield from (one for one in file.document.statements if one.predicate != _REST)
    yield from (one.triple for one in span_quads(file))


class CorpusGraph(DataGraph):
    """The triples of *files*; :meth:`replace_files` takes other ones, and changes only what differs."""

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self.files = {one.path: one for one in files}
        self._added: frozenset[Triple] = frozenset()
        self._removed: frozenset[Triple] = frozenset()
        super().__init__(chain.from_iterable(map(triples_of, self.files.values())))

    @property
    def changes(self) -> Changes:
        """What the last :meth:`replace_files` changed; what several files say may be in it for nothing."""
        return Changes(self.store, self._added, self._removed)

    def prepare(self) -> None:
        """Make what :meth:`replace_files` needs."""
        _ = self._homes, self.store

    def replace_files(self, files: Iterable[SourceFile]) -> frozenset[Subject]:
        """Hold *files* from now on; return the nodes of which something else is said than before."""
        before, after = self.files, {one.path: one for one in files}
        paths = [one for one in {**before, **after} if before.get(one) is not after.get(one)]
        gone, new = _said_in(before, paths), _said_in(after, paths)
        self.prepare()  # of the files there were
        self.files = after
        for path in paths:
            self._move(path, before.get(path), after.get(path))
        changed = frozenset(one for one in {*gone, *new} if gone.get(one) != new.get(one))
        before_that, since = (_all_of(changed, one) for one in (gone, new))
        self._added, self._removed = since - before_that, before_that - since
        self._update_store(changed, gone)
        for name in _FORMS:
            self.__dict__.pop(name, None)
        self._given = chain.from_iterable(map(triples_of, after.values()))
        return changed

    def _move(self, path: Path, before: SourceFile | None, after: SourceFile | None) -> None:
        for file, change in ((before, set.discard), (after, set.add)):
            for node in () if file is None else _subjects(file):
                change(self._homes[node], path)

    def _update_store(self, changed: Iterable[Subject], gone: Mapping[Subject, set[Triple]]) -> None:
        """Take out what was said of the *changed* nodes, and put in all that is said of them now.

        In this order: the store takes two ways to write one number for the same.
        """
        for node in changed:
            for one in gone.get(node, ()):
                self.store.remove(Quad(one.subject, one.predicate, one.object))
            self.store.extend(Quad(one.subject, one.predicate, one.object) for one in self.about(node))

    def about(self, node: Subject) -> Iterable[Triple]:
        """Return the triples whose subject is *node*."""
        paths = sorted(self._homes.get(node, ()))
        return [one for path in paths for one in self._grouped(self.files[path]).get(node, ())]

    def reaching(self, nodes: Iterable[Subject]) -> frozenset[Subject]:
        """Return the nodes from which triples lead to *nodes*, from subject to object, and these."""
        found: set[Subject] = set()
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting.extend(one.subject for one in self.store.quads_for_pattern(None, None, node))
        return frozenset(found)

    @cached_property
    def _homes(self) -> defaultdict[Subject, set[Path]]:
        """The files in which something is said of each node."""
        homes: defaultdict[Subject, set[Path]] = defaultdict(set)
        for path, file in self.files.items():
            for node in _subjects(file):
                homes[node].add(path)
        return homes

    @cached_property
    def _groups(self) -> dict[Path, tuple[SourceFile, dict[Subject, list[Triple]]]]:
        return {}

    def _grouped(self, file: SourceFile) -> Mapping[Subject, list[Triple]]:
        known = self._groups.get(file.path)
        if known is None or known[0] is not file:
            known = self._groups[file.path] = (file, _by_subject(file))
        return known[1]


def _all_of(nodes: Iterable[Subject], said: Mapping[Subject, set[Triple]]) -> frozenset[Triple]:
    return frozenset(triple for node in nodes for triple in said.get(node, ()))


def _subjects(file: SourceFile) -> set[Subject]:
    """Return the nodes of which something is said in *file*."""
    return {*{one.subject for one in file.document.statements}, *spans_in(file)}


def _by_subject(file: SourceFile) -> dict[Subject, list[Triple]]:
    found: dict[Subject, list[Triple]] = {}
    for one in triples_of(file):
        found.setdefault(one.subject, []).append(one)
    return found


def _said_in(files: Mapping[Path, SourceFile], paths: Iterable[Path]) -> dict[Subject, set[Triple]]:
    """Return what the files at *paths*, so far as they are there, say of each node."""
    found: defaultdict[Subject, set[Triple]] = defaultdict(set)
    for file in (files[one] for one in paths if one in files):
        for one in triples_of(file):
            found[one.subject].add(one)
    return dict(found)
