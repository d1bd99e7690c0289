"""Evaluation tried out once in the process that forks workers, so that they have all they need before they
are confined.
"""

from __future__ import annotations

import os
import traceback
from typing import Final

from pyoxigraph import Store

from cicakg.errors import CicakgError
from cicakg.sparql.formats import FORMATS, ResultKind
from cicakg.sparql.request import QueryRequest
from cicakg.store import DiskSnapshot, Snapshot
from cicakg.workers.evaluation import ResultFile, evaluate

_QUERIES: Final = (
    "SELECT ?s WHERE { VALUES ?s { 1 2 } FILTER(REGEX(STR(?s), 'a')) } ORDER BY ?s LIMIT 1",
    "ASK { FILTER(1 = 2) }",
    "CONSTRUCT { ?s ?p ?o } FROM <x:a> FROM <x:b> WHERE { ?s ?p ?o }",
    "SELECT",
)


def warm_up(snapshot: Snapshot | DiskSnapshot) -> None:
    """Make this process load all that evaluation needs: a worker cannot open a file any more. A store on disk
    is not opened for that.
    """
    store = snapshot.store if isinstance(snapshot, Snapshot) else Store()
    descriptor = os.open(os.devnull, os.O_WRONLY)
    for query in _QUERIES:
        for one in FORMATS:
            request = QueryRequest(query, dict.fromkeys(ResultKind, one.name))
            try:
                evaluate(store, request, ResultFile(descriptor, 1 << 20))
            except CicakgError:  # the wrong kind of format, and the query that is none
                traceback.format_exc()
    os.close(descriptor)
