"""What the server notes of one request, for its log and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

ROUTES: Final = frozenset(
    {
        "sparql",
        "id",
        "article",
        "concept",
        "ontology",
        "graph",
        "query",
        "queries",
        "entities",
        "graphs",
        "docs",
        "static",
        "health",
        "ready",
        "metrics",
        "context.jsonld",
        "guideline",
        "openapi.json",
        ".well-known",
    }
)
METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

_BUDGETS: Final[Mapping[str, str]] = {
    "query-timeout": "seconds",
    "query-memory": "memory",
    "query-result-too-large": "bytes",
    "query-too-many-rows": "rows",
}


@dataclass(slots=True)
class Record:
    """One request, filled in while it is answered.

    ``address`` is its client's, ``client`` what the waiting line counts it as. ``status`` stays ``None``
    where the client went away before it had an answer. ``outcome`` says how its query ended: ``answered``,
    the code of an error, or nothing where none was asked. ``cache`` is the result cache's word.
    """

    request_id: str
    method: str
    path: str
    address: str = ""
    client: str = ""
    status: int | None = None
    size: int = 0
    milliseconds: float = 0.0
    outcome: str = ""
    cache: str = ""
    query: str = ""

    @property
    def route(self) -> str:
        """The kind of address, from a closed list: what a caller makes up becomes ``other``."""
        top = self.path.lstrip("/").partition("/")[0]
        return top if top in ROUTES else "other" if top else "home"

    @property
    def budget(self) -> str:
        """The budget that was spent, if one was."""
        return _BUDGETS.get(self.outcome, "")


def record_of(scope: Scope) -> Record:
    """Return the record of the request *scope*, which :class:`cicakg.web.frame.Frame` put there."""
    record: Record = scope["state"]["record"]
    return record
