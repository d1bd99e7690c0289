"""Other SPARQL endpoints for the tests of SERVICE: honest ones, lying ones, and names that lead where a test
wants.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TypeAlias
from urllib.parse import parse_qs

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store, parse_query_results

from cicakg.federation.network import Resolve

Play: TypeAlias = Callable[[socket.socket, "Asked"], None]
Cell: TypeAlias = Mapping[str, object]
JSON_RESULTS = "application/sparql-results+json"


class Asked:
    """One request as it came in."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        head, _, self.body = raw.partition(b"\r\n\r\n")
        self.line, *lines = head.decode("latin-1").split("\r\n")
        pairs = (one.partition(":") for one in lines)
        self.headers = {name.lower(): value.strip() for name, _, value in pairs}

    @property
    def query(self) -> str:
        """The query of its form, or that is its body."""
        if self.headers["content-type"] == "application/sparql-query":
            return self.body.decode()
        return parse_qs(self.body.decode("ascii"))["query"][0]


class PlayedEndpoint:
    """A server on loopback that does with each connection what *play* does, once *secure* opened its
    end of TLS; ``asked`` is what it got.
    """

    def __init__(self, play: Play, secure: Callable[[socket.socket], socket.socket] | None = None) -> None:
        self._play = play
        self._secure = secure
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.asked: list[Asked] = []
        self.connections = 0
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def address(self) -> str:
        """Its address, as an IRI."""
        return f"http://127.0.0.1:{self.port}/sparql"

    def __enter__(self) -> PlayedEndpoint:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                link, _ = self._listening.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, accepted: socket.socket) -> None:
        accepted.settimeout(20)
        with contextlib.suppress(OSError), self._secure(accepted) if self._secure else accepted as link:
            asked = Asked(_read(link))
            self.asked.append(asked)
            self._play(link, asked)


def _read(link: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(link)
    head, _, body = data.partition(b"\r\n\r\n")
    size = int(Asked(head + b"\r\n\r\n").headers.get("content-length", "0"))
    while len(body) < size:
        body += _some(link)
    return head + b"\r\n\r\n" + body


def _some(link: socket.socket) -> bytes:
    data = link.recv(65536)
    if not data:
        raise ConnectionResetError
    return data


def answering(
    body: bytes | str, status: str = "200 OK", kind: str = JSON_RESULTS, headers: Sequence[str] = ()
) -> Play:
    """Answer everything with *body*."""
    sent = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(sent)}", *headers]
    data = ("\r\n".join(lines) + "\r\n\r\n").encode() + sent

    def play(link: socket.socket, asked: Asked) -> None:
        link.sendall(data)

    return play


def table(names: Sequence[str], *rows: Mapping[str, Cell]) -> str:
    """Return a SELECT result in JSON (https://www.w3.org/TR/sparql11-results-json/)."""
    return json.dumps({"head": {"vars": list(names)}, "results": {"bindings": list(rows)}})


def iri(value: str) -> Cell:
    """An IRI in a result."""
    return {"type": "uri", "value": value}


def literal(value: str, **more: str) -> Cell:
    """A literal in a result."""
    return {"type": "literal", "value": value, **more}


def over(store: Store) -> Play:
    """Answer as an honest endpoint over *store* does, from the engine in this process."""

    def play(link: socket.socket, asked: Asked) -> None:
        results = store.query(asked.query)
        assert isinstance(results, QuerySolutions)
        body = results.serialize(format=QueryResultsFormat.JSON)
        assert body is not None
        answering(body)(link, asked)

    return play


def names_lead_to(places: Mapping[str, Sequence[str]]) -> Resolve:
    """Resolve names by a table; any other name does not exist."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        if host not in places:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return places[host]

    return resolve


def rows_of(body: bytes) -> list[dict[str, str]]:
    """Read a SELECT result: each row as variable and term in N-Triples, sorted."""
    found = parse_query_results(body, QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    names = [one.value for one in found.variables]
    rows = [{name: str(row[name]) for name in names if row[name] is not None} for row in found]
    return sorted(rows, key=lambda row: sorted(row.items()))
