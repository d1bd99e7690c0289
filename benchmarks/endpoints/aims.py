"""What was aimed at, and on how many queries it was reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from endpoints.figures import Asked, Sized, Timing, ratio
from endpoints.questions import QUESTIONS
from endpoints.servers import CICAKG, KEEPING, OXIGRAPH, RDFLIB, VIRTUOSO

_TIES: Final = 1.0
_RDFLIB_TIMES: Final = 10.0
_TINY_TIMES: Final = 3.0
_REPEATED_TIMES: Final = 2.0
_COSTLY: Final = 1.0  # milliseconds at oxigraph from which on a query is no tiny one
_HOP: Final = 0.2
_REPLACED: Final = 50.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """An aim, on how many of how many it was reached, and where it was not."""

    aim: str
    reached: int
    count: int
    missed: tuple[str, ...] = ()


def verdicts(sized: Sized) -> Iterator[Verdict]:
    """Yield what became of each aim on one size, by the medians of a client alone."""
    yield _ahead(sized, "10 times ahead of rdflib-endpoint", CICAKG, RDFLIB, _RDFLIB_TIMES)
    yield _ahead(sized, "ahead of Virtuoso", CICAKG, VIRTUOSO, _TIES)
    costly = frozenset(kind for kind in _kinds() if _cost(sized, kind) > _COSTLY)
    yield _ahead(sized, "ahead of oxigraph where it takes over 1 ms", CICAKG, OXIGRAPH, _TIES, costly)
    tiny = frozenset(_kinds()) - costly
    aim = "within 3 times of oxigraph on the others"
    yield _ahead(sized, aim, CICAKG, OXIGRAPH, 1 / _TINY_TIMES, tiny)
    yield _ahead(sized, "twice ahead of oxigraph on repeated ones", KEEPING, OXIGRAPH, _REPEATED_TIMES)
    cost = sized.replacing
    if cost is None:
        return
    yield Verdict("the hop takes 0.2 ms at most", int(cost.hop <= _HOP), 1)
    slowest = max(cost.one_killed, cost.all_killed, cost.deadline)
    yield Verdict("an answer within 50 ms after workers were killed", int(slowest <= _REPLACED), 1)


def _kinds() -> tuple[str, ...]:
    return tuple(one.kind for one in QUESTIONS)


def _cost(sized: Sized, kind: str) -> float:
    timing = alone_of(sized, OXIGRAPH, kind)
    return timing.p50 if timing is not None else 0.0


def asked_of(sized: Sized, server: str, kind: str) -> Asked:
    """Return what was measured of one query at one server."""
    served = sized.of(server)
    return served.questions.get(kind, Asked()) if served is not None else Asked()


def alone_of(sized: Sized, server: str, kind: str) -> Timing | None:
    """Return how a client alone was served."""
    return asked_of(sized, server, kind).alone


def _ahead(
    sized: Sized, aim: str, own: str, peer: str, times: float, among: frozenset[str] | None = None
) -> Verdict:
    """Count the queries on which the ratio of *peer* to *own* is *times* or more; those that *peer* does
    not answer are left out.
    """
    missed, reached, count = [], 0, 0
    for kind in _kinds():
        if among is not None and kind not in among:
            continue
        own_timing, peer_timing = alone_of(sized, own, kind), alone_of(sized, peer, kind)
        if peer_timing is None:
            continue
        count += 1
        found = ratio(peer_timing, own_timing)
        if found is not None and found >= times:
            reached += 1
        else:
            missed.append(f"{kind} ({found:.2f})" if found is not None else kind)
    return Verdict(aim, reached, count, tuple(missed))
