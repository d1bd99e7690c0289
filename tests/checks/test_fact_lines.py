"""How the facts of a finding are shown in each format."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import fromstring

from made_reports import FINDING, report_on

from cicakg.checks.facts import MORE
from cicakg.checks.renderers import FORMATS, View
from cicakg.checks.report import Report
from cicakg.model import Fact, Position

OTHER = Path("/nowhere/data/b.ttl")
FACTS = (
    Fact("other", "<#c57>", OTHER, Position(120, 1), "http://e/b#c57"),
    Fact("gives", "27"),
    Fact("other", "<#c58>", OTHER, Position(130, 1), "http://e/b#c58", row=1),
    Fact("gives", "سبعة@ar", row=1),
    Fact(MORE, "4", row=2),
)
FIRST = "other: <#c57> data/b.ttl:120:1 · gives: 27"
SECOND = "other: <#c58> data/b.ttl:130:1 · gives: \u2068سبعة@ar\u2069"


def shown(form: str, *facts: Fact, language: str = "en") -> str:
    """Return a report of one finding with *facts* in the format *form*."""
    return FORMATS[form](made(*facts), View(Path("/nowhere"), language=language))


def made(*facts: Fact) -> Report:
    """Return a report of one finding with *facts*."""
    return report_on(replace(FINDING, facts=facts))


def test_the_text_has_a_line_for_each_row() -> None:
    """They stand between the excerpt and the fix, what belongs together in one line."""
    lines = shown("text", *FACTS).splitlines()
    at = lines.index(f"    {FIRST}")
    assert lines[at + 1 : at + 4] == [f"    {SECOND}", "    +4", "    fix: Mend it."]


def test_values_of_one_name_are_a_list() -> None:
    """The classes a property takes are named once."""
    listed = (Fact("class", "cica:State"), Fact("takes", "cica:Place"), Fact("takes", "cica:Agent"))
    assert "    class: cica:State · takes: cica:Place, cica:Agent" in shown("text", *listed).splitlines()


def test_the_names_are_in_the_language_of_the_reader_and_isolated() -> None:
    """Values and places stay as they are; an Arabic word does not turn the line round."""
    lines = shown("text", *FACTS, language="ar").splitlines()
    assert "    \u2068الآخر\u2069: <#c57> data/b.ttl:120:1 · \u2068قيمتها\u2069: 27" in lines
    assert "другое: <#c57>" in shown("text", *FACTS, language="ru")


def test_a_name_without_words_is_shown_as_it_is() -> None:
    """A rule of somebody's own shapes may ask for whatever it calls a name."""
    assert "    flavour: sweet" in shown("text", Fact("flavour", "sweet"), language="kk").splitlines()


def test_a_value_cannot_act_on_the_terminal() -> None:
    """A control character of the data is written out, in a value as in a message."""
    assert "\x1b" not in shown("text", Fact("gives", "\x1b[2J"))


def test_other_formats_have_them_behind_the_sentence() -> None:
    """GitHub's annotation, the test case and the row of the table say the same, with nothing as markup."""
    assert f"Mend it. ({FIRST}; {SECOND}; +4)" in shown("github", *FACTS)
    case = fromstring(shown("junit", *FACTS)).find("./testsuite/testcase/failure")  # noqa: S314
    assert case is not None
    assert case.text is not None
    assert f"Mend it. ({FIRST}; " in case.text
    row = next(line for line in shown("markdown", *FACTS).splitlines() if "<code>some-rule" in line)
    assert "<br>other: &#60;&#35;c57&#62; data/b.ttl:120:1 · gives: 27<br>" in row.replace("<!-- -->", "")


def test_json_has_them_with_their_places() -> None:
    """A program gets name, value, IRI and place, and which belong together."""
    (finding,) = json.loads(shown("json", *FACTS))["findings"]
    assert finding["facts"][:2] == [
        {
            "name": "other",
            "value": "<#c57>",
            "iri": "http://e/b#c57",
            "row": 0,
            "file": "data/b.ttl",
            "line": 120,
            "column": 1,
        },
        {"name": "gives", "value": "27", "iri": None, "row": 0},
    ]
    assert json.loads(shown("json"))["findings"][0]["facts"] == []


def test_sarif_relates_their_places() -> None:
    """A code scanning service links to each claim that is named."""
    (result,) = json.loads(shown("sarif", *FACTS))["runs"][0]["results"]
    places = [one["physicalLocation"] for one in result["relatedLocations"]]
    assert [(one["artifactLocation"]["uri"], one["region"]["startLine"]) for one in places] == [
        ("data/b.ttl", 120),
        ("data/b.ttl", 130),
    ]
    assert len({one["id"] for one in result["relatedLocations"]}) == 2
    assert "relatedLocations" not in json.loads(shown("sarif"))["runs"][0]["results"][0]


def test_a_finding_is_recognised_without_its_facts() -> None:
    """What is new is told by the finding: that the other claim moved makes it no other."""
    assert replace(FINDING, facts=FACTS) == FINDING
    marks = [
        json.loads(shown("sarif", *facts))["runs"][0]["results"][0]["partialFingerprints"]
        for facts in ((), FACTS)
    ]
    assert marks[0] == marks[1]
