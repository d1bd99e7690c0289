"""Places for calls: so many at once, one more for who has none, clients in turn."""

from __future__ import annotations

import asyncio

import pytest

from cicakg.errors import CicakgError
from cicakg.federation.places import CallPlaces


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_one_client_cannot_keep_others_out() -> None:
    """Where one client has every place, there is one more for another; then they take turns."""

    async def main() -> None:
        places = CallPlaces(2, 10)
        order: list[str] = []
        go_on = asyncio.Event()

        async def call(client: str) -> None:
            async with places.place(client):
                order.append(client)
                await go_on.wait()

        tasks = [asyncio.ensure_future(call(one)) for one in ("a", "a", "a", "a", "b", "c")]
        await _settle()
        assert order == ["a", "a", "b"]
        assert places.held == 3
        go_on.set()
        await asyncio.gather(*tasks)
        assert order[3:5] in (["a", "c"], ["c", "a"])
        assert places.held == 0

    asyncio.run(main())


def test_a_full_line_is_an_error_and_a_place_is_given_back() -> None:
    """Beyond the line a call is refused with 503; who gives up waiting takes no place with them."""

    async def main() -> None:
        places = CallPlaces(1, 1)
        async with places.place("a"):
            waiting = asyncio.ensure_future(_hold(places, "a"))
            await _settle()
            with pytest.raises(CicakgError) as caught:
                await _hold(places, "a")
            assert caught.value.code == "server-busy"
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        assert places.held == 0
        await _hold(places, "a")

    asyncio.run(main())


def test_a_place_given_to_one_who_left_goes_on() -> None:
    """A waiting call that is cancelled in the moment its turn comes passes the place on."""

    async def main() -> None:
        places = CallPlaces(1, 5)
        async with places.place("a"):
            first = asyncio.ensure_future(_hold(places, "a"))
            second = asyncio.ensure_future(_hold(places, "a"))
            await _settle()
        first.cancel()
        await second
        assert places.held == 0

    asyncio.run(main())


async def _hold(places: CallPlaces, client: str) -> None:
    async with places.place(client):
        await asyncio.sleep(0)
