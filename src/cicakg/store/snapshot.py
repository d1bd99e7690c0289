"""The snapshot in memory: everything a query can see, never changed again, with its fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from pyoxigraph import Quad, RdfFormat, Store, Triple, parse

from cicakg.corpus import read_corpus
from cicakg.errors import CicakgError
from cicakg.examples import example_quads, read_examples
from cicakg.metadata import void_quads
from cicakg.paths import DatasetFolder
from cicakg.readings import agreement_quads, read_agreements
from cicakg.sparql.counting import Counts
from cicakg.store.counts import take_counts
from cicakg.vocab import GRAPH_VOID

Held = Literal["memory", "disk"]

# The engine has no such thing as a view: the merge is made once, at load. A store keeps a triple once per
# graph.
_MERGE: Final = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A data set that does not change.

    ``store`` holds the named graphs, and as its default graph their RDF merge; ``fingerprint`` is the
    SHA-256, in hexadecimal, of the sorted lines of the canonical N-Quads given, so it is the same wherever
    and in whatever order they were read; ``quad_count`` counts those lines; ``counts`` were taken at load.
    """

    store: Store
    fingerprint: str
    quad_count: int
    counts: Counts = field(default_factory=Counts)

    @property
    def held(self) -> Held:
        """Where the data are."""
        return "memory"

    @property
    def engine_bytes(self) -> int:
        """What the engine may keep for itself in a process that asks this store: nothing more than it has."""
        return 0

    def description(self) -> tuple[Triple, ...]:
        """Return the VoID description it holds, empty where it holds none."""
        found = self.store.quads_for_pattern(None, None, None, GRAPH_VOID)
        return tuple(quad.triple for quad in found)

    def enter(self) -> None:
        """Prepare a freshly forked process for :meth:`open_store`: there is nothing to do."""

    def open_store(self) -> Store:
        """Return the store to ask; a forked process shares it."""
        return self.store


def build_snapshot(quads: Iterable[Quad]) -> Snapshot:
    """Return a snapshot of *quads*. Triples given outside any graph join the merge that is the default
    graph.
    """
    store = Store()
    store.bulk_extend(quads)
    lines = sorted((store.dump(format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True))
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    store.update(_MERGE)
    return Snapshot(store, digest.hexdigest(), len(lines), take_counts(store))


def dataset_quads(folder: DatasetFolder) -> list[Quad]:
    """Read the dataset in *folder*: its files, what is derived from them, the example queries, the
    agreement of the readings and the VoID description.

    The quads are as the files say them: a store changes some literals (``"1.50"^^xsd:decimal`` becomes
    ``1.5``). Raises :class:`CicakgError` for a file that cannot be read as it should.
    """
    quads = [
        *read_corpus(folder).quads(),
        *example_quads(read_examples(folder)),
        *agreement_quads(read_agreements(folder)),
    ]
    return [*quads, *void_quads(quads)]


def open_snapshot(folder: DatasetFolder) -> Snapshot:
    """Return the snapshot of the dataset in *folder*; errors as for :func:`dataset_quads`."""
    return build_snapshot(dataset_quads(folder))


def open_file(path: Path) -> Snapshot:
    """Return a snapshot of one RDF file (N-Quads, TriG, Turtle …, by the ending of its name), as it stands.

    Raises :class:`CicakgError` (``snapshot-unreadable``) where it is no RDF.
    """
    try:
        return build_snapshot(parse(path=path))
    except (OSError, SyntaxError, ValueError) as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> CicakgError:
    """Return what to say of a file that is no RDF."""
    return CicakgError(
        "snapshot-unreadable",
        f"{path} cannot be read as RDF: {error}.",
        "Name a readable N-Quads, TriG or Turtle file.",
    )
