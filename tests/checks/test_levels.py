"""A remembered check says what a fresh one says, whatever was done to the dataset in between."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from random import Random
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode
from rich_shapes import shapes_in
from toy_repository import Toy, copy_toy

from cicakg.checks import levels
from cicakg.checks.corpus_graph import CorpusGraph, triples_of
from cicakg.checks.engines import engine_named
from cicakg.checks.engines.port import DataGraph, Engine, ShapeResult
from cicakg.checks.engines.shapes_graph import ShapesGraph
from cicakg.checks.levels import Levels
from cicakg.checks.memory import Memory
from cicakg.checks.report import check
from cicakg.checks.shape_memory import ShapeMemory
from cicakg.corpus import SourceFile, graph_of, read_source
from cicakg.errors import CicakgError
from cicakg.model import FileKind, Finding
from cicakg.paths import DatasetFolder
from cicakg.turtle import read_turtle

ENTITY: Final = re.compile(r"\bid:[a-z][a-z-]*[a-z]")
PROPERTY: Final = re.compile(r"\bcica:[a-z]\w+")
CLASS: Final = re.compile(r"\bcica:[A-Z]\w+")
NUMBER: Final = re.compile(r"\b\d+\b")
CONCEPT: Final = re.compile(r"\bmodality:\w+")
STRANGERS: Final = ("id:nobody", "cica:unknown", "cica:Unknown", "0", "modality:none")


def outcome(
    toy: Toy, unsaved: Mapping[Path, bytes], memory: Memory | None, given_paths: tuple[Path, ...] = ()
) -> object:
    """Return all that a check says, every field of every finding; or its error."""
    try:
        report = check(DatasetFolder(toy.root), given_paths, unsaved=unsaved, memory=memory)
    except CicakgError as error:
        return (error.code, str(error))
    found = [tuple(getattr(one, field.name) for field in fields(Finding)) for one in report.findings]
    return (found, report.notes, report.accepted_count, report.file_count, report.shadow, report.is_cut)


class Editing:
    """Somebody who edits the toy repository at random; ``unsaved`` is what only the editor holds."""

    def __init__(self, toy: Toy, random: Random) -> None:
        self.toy = toy
        self.unsaved: dict[Path, bytes] = {}
        self._random = random
        self._before: dict[Path, bytes] = {}
        self._names = sorted({name for path in self._files() for name in ENTITY.findall(path.read_text())})

    def _files(self) -> list[Path]:
        return sorted((self.toy.root / "data").rglob("*.ttl"))

    def step(self) -> str:
        """Do something, and say what."""
        ways = (
            (self._replace, 8),
            (self._undo, 3),
            (self._break, 1),
            (self._remove, 1),
            (self._add, 1),
            (self._rename, 1),
            (self._hold, 2),
            (self._save, 2),
            (self._drop_line, 2),
            (self._move_line, 1),
        )
        way = self._random.choices([one for one, _ in ways], [often for _, often in ways])[0]
        files = self._files()
        return f"{way.__name__} {way(self._random.choice(files)) if files else self._undo(self.toy.root)}"

    def _write(self, path: Path, data: bytes) -> str:
        if path.exists():
            self._before[path] = path.read_bytes()
        path.write_bytes(data)
        return path.name

    def _replaced(self, text: str) -> str:
        pattern = self._random.choice((ENTITY, ENTITY, PROPERTY, CLASS, NUMBER, CONCEPT))
        found = list(pattern.finditer(text))
        if not found:
            return text
        one = self._random.choice(found)
        names = self._names if pattern is ENTITY else sorted(set(pattern.findall(text)))
        strangers = [name for name in STRANGERS if pattern.fullmatch(name)]
        new: str = self._random.choice([*names, *strangers])
        return text[: one.start()] + new + text[one.end() :]

    def _replace(self, path: Path) -> str:
        return self._write(path, self._replaced(path.read_text()).encode())

    def _drop_line(self, path: Path) -> str:
        lines = path.read_text().splitlines(keepends=True)
        del lines[self._random.randrange(len(lines))]
        return self._write(path, "".join(lines).encode())

    def _move_line(self, path: Path) -> str:
        return self._write(path, b"# a comment\n" + path.read_bytes())

    def _undo(self, _: Path) -> str:
        for path, data in self._before.items():
            path.write_bytes(data)
        self._before.clear()
        return "all"

    def _break(self, path: Path) -> str:
        return self._write(path, path.read_bytes() + b"\n<<")

    def _remove(self, path: Path) -> str:
        self._before[path] = path.read_bytes()
        path.unlink()
        return path.name

    def _add(self, path: Path) -> str:
        new = path.with_name("2031-ar-added.ttl" if "articles" in path.parts else "added.ttl")
        text = path.read_text().replace("id:new-town", "id:newer-town").replace(path.stem, new.stem)
        return self._write(new, text.encode())

    def _rename(self, path: Path) -> str:
        path.rename(path.with_name("2031-ms-renamed.ttl" if "articles" in path.parts else "renamed.ttl"))
        return path.name

    def _hold(self, path: Path) -> str:
        self.unsaved[path.resolve()] = self._replaced(path.read_text()).encode()
        return path.name

    def _save(self, _: Path) -> str:
        for path, data in self.unsaved.items():
            if path.parent.is_dir():
                path.write_bytes(data)
        self.unsaved.clear()
        return "all"


@pytest.mark.parametrize(("most", "examples"), [(levels.MOST, 6), (3, 3), (0, 2)])
def test_a_remembered_check_is_a_fresh_one(
    monkeypatch: pytest.MonkeyPatch, project: Path, most: int, examples: int
) -> None:
    """After any edits, saved or not, of files that come and go, break and are mended, every field of every
    finding and every note is that of a check without a memory; however few nodes are judged one by one.
    """
    monkeypatch.setattr(levels, "MOST", most)
    # The memory of the shapes has tests of its own, and to look them through takes longest.
    monkeypatch.setattr("cicakg.checks.shape_lint.findings.shape_lint_findings", lambda *_: ())
    shapes = ShapeMemory()
    said: set[str] = set()

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(seed=st.integers(0, 1 << 30), steps=st.lists(st.integers(1, 3), min_size=4, max_size=7))
    def is_the_same(seed: int, steps: list[int]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            toy = copy_toy(project, Path(folder) / "toy")
            editing, memory, done = Editing(toy, Random(seed)), Memory(), ["begin"]  # noqa: S311
            memory.shapes = shapes
            for edits in [0, *steps]:
                done += [editing.step() for _ in range(edits)]
                fresh = Memory(is_kept=False)
                fresh.shapes = shapes
                expected = outcome(toy, editing.unsaved, fresh)
                assert outcome(toy, editing.unsaved, memory) == expected, done
                said.add(str(expected))

    is_the_same()
    assert len(said) > examples, "the edits change nothing, so nothing was compared"


EDITS: Final = {
    "a shape of one article": ("shapes/claim.ttl", "sh:minCount 1", "sh:minCount 2"),
    "a shape of the corpus": ("shapes/corpus-entity.ttl", "sh:severity sh:Warning", "sh:severity sh:Info"),
    "a broken shape": ("shapes/place.ttl", "sh:", "sh"),
    "a class": ("ontology/cicakg.ttl", "rdfs:subClassOf", "rdfs:seeAlso"),
    "the list of exceptions": ("data/exceptions.toml", "", '[[accepted]]\ncode = "no-such"\n'),
}
"""Edits of what all files have in common; of the files there are."""


def test_shapes_and_terms_may_change_too(toy: Toy) -> None:
    """What is kept of the shapes, the vocabulary and the exceptions ends with them."""
    memory, seen = Memory(), []
    for name, old, new in [("data/nothing.toml", "", ""), *EDITS.values()]:
        path = toy.root / name
        if not path.exists() and old:
            path = next(
                one
                for one in sorted((toy.root / Path(name).parts[0]).glob("*.ttl"))
                if old in one.read_text()
            )
        before = path.read_bytes() if path.exists() else b""
        if new:
            path.write_bytes(before.replace(old.encode(), new.encode(), 1) if old else before + new.encode())
        seen.append(outcome(toy, {}, memory))
        assert seen[-1] == outcome(toy, {}, None), name
        if before:
            path.write_bytes(before)
        else:
            path.unlink(missing_ok=True)
    assert outcome(toy, {}, memory) == seen[0]
    assert len({str(one) for one in seen}) > 3


def test_a_copy_that_keeps_its_time_is_read(toy: Toy) -> None:
    """A file of the same size and with the old time of change, as a backup puts it back, is another file."""
    memory, path = Memory(), toy.path("ms")
    state = path.stat()
    before = outcome(toy, {}, memory)
    toy.replace("ms", "modality:fact", "modality:fabt")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert path.stat().st_size == state.st_size
    assert outcome(toy, {}, memory) == outcome(toy, {}, None) != before


def test_unsaved_texts_are_known_by_their_bytes(toy: Toy) -> None:
    """Two texts of one length, never saved, are two texts."""
    memory, path, seen = Memory(), toy.path("ms"), []
    for name in ("fact", "fabt", "fact"):
        text = path.read_bytes().replace(b"modality:fact", f"modality:{name}".encode(), 1)
        seen.append(outcome(toy, {path.resolve(): text}, memory))
    assert seen[0] == seen[2] != seen[1]


def test_the_judge_remembers_as_well(toy: Toy) -> None:
    """Levels 2 and 3 are remembered in the same way whatever the engine."""
    memory = Memory(engine_named("pyshacl"))
    for old, new in (("", ""), ("id:aminah-yusof", "id:old-town"), ("id:old-town", "id:aminah-yusof")):
        toy.replace("ms", old, new)
        assert outcome(toy, {}, memory) == outcome(toy, {}, None)


# The levels alone


def source(name: str, text: str, kind: FileKind = FileKind.ENTITIES) -> SourceFile:
    """Return a file of the dataset that holds *text*, with ``ex:`` declared."""
    path = Path("/data") / name
    return read_source(path, kind, data=("@prefix ex: <http://e/> .\n" + text).encode())


LOCAL: Final = shapes_in("""
ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ( ex:p ex:q ) ; sh:maxCount 0 ] ;
    sh:sparql [ sh:select "SELECT $this ?value { $this <http://e/p>/<http://e/n> ?value FILTER(?value>1)}" ] .
