"""What the web tests share: an application over a pool that only plays, and a server over real workers."""

from __future__ import annotations

from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse, serialize
from web_playing import AppClient, Live, PlayedPool, ServeData

from cicakg.examples import Example
from cicakg.sparql.request import MEBIBYTE, Budget
from cicakg.web.app import create_app
from cicakg.web.protocol import RequestLimits
from cicakg.web.site import Site

TOY = Path(__file__).parent / "toy.trig"
EXAMPLE = """PREFIX cica: <https://w3id.org/cicakg/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?meeting ?host WHERE { ?claim rdf:subject ?meeting ; rdf:predicate cica:host ; rdf:object ?host }
"""
BUDGET = Budget(seconds=2.0, memory_bytes=256 * MEBIBYTE, result_bytes=4 * MEBIBYTE, result_rows=100_000)


@pytest.fixture(scope="session")
def site() -> Site:
    """A site with one example query."""
    questions = {"en": "Who hosts?", "ar": "من يستضيف؟"}
    example = Example(
        number="001",
        slug="who-hosts",
        title="Hosts",
        questions=questions,
        keywords=("host",),
        text=EXAMPLE,
        path=Path("queries/001-who-hosts.rq"),
    )
    return Site(
        examples=(example,),
        context={"cica": "https://w3id.org/cicakg/ontology#"},
        version="0.0.0",
        budget=BUDGET,
        limits=RequestLimits(body_seconds=1.0),
    )


@pytest.fixture
def pool() -> PlayedPool:
    """A pool for one test."""
    return PlayedPool()


@pytest.fixture
def client(pool: PlayedPool, site: Site) -> AppClient:
    """A client of the application over the played pool."""
    return AppClient(create_app(pool, site))


@pytest.fixture(scope="session")
def serve_data(site: Site) -> Iterator[ServeData]:
    """Start a server over a file of RDF; all of them stop at the end."""
    running: list[Live] = []

    def serve(data: Path) -> Live:
        live = Live(data, site)
        live.start()
        running.append(live)
        return live

    yield serve
    for one in running:
        one.stop()


@pytest.fixture(scope="session")
def toy_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy data as a server loads it."""
    data = tmp_path_factory.mktemp("toy") / "toy.nq"
    data.write_bytes(serialize(parse(path=TOY, format=RdfFormat.TRIG), format=RdfFormat.N_QUADS) or b"")
    return data


@pytest.fixture(scope="session")
def live(serve_data: ServeData, toy_data: Path) -> Live:
    """The toy data, served by the real application with real workers."""
    return serve_data(toy_data)


@pytest.fixture(scope="session")
def http(live: Live) -> Iterator[httpx.Client]:
    """A client of the live server; it follows no redirect, keeps no cookie and sends no Accept of its own."""
    with httpx.Client(base_url=live.address, timeout=20) as client:
        client.headers.pop("accept")
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        yield client
