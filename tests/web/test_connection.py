"""What comes in as bytes: raw addresses, pieces, pipelines, nonsense, forged headers."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from urllib.parse import quote

import pytest
from web_playing import Live

from cicakg.web import connection

ASK = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: toy.test\r\n"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


def _raw_question(iri: str) -> bytes:
    text = f"SELECT ?label {{ <{iri}> <{LABEL}> ?label }}"
    return "".join(quote(one, safe="") if one.isascii() else one for one in text).encode()


def _send(port: int, pieces: Sequence[bytes], pause: float = 0.0) -> bytes:
    """Send pieces and return all that comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        for piece in pieces:
            link.sendall(piece)
            time.sleep(pause)
        received = b""
        while chunk := link.recv(65536):
            received += chunk
    return received


def test_raw_address_in_pieces(live: Live) -> None:
    """A character that is cut between two packets is one character all the same."""
    line = b"GET /sparql?query=" + _raw_question("http://example.org/Қазақстан") + b" HTTP/1.1\r\n"
    at = line.index("қ".encode()) + 1
    pieces = [line[:at], line[at:], b"Host: toy.test\r\nConnection: close\r\n\r\n"]
    assert "кирилл".encode() in _send(live.port, pieces, 0.05)


def test_raw_address_on_a_kept_connection(live: Live) -> None:
    """The second request of a connection is helped like the first, also after a body that is not ASCII."""
    body = "ASK { <http://example.org/Қ> ?p ?o }".encode()
    first = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    first += b"Content-Length: %d\r\n\r\n" % len(body) + body
    second = b"GET /sparql?query=" + _raw_question("http://example.org/قازاقستان")
    second += b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    received = _send(live.port, [first, second], 0.3)
    assert received.count(b"HTTP/1.1 200 ") == 2
    assert b'"boolean":false' in received
    assert "عربي".encode() in received


def test_body_is_never_touched(live: Live) -> None:
    """Only the first line is encoded: the body arrives byte by byte as sent, with it in one packet."""
    body = _raw_question("http://example.org/Қазақстан").replace(b"%20", b"+")
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    head += b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % (len(body) + 6)
    assert "кирилл".encode() in _send(live.port, [head + b"query=" + body])


def test_what_is_no_http_is_a_problem(live: Live) -> None:
    """Nonsense on the wire gets the shape of every other fault and a closed connection."""
    head, _, body = _send(live.port, [b"\x16\x03\x01nonsense\r\n\r\n"]).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in head
    assert json.loads(body)["code"] == "bad-request"


def test_address_beyond_the_parser_is_a_problem(live: Live) -> None:
    """An address over 64 KiB never reaches the application, and is answered all the same."""
    target = b"GET /sparql?query=" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    assert b"application/problem+json" in _send(live.port, [target])


def test_offer_of_another_protocol_is_passed_over(live: Live) -> None:
    """Java's client offers HTTP/2 with every request, those with a body too; it gets HTTP/1.1."""
    upgrade = b"Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
    body = b"ASK {}"
    post = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    post += upgrade + b"Content-Length: %d\r\n\r\n" % len(body) + body
    for request in (ASK + upgrade + b"\r\n", post):
        received = _send(live.port, [request])
        assert received.startswith(b"HTTP/1.1 200 ")
        assert b'"boolean":true' in received


def test_forged_proxy_headers_count_for_nothing(live: Live) -> None:
    """X-Forwarded-Proto and -Host change no address, not even from this machine."""
    request = (
        b"GET /sparql HTTP/1.1\r\nHost: toy.test\r\nConnection: close\r\nAccept: application/n-triples\r\n"
    )
    forged = b"X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.test\r\nForwarded: host=evil.test\r\n\r\n"
    received = _send(live.port, [request + forged])
    assert b"<http://toy.test/sparql>" in received
    assert b"evil.test" not in received
    assert b"https://toy.test" not in received


def test_dripping_head_is_closed(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that never finishes its head does not keep its connection."""
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.5)
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", live.port), timeout=10) as link:
        link.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        assert link.recv(1) == b""
    assert time.monotonic() - started < 5


def test_deadline_of_the_head_cuts_no_query_and_no_idle_connection(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the head is there its deadline is over: a long query ends by its budget, the connection stays."""
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.3)
    heavy = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    link = HTTPConnection("127.0.0.1", live.port, timeout=10)
    link.request("GET", f"/sparql?query={quote(heavy)}&timeout=0.8")
    answer = link.getresponse()
    assert (answer.status, json.loads(answer.read())["code"]) == (504, "query-timeout")
    time.sleep(0.5)
    link.request("GET", "/health")
    assert link.getresponse().status == 200
    link.close()


