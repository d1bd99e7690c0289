"""Endpoints that fail, lie, stall or lead elsewhere: an error that names them, or SILENT; never half an
answer, and never a connection to where nothing is to be reached.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeAlias

import pytest
from remote_playing import Asked, Play, PlayedEndpoint, answering, iri, literal, names_lead_to, rows_of, table

from cicakg.errors import CicakgError
from cicakg.federation import Caller, CallLimits, FederatedPool, read_allowed
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import MEBIBYTE, QueryRequest
from cicakg.workers import WorkerPool

Body: TypeAlias = Callable[..., bytes]
Failure: TypeAlias = Callable[..., CicakgError]
Answers: TypeAlias = Callable[..., list[bytes | CicakgError]]

GOOD = table(["o"], {"o": literal("from there")})
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"


def sending(*pieces: bytes, pause: float = 0.0, again: bool = False) -> Play:
    """Send *pieces* with pauses between them, once or for ever."""

    def play(link: socket.socket, asked: Asked) -> None:
        for piece in pieces[:-1]:
            link.sendall(piece)
        link.sendall(pieces[-1])
        while again:
            time.sleep(pause)
            link.sendall(pieces[-1])

    return play


def deep(levels: int) -> str:
    """A triple inside a triple inside a triple …"""
    inner: object = literal("x")
    for _ in range(levels):
        parts = {"subject": iri("http://e/s"), "predicate": iri("http://e/p"), "object": inner}
        inner = {"type": "triple", "value": parts}
    return json.dumps({"head": {"vars": ["o"]}, "results": {"bindings": [{"o": inner}]}})


FAILING: dict[str, Play] = {
    "500": answering("{}", "500 Internal Server Error"),
    "503 with a good body": answering(GOOD, "503 Service Unavailable"),
    "204": sending(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "206": answering(GOOD, "206 Partial Content"),
    "HTML": answering("<html>", kind="text/html"),
    "results in XML": answering("<sparql/>", kind="application/sparql-results+xml"),
    "no type": answering(GOOD, kind=""),
    "empty": answering(""),
    "not JSON": answering("<html>"),
    "another JSON": answering("[1, 2]"),
    "a boolean": answering('{"head": {}, "boolean": true}'),
    "cut short inside": answering(GOOD[:-10]),
    "cut short by the length": sending(HEAD + b"Content-Length: 100000\r\n\r\n" + GOOD.encode()),
    "cut short in a chunk": sending(HEAD + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n" + GOOD.encode()),
    "closed at once": sending(b""),
    "no HTTP": sending(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "endless head": sending(HEAD, *(b"X-%d: %s\r\n" % (one, b"x" * 900) for one in range(300))),
    "compressed": answering(GOOD, headers=["Content-Encoding: gzip"]),
    "timed out in Virtuoso": answering(GOOD, headers=["X-SQL-State: S1TAT", "X-SQL-Message: RC..."]),
    "an IRI that ends early": answering(table(["o"], {"o": iri("http://e/> } SERVICE <http://f/> {")})),
    "a language that ends early": answering(table(["o"], {"o": literal("x", **{"xml:lang": "en } #"})})),
    "a datatype that ends early": answering(table(["o"], {"o": literal("x", datatype="http://e/> }")})),
    "a variable that is none": answering(table(["o ?x"], {"o ?x": literal("x")})),
    "triples nested deeply": answering(deep(9)),
    "half a character": answering(
        '{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"literal","value":"\\ud83d"}}]}}'
    ),
    "not UTF-8": answering(GOOD.encode().replace(b"there", b"\xff\xfe")),
}


@pytest.mark.parametrize("play", FAILING.values(), ids=FAILING)
def test_a_failing_endpoint_is_an_error_or_silent(body: Body, failure: Failure, play: Play) -> None:
    """Its failure is named with its address (section 4 of Federated Query: the query fails), and with SILENT
    the clause is one solution without bindings.
    """
    with PlayedEndpoint(play) as one:
        query = "SELECT * {{ VALUES ?here {{ 1 2 }} SERVICE {} <{}> {{ ?s ?p ?o }} }}"
        error = failure(query.format("", one.address), one.address)
        assert (error.code, one.address in error.detail) == ("service-failed", True)
        found = rows_of(body(query.format("SILENT", one.address), one.address))
        assert [row.keys() for row in found] == [{"here"}, {"here"}]


@pytest.mark.parametrize("target", ["http://127.0.0.1:{port}/", "//127.0.0.1:{port}/", "file:///etc/passwd"])
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Again", "308 Moved"])
def test_a_redirect_is_not_followed(failure: Failure, status: str, target: str) -> None:
    """Where an allowed endpoint sends a call on to, nobody allowed."""
    with PlayedEndpoint(answering(GOOD)) as other:
        place = f"Location: {target.format(port=other.port)}"
        with PlayedEndpoint(answering(GOOD, status, headers=[place])) as one:
            error = failure(f"SELECT * {{ SERVICE <{one.address}> {{ ?s ?p ?o }} }}", one.address)
        assert (error.code, "redirect" in error.detail, other.connections) == ("service-failed", True, 0)


STALLING: dict[str, Play] = {
    "says nothing": sending(b"", pause=15, again=True),
    "drips a body": sending(HEAD + b"\r\n", b" ", pause=0.05, again=True),
    "drips a head": sending(b"HTTP/1.1 200 OK\r\n", b"X-A: 1\r\n", pause=0.3, again=True),
    "only continues": sending(b"HTTP/1.1 100 Continue\r\n\r\n", pause=0.05, again=True),
}


@pytest.mark.parametrize("play", STALLING.values(), ids=STALLING)
def test_a_stalling_endpoint_times_out(body: Body, failure: Failure, play: Play) -> None:
    """Calls have a part of the query's time, all together, so that with SILENT some is left to answer in."""
    limits = CallLimits(share_of_time=0.07)
    with PlayedEndpoint(play) as one:
        query = f"SELECT * {{ SERVICE <{one.address}> {{ ?s ?p ?o }} }}"
        error = failure(query, one.address, limits=limits)
        assert (error.code, one.address in error.detail) == ("service-timeout", True)
        found = body(query.replace("SERVICE", "SERVICE SILENT"), one.address, limits=limits)
    assert rows_of(found) == [{}]


