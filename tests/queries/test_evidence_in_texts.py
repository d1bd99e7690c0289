"""What queries say of the article texts, held against the texts, which are not part of the project."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

from cicakg.store import Snapshot

Row = dict[str, str]


def answer(snapshot: Snapshot, project: Path, number: str) -> list[Row]:
    """Return the rows of the query with *number*, unbound variables left out."""
    (path,) = (project / "queries").glob(f"{number}-*.rq")
    solutions = snapshot.store.query(path.read_text(encoding="utf-8"))
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: row[name].value for name in names if row[name] is not None} for row in solutions]


@pytest.fixture(scope="module")
def sources(snapshot: Snapshot, project: Path, shared: Path) -> dict[str, str]:
    """The text of each article by its IRI, byte for byte as in the source file that the graph names."""
    files = {row["article"]: row["source"] for row in answer(snapshot, project, "037")}
    corpus = shared / "corpus"
    return {iri: (corpus / f"{name}.txt").read_bytes().decode("utf-8") for iri, name in files.items()}


def test_fingerprints_and_lengths_are_those_of_the_texts(
    snapshot: Snapshot, project: Path, sources: dict[str, str]
) -> None:
    """Query 037 gives the SHA-256 and the length in code points of the very files."""
    rows = answer(snapshot, project, "037")
    assert rows
    for row in rows:
        text = sources[row["article"]]
        assert row["digest"] == "sha256:" + hashlib.sha256(text.encode()).hexdigest()
        assert int(row["length"]) == len(text)


def test_characters_that_say_27_members_hold_the_figure(
    snapshot: Snapshot, project: Path, sources: dict[str, str]
) -> None:
    """Query 018 points to the characters that give the number of members."""
    rows = answer(snapshot, project, "018")
    assert rows
    for row in rows:
        assert "27" in sources[row["article"]][int(row["start"]) : int(row["end"])]


def test_excluded_passages_hold_the_furniture_of_the_pages(
    snapshot: Snapshot, project: Path, sources: dict[str, str]
) -> None:
    """Query 037 leaves out comment forms, placeholders and designers' credits."""
    excluded = "".join(
        sources[row["article"]][int(row["excludedFrom"]) : int(row["excludedTo"])]
        for row in answer(snapshot, project, "037")
        if "excludedFrom" in row
    )
    for furniture in ("WordPress.com", "{title}", "VERTEX"):
        assert furniture in excluded, furniture


def test_claims_are_counted_as_they_stand_in_the_files(snapshot: Snapshot, project: Path) -> None:
    """Queries 019 and 025 count each claim of an article's file once, though many have two spans."""
    by_file = {
        f"https://w3id.org/cicakg/article/{path.stem}": len(
            re.findall(r"^<#c\d+> a cica:Claim\b", path.read_text(), re.MULTILINE)
        )
        for path in (project / "data" / "articles").rglob("*.ttl")
    }
    assert {row["article"]: int(row["claims"]) for row in answer(snapshot, project, "025")} == by_file
    by_modality: dict[str, int] = {}
    for row in answer(snapshot, project, "019"):
        by_modality[row["article"]] = by_modality.get(row["article"], 0) + int(row["claims"])
    assert by_modality == by_file
