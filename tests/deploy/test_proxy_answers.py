"""Three replicas behind nginx as it is shipped: what a client sees is what one replica would have said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote

import httpx
import pytest
from deploy.asking import ALL, SMALL, WIDE, begin, exchange, wait_for
from deploy.conftest import ARABIC, COMPOSED, DECOMPOSED, KAZAKH, SUBJECTS, Cluster
from deploy.replicas import PUBLIC

from cicakg.sparql.request import MEBIBYTE
from cicakg.web.problems import PROBLEM_PAGES, PROBLEMS

pytestmark = pytest.mark.xdist_group("deploy")

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f) }"
LABEL = "SELECT ?label {{ <{0}> <urn:label> ?label }}"
IRIS = {ARABIC: "0", KAZAKH: "1", COMPOSED: "2", DECOMPOSED: "3"}


@pytest.fixture
def http(cluster: Cluster) -> httpx.Client:
    """A client of the proxy."""
    return cluster.client()


def ask(client: httpx.Client, query: str, **headers: str) -> httpx.Response:
    """Ask by GET."""
    return client.get("sparql", params={"query": query}, headers=headers)


def test_one_tag(cluster: Cluster, http: httpx.Client) -> None:
    """Each replica gives an answer the same entity tag, and so does the proxy, whomever it asks."""
    query = SMALL.format(1)
    alone = {
        httpx.get(one.address + "sparql", params={"query": query}).headers["etag"] for one in cluster.replicas
    }
    through = {ask(http, query).headers["etag"] for _ in range(6)}
    assert len(alone) == 1
    assert through == alone


def test_not_modified(http: httpx.Client) -> None:
    """A client that holds an answer gets 304 through the proxy, and from every replica."""
    query = SMALL.format(2)
    tag = ask(http, query).headers["etag"]
    again = [ask(http, query, **{"If-None-Match": tag}) for _ in range(6)]
    assert [(one.status_code, one.headers["etag"], one.content) for one in again] == [(304, tag, b"")] * 6
    assert ask(http, query, **{"If-None-Match": 'W/"another"'}).status_code == 200


def test_all_replicas_are_asked(cluster: Cluster, http: httpx.Client) -> None:
    """Requests are spread over the replicas."""
    name = 'cicakg_http_requests_total{route="sparql",method="GET",status="200"}'
    before = [one.figure(name) for one in cluster.replicas]
    for number in range(30):
        assert ask(http, SMALL.format(number)).status_code == 200
    after = [one.figure(name) for one in cluster.replicas]
    assert all(late > early for early, late in zip(before, after, strict=True)), (before, after)


def test_the_client_is_the_proxys_word(cluster: Cluster) -> None:
    """A replica knows the client by the address that the proxy saw; what the client itself wrote into
    X-Forwarded-For counts for nothing, at the proxy and at a replica.
    """
    forged = {"X-Forwarded-For": "203.0.113.9"}
    for number, source in enumerate(("127.0.0.21", "127.0.0.22")):
        assert ask(cluster.client(source), SMALL.format(300 + number), **forged).status_code == 200
    transport = httpx.HTTPTransport(local_address="127.0.0.23")
    with httpx.Client(transport=transport, base_url=cluster.replicas[0].address) as direct:
        assert ask(direct, SMALL.format(302), **forged).status_code == 200
    wanted = {"127.0.0.21", "127.0.0.22", "127.0.0.23"}
    wait_for(lambda: wanted <= _clients(cluster))
    assert "203.0.113.9" not in _clients(cluster)


def _clients(cluster: Cluster) -> set[object]:
    return {record.get("client") for one in cluster.replicas for record in one.requests()}


def test_fair_by_the_real_client(cluster: Cluster) -> None:
    """Where one client holds every place with endless queries, another is answered all the same, and the
    first one's next query has to wait: the replicas tell them apart behind the proxy.
    """
    address = f"/sparql?timeout=25&query={quote(ENDLESS)}"
    request = f"GET {address} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    own, other = cluster.client("127.0.0.31"), cluster.client("127.0.0.32")
    with ExitStack() as held:
        for _ in range(9):
            held.enter_context(begin(cluster.proxy.port, request, "127.0.0.31"))
        wait_for(lambda: sum(one.figure("cicakg_queue_length") for one in cluster.replicas) == 6)
        assert ask(other, SMALL.format(400)).status_code == 200
        refused = own.get("sparql", params={"query": SMALL.format(401), "timeout": "0.3"})
        assert (refused.status_code, refused.json()["code"]) == (503, "server-busy")
        assert [one.figure('cicakg_workers{state="busy"}') for one in cluster.replicas] == [1, 1, 1]
    # Who goes away frees its places.
    wait_for(lambda: not any(one.figure('cicakg_workers{state="busy"}') for one in cluster.replicas))


def test_the_endpoint_is_the_public_one(http: httpx.Client) -> None:
    """The service description names the public address as sd:endpoint."""
    described = http.get("sparql", headers={"Accept": "application/n-triples"}).text
    endpoint = "<http://www.w3.org/ns/sparql-service-description#endpoint>"
    assert f"{endpoint} <{PUBLIC}/sparql>" in described


@pytest.mark.parametrize(("size", "status"), [(MEBIBYTE, 200), (MEBIBYTE + 1, 413), (8 * MEBIBYTE, 413)])
def test_bodies(http: httpx.Client, size: int, status: int) -> None:
    """A body of 1 MiB passes, one byte more does not, and the refusal has the shape of every other."""
    query = SMALL.format(3).encode()
    body = query + b"#" + b"x" * (size - len(query) - 1)
    answer = http.post("sparql", content=body, headers={"Content-Type": "application/sparql-query"})
    assert answer.status_code == status
    if status == 413:
        _assert_problem(answer, "body-too-large")


def _assert_problem(answer: httpx.Response, code: str) -> None:
    kind = PROBLEMS[code]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    found = answer.json()
    assert (found["type"], found["code"]) == (PROBLEM_PAGES + code, code)
    assert (answer.status_code, found["status"], found["title"]) == (kind.status, kind.status, kind.title)
    assert found["detail"]
    assert found["fix"]
    retry = answer.headers.get("retry-after")
    assert retry == (None if kind.retry_after is None else str(kind.retry_after))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("metrics", "not-found"),
        ("sparql?query=" + "x" * 63 * 1024, "address-too-long"),
        ("%00", "bad-request"),
    ],
)
def test_refusals_of_the_proxy(http: httpx.Client, path: str, code: str) -> None:
    """What is refused, by the proxy or by a replica behind it, is a problem document with its code."""
    _assert_problem(http.get(path), code)


@pytest.mark.parametrize(
    ("address", "header", "code"),
    [("/" + "x" * 70 * 1024, "", "address-too-long"), ("/health", "x" * 70 * 1024, "bad-request")],
)
def test_heads_that_are_too_large(cluster: Cluster, address: str, header: str, code: str) -> None:
    """An address or a header over the proxy's own bound is refused in the same shape."""
    request = f"GET {address} HTTP/1.1\r\nHost: x\r\nX-Long: {header}\r\nConnection: close\r\n\r\n"
    head, _, body = exchange(cluster.proxy.port, request.encode()).partition(b"\r\n\r\n")
    status, *fields = head.decode().split("\r\n")
    headers = dict(field.split(": ", 1) for field in fields)
    _assert_problem(httpx.Response(int(status.split()[1]), headers=headers, content=body), code)


