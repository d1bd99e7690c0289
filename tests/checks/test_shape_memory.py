"""Shapes that are remembered, in one run and from one to the next."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from toy_repository import Toy

from cicakg.checks import shape_memory
from cicakg.checks.disk_cache import DiskCache
from cicakg.checks.memory import Memory
from cicakg.checks.report import check
from cicakg.errors import CicakgError
from cicakg.model import Finding
from cicakg.paths import DatasetFolder

EXTRA_SHAPE = """@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://w3id.org/cicakg/shapes#extra> sh:node <https://w3id.org/cicakg/shapes#nowhere> .
"""


@pytest.fixture
def cache(tmp_path: Path) -> DiskCache:
    """An empty cache."""
    return DiskCache(tmp_path / "cache")


def outcome(toy: Toy, memory: Memory | None = None) -> object:
    """Return all that a check says of the toy repository, or its error."""
    try:
        report = check(DatasetFolder(toy.root), memory=memory)
    except CicakgError as error:
        return (error.code, str(error))
    found = [tuple(getattr(one, field.name) for field in fields(Finding)) for one in report.findings]
    return (found, report.notes, sorted(report.rules.items()))


def cached(toy: Toy, cache: DiskCache) -> object:
    """Return what another run of the program says, with what the *cache* holds."""
    return outcome(toy, Memory(is_kept=False, cache=cache))


def test_a_warm_cache_says_what_a_cold_one_says(toy: Toy, cache: DiskCache) -> None:
    """Shapes from the disk find the same, at the same places."""
    toy.replace("ms", "id:aminah-yusof", "id:old-town")
    toy.replace("ms", "modality:plan", "modality:opinion")
    expected = outcome(toy)
    assert cached(toy, cache) == expected
    assert cached(toy, cache) == expected
    assert expected[0]  # type: ignore[index]


def test_a_warm_cache_does_not_look_the_shapes_through(
    toy: Toy, cache: DiskCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second run neither reads the shapes nor lints them: that is what the cache is for."""
    cached(toy, cache)

    def refuse(*_: object) -> None:
        raise AssertionError("looked through again")

    monkeypatch.setattr(shape_memory, "read_turtle", refuse)
    monkeypatch.setattr("cicakg.checks.shape_lint.findings.shape_lint_findings", refuse)
    assert cached(toy, cache) == ([], (), outcome_rules(toy, cache))


def outcome_rules(toy: Toy, cache: DiskCache) -> object:
    """Return the rules that a check tells of."""
    return cached(toy, cache)[2]  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("shapes/claim.ttl", "sh:minCount 1", "sh:minCount 9"),
        ("shapes/claim.ttl", "sh:minCount", "sh:mincount"),
        ("shapes/claim.ttl", "@prefix sh:", "@prefix broken"),
        ("shapes/claim.ttl", "", "\n# only a comment, which moves nothing\n"),
        ("ontology/cicakg.ttl", "cica:Claim a", "cica:Klaim a"),
    ],
)
def test_what_is_kept_ends_with_what_it_was_made_of(
    toy: Toy, cache: DiskCache, name: str, old: str, new: str
) -> None:
    """Where the shapes or the vocabulary change, the next run sees it, and sees when it is undone."""
    path = toy.root / name
    if not path.exists() or old not in path.read_text():
        path = next(one for one in sorted(path.parent.glob("*.ttl")) if old in one.read_text())
    before = path.read_text()
    clean = cached(toy, cache)
    path.write_text(before.replace(old, new, 1) if old else before + new)
    expected = outcome(toy)
    assert cached(toy, cache) == expected
    assert cached(toy, cache) == expected
    path.write_text(before)
    assert cached(toy, cache) == clean


def test_the_cases_beside_the_shapes_count(toy: Toy, cache: DiskCache) -> None:
    """A folder of cases that appears makes rules without a case findings; without it they are none."""
    memory = Memory()
    assert cached(toy, cache) == outcome(toy, memory)
    (toy.root / "tests" / "cases" / "no-such-rule").mkdir(parents=True)
    expected = outcome(toy)
    assert cached(toy, cache) == expected
    assert outcome(toy, memory) == expected
    assert expected[0]  # type: ignore[index]
    (toy.root / "tests" / "cases" / "no-such-rule").rmdir()
    (toy.root / "tests" / "cases").rmdir()
    assert cached(toy, cache) == outcome(toy, memory) == outcome(toy)


def test_shapes_that_could_not_all_be_read_are_looked_through_when_they_can(
    toy: Toy, cache: DiskCache
) -> None:
    """A broken file of shapes that is taken away leaves the documents there were: now they are all."""
    memory = Memory()
    toy.write("shapes/extra.ttl", EXTRA_SHAPE)
    toy.write("shapes/broken.ttl", "<")
    seen = [outcome(toy, memory)]
    assert seen[-1] == outcome(toy) == cached(toy, cache)
    (toy.root / "shapes" / "broken.ttl").unlink()
    seen.append(outcome(toy, memory))
    assert seen[-1] == outcome(toy) == cached(toy, cache)
    toy.write("shapes/broken.ttl", "<")
    assert outcome(toy, memory) == seen[0]
    assert len({str(one) for one in seen}) == 2


def test_a_cache_of_something_else_is_not_believed(
    toy: Toy, cache: DiskCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value of another form under the right name is read past."""
    expected = outcome(toy)
    monkeypatch.setattr(DiskCache, "get", lambda *_: "another")
    assert cached(toy, cache) == expected
    monkeypatch.setattr(DiskCache, "get", lambda *_: shape_memory._Kept([], {}))
    assert cached(toy, cache) == expected


def test_where_the_cache_lies_is_never_in_the_dataset(
    toy: Toy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever hands over a dataset must not be able to hand over what is unpickled."""
    monkeypatch.chdir(toy.root)
    monkeypatch.setenv("XDG_CACHE_HOME", ".cache")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    cached(toy, DiskCache())
    assert not (toy.root / ".cache").exists()
    assert list((tmp_path / "home" / ".cache" / "cicakg").iterdir())
