"""Head and body of an answer in one write."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import cast

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from cicakg.web.joining import JoinedWrites


@dataclass
class _Cycle:
    response_started: bool = False


@dataclass
class _Transport:
    written: list[bytes] = field(default_factory=list)
    closed: bool = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def close(self) -> None:
        self.closed = True


def _joined(cycle: _Cycle, transport: _Transport) -> JoinedWrites:
    return JoinedWrites(cast("RequestResponseCycle", cycle), cast("asyncio.Transport", transport))


def test_head_goes_with_the_first_piece() -> None:
    """The head waits for the first piece of the body; later pieces go as they come."""
    cycle, transport = _Cycle(response_started=True), _Transport()
    joined = _joined(cycle, transport)
    for piece in (b"head ", b"one ", b"two "):
        joined.write(piece)
    assert transport.written == [b"head one ", b"two "]


def test_interim_answer_is_sent_at_once() -> None:
    """A client that waits for 100 Continue sends no body before it has it (RFC 9110, section 10.1.1)."""
    cycle, transport = _Cycle(), _Transport()
    joined = _joined(cycle, transport)
    joined.write(b"100 ")
    assert transport.written == [b"100 "]
    cycle.response_started = True
    joined.write(b"head ")
    joined.write(b"")
    assert transport.written == [b"100 ", b"head "]


def test_nothing_is_lost_at_the_end() -> None:
    """A head without a body (HEAD) is sent at the end of the answer, and before the connection closes."""
    cycle = _Cycle(response_started=True)
    ended, closed = _Transport(), _Transport()
    for transport, finish in ((ended, JoinedWrites.flush), (closed, JoinedWrites.close)):
        joined = _joined(cycle, transport)
        joined.write(b"head ")
        finish(joined)
        joined.flush()
        assert transport.written == [b"head "]
    assert closed.closed
    assert not ended.closed