def test_head_has_a_bound(live: Live) -> None:
    """Header fields without end are not collected without end."""
    field = b"X-Long: " + b"x" * 8000 + b"\r\n"
    assert b"application/problem+json" in _send(live.port, [b"GET / HTTP/1.1\r\nHost: x\r\n", field * 17])


def test_tls_on_a_plain_port_is_answered_at_once(live: Live) -> None:
    """Who asks https:// of an http:// port is told, and does not wait for the deadline."""
    started = time.monotonic()
    assert _send(live.port, [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"]).startswith(b"HTTP/1.1 400 ")
    assert time.monotonic() - started < 5


def test_empty_lines_before_a_request_are_passed_over(live: Live) -> None:
    """RFC 9112, 2.2: a server ought to ignore an empty line before the request line."""
    assert _send(live.port, [b"\r\n", b"\r\n" + ASK + b"Connection: close\r\n\r\n"]).startswith(
        b"HTTP/1.1 200 "
    )


def test_requests_in_one_go_are_answered_in_order(live: Live) -> None:
    """Pipelined requests (RFC 9112, 9.3.2) each get their answer."""
    bad = b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
    received = _send(live.port, [ASK + b"\r\n" + bad + ASK + b"Connection: close\r\n\r\n"])
    statuses = re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", received)
    assert statuses == [b"200", b"404", b"200"]


def _refused_then_asked(coding: bytes) -> tuple[bytes, bytes]:
    """A request that is refused before its body is read, as head and as body with a whole second one."""
    refused = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-update\r\n" + coding
    body = b"CLEAR ALL" if b"Length" in coding else b"9\r\nCLEAR ALL\r\n0\r\n\r\n"
    query = "ASK { } # Қ".encode()
    asked = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    asked += b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(query) + query
    return refused + b"\r\n", body + asked


@pytest.mark.parametrize("coding", [b"Content-Length: 9\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_body_that_comes_after_its_answer(live: Live, coding: bytes) -> None:
    """An update is refused by its head. Its body may then arrive in one piece with the next request, cut
    anywhere: no byte of that request is taken for another's, and nobody waits for what is there already.
    """
    head, rest = _refused_then_asked(coding)
    for cut in range(1, len(rest), 7):
        with socket.create_connection(("127.0.0.1", live.port), timeout=5) as link:
            link.sendall(head)
            first = link.recv(65536)
            assert first.startswith(b"HTTP/1.1 403 ")
            link.sendall(rest[:cut])
            time.sleep(0.005)
            link.sendall(rest[cut:])
            second = b""
            while chunk := link.recv(65536):
                second += chunk
        assert second.count(b"HTTP/1.1 200 ") == 1, (cut, second)


def test_raw_addresses_in_one_go(live: Live) -> None:
    """Each of several requests in one piece is mended."""
    one = b"GET /sparql?query=" + _raw_question("http://example.org/Қазақстан") + b" HTTP/1.1\r\nHost: x\r\n"
    received = _send(live.port, [one + b"\r\n" + one + b"Connection: close\r\n\r\n"])
    assert received.count("кирилл".encode()) == 2


@pytest.mark.parametrize(
    ("head", "mended"),
    [
        (b"GET /?q=\xd2\x9a HTTP/1.1\r\nX: \xd2\r\n\r\n", b"GET /?q=%D2%9A HTTP/1.1\r\nX: \xd2\r\n\r\n"),
        (b"GET / HTTP/1.1\r\nUPGRADE : h2c\r\nA: b\r\n\r\n", b"GET / HTTP/1.1\r\nA: b\r\n\r\n"),
        (
            b"GET /upgrade:x HTTP/1.1\r\nX-Upgrade: h2c\r\n\r\n",
            b"GET /upgrade:x HTTP/1.1\r\nX-Upgrade: h2c\r\n\r\n",
        ),
        (b"", b""),
    ],
)
def test_only_address_and_offer_are_mended(head: bytes, mended: bytes) -> None:
    """Everything else of a head stays as it was sent."""
    assert connection.mend_head(head) == mended
