"""The server's figures in the Prometheus text format
(https://prometheus.io/docs/instrumenting/exposition_formats/).

Written here rather than by Prometheus' Python library: that one keeps a registry for the whole process and
hooks into the garbage collector when it is imported.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Final, Literal

from cicakg.web.keeping import ResultCache
from cicakg.web.pools import PoolInfo, PoolLoad
from cicakg.web.records import METHODS, Record

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the latency histogram, in seconds."""

Kind = Literal["counter", "gauge", "histogram"]
Sample = tuple[str, Mapping[str, str], float]


class Latencies:
    """A histogram of one route."""

    def __init__(self) -> None:
        self._counts = [0] * (len(BOUNDS) + 1)
        self._sum = 0.0

    def add(self, seconds: float) -> None:
        """Count one request; a bound is inclusive."""
        self._counts[bisect_left(BOUNDS, seconds)] += 1
        self._sum += seconds

    def samples(self, route: str) -> Iterator[Sample]:
        """Yield the cumulative buckets, the sum and the count."""
        bounds = (*(f"{one:g}" for one in BOUNDS), "+Inf")
        for bound, count in zip(bounds, accumulate(self._counts), strict=True):
            yield "_bucket", {"route": route, "le": bound}, count
        yield "_sum", {"route": route}, self._sum
        yield "_count", {"route": route}, sum(self._counts)


class Metrics:
    """What is counted over the server's life, whatever snapshot it holds."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, str]] = Counter()
        self._budgets: Counter[str] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._sent = 0
        self._latencies: dict[str, Latencies] = {}
        self.reloads: Counter[str] = Counter()
        self.service_calls: Counter[str] = Counter()
        self.snapshot_checks: Counter[str] = Counter()

    def count(self, record: Record) -> None:
        """Count one request."""
        route = record.route
        method = record.method if record.method in METHODS else "other"
        self._requests[route, method, str(record.status or "gone")] += 1
        self._latencies.setdefault(route, Latencies()).add(record.milliseconds / 1000)
        self._sent += record.size
        if record.outcome:
            self._outcomes[record.outcome] += 1
        if record.budget:
            self._budgets[record.budget] += 1

    def text(self, info: PoolInfo, load: PoolLoad, cache: ResultCache, dropped: int) -> str:
        """Return everything, as Prometheus reads it."""
        lines: list[str] = []
        for name, kind, meaning, samples in (
            *self._of_requests(),
            *_of_workers(load),
            *_of_cache(cache),
            *self._of_server(info, dropped),
        ):
            lines += _family(f"cicakg_{name}", kind, meaning, samples)
        return "".join(lines)

    def _of_requests(self) -> Iterator[tuple[str, Kind, str, Iterable[Sample]]]:
        requests = (
            ("", {"route": route, "method": method, "status": status}, float(count))
            for (route, method, status), count in sorted(self._requests.items())
        )
        yield "http_requests_total", "counter", "Requests by route, method and status.", requests
        latencies = (
            one for route in sorted(self._latencies) for one in self._latencies[route].samples(route)
        )
        yield "http_request_duration_seconds", "histogram", "Time until an answer was sent.", latencies
        yield "http_response_bytes_total", "counter", "Bytes of bodies sent.", _one(self._sent)
        yield "query_outcomes_total", "counter", "How queries ended.", _by("outcome", self._outcomes)
        yield "query_budgets_spent_total", "counter", "Queries over a budget.", _by("budget", self._budgets)
        calls = _by("outcome", self.service_calls)
        yield "service_calls_total", "counter", "Calls to other servers, by how they ended.", calls

    def _of_server(self, info: PoolInfo, dropped: int) -> Iterator[tuple[str, Kind, str, Iterable[Sample]]]:
        known = [("", {"fingerprint": info.fingerprint}, 1.0)]
        yield "snapshot_info", "gauge", "The snapshot that is served.", known
        yield "snapshot_quads", "gauge", "Statements in it.", _one(info.quad_count)
        yield "reloads_total", "counter", "Snapshots asked for by SIGHUP.", _by("result", self.reloads)
        checks = _by("result", self.snapshot_checks)
        yield "snapshot_checks_total", "counter", "Complete checks of a snapshot on disk.", checks
        yield "log_lines_dropped_total", "counter", "Log lines nobody had room for.", _one(dropped)


def _of_workers(load: PoolLoad) -> Iterator[tuple[str, Kind, str, Iterable[Sample]]]:
    states = {"idle": load.idle, "busy": load.busy, "starting": load.starting}
    yield "workers", "gauge", "Query processes by what they do.", _by("state", states)
    yield "queue_length", "gauge", "Queries that wait for a worker.", _one(load.waiting)
    yield "workers_given_up_total", "counter", "Workers ended after a query.", _one(load.given_up)
    yield "zygote_restarts_total", "counter", "Restarts of the process with the data.", _one(load.restarts)


def _of_cache(cache: ResultCache) -> Iterator[tuple[str, Kind, str, Iterable[Sample]]]:
    yield "cache_hits_total", "counter", "Queries answered from the result cache.", _one(cache.hits)
    yield "cache_misses_total", "counter", "Queries evaluated for want of a kept answer.", _one(cache.misses)
    yield "cache_evictions_total", "counter", "Answers given up for newer ones.", _one(cache.evictions)
    yield "cache_bytes", "gauge", "Bytes the result cache takes.", _one(cache.size)
    yield "cache_limit_bytes", "gauge", "Bytes it may take.", _one(cache.most)


def _one(value: float) -> list[Sample]:
    return [("", {}, float(value))]


def _by(label: str, counts: Mapping[str, int]) -> list[Sample]:
    return [("", {label: name}, float(count)) for name, count in sorted(counts.items())]


def _family(name: str, kind: Kind, meaning: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {meaning}\n# TYPE {name} {kind}\n"
    for ending, labels, value in samples:
        shown = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"{name}{ending}{f'{{{shown}}}' if shown else ''} {value:.10g}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
