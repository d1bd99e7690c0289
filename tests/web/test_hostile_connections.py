"""Hostile bytes against the real command: each gets the right status, and others are answered meanwhile."""

from __future__ import annotations

import re
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

import httpx
import pytest
from serving import RunningServer, start_server, stop_server

HOSTILE_ADDRESS: Final = "127.0.0.2"
HOST: Final = b"Host: x\r\nConnection: close\r\n"
GET: Final = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n" + HOST
POST: Final = b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\n"
CHUNKED: Final = POST + b"Transfer-Encoding: chunked\r\n"
ASKED: Final = b"6\r\nASK {}\r\n0\r\n\r\n"
SMUGGLED: Final = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
ENDLESS: Final = "SELECT%20(COUNT(*)%20AS%20?n)%7B?a%20?b%20?c.?d%20?e%20?f.?g%20?h%20?i.?j%20?k%20?l%7D"
PAIRS: Final = "SELECT%20*%7B?a%20?b%20?c.?d%20?e%20?f%7DLIMIT%20100000"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server with two places and small budgets."""
    data = tmp_path_factory.mktemp("connections") / "ring.nq"
    lines = (
        f"<http://example.org/n{one}> <http://example.org/p> <http://example.org/n{(one * 7 + 1) % 2000}> "
        f"<http://example.org/g{one % 5}> .\n"
        for one in range(2000)
    )
    data.write_text("".join(lines))
    limits = ("--workers", "2", "--queue", "8", "--timeout", "5", "--memory", "400", "--log-format", "none")
    few_files = ("sh", "-c", 'ulimit -n 1000; exec "$@"', "sh", sys.executable, "-m", "cicakg")
    running = start_server("--data", str(data), *limits, command=few_files)
    yield running
    assert stop_server(running) == 0


def _link(server: RunningServer, address: str = HOSTILE_ADDRESS) -> socket.socket:
    port = int(server.address.rstrip("/").rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(address, 0))


def _send(server: RunningServer, data: bytes) -> bytes:
    """Send *data*; return all that comes back until the server closes."""
    received = b""
    with _link(server) as link, suppress(ConnectionResetError, BrokenPipeError):
        link.sendall(data)
        while chunk := link.recv(65536):
            received += chunk
    return received


def _statuses(received: bytes) -> list[int]:
    return [int(one) for one in re.findall(rb"(?:^|\n|\})HTTP/1\.1 ([0-9]{3}) [A-Z]", received)]


def _figure(server: RunningServer, name: str) -> float:
    text = httpx.get(server.address + "metrics", timeout=30).text
    return next(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name + " "))


def _front_memory(server: RunningServer) -> int:
    """The bytes of memory the process that answers holds."""
    pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
    return int(pages) * 4096


def _is_answered(server: RunningServer, number: int) -> None:
    """A client at an address of its own is answered, and soon."""
    with httpx.Client(transport=httpx.HTTPTransport(local_address="127.0.0.1"), timeout=10) as client:
        query = f"ASK {{ <http://example.org/n{number}> ?p ?o }}"
        answer = client.get(server.endpoint, params={"query": query})
    assert (answer.status_code, answer.json()["boolean"]) == (200, True)
    assert answer.elapsed.total_seconds() < 2


# RFC 9112: 6.3 (framing), 6.1 (transfer codings), 3.2 (target and Host), 2.3 (version), 5.1 and 5.2 (fields).
FRAMING: Final[dict[str, tuple[bytes, int]]] = {
    "one length twice": (POST + b"Content-Length: 6\r\nContent-Length: 6\r\n\r\nASK {}", 400),
    "two lengths": (POST + b"Content-Length: 6\r\nContent-Length: 60\r\n\r\nASK {}" + SMUGGLED, 400),
    "list of lengths": (POST + b"Content-Length: 6, 6\r\n\r\nASK {}", 400),
    "length below zero": (POST + b"Content-Length: -6\r\n\r\nASK {}", 400),
    "length with a sign": (POST + b"Content-Length: +6\r\n\r\nASK {}", 400),
    "length in hexadecimal": (POST + b"Content-Length: 0x6\r\n\r\nASK {}", 400),
    "length beyond a word": (POST + b"Content-Length: 99999999999999999999999\r\n\r\nASK {}", 400),
    "length and chunks": (CHUNKED + b"Content-Length: 6\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
    "chunks and length": (POST + b"Content-Length: 60\r\nTransfer-Encoding: chunked\r\n\r\n" + ASKED, 400),
    "coding that is none": (POST + b"Transfer-Encoding: identity\r\n\r\nASK {}", 400),
    "chunked is not last": (POST + b"Transfer-Encoding: chunked, identity\r\n\r\n" + ASKED, 400),
    "almost chunked": (POST + b"Transfer-Encoding: xchunked\r\n\r\n" + ASKED, 400),
    "space before the colon": (POST + b"Transfer-Encoding : chunked\r\n\r\n" + ASKED, 400),
    "chunked twice": (CHUNKED + b"Transfer-Encoding: chunked\r\n\r\n" + ASKED, 400),
    "compressed chunks": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + ASKED, 400),
    "chunks": (CHUNKED + b"\r\n" + ASKED, 200),
    "chunk extensions": (CHUNKED + b'\r\n6;a=b;c="d\\"e"\r\nASK {}\r\n0;x\r\n\r\n', 200),
    "chunks of one byte": (CHUNKED + b"\r\n" + b"1\r\n \r\n" * 20_000 + ASKED, 200),
    "size beyond a word": (CHUNKED + b"\r\nFFFFFFFFFFFFFFFFF\r\nASK {}\r\n0\r\n\r\n", 400),
    "size below zero": (CHUNKED + b"\r\n-6\r\nASK {}\r\n0\r\n\r\n", 400),
    "chunk longer than said": (CHUNKED + b"\r\n6\r\nASK {}XX0\r\n\r\n", 400),
    "body of a GET": (GET + b"Content-Length: 6\r\n\r\nASK {}", 200),
    "no Host": (b"GET /health HTTP/1.1\r\n\r\n", 400),
    "two Hosts": (b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    "Host that is none": (b'GET /sparql HTTP/1.1\r\nConnection: close\r\nHost: a b"><x>\r\n\r\n', 400),
    "whole address": (b"GET http://x/health HTTP/1.1\r\n" + HOST + b"\r\n", 200),
    "authority": (b"CONNECT 127.0.0.1:80 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "TRACE": (b"TRACE / HTTP/1.1\r\n" + HOST + b"Cookie: a\r\n\r\n", 405),
    "method of letters": (b"FOO / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "method of 70,000 letters": (b"A" * 70_000 + b" / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "HTTP/0.9": (b"GET /health\r\n\r\n", 400),
    "HTTP/1.0": (b"GET /sparql?query=ASK%7B%7D HTTP/1.0\r\n\r\n", 200),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "HTTP/3.7": (b"GET /health HTTP/3.7\r\nHost: x\r\n\r\n", 400),
    "offer of HTTP/2": (GET + b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n", 200),
    "offer of a socket": (GET + b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n", 200),
    "field on two lines": (b"GET /health HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n X-Evil: 2\r\n\r\n", 400),
    "line feeds alone": (b"GET /health HTTP/1.1\nHost: x\n\n", 400),
    "carriage return in a field": (GET + b"X-A: 1\rX-Evil: 2\r\n\r\n", 400),
    "NUL in a field": (GET + b"X-A: 1\0002\r\n\r\n", 400),
    "NUL in the target": (b"GET /hea\0lth HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "NUL, escaped, in a path": (b"GET /id/a%00b HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "NUL, escaped, in a file's name": (b"GET /static/a%00.css HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "escapes that are none, in a path": (b"GET /id/%zz%e0%80 HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "way up": (b"GET /static/../../../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "way up, escaped": (b"GET /static/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "encoded twice": (GET.replace(b"%7B", b"%257B") + b"\r\n", 400),
    "escape of two bytes": (GET.replace(b"ASK", b"%u0041SK") + b"\r\n", 400),
    "overlong UTF-8": (GET.replace(b"%7B", b"%C1%BB") + b"\r\n", 400),
    "half a surrogate": (GET.replace(b"%7B", b"%ED%A0%80") + b"\r\n", 400),
    "UTF-7": (
        POST.replace(b"-query\r", b"-query; charset=utf-7\r") + b"Content-Length: 9\r\n\r\nASK +AHs-",
        400,
    ),
    "8,000 fields": (GET + b"".join(b"X-%d: 1\r\n" % one for one in range(8000)) + b"\r\n", 431),
    "one field of 100,000 bytes": (GET + b"X: " + b"a" * 100_000 + b"\r\n\r\n", 431),
    "head of 200,000 bytes": (GET + b"X: " + b"a" * 200_000 + b"\r\n\r\n", 431),
    "half a million parameters": (
        POST.replace(b"sparql-query", b"x-www-form-urlencoded")
        + b"Content-Length: 1000000\r\n\r\n"
        + b"a&" * 500_000,
        400,
    ),
    "body of escapes": (
        POST.replace(b"sparql-query", b"x-www-form-urlencoded")
        + b"Content-Length: 1000002\r\n\r\nquery="
        + b"%20" * 333_332,
        400,
    ),
}


@pytest.mark.parametrize("name", FRAMING)
def test_each_request_gets_its_status(server: RunningServer, name: str) -> None:
    """One request, one answer with the right status, and no second one smuggled behind it."""
    data, status = FRAMING[name]
    assert _statuses(_send(server, data)) == [status]


LISTS: Final = {
    "one string that never ends": b'a/b;c="' + b'\\"' * 15_000,
    "strings that never end": b'"' * 30_001,
    "string that ends in a backslash": b'"' + b'\\"' * 15_000 + b"\\",
    "parameters": b"a/b" + b"; a=b" * 6_000,
    "spaces": b"a/b;" + b" " * 30_000 + b"x",
    "commas": b"," * 30_000,
    "elements": b"a/b;q=0.1," * 3_000,
    "qualities": b"a/b;q=" + b"0" * 30_000,
}


@pytest.mark.parametrize("field", [b"Accept", b"Accept-Encoding", b"Accept-Language", b"If-None-Match"])
@pytest.mark.parametrize("name", LISTS)
def test_no_field_holds_the_server_up(server: RunningServer, field: bytes, name: str) -> None:
    """A list of 30 KB is read in a time that grows with its length only."""
    started = time.monotonic()
    received = _send(server, b"GET / HTTP/1.1\r\n" + HOST + field + b": " + LISTS[name] + b"\r\n\r\n")
    assert _statuses(received)[0] in {200, 406}
    assert time.monotonic() - started < 2


def test_body_is_asked_for_only_where_it_is_wanted(server: RunningServer) -> None:
    """Expect: 100-continue (RFC 9110, 10.1.1): 100 and then the answer, or the refusal at once."""
    with _link(server) as link:
        link.sendall(POST + b"Content-Length: 6\r\nExpect: 100-continue\r\n\r\n")
        assert link.recv(65536).startswith(b"HTTP/1.1 100 ")
        link.sendall(b"ASK {}")
        assert link.recv(65536).startswith(b"HTTP/1.1 200 ")
    refused = _send(server, POST + b"Content-Length: 9999999\r\nExpect: 100-continue\r\n\r\n")
    assert _statuses(refused) == [413]


def test_pipelined_query_ends_with_its_client(server: RunningServer) -> None:
    """Who sends an endless query with more requests behind it and hangs up leaves no worker at work."""
    endless = f"GET /sparql?query={ENDLESS} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    for number in range(2):
        with _link(server) as link:
            link.sendall(endless + b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n" * 50)
            while not _figure(server, 'cicakg_workers{state="busy"}'):
                time.sleep(0.01)
        started = time.monotonic()
        while _figure(server, 'cicakg_workers{state="busy"}'):
            time.sleep(0.01)
        assert time.monotonic() - started < 2, number


def test_pipelined_storm(server: RunningServer) -> None:
    """Five thousand requests in one go are answered in order, one after the other; others are not held up."""
    with _link(server) as link:
        link.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n" * 4_999 + GET + b"\r\n")
        _is_answered(server, 1)
        received = b""
        while chunk := link.recv(1 << 20):
            received += chunk
    assert received.count(b"HTTP/1.1 200 OK") == 5_000
    assert received.endswith(b'{"head":{},"boolean":true}')


def test_idle_connections_have_a_bound(server: RunningServer) -> None:
    """Thousands of connections that say nothing cost little, and a newcomer from elsewhere gets in."""
    before = _front_memory(server)
    files = Path(f"/proc/{server.process.pid}/fd")
    with ExitStack() as stack:
        for number in range(2_000):
            with suppress(ConnectionResetError):
                stack.enter_context(_link(server, f"127.0.1.{number % 3 + 1}"))
            if number % 500 == 0:
                _is_answered(server, 10 + number // 10)
        _is_answered(server, 2)
        assert len(list(files.iterdir())) < 500
        assert _front_memory(server) - before < 50 * 2**20
    deadline = time.monotonic() + 20
    while len(list(files.iterdir())) > 60:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_slow_readers_hold_nobody_up(server: RunningServer) -> None:
    """Clients that ask for large answers and read nothing take neither a worker nor the front's memory."""
    before = _front_memory(server)
    with ExitStack() as stack:
        for number in range(12):
            link = stack.enter_context(_link(server))
            link.sendall(f"GET /sparql?query={PAIRS}{number} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        deadline = time.monotonic() + 60
        while _figure(server, 'cicakg_workers{state="busy"}') or _figure(server, "cicakg_queue_length"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        for number in range(20):
            _is_answered(server, 100 + number)
        assert _front_memory(server) - before < 100 * 2**20


def test_nothing_is_left_behind(server: RunningServer) -> None:
    """After all that, workers are idle, no descriptor was lost, and the process with the data never ended."""
    deadline = time.monotonic() + 30
    while _figure(server, 'cicakg_workers{state="idle"}') < 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert len(list(Path(f"/proc/{server.process.pid}/fd").iterdir())) < 60
    assert _figure(server, "cicakg_zygote_restarts_total") == 0