@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_as_many_rows_as_an_endpoint_gives_at_most_are_not_all(failure: Failure, silent: str) -> None:
    """Virtuoso cuts an answer at a number of rows it names in a header: an answer with that many may be part
    of one.
    """
    with PlayedEndpoint(answering(GOOD, headers=["X-SPARQL-MaxRows: 1"])) as one:
        error = failure(f"SELECT * {{ SERVICE {silent} <{one.address}> {{ ?s ?p ?o }} }}", one.address)
    assert error.code == "service-failed"


@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_an_endless_body_is_given_up(failure: Failure, silent: str) -> None:
    """The bytes of all answers together are bounded, and SILENT does not hide that."""
    play = sending(HEAD + b"\r\n", b" " * 65536, again=True)
    with PlayedEndpoint(play) as one:
        error = failure(
            f"SELECT * {{ SERVICE {silent} <{one.address}> {{ ?s ?p ?o }} }}",
            one.address,
            limits=CallLimits(result_bytes=MEBIBYTE),
        )
    assert (error.code, str(MEBIBYTE) in error.detail) == ("service-failed", True)


def test_bytes_count_over_all_calls_of_a_query(body: Body, failure: Failure) -> None:
    """Two answers that are small enough one by one can be too much together."""
    limits = CallLimits(result_bytes=len(GOOD) * 3 // 2)
    with PlayedEndpoint(answering(GOOD)) as one:
        first, second = (f"SERVICE <{one.address}> {{ ?s <x:{n}> ?o }}" for n in (1, 2))
        body(f"SELECT * {{ {first} }}", one.address, limits=limits)
        error = failure(f"SELECT * {{ {first} {second} }}", one.address, limits=limits)
    assert error.code == "service-failed"


def test_nesting_that_ends_the_reader_ends_no_more_than_a_query_process(failure: Failure, body: Body) -> None:
    """What another server sends is parsed where a query would be evaluated, never in the process that
    answers HTTP.
    """
    with PlayedEndpoint(answering('{"head":' + "[" * 2_000_000)) as one:
        error = failure(f"SELECT * {{ SERVICE <{one.address}> {{ ?s ?p ?o }} }}", one.address)
    assert error.code in {"service-failed", "query-crashed-engine", "query-memory"}
    assert body("ASK {}")


NAMES = {
    "loopback": ["127.0.0.1"],
    "loopback in IPv6": ["::1"],
    "mapped loopback": ["::ffff:127.0.0.1"],
    "metadata": ["169.254.169.254"],
    "private": ["10.1.2.3"],
    "one public, one private": ["93.184.216.34", "127.0.0.1"],
    "one private, one public": ["192.168.0.1", "93.184.216.34"],
    "translated": ["64:ff9b::7f00:1"],
    "a zone": ["fe80::1%lo"],
    "no address": ["localhost"],
    "nothing": [],
}


@pytest.mark.parametrize("addresses", NAMES.values(), ids=NAMES)
def test_a_name_that_leads_inside_is_not_called(
    failure: Failure, body: Body, addresses: Sequence[str]
) -> None:
    """Every address of an allowed name is looked at, and one that is inside is enough to call none."""
    with PlayedEndpoint(answering(GOOD)) as one:
        address = f"http://inside.example:{one.port}/sparql"
        query = f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"
        resolve = names_lead_to({"inside.example": addresses})
        error = failure(query, address, resolve=resolve)
        assert (error.code, address in error.detail) == ("service-failed", True)
        assert not any(one in error.detail for one in addresses)
        assert rows_of(body(query.replace("SERVICE", "SERVICE SILENT"), address, resolve=resolve)) == [{}]
        assert one.connections == 0


def test_a_name_is_resolved_once(failure: Failure) -> None:
    """What was looked at is what is connected to: a name that changes its mind afterwards is not asked again
    (DNS rebinding).
    """
    told = iter([["192.0.2.1"], ["127.0.0.1"], ["127.0.0.1"]])
    asked: Counter[str] = Counter()

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked[host] += 1
        return next(told)

    with PlayedEndpoint(answering(GOOD)) as one:
        address = f"http://rebinding.example:{one.port}/"
        error = failure(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", address, resolve=resolve)
        assert (error.code, asked, one.connections) == ("service-failed", {"rebinding.example": 1}, 0)


def test_a_name_that_does_not_exist(failure: Failure) -> None:
    """It is said that the endpoint cannot be reached."""
    error = failure(
        "SELECT * { SERVICE <http://nowhere.example/> { ?s ?p ?o } }",
        "http://nowhere.example/",
        resolve=names_lead_to({}),
    )
    assert (error.code, "cannot be reached" in error.detail) == ("service-failed", True)


HOSTILE = [
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://localhost.:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://0x7f.1:{port}/",
    "http://2130706433:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://127.0.0.1.nip.io:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://allowed.example.org@127.0.0.1:{port}/",
    "http://allowed.example.org.evil.example:{port}/",
    "http://127.0.0.1:{port}/#http://allowed.example.org/",
    "http://allowed.example.org/../../",
    "http://allowed.example.org/sparql/%2e%2e/",
    "file:///etc/passwd",
    "ftp://127.0.0.1:{port}/",
]


@pytest.mark.parametrize("silent", ["", "SILENT "])
@pytest.mark.parametrize("iri_", HOSTILE)
def test_what_is_not_allowed_is_refused_and_not_called(failure: Failure, iri_: str, silent: str) -> None:
    """However loopback and metadata are written, they are not below the allowed address; the refusal says
    what is allowed, SILENT or not.
    """
    with PlayedEndpoint(answering(GOOD)) as one:
        query = f"SELECT * {{ SERVICE {silent}<{iri_.format(port=one.port)}> {{ ?s ?p ?o }} }}"
        error = failure(query, "http://allowed.example.org/sparql")
        assert error.code == "query-service-refused"
        assert "<http://allowed.example.org/sparql>" in error.detail
        assert one.connections == 0


REFUSED = {
    "query-syntax": "SELECT * {{ {call} ?s ?p }}",
    "query-unsupported": "SELECT * {{ {call} FILTER(<http://e/f>(?s)) }}",
    "query-not-acceptable": "CONSTRUCT {{ ?s ?p ?o }} {{ {call} }}",
    "query-update-refused": "INSERT {{ ?s ?p ?o }} WHERE {{ {call} }}",
    "query-service-refused": "SELECT * {{ {call} SERVICE <http://elsewhere.example/> {{ ?s ?p ?x }} }}",
}


@pytest.mark.parametrize(("code", "query"), REFUSED.items())
def test_nothing_is_sent_for_a_query_that_is_refused(failure: Failure, code: str, query: str) -> None:
    """A query that would have no answer calls nobody."""
    with PlayedEndpoint(answering(GOOD)) as one:
        asked = query.format(call=f"SERVICE <{one.address}> {{ ?s ?p ?o }}")
        error = failure(QueryRequest(asked, {ResultKind.SOLUTIONS: "json"}), one.address)
        assert (error.code, one.connections) == (code, 0)


def test_a_fault_inside_a_clause_is_told_at_its_place(failure: Failure) -> None:
    """Line and column are those of the caller's query, whose line is shown as it was written."""
    with PlayedEndpoint(answering(GOOD)) as one:
        query = f"SELECT * {{\n  SERVICE SILENT <{one.address}> {{ ?s ?p 'o }}\n}}"
        error = failure(query, one.address)
    column = query.split("\n")[1].index("'") + 1
    assert (error.code, f"line 2, column {column}:" in error.detail) == ("query-syntax", True)
    assert query.split("\n")[1] in error.detail


def test_more_calls_than_one_query_may_make(failure: Failure, body: Body) -> None:
    """The number of different calls is bounded before the first is made."""
    with PlayedEndpoint(answering(GOOD)) as one:
        clauses = [f"{{ SERVICE <{one.address}> {{ ?s <x:{n}> ?o }} }}" for n in range(4)]
        limits = CallLimits(calls=3)
        error = failure(f"SELECT * {{ {' UNION '.join(clauses)} }}", one.address, limits=limits)
        assert (error.code, one.connections) == ("query-service-refused", 0)
        assert (
            len(rows_of(body(f"SELECT * {{ {' UNION '.join(clauses[:3])} }}", one.address, limits=limits)))
            == 3
        )


def test_what_goes_over_the_wire(body: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    """The query and nothing of the caller's or the operator's: no proxy, cookie, credential or address."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    cookie = "Set-Cookie: a=b; Path=/"
    with PlayedEndpoint(answering(GOOD, headers=[cookie])) as one:
        for _ in range(2):
            body(f"SELECT * {{ SERVICE <{one.address}> {{ ?s ?p ?o }} }}", one.address)
    for asked in one.asked:
        assert asked.line == "POST /sparql HTTP/1.1"
        assert asked.headers.pop("user-agent").startswith("cicakg/")
        assert asked.headers.pop("content-length") == str(len(asked.body))
        assert asked.headers == {
            "host": f"127.0.0.1:{one.port}",
            "accept": "application/sparql-results+json",
            "accept-encoding": "identity",
            "content-type": "application/x-www-form-urlencoded",
            "connection": "close",
        }


def test_calls_at_once_are_bounded_over_all_queries(answers: Answers) -> None:
    """However many queries there are, an endpoint is asked by a few at a time; all of them are answered."""
    at_once = 0
    most = 0

    def play(link: socket.socket, asked: Asked) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        time.sleep(0.05)
        at_once -= 1
        answering(GOOD)(link, asked)

    with PlayedEndpoint(play) as one:
        query = f"SELECT * {{ SERVICE <{one.address}> {{ ?s ?p ?o }} }}"
        found = answers(*[query] * 8, allow=[one.address], limits=CallLimits(at_once=2))
    assert all(isinstance(answer, bytes) for answer in found)
    assert most <= 2


def test_calls_are_counted_by_outcome(answers: Answers) -> None:
    """The operator sees how calls end."""
    outcomes: Counter[str] = Counter()
    with PlayedEndpoint(answering(GOOD)) as good, PlayedEndpoint(answering("", "500 No")) as bad:
        allowed = read_allowed([good.address, bad.address])
        caller = Caller(allowed, outcomes=outcomes)
        query = "SELECT * {{ SERVICE SILENT <{}> {{ ?s ?p ?o }} }}"
        answers(query.format(good.address), query.format(bad.address), allow=(), caller=caller)
    assert outcomes == {"answered": 1, "service-failed": 1}


def test_all_queries_together_hold_no_more_than_they_may(answers: Answers) -> None:
    """What answers of other servers take in memory is bounded over all queries, and given back."""
    limits = CallLimits(held_bytes=len(GOOD) * 3 // 2)
    with PlayedEndpoint(answering(GOOD)) as one:
        query = f"SELECT * {{ SERVICE <{one.address}> {{ ?s ?p ?o }} }}"
        both = f"SELECT * {{ SERVICE <{one.address}> {{ ?s ?p ?o }} SERVICE <{one.address}> {{ ?o ?p ?s }} }}"
        allowed = read_allowed([one.address])
        caller = Caller(allowed, limits)
        (busy,) = answers(both, allow=(), caller=caller)
        assert isinstance(busy, CicakgError)
        assert busy.code == "server-busy"
        caller = Caller(allowed, limits)
        assert all(isinstance(found, bytes) for found in _one_by_one(answers, query, caller))


def _one_by_one(answers: Answers, query: str, caller: Caller) -> list[bytes | CicakgError]:
    return [answers(query, allow=(), caller=caller, is_last=n == 2)[0] for n in range(3)]


def test_a_caller_who_leaves_ends_the_call(loop: asyncio.Runner, workers: WorkerPool) -> None:
    """A query that is cancelled hangs up on the endpoint it waits for."""
    came = threading.Event()
    left = threading.Event()

    def play(link: socket.socket, asked: Asked) -> None:
        came.set()
        if link.recv(1) == b"":
            left.set()

    async def run(address: str) -> None:
        caller = Caller(read_allowed([address]))
        asked = QueryRequest(f"ASK {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", {ResultKind.BOOLEAN: "json"})
        task = asyncio.ensure_future(FederatedPool(workers, caller).run(asked))
        assert await asyncio.to_thread(came.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(left.wait, 20)
        caller.close()

    with PlayedEndpoint(play) as one:
        loop.run(run(one.address))
