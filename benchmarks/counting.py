"""What counts known at load save: the first queries of an unknown endpoint, counted by the engine and known.

    python benchmarks/counting.py [TRIPLES …]

Asks in this process, without a worker. The last rows are queries that gain nothing; the last column shows
what each pays for being looked at. Compare the columns of one run, not milliseconds between machines.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from cicakg.sparql.counting import Counts, insert_counts
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import QueryRequest
from cicakg.store import Snapshot, open_file
from cicakg.store.counts import take_counts
from cicakg.workers.evaluation import NOTHING_KNOWN, ResultFile, evaluate
from cicakg.workers.files import result_file

SIZES: Final = (10_000, 100_000)
SLOW_ROUNDS: Final = 30
QUICK_ROUNDS: Final = 2000
FORMATS: Final = {ResultKind.SOLUTIONS: "json", ResultKind.BOOLEAN: "json", ResultKind.GRAPH: "ntriples"}
E: Final = "http://example.org/"
TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
KNOWN: Final = {
    "how many statements": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "by predicate": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n)",
    "which predicates": "SELECT DISTINCT ?p { ?s ?p ?o }",
    "by class": "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY DESC(?n)",
    "of one class": f"SELECT (COUNT(?s) AS ?n) {{ ?s a <{E}Kind3> }}",
    "by graph": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
}
OTHERS: Final = {
    "tiny (ASK)": f"ASK {{ <{E}n1> ?p ?o }}",
    "tiny, with DISTINCT": f"SELECT DISTINCT ?p {{ <{E}n1> ?p ?o }}",
    "tiny, with COUNT": f"SELECT (COUNT(*) AS ?n) {{ <{E}n1> ?p ?o }}",
    "small, read as far as its object": f"SELECT DISTINCT ?s {{ ?s <{E}p1> <{E}n1> . ?s <{E}p2> ?o }}",
}


def write_data(path: Path, triples: int) -> None:
    """Write a graph of *triples* triples: nodes with one of twenty classes and seven links, in a hundred
    named graphs.
    """
    nodes = max(1, triples // 8)
    with path.open("w", encoding="ascii") as file:
        for one in range(nodes):
            file.writelines(f"<{E}n{one}> {rest} <{E}g{one % 100}> .\n" for rest in _statements(one, nodes))


def _statements(one: int, nodes: int) -> Iterator[str]:
    yield f"<{TYPE}> <{E}Kind{one % 20}>"
    for link in range(7):
        yield f"<{E}p{link}> <{E}n{(one * 7 + link) % nodes}>"


def ask(snapshot: Snapshot, request: QueryRequest, counts: Counts) -> None:
    """Evaluate *request* as a worker does."""
    with result_file() as file:
        evaluate(snapshot.store, request, ResultFile(file.fileno(), 1 << 20), counts)


def medians(asks: list[Callable[[], object]], rounds: int) -> list[float]:
    """Return the median time of each of *asks* in milliseconds, asked in turn."""
    times: list[list[float]] = [[] for _ in asks]
    for _ in range(rounds):
        for kept, one in zip(times, asks, strict=True):
            started = time.perf_counter()
            one()
            kept.append(time.perf_counter() - started)
    return [statistics.median(kept) * 1000 for kept in times]


def measure(path: Path, triples: int) -> None:
    """Measure one size and print a table."""
    started = time.perf_counter()
    snapshot = open_file(path)
    opened = time.perf_counter()
    counts = take_counts(snapshot.store)
    counted = time.perf_counter() - opened
    print(f"\n{triples:,} triples: opened in {opened - started:.2f} s, of which counting {counted:.3f} s\n")
    print("| query | counted | known | ratio | looking at the text alone |")
    print("|---|---|---|---|---|")
    for name, query in (KNOWN | OTHERS).items():
        request = QueryRequest(query, FORMATS)
        asks = [partial(ask, snapshot, request, one) for one in (NOTHING_KNOWN, counts)]
        looking = partial(insert_counts, query, counts)
        before, after, looked = medians([*asks, looking], SLOW_ROUNDS if name in KNOWN else QUICK_ROUNDS)
        print(f"| {name} | {before:.3f} ms | {after:.3f} ms | {before / after:.1f} | {looked:.4f} ms |")


def main() -> None:
    """Measure the sizes given, or the usual ones."""
    sizes = [int(one) for one in sys.argv[1:]] or SIZES
    with tempfile.TemporaryDirectory() as folder:
        for triples in sizes:
            path = Path(folder) / f"{triples}.nq"
            write_data(path, triples)
            measure(path, triples)


if __name__ == "__main__":
    main()
