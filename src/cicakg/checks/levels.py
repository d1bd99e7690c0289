"""Levels 2 and 3, remembered: what the shapes said is kept for as long as it holds.

A shape of level 2 is *local* (:mod:`cicakg.checks.locality`, a rule of the check): what it says of a node
depends on what is reached from that node, from subject to object. So when something else is said of some
nodes, only those from which they are reached are judged again. Of level 3 those shapes are judged again, on
everything, that the change can concern (:mod:`cicakg.checks.concerns`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from cicakg.checks.corpus_graph import CorpusGraph, triples_of
from cicakg.checks.engines.port import DataGraph, Engine, ShapeResult
from cicakg.checks.engines.shapes_graph import ShapesGraph
from cicakg.corpus import SourceFile
from cicakg.model import FileKind

if TYPE_CHECKING:
    from cicakg.checks.concerns import Families

MOST: Final = 20_000
"""How many nodes are judged again one by one, so to speak; beyond that, all are."""

MOST_CHANGED: Final = 1_000
"""Of how many nodes something else may be said, so that what it concerns is worked out."""


class Results(NamedTuple):
    """What the shapes said: those of level 2, and those of level 3."""

    local: list[ShapeResult]
    whole: list[ShapeResult]


class Levels:
    """Judges the files again and again, each time only as far as something has changed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._graph: CorpusGraph | None = None
        self._shapes: tuple[ShapesGraph, ShapesGraph | None] | None = None
        self._found = Results([], [])
        self._families: Families | None = None

    @property
    def data(self) -> DataGraph | None:
        """What was judged the last time."""
        return self._graph

    def prepare(self) -> None:
        """Do what the next time needs, so that it is sooner done."""
        if self._graph is not None:
            self._graph.prepare()

    def results(self, files: Sequence[SourceFile], local: ShapesGraph, whole: ShapesGraph | None) -> Results:
        """Return the results on *files* of the shapes *local*, and of *whole* where there are any.

        The graphs of shapes are taken for unchanged where they are the very same objects as the last time.
        Raises :class:`CicakgError` where the shapes cannot be run.
        """
        graph, shapes = self._graph, (local, whole)
        self._graph = None  # what fails half way is not gone on with
        if graph is None or self._shapes is None or any(map(_differ, self._shapes, shapes)):
            graph = CorpusGraph(files)
            found = self._all(graph, local, whole)
        else:
            found = self._again(graph, files, local, whole)
        self._graph, self._shapes, self._found = graph, shapes, found
        return found

    def _again(
        self,
        graph: CorpusGraph,
        files: Sequence[SourceFile],
        local: ShapesGraph,
        whole: ShapesGraph | None,
    ) -> Results:
        changed = graph.replace_files(files)
        if not changed:
            return self._found
        concerned = graph.reaching(changed)
        if len(concerned) > MOST or len(changed) > MOST_CHANGED:
            return self._all(graph, local, whole)
        reached = graph.reached(concerned)
        background = (file for file in files if file.kind is FileKind.ONTOLOGY)
        seen = [one for triples in reached.values() for one in triples]
        seen += [one for file in background for one in triples_of(file)]
        again = self._engine.results(DataGraph(seen), local)
        kept = [one for one in self._found.local if one.focus not in reached]
        kept += [one for one in again if one.focus in reached]
        return Results(kept, [] if whole is None else self._whole_again(graph, whole))

    def _whole_again(self, graph: CorpusGraph, whole: ShapesGraph) -> list[ShapeResult]:
        families, found = self._families_of(whole), self._found.whole
        nodes = families.concerned(graph.changes, found)
        if not nodes:
            return found
        kept = [one for one in found if one.shape not in nodes]
        return kept + self._engine.results(graph, families.part(nodes))

    def _families_of(self, whole: ShapesGraph) -> Families:
        if self._families is None or self._families.shapes is not whole:
            from cicakg.checks.concerns import Families  # noqa: PLC0415 - one check alone does without it

            self._families = Families(whole)
        return self._families

    def _all(self, graph: CorpusGraph, local: ShapesGraph, whole: ShapesGraph | None) -> Results:
        """Judge everything at once."""
        if whole is None:
            return Results(self._engine.results(graph, local), [])
        found = self._engine.results(graph, ShapesGraph((*local.triples, *whole.triples), local.queries))
        nodes = {one.subject for one in whole.triples}
        return Results(_outside(found, nodes), [one for one in found if one.shape in nodes])


def _differ(one: ShapesGraph | None, other: ShapesGraph | None) -> bool:
    return one is not other


def _outside(found: Sequence[ShapeResult], nodes: Collection[object]) -> list[ShapeResult]:
    return [one for one in found if one.shape not in nodes]
