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
        """The snapshot's fingerprint; equal fingerprints give equal answers. It is empty where nobody vouches
        for the data: then no answer is kept, and none has an entity tag.
        """

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


class PoolLoad(Protocol):
    """How busy a pool is at the moment, and what happened to its workers so far."""

    @property
    def idle(self) -> int:
        """Workers that wait for a question."""

    @property
    def busy(self) -> int:
        """Workers at work on one."""

    @property
    def starting(self) -> int:
        """Workers that are being started."""

    @property
    def waiting(self) -> int:
        """Questions in line."""

    @property
    def given_up(self) -> int:
        """Workers given up after a question."""

    @property
    def restarts(self) -> int:
        """How often the process that holds the data had to be started again."""


class QueryPool(Protocol):
    """Evaluates queries elsewhere."""

    @property
    def info(self) -> PoolInfo:
        """The snapshot the answers come from."""

    def load(self) -> PoolLoad:
        """How busy it is."""

    async def run(self, request: QueryRequest) -> PoolAnswer:
        """Answer *request* or raise :class:`cicakg.errors.CicakgError`; cancelling stops the evaluation."""
