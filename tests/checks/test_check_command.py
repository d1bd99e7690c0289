"""The commands ``cicakg check`` and ``cicakg rules``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from toy_repository import Toy

from cicakg.checks.catalogue import CATALOGUE
from cicakg.checks.rule_pages import all_rules
from cicakg.checks.shape_rules import read_shape_rules
from cicakg.paths import DatasetFolder


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``cicakg --root ROOT …`` from the folder *root*."""
    command = [sys.executable, "-m", "cicakg", "--root", str(root), *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=False)


def test_a_clean_dataset_exits_0(toy: Toy) -> None:
    """No findings: a summary, and exit code 0."""
    done = run(toy.root, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "8 files checked: no findings.\n"


def test_violations_exit_1_and_warnings_only_if_strict(toy: Toy) -> None:
    """Warnings do not fail the check unless it is strict; violations do."""
    toy.replace("ms", "<#c05> a", "  <#c05> a")
    assert run(toy.root, "check").returncode == 0
    assert run(toy.root, "check", "--strict").returncode == 1
    toy.replace("ms", "cica:ordinal", "cica:ordnal")
    done = run(toy.root, "check", "data/articles")
    assert done.returncode == 1
    assert "violation unknown-term cica:ordnal is not a known property." in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    "arguments", [("check", "none.ttl"), ("check", "--format", "xml"), ("check", "--texts", "none")]
)
def test_a_command_that_cannot_be_carried_out_exits_2(toy: Toy, arguments: tuple[str, ...]) -> None:
    """A sentence on standard error, no traceback, exit code 2."""
    done = run(toy.root, *arguments)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_json_is_one_document(toy: Toy) -> None:
    """--format json prints one JSON document, with the spans' words where the texts are given."""
    done = run(toy.root, "check", "--format", "json", "--texts", "texts")
    value = json.loads(done.stdout)
    assert value["findings"] == []
    words = {one["words"] for one in value["spans"] if one["claim"] == "#c04"}
    assert words == {"pada 3 Mei 2031"}


def test_rules_lists_every_rule(toy: Toy, project: Path) -> None:
    """One line for each rule of the catalogue and of the shapes."""
    done = run(toy.root, "rules")
    codes = [line.split()[0] for line in done.stdout.splitlines()]
    assert codes == sorted({*CATALOGUE, *read_shape_rules(DatasetFolder(project))})


def test_a_rule_is_explained(toy: Toy) -> None:
    """What it asks, why, an example and how to mend it."""
    done = run(toy.root, "rules", "blank-node")
    rule = CATALOGUE["blank-node"]
    assert done.returncode == 0
    assert all(part in done.stdout for part in (rule.what, rule.why, rule.example, rule.fix))


def test_an_unknown_rule_gets_the_nearest(toy: Toy) -> None:
    """A misspelt code exits 2 and names the nearest rule."""
    done = run(toy.root, "rules", "blank-nod")
    assert done.returncode == 2
    assert "Did you mean blank-node" in done.stderr


def test_no_code_is_used_twice(project: Path) -> None:
    """A code names one rule: none of the catalogue is a shape's too, and each record is complete."""
    shapes = read_shape_rules(DatasetFolder(project))
    assert not set(shapes) & set(CATALOGUE)
    for rule in {**shapes, **CATALOGUE}.values():
        assert all((rule.what, rule.why, rule.example, rule.fix, rule.message)), rule.code


def test_the_page_of_the_rules_has_a_section_for_each(toy: Toy) -> None:
    """The page of the documentation explains every rule under its code."""
    done = run(toy.root, "rules", "--format", "markdown")
    headings = [line.removeprefix("## ") for line in done.stdout.splitlines() if line.startswith("## ")]
    assert headings == list(all_rules(DatasetFolder(toy.root)))
