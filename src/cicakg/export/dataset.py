"""The whole dataset, or some of its graphs, in one file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final, TypeAlias

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from cicakg.errors import CicakgError
from cicakg.export.claims import claims_table
from cicakg.export.context import make_context
from cicakg.export.jsonld import jsonld_text
from cicakg.vocab import GRAPH, GRAPH_ONTOLOGY, RDF_TYPE, WRITTEN_PREFIXES

Progress: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DatasetFormat:
    """A file format of the export. ``keeps_graphs`` says whether the graph names survive in it."""

    name: str
    extension: str
    keeps_graphs: bool
    engine: RdfFormat | None = None


DATASET_FORMATS: Final[tuple[DatasetFormat, ...]] = (
    DatasetFormat("turtle", "ttl", keeps_graphs=False, engine=RdfFormat.TURTLE),
    DatasetFormat("jsonld", "jsonld", keeps_graphs=True),
    DatasetFormat("nquads", "nq", keeps_graphs=True, engine=RdfFormat.N_QUADS),
    DatasetFormat("trig", "trig", keeps_graphs=True, engine=RdfFormat.TRIG),
    DatasetFormat("ntriples", "nt", keeps_graphs=False, engine=RdfFormat.N_TRIPLES),
    DatasetFormat("rdfxml", "rdf", keeps_graphs=False, engine=RdfFormat.RDF_XML),
    DatasetFormat("csv", "csv", keeps_graphs=False),
)


def write_dataset(
    quads: Sequence[Quad],
    chosen: DatasetFormat,
    file: BinaryIO,
    graphs: Collection[str] = (),
    note: Progress = lambda _: None,
) -> None:
    """Write *quads* to *file* in the format *chosen*: sorted, so that the same data gives the same bytes.

    *graphs* names the graphs to write (full IRIs or names such as ``facts``); none means all of them. An
    unknown graph is a :class:`CicakgError` that lists the known ones. *note* is told, in a few words, what
    is being done.
    """
    note("choosing graphs")
    selected = select_graphs(quads, graphs)
    note("sorting")
    if chosen.keeps_graphs:
        ordered: list[Quad] = sorted(set(selected), key=_quad_key)
    else:
        ordered = [Quad(*triple) for triple in sorted({quad.triple for quad in selected}, key=_triple_key)]
    note("writing")
    file.write(_serialise(ordered, quads, chosen))


def select_graphs(quads: Sequence[Quad], graphs: Collection[str]) -> list[Quad]:
    """Return the quads of the graphs named in *graphs*, in their order; no name means every graph."""
    known = sorted({quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)})
    if not graphs:
        return list(quads)
    wanted = {name if "://" in name else GRAPH + name for name in graphs}
    unknown = sorted(wanted.difference(known))
    if unknown:
        names = ", ".join(name.removeprefix(GRAPH) for name in known)
        raise CicakgError("graph-unknown", f"There is no graph {unknown[0]}.", f"The graphs are: {names}.")
    return [
        quad for quad in quads if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value in wanted
    ]


def _serialise(ordered: Sequence[Quad], everything: Sequence[Quad], chosen: DatasetFormat) -> bytes:
    if chosen.name == "jsonld":
        ontology = (quad for quad in everything if quad.graph_name == GRAPH_ONTOLOGY)
        return jsonld_text(ordered, make_context(ontology)).encode()
    if chosen.name == "csv":
        return claims_table(ordered, everything).encode()
    return _written(ordered, chosen)


def _written(ordered: Iterable[Quad], chosen: DatasetFormat) -> bytes:
    if chosen.engine is None:
        raise ValueError(f"{chosen.name} has no serialiser")
    items: Iterable[Quad] | Iterable[Triple] = ordered if chosen.keeps_graphs else [q.triple for q in ordered]
    prefixes = WRITTEN_PREFIXES if chosen.engine in _ABBREVIATING else None
    return serialize(items, format=chosen.engine, prefixes=prefixes) or b""


_ABBREVIATING: Final = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML)


def _triple_key(triple: Triple) -> tuple[str, bool, str, str]:
    """Subjects together, the type first, then by predicate and object."""
    return (str(triple.subject), triple.predicate != RDF_TYPE, str(triple.predicate), str(triple.object))


def _quad_key(quad: Quad) -> tuple[str, tuple[str, bool, str, str]]:
    return (str(quad.graph_name), _triple_key(quad.triple))
