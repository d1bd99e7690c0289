"""The options of ``cicakg check``: formats, output files, news."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import RdfFormat, parse
from toy_history import commit_all
from toy_repository import Toy, copy_toy

from cicakg.checks.renderers import FORMATS
from cicakg.cli import main


@pytest.fixture
def faulty(tmp_path: Path, project: Path) -> Toy:
    """A toy repository under git with one violation that is committed and one warning that is not."""
    toy = copy_toy(project, tmp_path / "toy")
    toy.replace("ms", "cica:ordinal", "cica:ordnal")
    commit_all(toy.root)
    toy.replace("ms", "<#c05> a", "  <#c05> a")
    return toy


def run(toy: Toy, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``cicakg check …`` in the toy repository."""
    command = [sys.executable, "-m", "cicakg", "check", *arguments]
    return subprocess.run(command, cwd=toy.root, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_names_the_place_and_the_rule(faulty: Toy, form: str) -> None:
    """Each format has both findings and leaves with 1; its paths are those from the current folder."""
    done = run(faulty, "--format", form)
    assert (done.returncode, done.stderr) == (1, "")
    for part in ("data/articles/2031/2031-ms-river-council.ttl", "unknown-term", "subject-column"):
        assert part in done.stdout
    assert str(faulty.root) not in done.stdout


@pytest.mark.parametrize("form", ["text", "sarif"])
def test_an_output_file_is_what_would_be_printed(faulty: Toy, form: str, tmp_path: Path) -> None:
    """-o writes the same text to the file; only the summary goes to standard error."""
    output = tmp_path / "report"
    done = run(faulty, "-f", form, "-o", str(output))
    assert (done.returncode, done.stdout) == (1, "")
    assert "1 violation, 1 warning." in done.stderr
    assert output.read_text(encoding="utf-8") == run(faulty, "-f", form).stdout


def test_an_output_that_cannot_be_written_leaves_nothing(faulty: Toy, tmp_path: Path) -> None:
    """A missing folder is a usage error, and what stood there before stays."""
    done = run(faulty, "-o", str(tmp_path / "none" / "report"))
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert not (tmp_path / "none").exists()


def test_the_turtle_is_turtle(faulty: Toy) -> None:
    """The report is read by another parser, one result for each finding."""
    quads = list(parse(run(faulty, "-f", "turtle").stdout, format=RdfFormat.TURTLE))
    focuses = [one for one in quads if one.predicate.value.endswith("#focusNode")]
    assert len(focuses) == 2


def test_changed_takes_its_revision_or_head(faulty: Toy) -> None:
    """--changed alone is HEAD; an old violation fails nothing, a new warning only where it is strict."""
    for arguments in (
        ("--changed",),
        ("--changed", "HEAD"),
        ("--changed=main",),
        ("--changed", "-f", "text"),
    ):
        done = run(faulty, *arguments)
        assert done.returncode == 0, done.stderr
        assert "8 files checked: 1 new warning." in done.stdout
        assert "1 finding was there in" in done.stdout
    assert run(faulty, "--changed", "--strict").returncode == 1


def test_changed_with_a_path(faulty: Toy) -> None:
    """--changed=REV may stand before a path; without the sign the path is taken for a revision."""
    done = run(faulty, "--changed=HEAD", "data/articles", "-f", "json")
    assert json.loads(done.stdout)["summary"]["since"] == {
        "revision": "HEAD",
        "changed": 1,
        "elsewhere": 0,
        "old": 1,
    }
    refused = run(faulty, "--changed", "data/articles")
    assert refused.returncode == 2
    assert "write --changed=HEAD data/articles" in refused.stderr


def test_a_new_violation_fails_the_check(faulty: Toy) -> None:
    """What the change makes wrong leaves with 1, and stands before the summary under its heading."""
    faulty.replace("data/entities/places.ttl", "id:old-town", "id:new-town")
    done = run(faulty, "--changed")
    assert done.returncode == 1
    assert "Broken elsewhere by the change:" in done.stdout.splitlines()


def members(value: object) -> Iterator[str]:
    """Yield the name of every member of a JSON value."""
    if isinstance(value, list):
        yield from (name for one in value[:1] for name in members(one))
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from members(one)


def test_the_documentation_describes_the_json(faulty: Toy, project: Path) -> None:
    """docs/checking.md names every member there is, and of the members of a finding no other."""
    page = (project / "docs" / "checking.md").read_text(encoding="utf-8").partition("### JSON")[2]
    named = set(re.findall(r"(?<=[`.\"])(\w+)(?=[`.\"\[])", page.partition("## In CI")[0]))
    report = json.loads(run(faulty, "-f", "json", "--changed=HEAD", "--texts", "texts").stdout)
    assert {"spans", "findings", "summary"} <= set(report)
    assert set(members(report)) - named == set()
    listed = re.findall(r"^\| `findings\[\](.*?) \|", page, re.MULTILINE)
    assert {one for line in listed for one in re.findall(r"\.(\w+)", line)} == set(report["findings"][0])


def test_the_documentation_names_formats_and_options_that_exist(project: Path) -> None:
    """docs/checking.md has a row for each format, and no option the command does not know."""
    page = (project / "docs" / "checking.md").read_text(encoding="utf-8")
    rows = set(
        re.findall(r"^\| `(\w+)` \|", page.partition("## Formats")[2].partition("### JSON")[0], re.MULTILINE)
    )
    assert rows == set(FORMATS)
    known = CliRunner().invoke(main, ["check", "--help"]).output
    options = {
        one for line in re.findall(r"cicakg check ([^`\n#]*)", page) for one in line.split() if one[0] == "-"
    }
    assert {"--changed", "--texts", "-f", "-o"} <= options
    assert [
        one for one in options if not re.search(rf"(?<![\w-]){re.escape(one.split('=')[0])}\b", known)
    ] == []


def test_shapes_that_take_too_long(project: Path, tmp_path: Path) -> None:
    """A query that joins everything with everything is stopped at --timeout, with exit code 2."""
    toy = copy_toy(project, tmp_path / "toy")
    join = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?a) = CONCAT(STR(?d), STR(?g)))"
    toy.write(
        "shapes/corpus-endless.ttl",
        "@prefix cica: <https://w3id.org/cicakg/ontology#> .\n"
        "@prefix rule: <https://w3id.org/cicakg/shapes#> .\n"
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "rule:Endless a sh:NodeShape ; sh:targetClass cica:Person ;\n"
        f'  sh:sparql [ sh:select "SELECT $this {{ $this a ?k . {join} }}" ] ;\n'
        '  sh:severity sh:Violation ; sh:message "m"@en ; rule:code "endless" ; rule:what "w"@en ;\n'
        '  rule:why "y"@en ; rule:example "e"@en ; rule:fix "f"@en .\n',
    )
    command = [sys.executable, "-m", "cicakg", "--root", str(toy.root), "check", "--timeout", "2"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "2 seconds" in done.stderr
