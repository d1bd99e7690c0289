"""The ontology and the concept schemes as rdflib graphs, and the guideline they must agree with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import Graph

CYRILLIC = r"[\u0400-\u04FF \u2013-]+"
LATIN = r"[A-Za-z \u2013-]+"


@pytest.fixture(scope="session")
def ontology(project: Path) -> Graph:
    """``ontology/cica.ttl``."""
    return Graph().parse(project / "ontology" / "cica.ttl", format="turtle")


@pytest.fixture(scope="session")
def concepts(project: Path) -> Graph:
    """``ontology/concepts.ttl``."""
    return Graph().parse(project / "ontology" / "concepts.ttl", format="turtle")


@pytest.fixture(scope="session")
def guideline(project: Path) -> dict[str, list[list[str]]]:
    """The tables of ``docs/annotating.md``: the first heading cell of each, and the cells of its rows."""
    tables: dict[str, list[list[str]]] = {}
    for block in re.findall(r"(?:^\|.*\n?)+", (project / "docs" / "annotating.md").read_text(), re.MULTILINE):
        heading, _, *rows = (
            [cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()
        )
        tables[heading[0]] = rows
    return tables


@pytest.fixture(scope="session")
def scripts() -> dict[str, re.Pattern[str]]:
    """What a label in each of the five languages is made of (blocks of the Unicode standard)."""
    patterns = {
        "ar": r"[\u0600-\u06FF ]+",
        "en": LATIN,
        "kk": CYRILLIC,
        "ms": LATIN,
        "ru": r"[\u0400-\u045F \u2013-]+",
    }
    return {tag: re.compile(pattern) for tag, pattern in patterns.items()}
