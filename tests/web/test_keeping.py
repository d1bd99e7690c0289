"""The result cache: what it keeps, for whom, how much, and that sharing an evaluation hurts nobody."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx
import pytest
from web_playing import AppClient, PlayedPool

from cicakg.errors import CicakgError
from cicakg.sparql.formats import ResultKind, format_named
from cicakg.sparql.request import Budget, QueryRequest
from cicakg.web.app import create_app
from cicakg.web.keeping import KeepingPool, Kept, ResultCache
from cicakg.web.site import Site
from cicakg.web.upkeep import Upkeep

ASK = "/sparql?query=ASK%7B%7D"
FORMATS = dict.fromkeys(ResultKind, "json")
REQUEST = QueryRequest("ASK {}", FORMATS)


def _entry(key: str, size: int) -> Kept:
    written = format_named("json")
    assert written is not None
    return Kept(key, ResultKind.BOOLEAN, written, b"x" * size)


def test_a_repeated_query_costs_no_worker(client: AppClient, pool: PlayedPool) -> None:
    """The second answer is the first one, byte by byte, and says that it was kept."""
    first, second = client.get(ASK), client.get(ASK)
    assert [one.headers["cicakg-cache"] for one in (first, second)] == ["miss", "hit"]
    assert (second.content, second.headers["etag"]) == (first.content, first.headers["etag"])
    assert second.headers["content-length"] == str(len(pool.body))
    assert len(pool.asked) == 1
    post = client.post("/sparql", b"ASK { }", "application/sparql-query")
    assert post.headers["cicakg-cache"] == "miss", "another text"
    post = client.post("/sparql", b"ASK{}\n# the same", "application/sparql-query")
    assert post.headers["cicakg-cache"] == "hit", "the same query, by another way"


@pytest.mark.parametrize(
    "path",
    [
        ASK + "&default-graph-uri=urn:a",
        ASK + "&named-graph-uri=urn:a",
        ASK + "&format=xml",
        "/sparql?query=ASK%7B%7B%7D%7D",
        "/sparql/?query=ASK%7B%7D",
    ],
)
def test_what_decides_the_answer_is_in_the_key(client: AppClient, pool: PlayedPool, path: str) -> None:
    """Another graph, format, query or base never gets an answer that was kept for this one."""
    client.get(ASK)
    assert client.get(path).headers["cicakg-cache"] == "miss"
    assert len(pool.asked) == 2


def test_another_snapshot_gets_none_of_the_old_answers(site: Site, pool: PlayedPool) -> None:
    """Two applications that share a cache share answers over the same data only."""
    upkeep, other = Upkeep(), PlayedPool(body=b"new")
    other.info = type(other.info)("0" * 64, 42)
    AppClient(create_app(pool, site, upkeep)).get(ASK)
    answer = AppClient(create_app(other, site, upkeep)).get(ASK)
    assert (answer.content, answer.headers["cicakg-cache"]) == (b"new", "miss")


@pytest.mark.parametrize("call", ["NOW()", "now()", "RAND()", "UUID()", "STRUUID()", "\\u004eOW()"])
def test_what_changes_by_itself_is_never_kept(client: AppClient, pool: PlayedPool, call: str) -> None:
    """The time, chance and new names are asked for each time."""
    query = f"ASK {{ FILTER({call} != 1) }}".encode()
    for _ in range(2):
        answer = client.post("/sparql", query, "application/sparql-query")
        assert answer.headers["cicakg-cache"] == "off"
    assert len(pool.asked) == 2


def test_errors_are_not_kept(client: AppClient, pool: PlayedPool) -> None:
    """A query that failed once is asked again: only whole answers are kept."""
    pool.error = CicakgError("query-timeout", "It took too long.", "Ask for less.")
    assert client.get(ASK).status_code == 504
    pool.error = None
    assert client.get(ASK).headers["cicakg-cache"] == "miss"


def test_cache_of_nothing_is_no_cache(site: Site, pool: PlayedPool) -> None:
    """--cache-bytes 0 asks a worker each time."""
    client = AppClient(create_app(pool, site, Upkeep(cache=ResultCache(0))))
    assert [client.get(ASK).headers["cicakg-cache"] for _ in range(2)] == ["off", "off"]
    assert len(pool.asked) == 2


def test_a_kept_answer_is_within_the_budget_of_who_asks() -> None:
    """What is kept and too large for a smaller budget of bytes is not given."""

    async def body() -> None:
        keeping = KeepingPool(PlayedPool(), ResultCache())
        (await keeping.run(REQUEST)).file.close()
        small = replace(REQUEST, budget=Budget(result_bytes=5))
        key = next(iter(keeping.cache._entries))
        assert keeping.find(key, REQUEST.budget) is not None
        assert keeping.find(key, small.budget) is None

    asyncio.run(body())


def test_the_bound_holds_and_the_oldest_use_goes_first() -> None:
    """Bytes are counted with what an entry costs itself; who was asked for last stays."""
    cache = ResultCache(40_000)
    for name in "abc":
        cache.keep(_entry(name, 10_000))
    assert cache.find("a") is not None
    cache.keep(_entry("d", 10_000))
    assert [cache.find(name) is not None for name in "abcd"] == [True, False, True, True]
    assert cache.size == sum(one.cost for one in cache._entries.values()) <= cache.most
    assert cache.evictions == 1


def test_compressed_forms_count_too() -> None:
    """An answer kept twice over, plain and compressed, takes the bytes of both."""
    cache = ResultCache(20_000)
    first, second = _entry("a", 5_000), _entry("b", 5_000)
    cache.keep(first)
    cache.keep(second)
    before = cache.size
    cache.add_encoded(second, "br", b"z" * 3_000)
    assert cache.size == before + 3_000
    cache.add_encoded(second, "gzip", b"z" * 6_000)
    assert cache.find("a") is None
    assert cache.size == second.cost <= cache.most
    cache.add_encoded(first, "gzip", b"z" * 1_000)
    assert cache.size == second.cost, "one that is gone takes nothing"


def test_a_large_answer_is_passed_on_and_not_kept(site: Site, pool: PlayedPool) -> None:
    """No single answer empties the cache."""
    pool.body = b"y" * 50_000
    upkeep = Upkeep(cache=ResultCache(100_000))
    client = AppClient(create_app(pool, site, upkeep))
    assert [client.get(ASK).headers["cicakg-cache"] for _ in range(2)] == ["miss", "miss"]
    assert client.get(ASK).content == pool.body
    assert upkeep.cache.size == 0


class SlowPool(PlayedPool):
    """A pool that answers when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()

    async def _wait(self) -> None:
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


