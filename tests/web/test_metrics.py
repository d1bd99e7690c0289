"""/metrics: the figures are there, count what happened, and are what Prometheus can read."""

from __future__ import annotations

import math
import re

import httpx
import pytest
from web_playing import AppClient, PlayedPool

from cicakg.errors import CicakgError
from cicakg.web.keeping import ResultCache
from cicakg.web.metrics import BOUNDS, Metrics
from cicakg.web.records import ROUTES, Record

SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\[\\n"])*",?)*)\})? ([0-9.e+-]+|\+Inf)')
ASK = "/sparql?query=ASK%7B%7D"


def read(text: str) -> dict[str, float]:
    """Read an exposition as strictly as its description has it: help and type, then the family's samples."""
    found: dict[str, float] = {}
    family = kind = ""
    for line in text.splitlines():
        if line.startswith("# HELP "):
            family = line.split()[2]
            assert not any(name.partition("{")[0] == family for name in found), f"{family} twice"
        elif line.startswith("# TYPE "):
            assert line.split()[2] == family
            kind = line.split()[3]
        else:
            match = SAMPLE.fullmatch(line)
            assert match, line
            endings = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
            assert match[1] in {family + ending for ending in endings}, line
            assert (kind == "counter") == family.endswith("_total")
            name = f"{match[1]}{{{match[2] or ''}}}"
            assert name not in found
            found[name] = float(match[3])
    assert text.endswith("\n")
    return found


def _figures(client: AppClient) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert answer.headers["cache-control"] == "no-store"
    return read(answer.text)


def test_requests_are_counted_by_route_and_status(client: AppClient, pool: PlayedPool) -> None:
    """What was asked and how it ended; a path a caller makes up makes no series of its own."""
    for path in (ASK, ASK, "/nothing/here", "/other", "/sparql?query=%FF", "/health"):
        client.get(path)
    pool.error = CicakgError("query-too-many-rows", "Too many.", "Ask for less.")
    client.get("/sparql?query=ASK%7B%7B%7D%7D")
    found = _figures(client)
    requests = "cicakg_http_requests_total"
    assert found[f'{requests}{{route="sparql",method="GET",status="200"}}'] == 2
    assert found[f'{requests}{{route="sparql",method="GET",status="400"}}'] == 1
    assert found[f'{requests}{{route="sparql",method="GET",status="507"}}'] == 1
    assert found[f'{requests}{{route="other",method="GET",status="404"}}'] == 2
    assert found['cicakg_query_budgets_spent_total{budget="rows"}'] == 1
    assert found['cicakg_query_outcomes_total{outcome="answered"}'] == 2
    assert found["cicakg_cache_hits_total{}"] == 1
    assert found["cicakg_cache_bytes{}"] > len(pool.body)
    assert found[f'cicakg_snapshot_info{{fingerprint="{"f" * 64}"}}'] == 1
    assert found["cicakg_snapshot_quads{}"] == 42


def test_made_up_methods_make_no_series(client: AppClient) -> None:
    """The number of series is bounded, whatever is sent."""
    for number in range(20):
        client.request(f"M{number}", f"/p{number}")
    series = [name for name in _figures(client) if name.startswith("cicakg_http_requests_total{")]
    assert len(series) == 1
    assert 'method="other"' in series[0]


def test_histogram_is_cumulative() -> None:
    """A bound is inclusive, each bucket holds all below, +Inf holds all, the sum is the sum."""
    metrics, times = Metrics(), [0.0, BOUNDS[0], BOUNDS[1], BOUNDS[-1], 1000.0]
    for seconds in times:
        metrics.count(Record("", "GET", "/sparql", status=200, milliseconds=seconds * 1000))
    pool = PlayedPool()
    found = read(metrics.text(pool.info, pool.load(), ResultCache(0), 0))
    name = "cicakg_http_request_duration_seconds"
    buckets = [found[f'{name}_bucket{{route="sparql",le="{one:g}"}}'] for one in BOUNDS]
    assert buckets == [sum(1 for one in times if one <= bound) for bound in BOUNDS]
    assert found[f'{name}_bucket{{route="sparql",le="+Inf"}}'] == len(times)
    assert found[f'{name}_count{{route="sparql"}}'] == len(times)
    assert math.isclose(found[f'{name}_sum{{route="sparql"}}'], sum(times))


@pytest.mark.parametrize("path", ["/sparql", "/sparql/", "/id/kazakhstan", "/", "", "//evil", "/x\n1"])
def test_routes_are_a_closed_list(path: str) -> None:
    """No label holds what a caller wrote."""
    assert Record("", "GET", path).route in {*ROUTES, "home", "other"}


def test_workers_are_in_it(http: httpx.Client) -> None:
    """Over real workers: how many there are, and that asking for figures asks none of them."""
    http.get("/sparql", params={"query": "ASK { <urn:metrics> ?p ?o }"})
    found = read(http.get("/metrics").text)
    workers = sum(value for name, value in found.items() if name.startswith("cicakg_workers{"))
    assert workers >= 2
    assert found["cicakg_queue_length{}"] == 0
    assert found["cicakg_zygote_restarts_total{}"] == 0
    assert found["cicakg_http_response_bytes_total{}"] > 0
