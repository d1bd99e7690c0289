"""Every query of the dataset gives the answer that a reader of the articles would give.

The answers stand in ``answers/<query>.toml`` and were written by reading the articles. IRIs are abbreviated,
an unbound variable is ``""``, and a row may leave out columns that do not matter (a claim's number, a name):

- ``rows``: these rows and no others, in this order;
- ``includes``: rows that must be there; ``excludes``: rows that must not;
- ``count``: how many rows there are.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeAlias

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple

from cicakg.store import Snapshot
from cicakg.vocab import ARTICLE, CICA, CONCEPT, ID

HERE = Path(__file__).resolve().parent
QUERIES = sorted((HERE.parent.parent / "queries").glob("*.rq"))
ANSWERS = HERE / "answers"
ABBREVIATIONS = {ARTICLE: "article:", CICA: "cica:", CONCEPT: "concept:", ID: "id:"}

Row: TypeAlias = dict[str, str]
OxigraphTerm: TypeAlias = NamedNode | BlankNode | Literal | Triple | None


def abbreviated(iri: str) -> str:
    """Return *iri* with its namespace abbreviated, if it is one of ours."""
    for namespace, prefix in ABBREVIATIONS.items():
        if iri.startswith(namespace):
            return prefix + iri.removeprefix(namespace)
    return iri


def shown(term: OxigraphTerm) -> str:
    """Return a term of pyoxigraph as it is written in the answers."""
    if term is None:
        return ""
    assert isinstance(term, NamedNode | Literal), f"the dataset has no {term}"
    return abbreviated(term.value) if isinstance(term, NamedNode) else term.value


def asked_of_oxigraph(snapshot: Snapshot, query: str) -> list[Row]:
    """Return the rows pyoxigraph answers *query* with."""
    solutions = snapshot.store.query(query)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: shown(solution[name]) for name in names} for solution in solutions]


def asked_of_rdflib(dataset: rdflib.Dataset, query: str) -> list[Row]:
    """Return the rows rdflib answers *query* with."""
    result = dataset.query(query)
    names = [str(variable) for variable in result.vars or ()]
    return [
        {name: "" if term is None else abbreviated(str(term)) for name, term in zip(names, row, strict=True)}
        for row in result
        if isinstance(row, tuple)
    ]


def agrees(row: Row, expected: Row) -> bool:
    """Whether *row* has what *expected* says of its columns."""
    return expected.items() <= row.items()


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_query_gives_the_answer_read_in_the_articles(path: Path, snapshot: Snapshot) -> None:
    """The answer of the query is the one that was found by reading."""
    answer = tomllib.loads((ANSWERS / f"{path.stem}.toml").read_text(encoding="utf-8"))
    assert answer.keys() & {"rows", "includes"}, "an answer says what must be there"
    rows = asked_of_oxigraph(snapshot, path.read_text(encoding="utf-8"))
    if "rows" in answer:
        assert len(rows) == len(answer["rows"]), rows
        assert [
            (row, said) for row, said in zip(rows, answer["rows"], strict=True) if not agrees(row, said)
        ] == []
    assert len(rows) == answer.get("count", len(rows))
    assert [said for said in answer.get("includes", []) if not any(agrees(row, said) for row in rows)] == []
    assert [row for said in answer.get("excludes", []) for row in rows if agrees(row, said)] == []


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_answer_speaks_of_columns_the_query_has(path: Path, snapshot: Snapshot) -> None:
    """A misspelt column in an answer would never match, and an exclusion would then hold for nothing."""
    answer = tomllib.loads((ANSWERS / f"{path.stem}.toml").read_text(encoding="utf-8"))
    assert answer.keys() <= {"rows", "includes", "excludes", "count"}
    solutions = snapshot.store.query(path.read_text(encoding="utf-8"))
    assert isinstance(solutions, QuerySolutions)
    columns = {variable.value for variable in solutions.variables}
    said = [row for key in ("rows", "includes", "excludes") for row in answer.get(key, [])]
    assert [row for row in said if not row.keys() <= columns] == []


# rdflib 7.6 evaluates a query on a Dataset through a property of its own that it has deprecated.
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_both_engines_agree(path: Path, snapshot: Snapshot, dataset: rdflib.Dataset) -> None:
    """Who asks in Python gets the same rows, in the same order, as who asks the endpoint."""
    query = path.read_text(encoding="utf-8")
    assert asked_of_rdflib(dataset, query) == asked_of_oxigraph(snapshot, query)


def test_every_query_has_an_answer_and_every_answer_a_query() -> None:
    """No query is published that was not answered by reading, and no answer is left behind."""
    assert [path.stem for path in QUERIES] == sorted(path.stem for path in ANSWERS.glob("*.toml"))


def test_query_on_2023_works_for_any_year(snapshot: Snapshot) -> None:
    """The query on 2023, asked of another year, gives the chair of that year."""
    query = next(path for path in QUERIES if path.stem.startswith("001")).read_text(encoding="utf-8")
    rows = asked_of_oxigraph(snapshot, query.replace("2023", "2025"))
    assert rows == [], "Azerbaijan’s term is a plan: no article reports that it chaired in 2025"
    terms = {row["term"] for row in asked_of_oxigraph(snapshot, query.replace("2023", "2022"))}
    assert terms == {"id:chairmanship-kazakhstan-2020-2022", "id:chairmanship-kazakhstan-2022-2024"}