def _with_slow_pool(body: Callable[[SlowPool, KeepingPool], Awaitable[None]], most: int = 1 << 20) -> None:
    async def main() -> None:
        pool = SlowPool()
        pool.waits = True
        async with asyncio.timeout(20):
            await body(pool, KeepingPool(pool, ResultCache(most)))

    asyncio.run(main())


def test_equal_questions_at_once_are_evaluated_once() -> None:
    """Twenty who ask the same at the same time cost one evaluation, and each gets the whole answer."""

    async def body(pool: SlowPool, keeping: KeepingPool) -> None:
        waiting = [asyncio.ensure_future(keeping.run(REQUEST)) for _ in range(20)]
        await asyncio.sleep(0.01)
        pool.go.set()
        answers = await asyncio.gather(*waiting)
        assert len(pool.asked) == 1
        assert {one.file.read() for one in answers} == {pool.body}
        assert sorted(one.source for one in answers) == ["miss", *["shared"] * 19]

    _with_slow_pool(body)


def test_who_leaves_takes_nothing_from_those_who_stay() -> None:
    """The one who asked first hangs up: the others get their answer. When all have left, the worker is
    freed, and the next one starts anew.
    """

    async def body(pool: SlowPool, keeping: KeepingPool) -> None:
        waiting = [asyncio.ensure_future(keeping.run(REQUEST)) for _ in range(3)]
        await asyncio.sleep(0.01)
        waiting[0].cancel()
        await asyncio.sleep(0.01)
        assert pool.cancelled == 0
        for one in waiting[1:]:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert pool.cancelled == 1
        again = asyncio.ensure_future(keeping.run(REQUEST))
        await asyncio.sleep(0.01)
        pool.go.set()
        assert (await again).file.read() == pool.body
        assert len(pool.asked) == 2

    _with_slow_pool(body)


def test_a_shared_answer_too_large_to_keep_is_whole_for_each() -> None:
    """A file can be read by one: the others get an evaluation of their own."""

    async def body(pool: SlowPool, keeping: KeepingPool) -> None:
        pool.body = b"z" * 100_000
        waiting = [asyncio.ensure_future(keeping.run(REQUEST)) for _ in range(3)]
        await asyncio.sleep(0.01)
        pool.go.set()
        assert [one.file.read() for one in await asyncio.gather(*waiting)] == [pool.body] * 3
        assert len(pool.asked) == 3

    _with_slow_pool(body, most=50_000)


def test_another_clients_full_line_is_not_mine() -> None:
    """Who shares an evaluation that was refused for want of a place asks in its own name."""

    async def body(pool: SlowPool, keeping: KeepingPool) -> None:
        pool.error = CicakgError("server-busy", "Full.", "Later.")
        waiting = [asyncio.ensure_future(keeping.run(REQUEST)) for _ in range(2)]
        await asyncio.sleep(0.01)
        pool.go.set()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert len(pool.asked) == 2

    _with_slow_pool(body)


def test_a_repeated_query_is_at_least_twice_as_fast(http: httpx.Client) -> None:
    """Over HTTP, against real workers: the second time costs less than half of the first."""
    first: list[float] = []
    second: list[float] = []
    for number in range(7):
        query = (
            "SELECT (COUNT(*) AS ?n) { VALUES ?x { 1 2 3 4 5 6 7 8 9 10 } ?a ?b ?c . ?d ?e ?f "
            f"FILTER(?x > -{number}) }}"
        )
        for times, word in ((first, "miss"), (second, "hit")):
            answer = http.get("/sparql", params={"query": query})
            assert answer.headers["cicakg-cache"] == word
            times.append(answer.elapsed.total_seconds())
    assert statistics.median(second) * 2 < statistics.median(first)
