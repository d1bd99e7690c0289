"""The waiting line: whose turn it is, who is sent away, and that leaving leaves nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from cicakg.errors import CicakgError
from cicakg.sparql.request import Budget, QueryRequest
from cicakg.workers import Answer, WorkerPool
from cicakg.workers.line import WaitingLine

Ask = Callable[..., QueryRequest]
Use = Callable[[Callable[[WorkerPool], Awaitable[None]]], None]
Code = Callable[[Awaitable[Answer]], Awaitable[str]]

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LONG = Budget(seconds=30)


def _in_line(clients: str, most: int) -> tuple[WaitingLine[int], list[asyncio.Future[int]]]:
    line: WaitingLine[int] = WaitingLine(most)
    return line, [line.join(one) for one in clients]


def _order(line: WaitingLine[int], may: Callable[[str], bool] = lambda _: True) -> str:
    served = ""
    while (found := line.next(may)) is not None:
        served += found[0]
    return served


def test_clients_take_turns() -> None:
    """Six questions of one client do not come before the one of another that came after them."""

    async def body() -> None:
        line, _ = _in_line("aaaaaabcb", 9)
        assert _order(line) == "abcabaaaa"
        assert len(line) == 0

    asyncio.run(body())


def test_who_may_not_have_a_place_holds_nobody_up() -> None:
    """A client that has all it may have is passed over and keeps its turn."""

    async def body() -> None:
        line, _ = _in_line("aab", 9)
        assert _order(line, lambda client: client != "a") == "b"
        assert _order(line) == "aa"

    asyncio.run(body())


def test_a_full_line_is_shared_out() -> None:
    """A newcomer gets a place of the one who has most; who has as much as the others is sent away itself."""

    async def body() -> None:
        line, turns = _in_line("aaaa", 4)
        with pytest.raises(CicakgError, match="full"):
            line.join("a")
        line.join("b")
        assert [turn.done() for turn in turns] == [False, False, False, True]
        assert isinstance(turns[3].exception(), CicakgError)
        line.join("b")
        with pytest.raises(CicakgError, match="full"):
            line.join("b")
        assert _order(line) == "abab"

    asyncio.run(body())


def test_a_line_of_none() -> None:
    """Where nobody may wait everybody is sent away."""

    async def body() -> None:
        with pytest.raises(CicakgError, match="full"):
            WaitingLine(0).join("a")

    asyncio.run(body())


def test_leaving_frees_the_place_once() -> None:
    """Who leaves is forgotten; leaving twice, or after one's turn came, counts once."""

    async def body() -> None:
        line, turns = _in_line("ab", 2)
        line.leave("a", turns[0])
        line.leave("a", turns[0])
        assert len(line) == 1
        assert _order(line) == "b"
        line.leave("b", turns[1])
        assert len(line) == 0

    asyncio.run(body())


def test_a_client_with_nothing_at_work_is_answered_beside_one_that_holds_all(
    use_pool: Use, ask: Ask, code: Code
) -> None:
    """One client fills the places and the line with endless queries; each question of another is answered
    all the same, before any of those ends.
    """

    async def body(pool: WorkerPool) -> None:
        await _until(lambda: pool.load().idle == 3)
        greedy = [asyncio.ensure_future(code(pool.run(_by(ask(ENDLESS, LONG), "greedy")))) for _ in range(5)]
        await _until(lambda: (pool.load().busy, pool.load().waiting) == (2, 3))
        for _ in range(10):
            assert await code(pool.run(_by(ask("ASK {}", LONG), "small"))) == "answered"
        assert not any(one.done() for one in greedy)
        assert pool.load().busy == 2
        for one in greedy:
            one.cancel()
        await asyncio.gather(*greedy, return_exceptions=True)
        assert (pool.load().busy, pool.load().waiting, dict(pool._held)) == (0, 0, {})

    use_pool(body)


def test_the_place_kept_for_others_is_no_third_place(use_pool: Use, ask: Ask) -> None:
    """A client alone on a server has as many places as there are, not one more."""

    async def body(pool: WorkerPool) -> None:
        await _until(lambda: pool.load().idle == 3)
        tasks = [asyncio.ensure_future(pool.run(_by(ask(ENDLESS, LONG), "one"))) for _ in range(4)]
        await _until(lambda: (pool.load().busy, pool.load().waiting) == (2, 2))
        assert pool.load().idle == 1
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    use_pool(body)


def _by(request: QueryRequest, client: str) -> QueryRequest:
    return QueryRequest(request.query, request.formats, budget=request.budget, client=client)


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():
            await asyncio.sleep(0.01)
