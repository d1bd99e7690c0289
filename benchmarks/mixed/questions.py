"""Questions whose right answers are known beforehand, by an evaluation in this process over the same data."""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, Store, parse

from cicakg.store import Snapshot
from cicakg.vocab import GRAPH_ENTITIES, ID, PREFIXES
from cicakg.web.queries import entity
from mixed.wire import Asking, Reply

FORM: Final = "application/x-www-form-urlencoded"
EVERYTHING: Final = "SELECT ?s ?p ?o { ?s ?p ?o }"


@dataclass(frozen=True, slots=True)
class Question:
    """A request and the judge of its answer, which returns what is wrong with it or nothing."""

    kind: str
    asking: Asking
    judge: Callable[[Reply], str | None]


class Questions:
    """Makes questions, each one never asked before, so that no cache answers it."""

    def __init__(self, snapshot: Snapshot, seed: int = 20231005) -> None:
        self._store = snapshot.store
        self._random = random.Random(seed)  # noqa: S311  # which question comes next is no secret
        self._nonce = itertools.count()
        found = _solutions(self._store, f"SELECT DISTINCT ?e {{ GRAPH {GRAPH_ENTITIES} {{ ?e a ?class }} }}")
        iris = sorted(one["e"].value for one in found)
        self._entities = [NamedNode(iri) for iri in iris if iri.startswith(ID)]
        self._predicates = sorted(
            one["p"].value for one in _solutions(self._store, "SELECT DISTINCT ?p { ?s ?p ?o }")
        )
        self._everything = _lines(self._store, EVERYTHING)

    def small(self) -> Question:
        """One of the small kinds."""
        makers = (self._get, self._post, self._form, self._ask, self._graph, self._page)
        return self._random.choice(makers)()

    def middle(self) -> Question:
        """One that reads much of the data."""
        return self._random.choice((self._grouped, self._sorted))()

    def large(self) -> Question:
        """One whose answer is everything."""
        query = self._vary(EVERYTHING)
        return Question("large", _get(query, "csv"), lambda reply: _judge_rows(reply, self._everything))

    def conditional(self) -> Question:
        """One to be asked twice, the second time with its entity tag."""
        query = f"SELECT ?p ?o {{ {self._entity()} ?p ?o }}"
        expected = _lines(self._store, query)
        return Question("conditional", _get(query, "csv"), lambda reply: _judge_rows(reply, expected))

    def _get(self) -> Question:
        query, expected = self._described()
        return Question("GET", _get(query, "json"), lambda reply: _judge_json(reply, expected))

    def _post(self) -> Question:
        query, expected = self._described()
        headers = {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
        asking = Asking("/sparql", "POST", headers, query.encode())
        return Question("POST", asking, lambda reply: _judge_rows(reply, expected))

    def _form(self) -> Question:
        query, expected = self._described()
        headers = {"Content-Type": FORM, "Accept": "application/sparql-results+json"}
        asking = Asking("/sparql", "POST", headers, urlencode({"query": query}).encode())
        return Question("POST form", asking, lambda reply: _judge_json(reply, expected))

    def _ask(self) -> Question:
        node = self._entity()
        is_there = self._random.random() < 0.5
        name = str(node) if is_there else f"<{node.value}-{next(self._nonce)}>"
        asking = _get(self._vary(f"ASK {{ {name} ?p ?o }}"), "json")
        return Question("ASK", asking, lambda reply: _judge_boolean(reply, is_there))

    def _graph(self) -> Question:
        node = self._entity()
        found = self._store.query(entity(node), prefixes=dict(PREFIXES))
        assert isinstance(found, QueryTriples)  # noqa: S101  # a CONSTRUCT
        expected = {str(one) for one in found}
        target = f"/id/{quote(node.value.removeprefix(ID))}?format=ntriples&n={next(self._nonce)}"
        return Question("RDF", Asking(target), lambda reply: _judge_graph(reply, expected))

    def _page(self) -> Question:
        node = self._entity()
        target = f"/id/{quote(node.value.removeprefix(ID))}?format=html&n={next(self._nonce)}"
        return Question("page", Asking(target), lambda reply: _judge_page(reply, node))

    def _grouped(self) -> Question:
        query = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"
        expected = _lines(self._store, query)
        return Question("middle", _get(self._vary(query), "csv"), lambda r: _judge_rows(r, expected))

    def _sorted(self) -> Question:
        query = f"SELECT ?s ?o {{ ?s <{self._random.choice(self._predicates)}> ?o }} ORDER BY ?o ?s"
        expected = _lines(self._store, query)
        return Question("middle", _get(self._vary(query), "csv"), lambda r: _judge_rows(r, expected))

    def _described(self) -> tuple[str, list[str]]:
        query = f"SELECT ?p ?o {{ {self._entity()} ?p ?o }}"
        return self._vary(query), _lines(self._store, query)

    def _entity(self) -> NamedNode:
        return self._random.choice(self._entities)

    def _vary(self, query: str) -> str:
        """Return *query* so that nobody asked it before and its answer is the same."""
        return query.replace("{", f"{{ VALUES ?nonce {{ {next(self._nonce)} }} ", 1)


def _get(query: str, name: str) -> Asking:
    return Asking(f"/sparql?{urlencode({'query': query, 'format': name})}")


def _solutions(store: Store, query: str) -> Iterator[Any]:
    found = store.query(query, prefixes=dict(PREFIXES))
    assert isinstance(found, QuerySolutions)  # noqa: S101  # a SELECT
    return iter(found)


def _lines(store: Store, query: str) -> list[str]:
    """Return the rows of *query* as the engine itself writes them in CSV, sorted."""
    found = store.query(query, prefixes=dict(PREFIXES))
    return _rows((found.serialize(format=QueryResultsFormat.CSV) or b"").decode())  # type: ignore[union-attr]


def _rows(text: str) -> list[str]:
    return sorted("\x1f".join(row) for row in list(csv.reader(io.StringIO(text)))[1:])


def _judge_rows(reply: Reply, expected: list[str]) -> str | None:
    found = _rows(reply.body.decode())
    return None if found == expected else f"{len(found)} rows, and not the {len(expected)} it should have"


def _judge_json(reply: Reply, expected: list[str]) -> str | None:
    document = json.loads(reply.body)
    names = document["head"]["vars"]
    rows = document["results"]["bindings"]
    found = sorted("\x1f".join(row[name]["value"] if name in row else "" for name in names) for row in rows)
    return None if found == expected else f"{len(found)} rows, and not the {len(expected)} it should have"


def _judge_boolean(reply: Reply, expected: bool) -> str | None:
    return None if json.loads(reply.body)["boolean"] is expected else f"not {expected}"


def _judge_graph(reply: Reply, expected: set[str]) -> str | None:
    found = {str(one.triple) for one in parse(reply.body, format=RdfFormat.N_TRIPLES)}
    return None if found == expected else f"{len(found)} triples, and not the {len(expected)} it should have"


def _judge_page(reply: Reply, node: NamedNode) -> str | None:
    is_whole = reply.body.rstrip().endswith(b"</html>") and node.value.encode() in reply.body
    return None if is_whole else "no whole page of the entity"