ex:T sh:targetNode ex:absent, ex:a ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .
""")
WHOLE: Final = shapes_in(
    "ex:W sh:targetObjectsOf ex:p ; sh:property [ sh:path [ sh:inversePath ex:p ] ; sh:maxCount 1 ] ."
)

VERSIONS: Final[tuple[list[SourceFile], ...]] = (
    [source("a", "ex:a ex:p ex:b ."), source("b", "ex:b ex:q ex:c ; ex:n 1 .")],
    [source("a", "ex:a ex:p ex:b ."), source("b", "ex:b ex:q ex:c ; ex:n 01 .")],
    [source("a", "ex:a ex:p ex:b ."), source("b", "ex:b ex:n 2 .")],
    [source("a", "ex:a ex:p ex:b ."), source("b", "ex:b ex:n 02 ."), source("c", "ex:b ex:n 2 .")],
    [source("a", "ex:a ex:p ex:b ."), source("c", "ex:b ex:n 2 . ex:d ex:p ex:b .")],
    [source("a", "ex:a ex:p ex:b ."), source("b", "ex:b ex:n 2 ."), source("c", "ex:d ex:p ex:b .")],
    [source("a", "ex:a ex:r ex:b ."), source("b", "ex:b ex:n 2 . ex:absent ex:p ex:b .")],
    [source("o", "ex:o ex:p ex:b . ex:u ex:p ex:v .", FileKind.ONTOLOGY), source("b", "ex:b ex:q ex:x .")],
    [source("o", "ex:o ex:p ex:b . ex:u ex:p ex:v .", FileKind.ONTOLOGY), source("b", "ex:b ex:q ex:y .")],
    [source("o", "ex:o ex:p ex:b . ex:u ex:p ex:v .", FileKind.ONTOLOGY), source("b", "ex:z ex:q ex:y .")],
    [],
)


def told(results: levels.Results) -> tuple[list[str], list[str]]:
    """Return what the results say, in an order that does not depend on how they were found."""
    return sorted(map(str, results.local)), sorted(map(str, results.whole))


@pytest.mark.parametrize("most", [0, 3, levels.MOST])
def test_each_version_of_the_files_is_judged_as_if_it_were_the_first(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, most: int
) -> None:
    """From every version to every other, the results are those of the new version alone, each as often."""
    monkeypatch.setattr(levels, "MOST", most)
    alone = [told(Levels(engine).results(files, LOCAL, WHOLE)) for files in VERSIONS]
    assert len({str(one) for one in alone}) > 5
    for first in range(len(VERSIONS)):
        remembering = Levels(engine)
        for number in (first, *range(len(VERSIONS)), first):
            remembering.prepare()
            assert told(remembering.results(VERSIONS[number], LOCAL, WHOLE)) == alone[number], (first, number)


def test_level_three_may_come_and_go(engine: Engine) -> None:
    """Where a file cannot be read, level 3 is left out, and it is back when the file is."""
    remembering = Levels(engine)
    for number, whole in ((0, WHOLE), (2, None), (4, WHOLE), (5, None), (4, None), (4, WHOLE)):
        found = remembering.results(VERSIONS[number], LOCAL, whole)
        assert told(found) == told(Levels(engine).results(VERSIONS[number], LOCAL, whole))


class Interrupted(Engine):
    """An engine that fails when it is asked the second time, and never again."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._count = engine, 0

    def prepare(self, shapes: ShapesGraph) -> None:
        """Do nothing."""

    def results(self, data: DataGraph, shapes: ShapesGraph) -> list[ShapeResult]:
        """Fail once, and else judge."""
        self._count += 1
        if self._count == 2:
            raise CicakgError("check-memory", "No.", "Wait.")
        return self._engine.results(data, shapes)


