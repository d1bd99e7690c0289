"""What the tests of the shapes share: the graphs they look into."""

from __future__ import annotations

import pytest
import rdflib
from shape_cases import PROJECT, shapes_graph


@pytest.fixture(scope="session")
def ontology() -> rdflib.Graph:
    """The ontology and the closed lists."""
    graph = rdflib.Graph()
    for path in sorted((PROJECT / "ontology").glob("*.ttl")):
        graph.parse(path)
    return graph


@pytest.fixture(scope="session")
def shapes() -> rdflib.Graph:
    """All shapes."""
    return shapes_graph()
