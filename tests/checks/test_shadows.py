"""What has a violation is not shown to the next level; everything else is, in the same file too."""

from __future__ import annotations

from pathlib import Path

import pytest
from planting import Change, Plant, copy_dataset
from toy_repository import Toy

from cicakg.checks.report import Report, check
from cicakg.paths import DatasetFolder

SLIP = Plant(
    "unknown-term", (Change("ms", "<#c01>", "cica:modality", "cica:modalty"),), "ms", "<#c01>", "cica:modalty"
)
ARTICLE = Plant(
    "claim-evidence",
    (Change("ms", "<#c09>", " ;\n    cica:evidence <#char=189,300>", ""),),
    "ms",
    "<#c09>",
    "<#c09>",
)
CORPUS = Plant(
    "conflict-symmetric",
    (Change("ms", "<#c12>", "cica:modality", "cica:conflictsWith <#c13> ;\n    cica:modality"),),
    "ms",
    "<#c12>",
    "<#c13>",
)


def placed(report: Report) -> set[tuple[str, Path, int, int]]:
    """Return code, file, line and column of each finding."""
    return {(one.code, one.file, one.position.line, one.position.column) for one in report.findings}


def notes(report: Report) -> list[tuple[str, str]]:
    """Return the keys of the report's notes, with the number each tells."""
    return [(one.key, dict(one.values).get("count", "")) for one in report.notes]


def test_faults_of_all_levels_in_one_file_are_told_at_once(project: Path, tmp_path: Path) -> None:
    """A slip in one claim hides neither what shapes say of another nor what they say of two more."""
    planted = copy_dataset(project, tmp_path / "dataset")
    plants = (SLIP, ARTICLE, CORPUS)
    for one in plants:
        planted.apply(one.changes[0])
    planted.write()
    report = check(DatasetFolder(planted.root))
    expected = {(one.code, *planted.place(one)) for one in plants}
    assert placed(report) == expected | {("conflict-status", *planted.place(CORPUS))}


def test_a_violation_of_the_file_hides_its_node_and_says_so(toy: Toy) -> None:
    """Of a claim with a slip the shapes say nothing, and that something was held back is told."""
    toy.replace("ms", "cica:modality modality:plan", "cica:modalty modality:plan")
    report = toy.check()
    assert [one.code for one in report.findings] == ["unknown-term"]
    assert notes(report) == [("report/note-held", "2")]
    toy.replace("ms", "    cica:modalty modality:plan ;\n", "")
    assert [(one.code, one.focus[-4:]) for one in toy.findings()] == [("claim-modality", "#c06")]


def test_nothing_is_said_of_notes_where_nothing_is_held_back(toy: Toy) -> None:
    """A fault that hides nothing needs no note."""
    toy.replace("data/entities/people.ttl", '"Aminah Yusof"@en', '" Aminah Yusof"@en')
    assert notes(toy.check()) == []


def test_every_claim_with_an_unknown_name_is_hidden(toy: Toy) -> None:
    """A name is told once in a file, where it stands first; the other claims that have it are as wrong."""
    toy.replace("ms", "cica:ordinal", "cica:ordnal")
    toy.replace("ms", "cica:chairedBy", "cica:ordnal")
    assert [one.code for one in toy.findings()] == ["unknown-term"]


@pytest.mark.parametrize("line", ["@base <", "@prefix cica: <"])
def test_a_fault_of_the_whole_file_hides_all_of_it(toy: Toy, line: str) -> None:
    """With a wrong base or prefix nothing in the file means what it says, and no other file is compared."""
    toy.replace("ms", "<#char=94,109>", "<#char=94,1090>")
    assert [one.code for one in toy.findings()] == ["span-bounds"]
    toy.replace("ms", f"{line}https://", f"{line}http://")
    report = toy.check()
    assert [one.code for one in report.findings] == ["file-base" if "base" in line else "prefix-iri"]
    assert "report/note-whole" in dict(notes(report))


def test_the_span_of_a_claim_with_a_violation_is_hidden(toy: Toy) -> None:
    """A span is judged with the claim it is evidence for."""
    toy.replace("ms", "<#char=94,109>", "<#char=94,1090>")
    toy.replace("ms", '"2031-05-03"^^', '"2031-05-32"^^')
    assert [one.code for one in toy.findings()] == ["literal-form"]


def test_texts_are_compared_where_another_claim_has_a_violation(toy: Toy) -> None:
    """A slip in one claim does not hide that the span of another begins with a space."""
    toy.replace("ms", "cica:asOf", "cica:asof")
    toy.replace("ms", "<#char=94,109>", "<#char=93,109>")
    assert [one.code for one in toy.findings(has_texts=True)] == ["span-edges", "unknown-term"]


def test_an_accepted_violation_hides_nothing(toy: Toy) -> None:
    """What is accepted stays, so what later levels say of the same claim must not wait for its mending."""
    toy.replace("ms", "<#char=94,109>", "<#char=93,109>")
    toy.replace("ms", "cica:evidence <#char=93", "cica:negated false ; cica:evidence <#char=93")
    assert [one.code for one in toy.findings(has_texts=True)] == ["claim-negated"]
    name = "data/articles/2031/2031-ms-river-council.ttl"
    entry = f'[[accepted]]\ncode = "claim-negated"\nfile = "{name}"\nreason = "A test."\n'
    toy.write("data/exceptions.toml", entry)
    assert [one.code for one in toy.findings(has_texts=True)] == ["span-edges"]


def test_a_claim_is_not_compared_with_one_that_has_a_violation(project: Path, tmp_path: Path) -> None:
    """Two claims that differ because one of them is wrong are not told to be in conflict."""
    planted = copy_dataset(project, tmp_path / "dataset")
    planted.apply(Change("ms", "<#c05>", "rdf:object id:kazakhstan", "rdf:object id:azerbaijan"))
    planted.write()
    assert {one.code for one in check(DatasetFolder(planted.root)).findings} == {"conflict-unflagged"}
    planted.apply(Change("ms", "<#c05>", "cica:modality", 'rdfs:comment "x"@xx ;\n    cica:modality'))
    planted.write()
    report = check(DatasetFolder(planted.root))
    assert [one.code for one in report.findings] == ["label-tag"]
    assert [key for key, _ in notes(report)] == ["report/note-held"]


def test_a_blank_node_is_of_the_claim_that_has_it(toy: Toy) -> None:
    """The claim with a blank node is hidden from the shapes, and no other."""
    toy.replace("ms", "cica:evidence <#char=94,109>", "cica:evidence [ a cica:Span ]")
    toy.replace("ms", "<#char=111,154>", "<#char=111,1540>")
    assert [one.code for one in toy.findings()] == ["blank-node", "span-bounds"]
