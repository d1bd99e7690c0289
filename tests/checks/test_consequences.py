"""One fault is one finding: what follows from it is left out, and comes back when the cause is mended."""

from __future__ import annotations

from pathlib import Path

import pytest
from planting import Change, Planted, copy_dataset, path_of
from toy_repository import Toy

from cicakg.checks.catalogue import CATALOGUE
from cicakg.checks.consequences import CONSEQUENCES, OF_A_NAME, OF_THE_CORPUS, OF_THE_FILE
from cicakg.checks.report import Report, check
from cicakg.checks.shape_rules import read_shape_rules
from cicakg.paths import DatasetFolder

BASE = "https://w3id.org/cicakg/"
PREFIX = "@prefix cica: <https://w3id.org/cicakg/ontology#>"
MS = "article/2021-ms-sixth-ministerial-preview"


def made(project: Path, root: Path, *changes: Change) -> Planted:
    """Return a copy of the shipped dataset in *root*, with *changes* written."""
    planted = copy_dataset(project, root)
    for one in changes:
        planted.apply(one)
    planted.write()
    return planted


def report_of(planted: Planted) -> Report:
    """Return the report of a check of what was planted."""
    return check(DatasetFolder(planted.root))


def codes(report: Report) -> list[str]:
    """Return the codes of the findings, in their order."""
    return [one.code for one in report.findings]


def place_of(planted: Planted, file: str, mark: str, subject: str = "") -> tuple[str, int, int]:
    """Return the name of *file*, and line and column of the first *mark* in it, behind *subject* if given."""
    text = planted.text(file)
    at = text.index(mark, text.index(f"\n{subject} ") if subject else 0)
    return path_of(planted.root, file).name, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def places(report: Report) -> list[tuple[str, str, int, int]]:
    """Return code, file, line and column of each finding."""
    return [(one.code, one.file.name, one.position.line, one.position.column) for one in report.findings]


