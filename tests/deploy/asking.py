"""Clients that ask without a pause, and clients that write their requests byte by byte."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import httpx

SMALL = "SELECT ?n {{ <http://example.org/subject/{0}> ?p ?n }}"
ALL = "SELECT * { ?s ?p ?o }"
WIDE = "SELECT * { ?s ?p ?o VALUES ?copy { 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 } }"
"""Its answer in JSON has more bytes than there is room for on the way to a client that does not read."""


def wait_for(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Return when it *is_so*."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


class Load(threading.Thread):
    """A client that asks small queries, each a new one, by GET and by POST, and judges every answer."""

    def __init__(self, address: str, first: int) -> None:
        super().__init__(daemon=True)
        self._address = address
        self._first = first
        self._stopped = threading.Event()
        self.snapshots: list[str] = []
        self.faults: list[str] = []

    @property
    def right(self) -> int:
        """How many answers were complete and right."""
        return len(self.snapshots)

    def run(self) -> None:
        """Ask until stopped."""
        with httpx.Client(base_url=self._address, timeout=60) as client:
            number = 0
            while not self._stopped.is_set():
                number = self._first + (number + 1) % 3_000
                try:
                    self._judge(self._ask(client, number), number)
                except httpx.HTTPError as error:
                    self.faults.append(repr(error))

    def _ask(self, client: httpx.Client, number: int) -> httpx.Response:
        query = SMALL.format(number)
        accept = {"Accept": "text/csv"}
        if number % 2:
            return client.get("sparql", params={"query": query}, headers=accept)
        return client.post("sparql", data={"query": query}, headers=accept)

    def _judge(self, answer: httpx.Response, number: int) -> None:
        if answer.status_code != 200 or answer.text.split() != ["n", str(number)]:
            self.faults.append(f"{answer.status_code} {answer.text}")
        else:
            self.snapshots.append(answer.headers["cicakg-snapshot"])

    def stop(self) -> None:
        """Let it end after the answer it waits for."""
        self._stopped.set()
        self.join(60)


class Loads:
    """Several such clients, as a context."""

    def __init__(self, address: str, count: int = 3) -> None:
        self.loads = [Load(address, 3_000 * one) for one in range(count)]

    def __enter__(self) -> Loads:
        """Begin to ask."""
        for load in self.loads:
            load.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop asking."""
        for load in self.loads:
            load.stop()

    @property
    def faults(self) -> list[str]:
        """What was no right answer."""
        return [fault for load in self.loads for fault in load.faults]

    def wait_for_more(self, count: int = 60) -> None:
        """Return when *count* more answers have come; a fault is one of them."""
        asked = self._count()
        wait_for(lambda: self._count() >= asked + count)

    def _count(self) -> int:
        return sum(load.right + len(load.faults) for load in self.loads)


def exchange(port: int, request: bytes, source: str = "127.0.0.1") -> bytes:
    """Send *request* as it is, which has to close the connection; return all that comes."""
    with socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(source, 0)) as channel:
        channel.sendall(request)
        received = b""
        while piece := channel.recv(65536):
            received += piece
    return received


def begin(port: int, request: bytes, source: str) -> socket.socket:
    """Send *request* and do not wait; closing what is returned is going away."""
    channel = socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(source, 0))
    channel.sendall(request)
    return channel
