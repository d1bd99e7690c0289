"""Nothing leaves the machine and nothing is opened, whatever the query says and even if nobody looked at it
before.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Store
from snapshots import opened_on_disk

from cicakg.errors import CicakgError
from cicakg.sparql.outline import Outline, outline
from cicakg.sparql.request import Federation, QueryRequest, ServiceAnswer
from cicakg.store import DiskSnapshot, Snapshot, open_file
from cicakg.vocab import PREFIXES
from cicakg.workers import evaluation, limits, run_once

Held = Snapshot | DiskSnapshot
Ask = Callable[..., QueryRequest]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket on loopback that would notice a connection."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        one.settimeout(0.3)
        yield one


@pytest.fixture(params=["memory", "disk"])
def snapshot(request: pytest.FixtureRequest, ring: Path, built_ring: Path) -> Iterator[Held]:
    """The ring of the tests, wherever its data are."""
    if request.param == "memory":
        yield open_file(ring)
    else:
        with opened_on_disk(built_ring) as opened:
            yield opened


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Evaluation without the look at the query that refuses SERVICE."""

    def without_refusal(
        query: str, prefixes: Mapping[str, str] = PREFIXES, base: str | None = None
    ) -> Outline:
        return outline(query, prefixes, base)

    monkeypatch.setattr(evaluation, "read_outline", without_refusal)


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No evaluation in the test's own process before it forks."""
    monkeypatch.setattr("cicakg.workers.once.warm_up", lambda _: None)


def service(listener: socket.socket, words: str = "") -> str:
    """Return a query that calls the listener."""
    return f"SELECT * {{ SERVICE {words} <http://127.0.0.1:{listener.getsockname()[1]}/> {{ ?s ?p ?o }} }}"


def was_called(listener: socket.socket) -> bool:
    """Whether somebody connected."""
    try:
        listener.accept()[0].close()
    except TimeoutError:
        return False
    return True


def test_the_engine_would_reach_out(listener: socket.socket) -> None:
    """What the tests below rule out does happen in a process without limits: the engine connects."""
    pid = os.fork()
    if pid == 0:
        try:
            Store().query(service(listener))
        finally:
            os._exit(0)
    assert was_called(listener)
    os.waitpid(pid, 0)


@pytest.mark.parametrize("words", ["", "SILENT"])
def test_service_is_refused_before_evaluation(
    snapshot: Held, listener: socket.socket, ask: Ask, words: str
) -> None:
    """SERVICE, silent or not, is refused, and nobody is called."""
    with pytest.raises(CicakgError) as caught:
        run_once(snapshot, ask(service(listener, words)))
    assert caught.value.code == "query-service-refused"
    assert not was_called(listener)


@pytest.mark.usefixtures("unguarded")
def test_no_socket_can_be_opened_even_so(snapshot: Held, listener: socket.socket, ask: Ask) -> None:
    """Had the first look missed it, the worker could still not connect."""
    with pytest.raises(CicakgError) as caught:
        run_once(snapshot, ask(service(listener)))
    assert caught.value.code == "query-service-refused"
    run_once(snapshot, ask(service(listener, "SILENT"))).close()
    assert not was_called(listener)


@pytest.mark.parametrize("words", ["", "SILENT"])
def test_a_worker_calls_nobody_where_service_is_allowed(
    snapshot: Held, listener: socket.socket, ask: Ask, words: str
) -> None:
    """With leave to have SERVICE a worker lists the calls, and evaluates what it is given for them."""
    asked = ask(service(listener, words))
    listed = run_once(snapshot, replace(asked, federation=Federation()))
    assert f"http://127.0.0.1:{listener.getsockname()[1]}/" in listed.file.read().decode()
    listed.close()
    body = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"given"}}]}}'
    given = Federation((ServiceAnswer(body, 10, "urn:uuid:x#"),))
    answer = run_once(snapshot, replace(asked, federation=given))
    assert b'"given"' in answer.file.read()
    answer.close()
    assert not was_called(listener)


@pytest.mark.usefixtures("untried")
def test_no_file_can_be_opened_during_evaluation(
    snapshot: Held, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a query runs, the worker has no free descriptor: opening anything at all fails with EMFILE."""

    def open_something(*_: object, **__: object) -> Outline:
        tried: dict[str, Callable[[], object]] = {
            "file": lambda: os.open("/etc/hostname", os.O_RDONLY),
            "socket": socket.socket,
            "pipe": os.pipe,
        }
        said = []
        for name, attempt in tried.items():
            try:
                attempt()
            except OSError as error:
                said.append(f"{name}:{error.errno}")
        raise CicakgError("tried", " ".join(said), "")

    monkeypatch.setattr(evaluation, "read_outline", open_something)
    with pytest.raises(CicakgError) as caught:
        run_once(snapshot, ask("ASK {}"))
    assert caught.value.detail == "file:24 socket:24 pipe:24"  # EMFILE


@pytest.mark.usefixtures("untried")
def test_a_worker_holds_nothing_of_its_parents(
    snapshot: Held, ask: Ask, monkeypatch: pytest.MonkeyPatch, listener: socket.socket, built_ring: Path
) -> None:
    """Sockets and files of the process it was forked from are closed; standard streams lead nowhere. Where
    the data are on disk, it holds their tables and nothing else.
    """

    def tell(*_: object, **__: object) -> Outline:
        held = [one for one in range(256) if _is_open(one)]
        nowhere = [os.fstat(one).st_rdev == Path(os.devnull).stat().st_rdev for one in range(3)]
        files = [os.fstat(one).st_ino for one in held[6:]]
        raise CicakgError("held", f"{held[:6]} {nowhere}", json.dumps(files))

    assert listener.fileno() > 2
    monkeypatch.setattr(evaluation, "read_outline", tell)
    with pytest.raises(CicakgError) as caught:
        run_once(snapshot, ask("ASK {}"))
    places = [0, 1, 2, limits.CONTROL, limits.STATM, limits.RESULT]
    assert caught.value.detail == f"{places} [True, True, True]"
    tables = [path.stat().st_ino for path in (built_ring / "store").glob("*.sst")]
    assert sorted(json.loads(caught.value.fix)) == ([] if snapshot.held == "memory" else sorted(tables))


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


@pytest.mark.parametrize("graph", ["file:///etc/passwd", "http://127.0.0.1:{port}/data.ttl"])
def test_from_is_not_dereferenced(snapshot: Held, listener: socket.socket, ask: Ask, graph: str) -> None:
    """A graph IRI is a name: an unknown one is an empty graph, not a file and not a download."""
    name = graph.format(port=listener.getsockname()[1])
    for clause in ("FROM", "FROM NAMED"):
        answer = run_once(snapshot, ask(f"ASK {clause} <{name}> {{ ?s ?p ?o }}"))
        assert b'"boolean":false' in answer.file.read()
        answer.close()
    assert not was_called(listener)