def test_a_long_address_passes(http: httpx.Client) -> None:
    """An address as long as a replica takes it is not cut off by the proxy."""
    query = SMALL.format(4)
    padded = query + "#" + "x" * (59 * 1024 - len(query))
    answer = ask(http, padded, Accept="text/csv")
    assert answer.text.split() == ["n", "4"]


def test_a_large_answer(cluster: Cluster, http: httpx.Client) -> None:
    """A large answer comes through byte for byte."""
    headers = {"Accept": "text/tab-separated-values", "Accept-Encoding": "identity"}
    direct = httpx.get(
        cluster.replicas[0].address + "sparql", params={"query": ALL}, headers=headers, timeout=60
    )
    through = http.get("sparql", params={"query": ALL}, headers=headers)
    assert through.content.count(b"\n") == SUBJECTS + 4 + 1
    assert hashlib.sha256(through.content).digest() == hashlib.sha256(direct.content).digest()
    assert cluster.proxy.spooled() == []


def test_a_slow_client(cluster: Cluster) -> None:
    """A client that stops reading holds no worker, and its answer stays where it is: the replica is not
    done with it, and nothing of it is on a disk. It comes whole when the client reads on.
    """
    done = 'cicakg_http_requests_total{route="sparql",method="GET",status="200"}'
    parameters = {"query": WIDE, "format": "json"}
    before = [one.figure(done) for one in cluster.replicas]
    client = cluster.client("127.0.0.41", **{"Accept-Encoding": "identity"})
    with client.stream("GET", "sparql", params=parameters) as answer:
        pieces = answer.iter_raw(1024)
        size = len(next(pieces))
        assert [one.figure('cicakg_workers{state="busy"}') for one in cluster.replicas] == [0, 0, 0]
        assert [one.figure(done) for one in cluster.replicas] == before, "the proxy took it all in"
        assert cluster.proxy.spooled() == []
        assert ask(cluster.client("127.0.0.42"), SMALL.format(5)).status_code == 200
        size += sum(map(len, pieces))
    assert size == int(answer.headers["content-length"])
    wait_for(lambda: sum(one.figure(done) for one in cluster.replicas) == sum(before) + 2)


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_codings(http: httpx.Client, coding: str) -> None:
    """An answer that a replica has compressed passes as it is, with its header."""
    query = "SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 1000"
    headers = {"Accept": "text/csv", "Accept-Encoding": coding}
    with http.stream("GET", "sparql", params={"query": query}, headers=headers) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding", "identity") == coding
    assert "accept-encoding" in answer.headers["vary"].lower()
    text = http.get("sparql", params={"query": query}, headers=headers).text
    assert text.count("\r\n") == 1001
    assert (raw == text.encode()) == (coding == "identity")


