"""What was measured, and what can be said of it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Timing:
    """How long requests took, in milliseconds, and how many there were in a second.

    ``requests`` is how many were measured: with fewer than a hundred ``p99`` is the slowest of them.
    """

    p50: float
    p99: float
    rate: float
    requests: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One query at one server: a client alone, sixteen at a time. ``None`` where that was not measured;
    ``remark`` says why, or in what the answer differs.
    """

    alone: Timing | None = None
    many: Timing | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Served:
    """One server on one size of data. ``loading`` are seconds before it can start, ``starting`` seconds
    until its first answer; memory is the proportional set size of all its processes, in MiB.
    """

    server: str
    loading: float = 0.0
    starting: float = 0.0
    memory: float = 0.0
    memory_after: float = 0.0
    questions: Mapping[str, Asked] = field(default_factory=dict)
    mix: Timing | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Replacing:
    """What processes cost, in milliseconds: a query in line and through the pool; how soon the next query is
    answered after one worker or all were killed from outside, and how soon two are after two queries that
    hold all places were ended at their deadline.
    """

    inline: float
    pooled: float
    one_killed: float
    all_killed: float
    deadline: float

    @property
    def hop(self) -> float:
        """What the pool adds."""
        return self.pooled - self.inline


@dataclass(frozen=True, slots=True)
class Sized:
    """Everything of one size."""

    quads: int
    triples: int
    articles: int
    served: Sequence[Served]
    replacing: Replacing | None = None

    def of(self, server: str) -> Served | None:
        """Return what was measured of *server*."""
        return next((one for one in self.served if one.server == server), None)


def timing_of(seconds: Sequence[float]) -> Timing:
    """Return the figures of requests made one after the other."""
    total = sum(seconds)
    rate = len(seconds) / total if total else 0.0
    return Timing(statistics.median(seconds) * 1000, percentile(seconds, 99) * 1000, rate, len(seconds))


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest of *values* that at least *percent* of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def ratio(peer: Timing | None, own: Timing | None) -> float | None:
    """Return how many times faster *own* is than *peer*, by the median; ``None`` where either is missing."""
    if peer is None or own is None or not own.p50:
        return None
    return peer.p50 / own.p50
