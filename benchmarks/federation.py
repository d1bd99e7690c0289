"""What SERVICE costs beside the call itself: rows of other servers in a query, as VALUES and as a subselect
over VALUES, joined with patterns and with each other.

    python benchmarks/federation.py [ROWS …]

Prints milliseconds of one run over 100,000 triples. Compare within a run, not between machines.
"""

from __future__ import annotations

import sys
import time
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

ROWS: Final = (1_000, 10_000)
NODES: Final = 50_000
SPACE: Final = "http://example.org/"
QUERIES: Final = {
    "alone": "{one}",
    "a pattern": "?s :p ?o {one}",
    "two patterns": "{one} ?s :p ?o . ?o :l ?label",
    "optional": "?s :p ?o OPTIONAL {{ {one} }}",
    "minus": "?s :p ?o MINUS {{ {one} }}",
    "two clauses": "{one} {two}",
    "two clauses and a pattern": "?s :p ?o {one} {two}",
}


def data() -> Store:
    """Nodes in a ring, each with a label."""
    store = Store()
    nodes = [NamedNode(f"{SPACE}n{one}") for one in range(NODES)]
    after, label = NamedNode(SPACE + "p"), NamedNode(SPACE + "l")
    store.bulk_extend(Quad(node, after, nodes[(one * 7 + 1) % NODES]) for one, node in enumerate(nodes))
    store.bulk_extend(Quad(node, label, Literal(node.value, language="en")) for node in nodes)
    return store


def block(rows: int, variable: str) -> str:
    """Return what an endpoint with *rows* rows would leave in a query."""
    cells = "\n".join(f'(:n{one * (NODES // rows)} "{variable}{one}"@kk)' for one in range(rows))
    return f"VALUES (?s ?{variable}) {{ {cells} }}"


def milliseconds(store: Store, pattern: str) -> tuple[int, float]:
    """Evaluate SELECT * over *pattern*; return its rows and how long that took."""
    started = time.perf_counter()
    results = store.query(f"PREFIX : <{SPACE}> SELECT * WHERE {{ {pattern} }}")
    if not isinstance(results, QuerySolutions):
        raise TypeError
    count = sum(1 for _ in results)
    return count, (time.perf_counter() - started) * 1000


def main(arguments: list[str]) -> None:
    """Print a table for each number of rows."""
    store = data()
    for rows in [int(one) for one in arguments] or ROWS:
        values = {name: block(rows, letter) for name, letter in (("one", "a"), ("two", "b"))}
        wrapped = {name: f"{{ SELECT * WHERE {{ {text} }} }}" for name, text in values.items()}
        print(f"{rows} rows{'':22} answer      VALUES   subselect")
        for name, pattern in QUERIES.items():
            _, plain = milliseconds(store, pattern.format(**values))
            count, nested = milliseconds(store, pattern.format(**wrapped))
            print(f"  {name:28} {count:8} {plain:8.1f} ms {nested:8.1f} ms")


if __name__ == "__main__":
    main(sys.argv[1:])