# What is planted; where the one finding stands; and what mends it, though a further fault stays, so that
# something of what the cause silenced has to come back: the finding of that.
CASES = {
    "a wrong prefix": (
        [Change("kk", "", PREFIX, PREFIX.replace("#", "/")), Change("kk", "<#c02>", "cica:mod", "cica:med")],
        ("prefix-iri", "kk", "@prefix cica:", ""),
        Change("kk", "", PREFIX.replace("#", "/"), PREFIX),
        ("unknown-term", "kk", "cica:medality", ""),
    ),
    "a wrong base": (
        [
            Change("ms", "", f"@base <{BASE}{MS}>", f"@base <{BASE}{MS}s>"),
            Change("ms", "", "<#c03> a", "id:un a"),
        ],
        ("file-base", "ms", f"<{BASE}{MS}s>", ""),
        Change("ms", "", f"@base <{BASE}{MS}s>", f"@base <{BASE}{MS}>"),
        ("subject-place", "ms", "id:un a", ""),
    ),
    "a date in words": (
        [Change("azerbaijan", "<#c82>", '"2022-10"^^xsd:gYearMonth', '"October 2022"@en')],
        ("date-form", "azerbaijan", '"October 2022"', "<#c82>"),
        Change("azerbaijan", "<#c82>", '"October 2022"@en', '"2031-10"^^xsd:gYearMonth'),
        ("fact-date", "azerbaijan", '"2031-10"', "<#c82>"),
    ),
    "a speaker who is none": (
        [Change("ms", "<#q1>", "cica:speaker id:kazakhstan", "cica:speaker id:astana")],
        ("quotation-speaker", "ms", "id:astana", "<#q1>"),
        Change("ms", "<#q1>", "cica:speaker id:astana", "cica:speaker id:china"),
        ("quoted-attribution", "ms", "id:kazakhstan ;\n    cica:quotedIn <#q1>", "<#c28>"),
    ),
    "a length of nothing": (
        [Change("region", "<>", "textLength 3100", "textLength 0")],
        ("article-length", "region", "0 ;", "<>"),
        Change("region", "<>", "textLength 0", "textLength 20"),
        ("span-bounds", "region", "<#char=236,253>", ""),
    ),
    "an entity of the wrong kind": (
        [Change("people", "id:murat-nurtleu", "cica:Person", "cica:Place")],
        ("entity-kind", "people", "cica:Place", "id:murat-nurtleu"),
        None,
        None,
    ),
    "a class that does not exist": (
        [Change("people", "id:murat-nurtleu", "cica:Person", "cica:Persn")],
        ("unknown-term", "people", "cica:Persn", "id:murat-nurtleu"),
        None,
        None,
    ),
    "an entity with a slip": (
        [Change("ms", "<#c12>", "id:astana", "id:astna")],
        ("unknown-entity", "ms", "id:astna", ""),
        None,
        None,
    ),
    "the prefix of a file of entities": (
        [Change("people", "", "@prefix id: <https://w3id.org/cicakg/id/>", "@prefix id: <https://w3id.org/cicakg/ids/>")],
        ("prefix-iri", "people", "@prefix id:", ""),
        None,
        None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_one_fault_is_one_finding(project: Path, tmp_path: Path, name: str) -> None:
    """The cause alone is told, at its place; what it silenced is told when the cause is mended."""
    changes, (code, file, mark, subject), mending, after = CASES[name]
    planted = made(project, tmp_path / "dataset", *changes)
    assert places(report_of(planted)) == [(code, *place_of(planted, file, mark, subject))]
    if mending is not None and after is not None:
        planted.apply(mending)
        planted.write()
        code, file, mark, subject = after
        found = places(report_of(planted))
        assert CASES[name][1][0] not in {one[0] for one in found}
        assert (code, *place_of(planted, file, mark, subject)) in found


def accepting(planted: Planted, code: str, file: str, focus: str = "") -> None:
    """List findings of the rule *code* in *file* as accepted."""
    name = path_of(planted.root, file).relative_to(planted.root).as_posix()
    lines = ["[[accepted]]", f'code = "{code}"', f'file = "{name}"', 'reason = "A test."']
    planted.apply(
        Change("exceptions", "", "", "\n".join([*lines, *([f'focus = "{focus}"'] if focus else [])]))
    )
    planted.write()


def test_what_an_accepted_cause_brings_about_is_told(project: Path, tmp_path: Path) -> None:
    """Nobody is going to mend what is accepted, so its consequences are not to be lost."""
    speaker = Change("ms", "<#q1>", "cica:speaker id:kazakhstan", "cica:speaker id:astana")
    planted = made(project, tmp_path / "dataset", speaker)
    assert codes(report_of(planted)) == ["quotation-speaker"]
    accepting(planted, "quotation-speaker", "ms")
    assert set(codes(report_of(planted))) == {"quoted-attribution"}


def test_the_rules_of_the_consequences_exist(project: Path) -> None:
    """A rule that was misspelt there would silence nothing, or be silenced by nothing."""
    rules = {*CATALOGUE, *read_shape_rules(DatasetFolder(project))}
    named = {code for one in CONSEQUENCES for code in one.causes | one.effects}
    assert (named | OF_THE_FILE | OF_THE_CORPUS | OF_A_NAME) - rules == set()


def test_no_rule_silences_itself() -> None:
    """A rule among its own effects would silence all its findings, and none would be told."""
    assert [one for one in CONSEQUENCES if one.causes & one.effects] == []


@pytest.mark.parametrize("name", ["cica.ttl", "concepts.ttl"])
def test_a_broken_ontology_is_one_finding(toy: Toy, name: str) -> None:
    """What cannot be read is not said to be missing everywhere."""
    toy.replace(f"ontology/{name}", " .\n", " \n")
    assert [one.code for one in toy.findings()] == ["turtle-syntax"]
