"""What a remedy is called in the language a reader asks for, in each format that shows it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from made_reports import FINDING, report_on
from toy_repository import Toy

from cicakg.checks.localisation import title_in_language
from cicakg.checks.remedies import Contexts, remedies
from cicakg.checks.remedies.titles import titled
from cicakg.checks.renderers import FORMATS, View
from cicakg.checks.report import Report
from cicakg.checks.templates import LANGUAGES, templates
from cicakg.model import Edit, Position, Remedy
from cicakg.paths import DatasetFolder

HERE = Position(1, 1)
EDIT = Edit(HERE, HERE, "id:city")
OTHERS = tuple(one for one in LANGUAGES if one != "en")
BEGINNINGS = {"en": "Write id:city", "ar": "اكتب", "kk": "id:city деп жазу", "ms": "Tulis", "ru": "Написать"}


def report_with(*found: Remedy) -> Report:
    """Return a report on one finding with the remedies *found*."""
    return replace(report_on(FINDING), remedies={FINDING: found})


def test_every_title_is_used_and_every_title_used_is_there(project: Path) -> None:
    """The table of titles and the code that names them are one list."""
    folder = project / "src/cicakg/checks/remedies"
    source = "".join(one.read_text(encoding="utf-8") for one in sorted(folder.glob("*.py")))
    named = {
        key for call in re.findall(r"titled\(([^,]*),", source) for key in re.findall(r'"([a-z-]+)"', call)
    }
    named |= set(re.findall(r'key = "([a-z-]+)" if .* else "(?:[a-z-]+)"', source))
    named |= set(re.findall(r'key = "(?:[a-z-]+)" if .* else "([a-z-]+)"', source))
    assert named == {key.partition("/")[2] for key in templates("en") if key.startswith("remedy/")}


def test_a_title_that_is_not_there_is_an_error() -> None:
    """A misspelt key is found where it is used, not by the reader."""
    with pytest.raises(KeyError):
        titled("wriet", (EDIT,), text="x")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_remedy_is_called_in_the_language(toy: Toy, language: str) -> None:
    """A real remedy of a misspelt name: its title names what is written, in the reader's language."""
    toy.replace("ms", "rdf:object id:old-town", "rdf:object id:oldtwon")
    (finding,) = toy.check().findings
    found = remedies(finding, Contexts(DatasetFolder(toy.root), (), None).of(finding.file))
    shown = title_in_language(found[0], language)
    assert "id:old-town" in shown
    assert shown.startswith(BEGINNINGS[language].replace("id:city", "id:old-town"))


@pytest.mark.parametrize("language", OTHERS)
def test_a_label_in_a_title_ends_no_isolate(language: str) -> None:
    """A sign of direction in a label from the data is written out in every language."""
    made = titled("make-alternative", (EDIT,), label='"مدينة\u2069"@ar')
    shown = title_in_language(made, language)
    assert "\\u2069" in shown
    assert shown.count("\u2068") == shown.count("\u2069") == 1


def test_a_remedy_without_wording_keeps_its_title() -> None:
    """What is not translated is shown as it is."""
    assert title_in_language(Remedy("Do it", (EDIT,)), "ar") == "Do it"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_formats_show_it_in_the_language(language: str) -> None:
    """Text, JSON and SARIF have the same title; in a line of text an Arabic one is isolated."""
    report = report_with(titled("write", (EDIT,), True, text="id:city"))
    view = View(Path("/"), language=language)
    title = json.loads(FORMATS["json"](report, view))["findings"][0]["fixes"][0]["title"]
    assert title.startswith(BEGINNINGS[language])
    (run,) = json.loads(FORMATS["sarif"](report, view))["runs"]
    assert run["results"][0]["fixes"][0]["description"]["text"] == title
    shown = f"\u2068{title}\u2069" if language == "ar" else title
    assert f" {shown} (--fix)" in FORMATS["text"](report, view)


def test_what_the_fix_says_is_left_out_in_every_language() -> None:
    """A remedy that the English fix names already is no more news in another language."""
    report = report_with(titled("write", (Edit(HERE, HERE, FINDING.fix.split()[0]),), text="x"))
    for language in LANGUAGES:
        assert templates(language)["report/mend-label"] not in FORMATS["text"](
            report, View(Path("/"), language=language)
        )
