"""The engine's files on disk, opened all at once.

The engine (RocksDB) opens sixteen of its table files when it opens a store, and each of the others when a
query first needs it (``kInitialLoadLimit`` in its version_builder.cc). A query process cannot open a file any
more, so each must be open before it meets a query. What opens them is found once, when the snapshot is built,
and is a few dozen look-ups.
"""

from __future__ import annotations

import os
import random
import resource
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from cicakg.store.manifest import Openers

_TABLE: Final = ".sst"
_MOST_FILES: Final = 1 << 20
_ENOUGH: Final = 100  # statements of a look-up: the tables of an index are reached by their first ones
_LONG_RUNS: Final = 10_000

_Graph = NamedNode | BlankNode | DefaultGraph
_Pattern = tuple[
    NamedNode | BlankNode | Triple | None,
    NamedNode | None,
    NamedNode | BlankNode | Literal | Triple | None,
    _Graph | None,
]


class TablesClosedError(Exception):
    """Not every table file could be opened; the text names those left."""


def raise_file_limit() -> None:
    """Let this process have as many files open as it may: the engine closes and opens them again else."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def open_tables(folder: Path, openers: Openers) -> Store:
    """Open the store in *folder* to be read only, with all its table files.

    Raises :class:`TablesClosedError` where some cannot be opened so; the engine's own errors (``OSError``,
    ``RuntimeError``) where the store is damaged. The process has threads of the engine afterwards.
    """
    store = Store.read_only(str(folder))
    if not _closed_tables(folder):
        return store
    for quad in _quads(openers.lookups):
        _look_up(store, quad)
    for quad in _quads(openers.runs):
        _walk_run(store, quad)
    if left := _closed_tables(folder):
        raise TablesClosedError(", ".join(sorted(left)))
    return store


def find_openers(folder: Path, lines: Sequence[bytes]) -> Openers:
    """Return what opens all table files of the finished store in *folder*.

    *lines* is a sample of its statements in N-Quads. What they do not open is looked for in all statements.
    """
    search = _Search(folder)
    shuffled = random.Random(0).sample(lines, len(lines))  # noqa: S311  # any order but the one of an index
    search.try_all(_quads(line.decode() for line in shuffled), _look_up)
    if search.closed:
        search.try_all(_longest_runs(lines), _walk_run)
    if search.closed:
        search.try_all(search.store, _look_up)
    if search.closed:
        raise TablesClosedError(", ".join(sorted(search.closed)))
    return Openers(tuple(search.found[_look_up]), tuple(search.found[_walk_run]))


_Try = Callable[[Store, Quad], None]


class _Search:
    """The search for statements that open tables."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.store = Store.read_only(str(folder))
        self.found: dict[_Try, list[str]] = {_look_up: [], _walk_run: []}
        self.closed = _closed_tables(folder)

    def try_all(self, quads: Iterable[Quad], attempt: _Try) -> None:
        """Try *quads* until nothing is left to open, and keep those that opened something."""
        count = len(_descriptors())
        for quad in quads:
            if not self.closed:
                return
            attempt(self.store, quad)
            if (now := len(_descriptors())) > count:
                count = now
                self.closed = _closed_tables(self._folder)
                self.found[attempt].append(f"{quad} .")


def _look_up(store: Store, quad: Quad) -> None:
    """Have the engine look *quad* up in each of its indexes and read its terms."""
    deque(islice(store.named_graphs(), 1), maxlen=0)
    if not isinstance(quad.graph_name, DefaultGraph):
        store.contains_named_graph(quad.graph_name)
    for pattern in _patterns(quad):
        deque(islice(store.quads_for_pattern(*pattern), _ENOUGH), maxlen=0)


def _patterns(quad: Quad) -> Iterator[_Pattern]:
    subject, predicate, value = quad.subject, quad.predicate, quad.object
    for graph in (DefaultGraph(), quad.graph_name, None):
        yield subject, predicate, value, graph
        yield subject, predicate, None, graph
        yield subject, None, value, graph
        yield None, predicate, value, graph
        yield subject, None, None, graph


def _walk_run(store: Store, quad: Quad) -> None:
    """Have the engine count the statements with the predicate and object of *quad*, in its graph and in all:
    in the indexes that begin with these, no look-up leads further in than to the first.
    """
    value, graph = quad.object, quad.graph_name
    if isinstance(value, BlankNode) or isinstance(graph, BlankNode):  # which a query cannot name
        for one in (DefaultGraph(), graph, None):
            deque(store.quads_for_pattern(None, quad.predicate, value, one), maxlen=0)
        return
    pattern = f"?s {quad.predicate} {value}"
    for place in ("", "GRAPH ?g", f"GRAPH {graph}" if isinstance(graph, NamedNode) else ""):
        found = store.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {place} {{ {pattern} }} }}")
        deque(cast("QuerySolutions", found), maxlen=0)


def _longest_runs(lines: Iterable[bytes]) -> Iterator[Quad]:
    """Yield a statement of each of the most frequent pairs of predicate and object, the longest first."""
    counts: Counter[tuple[object, object, object]] = Counter()
    for quad in _quads(line.decode() for line in lines):
        counts[quad.predicate, quad.object, quad.graph_name] += 1
        counts[quad.predicate, quad.object, None] += 1
    node = NamedNode("urn:x")
    for (predicate, value, graph), _ in counts.most_common(_LONG_RUNS):
        yield Quad(node, predicate, value, graph or DefaultGraph())  # type: ignore[arg-type]


def _quads(lines: Iterable[str]) -> Iterator[Quad]:
    yield from parse("\n".join(lines), format=RdfFormat.N_QUADS)


def _closed_tables(folder: Path) -> Collection[str]:
    """Return the names of the table files this process does not hold open."""
    held = set()
    for one in _descriptors():
        try:
            known = os.fstat(one)
        except OSError:  # the listing's own
            continue
        held.add((known.st_dev, known.st_ino))
    tables = {entry.name: entry.stat() for entry in os.scandir(folder) if entry.name.endswith(_TABLE)}
    return {name for name, known in tables.items() if (known.st_dev, known.st_ino) not in held}


def _descriptors() -> list[int]:
    return [int(one.name) for one in Path("/dev/fd").iterdir()]
