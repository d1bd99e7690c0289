"""What is known of an engine: whose data it holds, and what has to be kept in mind when it is asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from cicakg.errors import CicakgError
from cicakg.remote.dialects import Dialect, dialect_of
from cicakg.remote.engine import Engine, as_error
from cicakg.remote.holdings import (
    GRAPHS_QUERY,
    LOADING,
    STATUS_GRAPH,
    STATUS_QUERY,
    Holdings,
    Status,
    read_holdings,
    read_status,
)
from cicakg.vocab import GRAPH_VOID
from cicakg.workers import SnapshotInfo

_LOOKS: Final = 3  # an engine may show a graph as empty for a moment while it is being replaced
_PAUSE: Final = 0.2
_VOID_QUERY: Final = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """What an engine is set to. ``cut_at`` is the number of rows it cuts results at, ``None`` where it does
    not; ``cuts_unseen`` says that it may cut a graph too, without a word; ``stops_itself`` that it has a time
    limit of its own, or may have.
    """

    cut_at: int | None = None
    cuts_unseen: bool = False
    stops_itself: bool = False


_UNKNOWN: Final = EngineLimits(None, cuts_unseen=True, stops_itself=True)


@dataclass(frozen=True, slots=True)
class EngineState:
    """One state of an engine and its data.

    ``status`` is ``None`` where ``cicakg load`` has put nothing there: nobody vouches for such data.
    ``names`` are the named graphs as a query's form holds them.
    """

    dialect: Dialect
    status: Status | None = None
    holdings: Holdings | None = None
    limits: EngineLimits = EngineLimits()
    void: tuple[Triple, ...] = ()
    names: bytes = b""

    @property
    def is_loading(self) -> bool:
        """Whether data are being put there."""
        return self.status is not None and not self.status.is_complete

    @property
    def info(self) -> SnapshotInfo:
        """What a server says of the data; an empty fingerprint where nobody vouches for them."""
        if self.status is None or self.is_loading:
            return SnapshotInfo("", 0)
        return SnapshotInfo(self.status.fingerprint, self.status.quad_count, self.void)


async def look_at_status(engine: Engine) -> tuple[Status | None, Dialect]:
    """Return what the status graph says, and how the engine has to be spoken to."""
    answer, head = await engine.ask_small(STATUS_QUERY, [STATUS_GRAPH])
    try:
        return read_status(answer), dialect_of(head.server)
    except (SyntaxError, ValueError) as error:
        raise as_error(error) from error


async def read_state(engine: Engine) -> EngineState:
    """Look at an engine nothing is known of; raises :class:`CicakgError` where it does not answer."""
    status, dialect = await look_at_status(engine)
    for _ in range(_LOOKS - 1):
        if status is not None:
            break
        await asyncio.sleep(_PAUSE)
        status, dialect = await look_at_status(engine)
    return await _described(engine, status, dialect)


async def read_again(engine: Engine, known: EngineState) -> EngineState:
    """Look again at an engine that was in the state *known*; the same value where nothing has changed.

    A status graph that was there and is gone is being replaced: that is a loading, whatever it is.
    """
    status, dialect = await look_at_status(engine)
    if status is None and known.status is not None:
        return EngineState(dialect, Status("", LOADING, "", 0))
    limits = await _look_at_limits(engine, dialect)
    if (status, dialect, limits) == (known.status, known.dialect, known.limits):
        return known
    return await _described(engine, status, dialect)


async def _described(engine: Engine, status: Status | None, dialect: Dialect) -> EngineState:
    limits = await _look_at_limits(engine, dialect)
    if status is None or not status.is_complete:
        return EngineState(dialect, status, None, limits)
    graphs, _ = await engine.ask_small(GRAPHS_QUERY, [STATUS_GRAPH])
    void, _ = await engine.ask_small(_VOID_QUERY, [GRAPH_VOID.value])
    again, _ = await look_at_status(engine)
    if again != status:  # it was replaced meanwhile: the next look will tell
        return EngineState(dialect, Status("", LOADING, "", 0))
    try:
        holdings = read_holdings(graphs)
        triples = tuple(_triples(void))
    except (SyntaxError, ValueError) as error:
        raise as_error(error) from error
    names = urlencode([("named-graph-uri", one) for one in sorted(holdings.graphs)]).encode("ascii")
    return EngineState(dialect, status, holdings, limits, triples, names)


async def _look_at_limits(engine: Engine, dialect: Dialect) -> EngineLimits:
    """Return what the engine is set to, as far as it can be asked."""
    if dialect.limits_query is None:
        return EngineLimits()
    try:
        answer, _ = await engine.ask_small(dialect.limits_query)
        (row,) = json.loads(answer)["results"]["bindings"]
        rows, seconds = (_figure(row.get(name, {}).get("value", "")) for name in ("rows", "seconds"))
    except (CicakgError, ValueError, KeyError, TypeError, AttributeError):
        return _UNKNOWN
    return EngineLimits(rows or None, cuts_unseen=bool(rows), stops_itself=bool(seconds))


def _figure(text: str) -> int:
    """Return the number a setting has; 0 where it has none."""
    return int(text) if text.isascii() and text.isdigit() else 0


def _triples(answer: bytes) -> Iterator[Triple]:
    parsed = parse_query_results(answer, format=QueryResultsFormat.JSON)
    if not isinstance(parsed, QuerySolutions):
        raise SyntaxError("the answer holds no solutions")
    for row in parsed:
        subject, predicate, value = row["s"], row["p"], row["o"]
        if (
            isinstance(subject, NamedNode | BlankNode)
            and isinstance(predicate, NamedNode)
            and isinstance(value, NamedNode | BlankNode | Literal)
        ):
            yield Triple(subject, predicate, value)
