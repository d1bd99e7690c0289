"""All table files of a store are open before a query process is confined, however many there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from snapshots import load_into_many_tables, run_program

# Stores are opened in processes of their own: the engine's threads must not be in one that other tests fork.
PRELUDE = """
import sys
from pathlib import Path
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store
from cicakg.store import opening
from cicakg.store.manifest import Openers
path = Path(sys.argv[1])
"""


def statements(count: int) -> list[str]:
    """Return *count* statements in N-Quads, with terms of several kinds."""
    values = ("<http://example.org/o{}>", '"a rather long text, number {}"@kk', '"{}"', "_:b{}")
    return [
        f"<http://example.org/s{one}> <http://example.org/p{one % 5}> {values[one % 4].format(one)} "
        f"<http://example.org/g{one % 7}> ."
        for one in range(count)
    ]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 600 statements and their merge, in many tables; the engine by itself leaves some closed."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "data.nq").write_text("\n".join(statements(600)))
    assert load_into_many_tables(folder / "data.nq", folder / "store") > 0
    return folder / "store"


@pytest.mark.parametrize("size", [600, 1, 0])
def test_openers_open_every_table(store: Path, size: int) -> None:
    """What is found at the build opens every table in a new process, also where the sample was too small and
    all statements had to be tried.
    """
    lines = [f"{one}\n".encode() for one in statements(size)]
    found = run_program(f"{PRELUDE}print(repr(opening.find_openers(path, {lines})))", store)
    program = f"""
store = opening.open_tables(path, opening.{found})
assert not opening._closed_tables(path)
print(len(store))
"""
    assert run_program(PRELUDE + program, store) == "1200"


def test_tables_left_closed_are_named(store: Path) -> None:
    """Without what opens them, opening fails rather than leaving it to a query."""
    program = """
try:
    opening.open_tables(path, Openers())
except opening.TablesClosedError as error:
    print(error)
"""
    assert run_program(PRELUDE + program, store).endswith(".sst")


@pytest.mark.parametrize("value", ["NamedNode('http://example.org/o0')", "BlankNode('b15')"])
def test_a_run_is_walked(store: Path, value: str) -> None:
    """The statements of one predicate and object are walked through in a graph, in all, and in the merge."""
    program = f"""
store = Store.read_only(str(path))
before = opening._closed_tables(path)
for graph in (NamedNode("http://example.org/g0"), DefaultGraph(), BlankNode("g")):
    one = Quad(NamedNode("http://example.org/s0"), NamedNode("http://example.org/p0"), {value}, graph)
    opening._walk_run(store, one)
print(len(before) > len(opening._closed_tables(path)))
"""
    assert run_program(PRELUDE + program, store) == "True"