def test_after_an_error_everything_is_judged_again(engine: Engine) -> None:
    """A check that breaks off half way leaves nothing behind that could be taken for a result."""
    remembering = Levels(Interrupted(engine))
    remembering.results(VERSIONS[0], LOCAL, WHOLE)
    with pytest.raises(CicakgError):
        remembering.results(VERSIONS[4], LOCAL, WHOLE)
    assert told(remembering.results(VERSIONS[4], LOCAL, WHOLE)) == told(
        Levels(engine).results(VERSIONS[4], LOCAL, WHOLE)
    )


@pytest.mark.parametrize("first", range(len(VERSIONS)))
def test_the_graph_is_that_of_the_files(first: int) -> None:
    """After each change, every form of the graph holds what the files say, neither more nor less."""
    graph = CorpusGraph(VERSIONS[first])
    for files in VERSIONS:
        before = {one: set(graph.about(one)) for one in {triple.subject for triple in graph.triples}}
        changed = graph.replace_files(files)
        fresh = DataGraph(triple for file in files for triple in triples_of(file))
        after = {one: set(fresh.about(one)) for one in {triple.subject for triple in fresh.triples}}
        assert changed == {one for one in {**before, **after} if before.get(one) != after.get(one)}
        assert set(graph.triples) == set(fresh.triples)
        assert set(graph.store) == set(fresh.store)
        assert sorted(graph.n_triples.splitlines()) == sorted(fresh.n_triples.splitlines())
        assert set(graph.rdflib) == set(fresh.rdflib)
        for node in {**before, **after}:
            assert sorted(map(str, graph.about(node))) == sorted(map(str, fresh.about(node)))


