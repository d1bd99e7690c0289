"""The agreement of two readings is counted as docs/annotating.md says."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder, find_dataset
from cicakg.readings import agreement_quads, read_agreements
from cicakg.vocab import CLAIM, RDF_TYPE, term

SLUG = "2020-en-toy"
HEAD = """@prefix cica: <https://w3id.org/cicakg/ontology#> .
@prefix id: <https://w3id.org/cicakg/id/> .
@prefix modality: <https://w3id.org/cicakg/concept/modality/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@base <https://w3id.org/cicakg/article/2020-en-toy> .
"""


def claim(name: str, thing: str, spans: str, modality: str = "fact", more: str = "") -> str:
    """A claim that *thing* has house as its place."""
    evidence = " , ".join(f"<#char={span}>" for span in spans.split())
    return (
        f"<#{name}> a cica:Claim ; rdf:subject id:{thing} ; rdf:predicate cica:place ; rdf:object id:house ; "
        f"cica:modality modality:{modality} ; cica:evidence {evidence} {more} .\n"
    )


def readings(root: Path, first: str, second: str, pairs: str = "") -> DatasetFolder:
    """A dataset with two readings of one article."""
    for name, text in (("first", first), ("second", second)):
        path = root / "data" / "readings" / name / f"{SLUG}.ttl"
        path.parent.mkdir(parents=True)
        path.write_text(HEAD + text, encoding="utf-8")
    (root / "data" / "readings" / "pairs.toml").write_text(pairs, encoding="utf-8")
    return DatasetFolder(root)


def test_counts(tmp_path: Path) -> None:
    """Same triple or paired by hand is found by both; touching spans do not overlap; the rest is equal or
    not.
    """
    first = (
        claim("c01", "a", "0,10")  # same in all
        + claim("c02", "b", "10,20")  # spans only touch, modality differs
        + claim("c03", "c", "20,30", more="; cica:attributedTo id:x")  # attribution differs
        + claim("c04", "d", "30,40")  # paired by hand
        + claim("c05", "e", "40,50")  # only in the first
    )
    second = (
        claim("c01", "a", "5,15")
        + claim("c02", "b", "20,25", modality="plan")
        + claim("c03", "c", "60,70 29,31")
        + claim("c07", "other", "30,40")
    )
    folder = readings(tmp_path, first, second, f'[{SLUG}]\nc04 = "c07"\n')
    (agreement,) = read_agreements(folder)
    assert agreement.counts == {
        "first": 5,
        "second": 4,
        "both": 4,
        "overlapping": 3,
        "same-modality": 3,
        "same-attribution": 3,
    }


def test_said_twice(tmp_path: Path) -> None:
    """Where the second reading has a statement at two places, the one that overlaps is its partner."""
    second = claim("c01", "a", "50,60", modality="plan") + claim("c02", "a", "0,5")
    (agreement,) = read_agreements(readings(tmp_path, claim("c01", "a", "0,10"), second))
    assert (agreement.counts["both"], agreement.counts["overlapping"], agreement.counts["same-modality"]) == (
        1,
        1,
        1,
    )


def test_pair_that_is_none(tmp_path: Path) -> None:
    """A hand-made pair that names no claim is an error that names it."""
    folder = readings(
        tmp_path, claim("c01", "a", "0,1"), claim("c01", "b", "0,1"), f'[{SLUG}]\nc09 = "c01"\n'
    )
    with pytest.raises(CicakgError, match="c09"):
        read_agreements(folder)


def test_without_readings(tmp_path: Path) -> None:
    """A dataset that was read once has no agreement and no statement about it."""
    assert list(agreement_quads(read_agreements(DatasetFolder(tmp_path)))) == []


def test_as_data() -> None:
    """Every shipped article was read twice, and each count is a dqv:QualityMeasurement about it."""
    folder = find_dataset()
    quads = list(agreement_quads(read_agreements(folder)))
    articles = {quad.object for quad in quads if quad.predicate == term("dqv:computedOn")}
    slugs = {path.stem for path in folder.articles.rglob("*.ttl")}
    assert articles == {NamedNode(f"https://w3id.org/cicakg/article/{slug}") for slug in slugs}
    values = [quad.object for quad in quads if quad.predicate == term("dqv:value")]
    assert len(values) == 6 * len(slugs)
    assert all(isinstance(one, Literal) and int(one.value) > 0 for one in values)
    assert CLAIM not in {quad.object for quad in quads if quad.predicate == RDF_TYPE}
