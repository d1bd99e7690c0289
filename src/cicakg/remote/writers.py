"""How triples get into an engine: by the SPARQL 1.1 Graph Store HTTP Protocol, or by SPARQL 1.1 Update."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, Protocol

import httpx
from pyoxigraph import Literal, RdfFormat, Triple, serialize

from cicakg.errors import CicakgError
from cicakg.remote.addresses import Credentials
from cicakg.remote.authentication import (
    CONNECT_SECONDS,
    KEPT_SECONDS,
    USER_AGENT,
    make_auth,
    trusted_certificates,
)
from cicakg.remote.faults import spoken
from cicakg.vocab import term

_LARGEST_PIECE: Final = (
    512 * 1024
)  # bytes; Virtuoso 7 compiles an update, and larger ones are too much for it
_SECONDS: Final = 300.0  # for one piece
_INTEGER: Final = term("xsd:integer")
_DIGITS: Final = re.compile(r"[+-]?[0-9]+", re.ASCII)


class GraphWriter(Protocol):
    """Writes graphs of an engine. Every method raises :class:`CicakgError` (``load-failed``)."""

    def replace(self, graph: str, triples: Iterable[Triple]) -> None:
        """Make *triples* all that *graph* holds; few triples become so all at once."""

    def remove(self, graph: str) -> None:
        """Make *graph* hold nothing, whether it is there or not."""


def make_http(credentials: Credentials | None) -> httpx.Client:
    """Return a client for an engine; the caller closes it."""
    return httpx.Client(
        auth=make_auth(credentials),
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
        timeout=httpx.Timeout(_SECONDS, connect=CONNECT_SECONDS),
        limits=httpx.Limits(keepalive_expiry=KEPT_SECONDS),
        verify=trusted_certificates(),
        trust_env=False,
    )


class GraphStoreWriter:
    """By the Graph Store HTTP Protocol at *address*: PUT replaces, POST adds, DELETE removes."""

    def __init__(self, http: httpx.Client, address: str) -> None:
        self._http = http
        self._address = address

    def replace(self, graph: str, triples: Iterable[Triple]) -> None:
        """Put the first piece and add the others."""
        method = "PUT"
        for piece in in_pieces(triples):
            self._send(method, graph, piece)
            method = "POST"

    def remove(self, graph: str) -> None:
        """Delete the graph; one that is not there is 404 (section 5.4)."""
        self._send("DELETE", graph, None)

    def _send(self, method: str, graph: str, piece: bytes | None) -> None:
        # Turtle is what every such service takes (Graph Store Protocol, section 5).
        headers = {} if piece is None else {"Content-Type": "text/turtle; charset=utf-8"}
        request = self._http.build_request(
            method, self._address, params={"graph": graph}, content=piece, headers=headers
        )
        send(self._http, request, f"{method} of the graph {graph}", gone_is_well=piece is None)


class UpdateWriter:
    """By SPARQL 1.1 Update at *address*."""

    def __init__(self, http: httpx.Client, address: str) -> None:
        self._http = http
        self._address = address

    def replace(self, graph: str, triples: Iterable[Triple]) -> None:
        """Drop the graph and insert the first piece in one request, then insert the others."""
        before = f"DROP SILENT GRAPH <{graph}>;\n"
        for piece in in_pieces(triples):
            self._send(f"{before}INSERT DATA {{ GRAPH <{graph}> {{\n{piece.decode()}}} }}", graph)
            before = ""

    def remove(self, graph: str) -> None:
        """Drop the graph."""
        self._send(f"DROP SILENT GRAPH <{graph}>", graph)

    def _send(self, update: str, graph: str) -> None:
        request = self._http.build_request("POST", self._address, data={"update": update})
        send(self._http, request, f"the update of the graph {graph}")


def in_pieces(triples: Iterable[Triple]) -> Iterator[bytes]:
    """Yield *triples* as lines of Turtle in one or more pieces of bounded size (a triple may be larger)."""
    lines: list[bytes] = []
    size = 0
    is_first = True
    for line in map(_line, triples):
        if lines and size + len(line) > _LARGEST_PIECE:
            yield b"".join(lines)
            lines, size, is_first = [], 0, False
        lines.append(line)
        size += len(line)
    if lines or is_first:
        yield b"".join(lines)


def _line(triple: Triple) -> bytes:
    """Return *triple* as a line of N-Triples; but an integer stands bare, as in Turtle and SPARQL, which is
    the same term: Virtuoso 7 takes ``"3500000000"^^xsd:integer`` for a decimal.
    """
    value = triple.object
    if isinstance(value, Literal) and value.datatype == _INTEGER and _DIGITS.fullmatch(value.value):
        return f"{triple.subject} {triple.predicate} {value.value} .\n".encode()
    return serialize([triple], format=RdfFormat.N_TRIPLES) or b""


def send(
    http: httpx.Client, request: httpx.Request, what: str, *, gone_is_well: bool = False
) -> httpx.Response:
    """Send *request* and return the response; raises :class:`CicakgError` (``load-failed``), in which *what*
    names the request, where it does not succeed.
    """
    try:
        response = http.send(request)
    except httpx.HTTPError as error:
        raise _failed(f"{what} failed: {spoken(str(error)) or type(error).__name__}") from error
    if response.is_success or (gone_is_well and response.status_code == httpx.codes.NOT_FOUND):
        return response
    if response.status_code in {401, 403}:
        raise CicakgError(
            "load-refused",
            f"The engine does not let this user write: {what} gave status {response.status_code}.",
            "Give a user who may write, and the password, as USER:PASSWORD in the environment variable "
            "CICAKG_ENGINE_AUTH or in a file named with --auth-file.",
        )
    html = "html" in response.headers.get("content-type", "")
    text = "" if html else spoken(response.text)
    raise _failed(f"{what} gave status {response.status_code}" + (f": {text}" if text else ""))


def _failed(reason: str) -> CicakgError:
    return CicakgError(
        "load-failed",
        f"The dataset is not loaded: {reason}.",
        "Mend what is wrong there and run the same command again; until then the engine's data count as "
        "being loaded, and no server answers from them.",
    )
