"""What the web layer needs of whoever evaluates its queries.

:class:`cicakg.workers.WorkerPool` is one; tests and a front for another engine are others. Nothing in this
layer evaluates a query itself: a query that overflows the engine's stack ends the process it runs in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO, Protocol

from pyoxigraph import Triple

from cicakg.sparql.formats import Format, ResultKind
from cicakg.sparql.request import QueryRequest


class PoolInfo(Protocol):
    """What a pool says of the snapshot behind it."""

    @property
    def fingerprint(self) -> str:
        """The snapshot's fingerprint; equal fingerprints give equal answers."""

    @property
    def quad_count(self) -> int:
        """How many quads the snapshot holds, the default graph's copies not counted."""

    @property
    def void(self) -> Iterable[Triple]:
        """The VoID description of the data."""


class PoolAnswer(Protocol):
    """A complete answer: ``size`` bytes in ``file``, which stands at its start. Whoever gets one closes the
    file.
    """

    @property
    def kind(self) -> ResultKind:
        """What the query yielded."""

    @property
    def format(self) -> Format:
        """What the file is written in."""

    @property
    def size(self) -> int:
        """The length of the answer in bytes."""

    @property
    def file(self) -> BinaryIO:
        """The answer."""


class QueryPool(Protocol):
    """Evaluates queries elsewhere."""

    @property
    def info(self) -> PoolInfo:
        """The snapshot the answers come from."""

    async def run(self, request: QueryRequest) -> PoolAnswer:
        """Answer *request* or raise :class:`cicakg.errors.CicakgError`; cancelling stops the evaluation."""
