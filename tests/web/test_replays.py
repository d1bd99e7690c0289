"""Requests answered from what was said to the same bytes before."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from web_playing import Live, ServeData

TARGET = "/sparql?query=ASK%20%7B%7D"
HEAD = f"GET {TARGET} HTTP/1.1\r\nHost: toy.test\r\nAccept: application/sparql-results+json\r\n\r\n"
_DIFFERENT = re.compile(rb"(?im)^(?:x-request-id|server-timing|date|cicakg-cache): [^\r]*\r\n")


def _exchange(live: Live, *heads: str) -> list[bytes]:
    """Send *heads* one after the other over one connection; return the answers."""
    with socket.create_connection(("127.0.0.1", live.port), timeout=20) as one:
        return [_ask(one, head.encode()) for head in heads]


def _ask(connection: socket.socket, request: bytes) -> bytes:
    connection.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536)
    size = int(_header(answer, "content-length") or 0) if not request.startswith(b"HEAD") else 0
    while len(answer.partition(b"\r\n\r\n")[2]) < size:
        answer += connection.recv(65536)
    return answer


def _header(answer: bytes, name: str) -> str:
    found = re.search(rb"(?im)^%b: ([^\r]*)\r$" % name.encode(), answer.partition(b"\r\n\r\n")[0] + b"\r")
    return found[1].decode() if found else ""


def test_same_request_has_the_same_answer(live: Live) -> None:
    """However often the same bytes are asked, all but what belongs to the one request is the same."""
    answers = _exchange(live, *[HEAD] * 5)
    assert _header(answers[-1], "cicakg-cache") == "hit"
    plain = {_in_any_order(_DIFFERENT.sub(b"", one)) for one in answers}
    assert len(plain) == 1
    assert answers[-1].endswith(b'"boolean":true}')


def _in_any_order(answer: bytes) -> tuple[frozenset[bytes], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return frozenset(head.lower().split(b"\r\n")), body


def test_each_has_a_request_id_of_its_own(live: Live) -> None:
    """An id names one request in the log, also where the answer is an old one."""
    ids = [_header(one, "x-request-id") for one in _exchange(live, *[HEAD] * 5)]
    assert len(set(ids)) == 5
    assert all(re.fullmatch(r"[0-9a-f-]{36}", one) for one in ids)


def test_encoded_answer_stays_encoded(live: Live) -> None:
    """An answer is given again in the coding that was asked for, and in no other."""
    query = TARGET.replace("ASK%20%7B%7D", "SELECT%20%2A%20%7B%3Fs%20%3Fp%20%3Fo%7D")
    plain = HEAD.replace(TARGET, query)
    packed = plain.replace("Accept:", "Accept-Encoding: gzip\r\nAccept:")
    answers = _exchange(live, *[packed, plain] * 3)
    assert [_header(one, "content-encoding") for one in answers] == ["gzip", ""] * 3
    assert len({one.partition(b"\r\n\r\n")[2] for one in answers[::2]}) == 1


def test_other_methods_and_conditions_are_read_anew(live: Live) -> None:
    """HEAD has no body, a known tag gets 304, and Connection: close closes, however often GET was asked."""
    first = _exchange(live, HEAD, HEAD, HEAD)[-1]
    known = HEAD.replace("Accept:", f"If-None-Match: {_header(first, 'etag')}\r\nAccept:")
    head, same, closing = _exchange(
        live, HEAD.replace("GET", "HEAD"), known, HEAD.replace("Accept:", "Connection: close\r\nAccept:")
    )
    assert head.endswith(b"\r\n\r\n")
    assert same.startswith(b"HTTP/1.1 304 ")
    assert _header(closing, "connection") == "close"


def test_body_is_no_part_of_another_request(live: Live) -> None:
    """A head that came behind a chunked body is not taken for the head before it: the answer to a POST
    never becomes that to a GET, nor the other way.
    """
    post = (
        "POST /sparql HTTP/1.1\r\nHost: toy.test\r\nContent-Type: application/sparql-query\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    body = (
        "d\r\nASK { <a:b> ?\r\n".replace("d\r\n", f"{len('ASK { <a:b> ?'):x}\r\n")
        + "6\r\np ?o }\r\n0\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", live.port), timeout=20) as one:
        one.sendall((post + body + HEAD).encode())
        said = b""
        while said.count(b'"boolean"') < 2:
            said += one.recv(65536)
        again = _ask(one, (post + body).encode())
    assert re.findall(rb'"boolean":(\w+)', said) == [b"false", b"true"]
    assert again.endswith(b'"boolean":false}')


def test_nothing_is_given_again_without_a_cache(serve_data: ServeData, tmp_path: Path) -> None:
    """A query whose answer changes by itself is evaluated each time."""
    data = tmp_path / "one.nt"
    data.write_text("<a:b> <a:b> <a:b> .\n", encoding="ascii")
    head = HEAD.replace("ASK%20%7B%7D", "SELECT%20%28UUID%28%29%20AS%20%3Fu%29%20%7B%7D")
    answers = _exchange(serve_data(data), *[head] * 4)
    assert len({one.partition(b"\r\n\r\n")[2] for one in answers}) == 4


@pytest.mark.parametrize("line", ["Host: toy.test\r\nHost: toy.test", "Host:"])
def test_refused_head_is_refused_again(live: Live, line: str) -> None:
    """What is not taken once is not taken the second time."""
    refused = HEAD.replace("Host: toy.test", line)
    first, second = _exchange(live, refused)[0], _exchange(live, refused)[0]
    assert first[:12] == second[:12]
