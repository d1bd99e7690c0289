"""How engines differ: what they call themselves, where they take data, what has to be mended of an answer.

What is said of an engine here was seen of that engine; ``tests/remote`` asks the real ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of engine. ``graph_store_path`` is where it takes the Graph Store Protocol if nobody says
    otherwise; ``limits_query`` asks it for the ``rows`` it cuts results at and the ``seconds`` after which it
    stops a query; ``mend`` mends whole lines of a SELECT result in JSON; ``stop_after`` is the parameter of a
    request that says after how many milliseconds the engine is to stop by itself.
    """

    name: str
    graph_store_path: str | None = None
    limits_query: str | None = None
    mend: Callable[[bytes], bytes] | None = None
    stop_after: str | None = None

    def graph_store_address(self, query: str) -> str | None:
        """Return where the engine whose query endpoint is at *query* takes the Graph Store Protocol, as far
        as is known.
        """
        path = self.graph_store_path
        return None if path is None else urlunsplit((*urlsplit(query)[:2], path, "", ""))


# Inside a string a quotation mark is escaped, so these can only be members of the document.
_NODE: Final = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://')
_BOOLEAN: Final = re.compile(
    rb'("datatype"\s*:\s*"http://www\.w3\.org/2001/XMLSchema#boolean"\s*,\s*"value"\s*:\s*")([01])"'
)
_WORDS: Final = {b"0": b"false", b"1": b"true"}


def mend_virtuoso(lines: bytes) -> bytes:
    """Return *lines* with blank nodes and booleans as the formats have them.

    Virtuoso 7 writes the label of a blank node as ``nodeID://b1``, which is no label, and ``true`` and
    ``false`` as ``1`` and ``0``: the same value (XML Schema, part 2, section 3.2.2), but not the canonical
    way to write it, which the built-in engine has.
    """
    lines = _NODE.sub(rb"\1", lines)
    return _BOOLEAN.sub(lambda found: found[1] + _WORDS[found[2]] + b'"', lines)


PLAIN: Final = Dialect("")
OXIGRAPH: Final = Dialect("oxigraph", graph_store_path="/store")
VIRTUOSO: Final = Dialect(
    "virtuoso",
    graph_store_path="/sparql-graph-crud-auth",
    limits_query="""SELECT (bif:virtuoso_ini_item_value("SPARQL", "ResultSetMaxRows") AS ?rows)
  (bif:virtuoso_ini_item_value("SPARQL", "MaxQueryExecutionTime") AS ?seconds) WHERE {}""",
    mend=mend_virtuoso,
    stop_after="timeout",
)
DIALECTS: Final[Mapping[str, Dialect]] = {one.name: one for one in (PLAIN, OXIGRAPH, VIRTUOSO)}


def dialect_of(server: str) -> Dialect:
    """Return the dialect of an engine that calls itself *server* (RFC 9110, section 10.2.4)."""
    product = server.partition("/")[0].strip().lower()
    return DIALECTS.get(product, PLAIN)
