"""Engines for tests: a real Oxigraph, a real Virtuoso, and one that says whatever the test has it say."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import parse_qs

import httpx
import pytest

from cicakg.errors import CicakgError
from cicakg.remote.addresses import Credentials, EngineAddress
from cicakg.remote.pool import EnginePool, EngineView
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import Budget, QueryRequest

_Found = TypeVar("_Found")

FORMATS: Final = {ResultKind.SOLUTIONS: "json", ResultKind.BOOLEAN: "json", ResultKind.GRAPH: "ntriples"}
OWNER: Final = Credentials("dba", "dba")  # what a new Virtuoso has

# Virtuoso as its own manual sets it up, but small, on loopback, and without its SQL clients' socket.
_INI: Final = """[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 20
CheckpointInterval = 0
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
CaseMode = 2
AllowOSCalls = 0
DirsAllowed = .
DefaultHost = 127.0.0.1:{http}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
[SPARQL]
{sparql}
"""


@dataclass(eq=False)
class RunningEngine:
    """An engine's process; ``query`` is its SPARQL endpoint, ``graph_store`` where it takes graphs."""

    query: str
    graph_store: str
    process: subprocess.Popen[bytes]
    credentials: Credentials | None = None

    @property
    def address(self) -> EngineAddress:
        """What a pool is told."""
        return EngineAddress(self.query)

    def put(self, graph: str, turtle: str) -> None:
        """Make *turtle* all that *graph* holds."""
        auth = httpx.DigestAuth("dba", "dba") if self.credentials else None
        response = httpx.put(
            self.graph_store,
            params={"graph": graph},
            content=turtle.encode(),
            headers={"Content-Type": "text/turtle"},
            auth=auth,
            timeout=60,
        )
        assert response.is_success, response.text

    def stop(self) -> None:
        """End it at once: what it holds is of no more use."""
        self.process.kill()
        self.process.wait()


def missing(what: str) -> None:
    """Fail in CI, where everything must be there; elsewhere skip and say why."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and in CI it must not be")
    pytest.skip(f"{what} is missing here")


def free_port() -> int:
    """Return a port nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_oxigraph(*options: str, port: int | None = None) -> RunningEngine:
    """Start ``oxigraph serve`` with an empty store in memory."""
    program = Path(sys.executable).parent / "oxigraph"
    if not program.exists():
        missing("oxigraph (PyPI)")
    place = f"127.0.0.1:{port or free_port()}"
    process = subprocess.Popen(
        [str(program), "serve", "--bind", place, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return _up(RunningEngine(f"http://{place}/query", f"http://{place}/store", process))


def start_virtuoso(folder: Path, sparql: str = "") -> RunningEngine:
    """Start Virtuoso with an empty database in *folder*; *sparql* are lines of that section of its ini."""
    program = shutil.which("virtuoso-t")
    if program is None:
        missing("virtuoso-t (Debian's virtuoso-opensource-7-bin)")
        raise AssertionError
    port = free_port()
    (folder / "virtuoso.ini").write_text(
        _INI.format(sql=free_port(), http=port, sparql=sparql), encoding="ascii"
    )
    process = subprocess.Popen(
        [program, "-f", "+configfile", "virtuoso.ini"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    return _up(RunningEngine(f"{base}/sparql", f"{base}/sparql-graph-crud-auth", process, OWNER))


def _up(engine: RunningEngine) -> RunningEngine:
    """Wait until *engine* answers."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and engine.process.poll() is None:
        try:
            httpx.post(engine.query, data={"query": "ASK {}"}, timeout=10)
            return engine
        except httpx.HTTPError:
            time.sleep(0.1)
    engine.stop()
    raise AssertionError(f"{engine.process.args!r} did not start")


def asked(query: str, budget: Budget | None = None, default_graphs: tuple[str, ...] = ()) -> QueryRequest:
    """Return a request for JSON or N-Triples."""
    return QueryRequest(query, FORMATS, default_graphs, budget=budget or Budget(seconds=60))


def with_pool(
    address: EngineAddress, body: Callable[[EnginePool, EngineView], Awaitable[None]], size: int = 1
) -> None:
    """Run *body* with a pool over the engine at *address*, within two minutes."""

    async def main() -> None:
        pool, view = await EnginePool.start(address, size, line=3)
        try:
            async with asyncio.timeout(120):
                await body(pool, view)
        finally:
            await pool.close()

    asyncio.run(main())


class OpenPool:
    """A pool over one engine that stays open, for many questions; its event loop has a thread of its own."""

    def __init__(self, address: EngineAddress) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._pool, self._view = self._wait(EnginePool.start(address, 1))

    def _wait(self, work: Coroutine[None, None, _Found]) -> _Found:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(120)

    def answer(self, request: QueryRequest) -> bytes:
        """Return the bytes of the answer to *request*."""
        answer = self._wait(self._view.run(request))
        with answer.file as file:
            found = file.read()
        assert len(found) == answer.size
        return found

    def error(self, request: QueryRequest) -> CicakgError:
        """Return the error *request* ends with."""
        with pytest.raises(CicakgError) as caught:
            self.answer(request)
        return caught.value

    def close(self) -> None:
        """End it and its thread."""
        self._wait(self._pool.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def answer_of(address: EngineAddress, request: QueryRequest) -> bytes:
    """Return the bytes of the answer to *request*."""
    found: list[bytes] = []

    async def body(_: EnginePool, view: EngineView) -> None:
        answer = await view.run(request)
        with answer.file as file:
            found.append(file.read())
        assert len(found[0]) == answer.size

    with_pool(address, body)
    return found[0]


def error_of(address: EngineAddress, request: QueryRequest) -> CicakgError:
    """Return the error *request* ends with."""
    with pytest.raises(CicakgError) as caught:
        answer_of(address, request)
    return caught.value


Speech = Callable[[dict[str, list[str]]], bytes]

EMPTY_TABLE: Final = b'{"head":{"vars":["property","value"]},"results":{"bindings":[]}}'


def spoken(
    body: bytes,
    media_type: str = "application/sparql-results+json",
    status: str = "200 OK",
    headers: tuple[str, ...] = (),
    *,
    length: int | None = None,
) -> bytes:
    """Return an HTTP response as its bytes; a *length* that is not the body's is a lie."""
    lines = (
        f"HTTP/1.1 {status}",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(body) if length is None else length}",
        "Connection: close",
        *headers,
    )
    return "\r\n".join((*lines, "", "")).encode("latin-1") + body


@dataclass
class PlayedEngine:
    """An engine that answers every question but those for its status with ``speech``; where that is nothing
    it waits until it is left, and ``gone`` says so. ``heard`` are the forms it was sent.
    """

    speech: Speech
    heard: list[dict[str, list[str]]] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)

    def say(self, speech: bytes) -> None:
        """Answer so from now on, and forget what was heard."""
        self.speech = lambda _: speech
        self.heard.clear()


@contextmanager
def played(speech: Speech | bytes) -> Iterator[tuple[EngineAddress, PlayedEngine]]:
    """Yield the address of an engine that says *speech*."""
    engine = PlayedEngine(speech if callable(speech) else lambda _: speech)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # the library's name
            length = int(self.headers["Content-Length"])
            form = parse_qs(self.rfile.read(length).decode("ascii"), strict_parsing=True)
            self.close_connection = True
            is_status = form.get("default-graph-uri") == ["https://w3id.org/cicakg/status"]
            if not is_status:
                engine.heard.append(form)
            said = spoken(EMPTY_TABLE) if is_status else engine.speech(form)
            if said:
                self.wfile.write(said)
                return
            self.connection.settimeout(20)  # nothing to say: wait until the other side leaves
            with suppress(OSError):
                if self.connection.recv(1) == b"":
                    engine.gone.set()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield EngineAddress(f"http://127.0.0.1:{server.server_port}/sparql"), engine
        finally:
            server.shutdown()
            thread.join()
