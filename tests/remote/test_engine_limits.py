"""Real engines at limits of their own: what they send then is never passed on as an answer."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_playing import OpenPool, RunningEngine, asked, start_oxigraph, start_virtuoso, with_pool

from cicakg.errors import CicakgError
from cicakg.remote.dialects import VIRTUOSO
from cicakg.remote.pool import EnginePool, EngineView
from cicakg.remote.states import EngineState
from cicakg.sparql.request import Budget

GRAPH = "http://example.org/numbers"
NUMBERS = "".join(f'<http://example.org/{one}> <http://example.org/p> "{one}" .\n' for one in range(4000))
ALL = f"GRAPH <{GRAPH}> {{ ?s ?p ?o }}"
PAIRS = f"GRAPH <{GRAPH}> {{ ?s ?p ?o . ?a ?p ?b FILTER(STRLEN(CONCAT(?o, ?b)) = 8) }}"
NO_PAIRS = PAIRS.replace("= 8", "= 80")
MOST = 20


def opened(engine: RunningEngine) -> Iterator[OpenPool]:
    """Open a pool over *engine* with the numbers in it."""
    engine.put(GRAPH, NUMBERS)
    pool = OpenPool(engine.address)
    yield pool
    pool.close()
    engine.stop()


@pytest.fixture(scope="module")
def hasty_oxigraph() -> Iterator[OpenPool]:
    """An Oxigraph that stops every query after a second."""
    yield from opened(start_oxigraph("--timeout-s", "1"))


@pytest.fixture(scope="module")
def cutting_virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenPool]:
    """A Virtuoso that cuts results at 20 rows and stops every query after a second."""
    lines = f"ResultSetMaxRows = {MOST}\nMaxQueryExecutionTime = 1"
    yield from opened(start_virtuoso(tmp_path_factory.mktemp("virtuoso"), lines))


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT ?s ?a WHERE {{ {PAIRS} }}",
        f"SELECT ?s ?a WHERE {{ {NO_PAIRS} }}",
        f"SELECT (COUNT(*) AS ?n) WHERE {{ {NO_PAIRS} }}",
        f"CONSTRUCT {{ ?s ?p ?b }} WHERE {{ {PAIRS} }}",
        f"CONSTRUCT {{ ?s ?p ?b }} WHERE {{ {NO_PAIRS} }}",
    ],
)
def test_oxigraph_at_its_time_limit(hasty_oxigraph: OpenPool, query: str) -> None:
    """Oxigraph says 200, and then a sentence in the middle of the answer."""
    assert hasty_oxigraph.error(asked(query)).code == "engine-incomplete"


def test_oxigraph_within_its_limit(hasty_oxigraph: OpenPool) -> None:
    """What ends in time is answered."""
    assert b'"4000"' in hasty_oxigraph.answer(asked(f"SELECT (COUNT(*) AS ?n) WHERE {{ {ALL} }}"))


@pytest.mark.parametrize("limit", ["", f"LIMIT {MOST + 1}", f"LIMIT {MOST}"])
def test_virtuoso_cuts_a_table(cutting_virtuoso: OpenPool, limit: str) -> None:
    """As many rows as Virtuoso gives at most may be a part: there is no telling, so it is none."""
    error = cutting_virtuoso.error(asked(f"SELECT * WHERE {{ {ALL} }} {limit}"))
    assert error.code == "engine-incomplete"
    assert str(MOST) in error.detail


def test_virtuoso_cuts_a_graph_without_a_word(cutting_virtuoso: OpenPool) -> None:
    """Nothing in the answer says that a graph was cut, so none is asked for."""
    error = cutting_virtuoso.error(asked(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {ALL} }}"))
    assert error.code == "engine-incomplete"
    assert "ResultSetMaxRows" in error.detail


def test_virtuoso_below_its_limit(cutting_virtuoso: OpenPool) -> None:
    """Fewer rows than that are all there are; true or false is never cut."""
    answer = cutting_virtuoso.answer(asked(f"SELECT * WHERE {{ {ALL} }} LIMIT {MOST - 1}"))
    assert answer.count(b'"o":') == MOST - 1
    assert b"true" in cutting_virtuoso.answer(asked(f"ASK {{ {ALL} }}"))


@pytest.mark.parametrize("form", ["SELECT (COUNT(*) AS ?n) WHERE", "SELECT ?s ?a WHERE", "ASK"])
def test_virtuoso_at_its_time_limit(cutting_virtuoso: OpenPool, form: str) -> None:
    """Virtuoso stops a query and says so: that is a time-out, not a fault."""
    assert cutting_virtuoso.error(asked(f"{form} {{ {NO_PAIRS} }}")).code == "query-timeout"


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_virtuoso_stops_what_nobody_waits_for(virtuoso: RunningEngine) -> None:
    """After the deadline of a query that would go on for hours Virtuoso comes to rest by itself."""
    virtuoso.put(GRAPH, NUMBERS)
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{GRAPH}> {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} }}"

    def spent() -> float:
        fields = Path(f"/proc/{virtuoso.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def body(pool: EnginePool, _: EngineView) -> None:
        with pytest.raises(CicakgError) as caught:
            await EngineView(pool, EngineState(VIRTUOSO)).run(asked(query, Budget(seconds=1)))
        assert caught.value.code == "query-timeout"

    before = spent()
    with_pool(virtuoso.address, body)
    assert spent() > before, "it was at work"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        seen = spent()
        time.sleep(2)
        if spent() - seen < 0.2:
            return
    raise AssertionError("it is still at work")
