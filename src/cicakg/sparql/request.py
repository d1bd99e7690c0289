"""A query as the worker receives it, whatever road it came by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cicakg.sparql.formats import ResultKind

MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Budget:
    """What one query may spend. A caller may lower it, never raise it.

    ``seconds`` is wall-clock time from the moment a worker starts on it; ``memory_bytes`` is what the
    worker's address space may grow by; ``result_bytes`` is the size of the serialised answer;
    ``result_rows`` are its solutions, or its triples where it is a graph.
    """

    seconds: float = 30.0
    memory_bytes: int = 1024 * MEBIBYTE
    result_bytes: int = 256 * MEBIBYTE
    result_rows: int = 5_000_000


@dataclass(frozen=True, slots=True)
class ServiceAnswer:
    """What came back for one SERVICE clause.

    ``body`` is a SELECT result in JSON, ``None`` where the call failed and the clause is SILENT;
    ``most_rows`` is how many solutions it may have to be believed complete; ``nodes`` is what the IRIs that
    stand for its blank nodes begin with.
    """

    body: bytes | None
    most_rows: int
    nodes: str


@dataclass(frozen=True, slots=True)
class Federation:
    """Leave to have SERVICE in a query. Without ``answers`` the answer is the table of the calls the query
    makes, and nothing is evaluated; with them it is evaluated, and they are what its clauses yield, in order.
    """

    answers: tuple[ServiceAnswer, ...] | None = None


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """One SPARQL query with its protocol data set and the formats its caller accepts.

    ``default_graphs`` and ``named_graphs`` are the protocol's ``default-graph-uri`` and ``named-graph-uri``
    values; where either is given they replace the query's own FROM clauses (SPARQL 1.1 Protocol, section
    2.1.4). ``formats`` maps each kind of result to the name of the format to write it in; a kind that is
    absent cannot be written in anything the caller accepts. ``base`` is what relative IRIs in the query are
    resolved against where it has no BASE: over HTTP the address asked (RFC 3986, section 5.1.3). ``client``
    names who asks, so that a waiting line can be fair; it decides nothing of the answer. Without a
    ``federation`` SERVICE is refused.
    """

    query: str
    formats: dict[ResultKind, str]
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    budget: Budget = field(default_factory=Budget)
    base: str | None = None
    client: str = ""
    federation: Federation | None = None
