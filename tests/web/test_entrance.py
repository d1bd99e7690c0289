"""The bounds on connections and on answers being sent: who is let in, and whose place goes."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from cicakg.errors import CicakgError
from cicakg.web.entrance import Entrance, most_connections
from cicakg.web.outgoing import LARGE, Outgoing


@dataclass(eq=False)
class Connection:
    """A connection that only plays."""

    client_key: str
    is_idle: bool = True
    fate: list[str] = field(default_factory=list)

    def turn_away(self) -> None:
        """Note that it was closed."""
        self.fate.append("closed")


def _enter(entrance: Entrance, *guests: Connection) -> list[Connection]:
    for guest in guests:
        entrance.enter(guest)
    return list(guests)


def test_newcomer_takes_the_longest_idle_of_the_largest() -> None:
    """Beyond the bound the client with most connections loses the one idle for the longest."""
    entrance = Entrance(4)
    first, second, third = _enter(entrance, *(Connection("a") for _ in range(3)))
    _enter(entrance, other := Connection("b"))
    entrance.become_idle(first)
    _enter(entrance, newcomer := Connection("c"))
    assert [one.fate for one in (first, second, third, other, newcomer)] == [[], ["closed"], [], [], []]
    assert len(entrance) == 4


def test_one_at_work_goes_only_for_a_smaller_client() -> None:
    """Where all are at work, the oldest of a larger client goes; the larger client itself is not let in."""
    entrance = Entrance(3)
    oldest, *_ = _enter(entrance, *(Connection("a", is_idle=False) for _ in range(3)))
    _enter(entrance, refused := Connection("a", is_idle=False))
    assert (refused.fate, oldest.fate) == (["closed"], [])
    entrance.leave(refused)
    _enter(entrance, newcomer := Connection("b"))
    assert (newcomer.fate, oldest.fate) == ([], ["closed"])


def test_who_left_is_forgotten() -> None:
    """Leaving twice counts once, and makes room."""
    entrance = Entrance(1)
    _enter(entrance, first := Connection("a"))
    entrance.leave(first)
    entrance.leave(first)
    assert len(entrance) == 0
    _enter(entrance, second := Connection("b"))
    assert second.fate == []


def test_bound_leaves_files_for_the_server_itself() -> None:
    """There are never more connections than files this process may open."""
    resource = pytest.importorskip("resource")
    assert 0 < most_connections() < resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def test_large_answers_share_a_bound() -> None:
    """One client has half of the bytes at most, all have all of them; small answers always go."""
    outgoing = Outgoing(8 * LARGE)
    with outgoing.hold("a", 2 * LARGE), outgoing.hold("a", 2 * LARGE):
        with pytest.raises(CicakgError, match="still being read"), outgoing.hold("a", 2 * LARGE):
            pass
        with outgoing.hold("a", LARGE), outgoing.hold("b", 4 * LARGE):
            assert outgoing.size == 8 * LARGE
            with pytest.raises(CicakgError), outgoing.hold("c", LARGE + 1):
                pass
    assert outgoing.size == 0


def test_the_largest_answer_is_let_through_alone() -> None:
    """An answer over a client's share, even over the bound, goes where nothing else is being sent."""
    outgoing = Outgoing(4 * LARGE)
    with outgoing.hold("a", 100 * LARGE):
        assert outgoing.size == 100 * LARGE
        with pytest.raises(CicakgError), outgoing.hold("a", 2 * LARGE):
            pass
    assert outgoing.size == 0


def test_answer_that_fails_gives_its_bytes_back() -> None:
    """A client that hangs up in the middle does not count for ever."""
    outgoing = Outgoing(4 * LARGE)
    with pytest.raises(EOFError), outgoing.hold("a", 2 * LARGE):
        raise EOFError
    assert outgoing.size == 0