def _requests(iri: str) -> Iterator[bytes]:
    """The ways there are to ask about *iri*, as bytes on the wire."""
    end = b"Host: cica.example.org\r\nAccept: text/csv\r\nConnection: close\r\n"
    query = LABEL.format(iri)
    form, raw = f"query={quote(query)}".encode(), query.replace(" ", "+").encode()
    yield b"GET /sparql?" + form + b" HTTP/1.1\r\n" + end + b"\r\n"
    yield b"GET /sparql?query=" + raw + b" HTTP/1.1\r\n" + end + b"\r\n"
    for kind, body in (
        ("application/x-www-form-urlencoded", form),
        ("application/x-www-form-urlencoded", b"query=" + raw),
        ("application/sparql-query", query.encode()),
    ):
        head = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        yield b"POST /sparql HTTP/1.1\r\n" + end + head.encode() + body


@pytest.mark.parametrize("iri", IRIS)
def test_names_beyond_ascii(cluster: Cluster, iri: str) -> None:
    """IRIs in Arabic and Cyrillic letters, composed and decomposed ones too, reach a replica unchanged: in an
    address and in a body, raw and percent-encoded.
    """
    for request in _requests(iri):
        answer = exchange(cluster.proxy.port, request)
        assert answer.partition(b"\r\n\r\n")[2].split() == [b"label", IRIS[iri].encode()], request


def test_paths_beyond_ascii(cluster: Cluster) -> None:
    """A path of raw Arabic or Kazakh letters, and one with an escaped slash, is the same at a replica with
    and without the proxy.
    """
    for path in (
        "/id/مؤتمر",
        "/id/ұйым",
        f"/id/{quote('مؤتمر')}",
        "/id/a%2Fb",
        "/id//a/../b",
        "/graph/%D2%B1",
    ):
        request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
        said = [
            json.loads(exchange(port, request.encode()).partition(b"\r\n\r\n")[2])
            for port in (cluster.proxy.port, cluster.replicas[0].port)
        ]
        for one in said:
            del one["instance"]
        assert said[0] == said[1], path
