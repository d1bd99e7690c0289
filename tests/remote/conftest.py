"""Real engines, started once, and the dataset to put into them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_playing import OpenPool, RunningEngine, start_oxigraph, start_virtuoso
from pyoxigraph import Literal, NamedNode, Quad

from cicakg.paths import find_dataset
from cicakg.remote.loading import QueryEndpoint, Shipment, load, make_shipment
from cicakg.remote.writers import GraphStoreWriter, make_http
from cicakg.store import Snapshot, build_snapshot, dataset_quads

ENGINES = ("oxigraph", "virtuoso")


TEXTS = {
    "a letter beyond the first plane": "😀 𐍈",
    "composed": unicodedata.normalize("NFC", "ё й آ"),
    "decomposed": unicodedata.normalize("NFD", "ё й آ"),
    "Kazakh": "Қазақстан Өңір",
    "Arabic with marks of direction": "\u200fالاجتماع\u202c",
    "quotation marks and lines": "a \"b\" 'c' \\ \n\t\r",
    "blanks": "  ",
    "nothing": "",
}


def text_quads() -> Iterator[Quad]:
    """Yield the texts, each plain and tagged, in a graph of their own, and IRIs of other scripts."""
    graph, property_ = NamedNode("http://example.org/texts"), NamedNode("http://example.org/p")
    for name, text in TEXTS.items():
        subject = NamedNode("http://example.org/" + name.replace(" ", "-"))
        for one in (Literal(text), Literal(text, language="kk"), Literal(text, language="ar")):
            yield Quad(subject, property_, one, graph)
    for script in ("Қазақ", unicodedata.normalize("NFD", "й"), "مؤتمر", "𐍈"):
        node = NamedNode("http://example.org/" + script)
        yield Quad(node, property_, node, graph)


@pytest.fixture(scope="session")
def quads(project: Path) -> list[Quad]:
    """The real dataset, and texts that are easily spoilt."""
    return [*dataset_quads(find_dataset(project)), *text_quads()]


@pytest.fixture(scope="session")
def shipment(quads: list[Quad]) -> Shipment:
    """These, ready to be loaded."""
    return make_shipment(quads)


@pytest.fixture(scope="session")
def snapshot(quads: list[Quad]) -> Snapshot:
    """These in the built-in engine."""
    return build_snapshot(quads)


@pytest.fixture(scope="session")
def oxigraph() -> Iterator[RunningEngine]:
    """An Oxigraph with nothing in it."""
    engine = start_oxigraph()
    yield engine
    engine.stop()


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    """A Virtuoso with nothing in it but what is its own."""
    engine = start_virtuoso(tmp_path_factory.mktemp("virtuoso"))
    yield engine
    engine.stop()


@pytest.fixture(scope="session", params=ENGINES)
def empty_engine(request: pytest.FixtureRequest) -> RunningEngine:
    """Each of the real engines."""
    engine: RunningEngine = request.getfixturevalue(request.param)
    return engine


@pytest.fixture(scope="session")
def engine(empty_engine: RunningEngine, shipment: Shipment) -> RunningEngine:
    """Each of the real engines, with the real dataset and the texts in it."""
    put(empty_engine, shipment)
    return empty_engine


@pytest.fixture(scope="session")
def pooled(engine: RunningEngine) -> Iterator[OpenPool]:
    """A pool over each of them."""
    pool = OpenPool(engine.address)
    yield pool
    pool.close()


def put(engine: RunningEngine, shipment: Shipment) -> None:
    """Load *shipment* into *engine*."""
    with make_http(engine.credentials) as http:
        load(shipment, QueryEndpoint(http, engine.query), GraphStoreWriter(http, engine.graph_store))
