"""Faults planted in copies of the shipped data are found, each by its rule, at its exact line and column."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from planting import Plant, Planted, batches, copy_dataset, read_plants

from cicakg.checks.catalogue import CATALOGUE, TEXT_RULES
from cicakg.checks.report import check
from cicakg.paths import DatasetFolder

TESTS = Path(__file__).resolve().parent.parent
PLANTS = [one for path in sorted((TESTS / "planted").glob("*.toml")) for one in read_plants(path)]
TEXT_CODES = {one.code for one in TEXT_RULES}


def codes_of_the_whole() -> set[str]:
    """Return the rules of the shapes that need more than one article."""
    shapes = (TESTS.parent / "shapes").glob("corpus*.ttl")
    return {code for path in shapes for code in re.findall(r'rule:code "([a-z-]+)"', path.read_text("utf-8"))}


def batched() -> list[list[Plant]]:
    """Return the faults in batches, level by level: a file with a violation is not shown to the next."""
    whole = codes_of_the_whole()
    levels: tuple[list[Plant], ...] = ([], [], [], [])
    for one in PLANTS:
        is_first = one.code in CATALOGUE and one.code not in TEXT_CODES
        level = 0 if is_first else 3 if one.code in TEXT_CODES else 2 if one.code in whole else 1
        levels[level].append(one)
    return [batch for level in levels for batch in batches(level)]


BATCHES = batched()

# Another rule comes before most of these (file-graph, unknown-entity, unknown-term, entity-kind): nobody
# ever meets them. The others are about the name of a file, and about words of an article.
ELSEWHERE = {
    "agent-kind",
    "article-set",
    "concept-described",
    "entity-described",
    "file-name",
    "no-article-text",
    "own-words",
    "span-cluster",
}


def planted_in(project: Path, root: Path, batch: list[Plant]) -> Planted:
    """Return a copy of the dataset with the faults of *batch*, not yet written."""
    planted = copy_dataset(project, root)
    for one in batch:
        for change in one.changes:
            planted.apply(change)
    return planted


@pytest.mark.parametrize(("line_break", "mark"), [("\n", ""), ("\r\n", "\ufeff")], ids=["lf", "crlf-bom"])
@pytest.mark.parametrize("number", range(len(BATCHES)))
def test_planted_faults_are_found_where_they_stand(
    project: Path, tmp_path: Path, request: pytest.FixtureRequest, number: int, line_break: str, mark: str
) -> None:
    """Each fault is found by its rule at its line and column, whatever the line breaks, with a BOM or not."""
    batch = BATCHES[number]
    has_texts = any(one.code in TEXT_CODES for one in batch)
    texts = request.getfixturevalue("shared") / "corpus" if has_texts else None
    planted = planted_in(project, tmp_path / "dataset", batch)
    planted.write(line_break, mark)
    found = defaultdict(list)
    for one in check(DatasetFolder(planted.root), texts=texts).findings:
        found[one.code].append((one.file, one.position.line, one.position.column))
    missed = {
        one.name: (planted.place(one), found[one.code])
        for one in batch
        if planted.place(one) not in found[one.code]
    }
    assert missed == {}


def test_every_rule_has_a_fault_planted_in_the_shipped_data(project: Path) -> None:
    """No rule without one, but those about shapes, names of files and words, and those another hides."""
    rules = {one for one in check(DatasetFolder(project)).rules if not one.startswith("shape-")}
    planted = {one.code for one in PLANTS}
    assert rules - planted == ELSEWHERE


def test_the_shipped_data_is_clean(project: Path) -> None:
    """Nothing is found where nothing was planted."""
    assert check(DatasetFolder(project)).findings == ()