def test_nodes_that_lead_to_a_node_are_found_backwards() -> None:
    """What is concerned by a change is all that reaches it, through any number of files, in a circle too."""
    graph = CorpusGraph(
        [source("a", "ex:a ex:p ex:b ."), source("b", "ex:b ex:p ex:c . ex:c ex:p ex:a, 1 . ex:x ex:p 1 .")]
    )
    a, b, c, x = (NamedNode("http://e/" + one) for one in "abcx")
    assert graph.reaching([b]) == {a, b, c}
    assert graph.reaching([x]) == {x}
    assert set(graph.reached([a])) == {a, b, c}


def test_lists_are_cut() -> None:
    """A list that leads back to itself would end pySHACL, so no engine is given the rest of one."""
    text = """@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
        <http://e/l> rdf:first 1 ; rdf:rest <http://e/l> ."""
    path = Path("/data/x.ttl")
    file = SourceFile(path, FileKind.ONTOLOGY, graph_of(path, FileKind.ONTOLOGY), read_turtle(text.encode()))
    assert len(list(triples_of(file))) == 1
    shapes = shapes_in("ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:in ( ex:b ) ] .")
    remembering = Levels(engine_named("pyshacl"))
    for other in (VERSIONS[0], VERSIONS[1], VERSIONS[4]):
        assert remembering.results([file, *other], shapes, None).whole == []
