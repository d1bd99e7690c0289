"""The real dataset, opened once for each of the two engines that must agree."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib

import cicakg
from cicakg.paths import find_dataset
from cicakg.store import Snapshot, open_snapshot


@pytest.fixture(scope="session")
def snapshot(project: Path) -> Snapshot:
    """What the server answers from: pyoxigraph, the default graph being the merge of all graphs."""
    return open_snapshot(find_dataset(project))


@pytest.fixture(scope="session")
def dataset(project: Path) -> rdflib.Dataset:
    """What a researcher gets in Python: rdflib, the default graph being the union of all graphs."""
    return cicakg.load(project)


@pytest.fixture(scope="session")
def ontology(project: Path) -> rdflib.Graph:
    """``ontology/cica.ttl``."""
    return rdflib.Graph().parse(project / "ontology" / "cica.ttl", format="turtle")
