"""Questions with a parameter: changing one line asks the same of something else.

An empty answer proves nothing where the query could never answer. So each question is asked here of something
that the articles do speak of, and the answers were again found by reading.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeAlias

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions

from cicakg.examples import Example, read_examples
from cicakg.paths import DatasetFolder
from cicakg.store import Snapshot
from cicakg.vocab import CONCEPT, ID

Row: TypeAlias = dict[str, str]

PROJECT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = {one.number: one for one in read_examples(DatasetFolder(PROJECT))}
WITH_PARAMETER = [one for one in EXAMPLES.values() if "parameter" in one.keywords and one.number >= "039"]
PARAMETER = re.compile(r"WHERE \{\n  VALUES (?P<variables>\S+|\([^)]*\)) \{ (?P<value>[^}]+) \}\n")

OTHERS = [
    ("039", '"Jordan"', {"state": "jordan", "since": ""}),
    ("039", '"الأردن"', {"state": "jordan", "since": ""}),
    ("039", '"Malaysia"', {"state": "malaysia", "since": ""}),
    ("041", "id:kazakhstan", {"predecessor": "tajikistan"}),
    ("041", "id:azerbaijan", {"predecessor": "kazakhstan"}),
    ("043", "id:murat-nurtleu", {"office": "foreign-minister-of-kazakhstan"}),
    ("043", "id:murat-nurtleu", {"office": "deputy-prime-minister-of-kazakhstan"}),
    ("044", "id:tajikistan", {"successor": "kazakhstan"}),
    ("046", "id:cica", {"figure": "28"}),
    ("046", "id:cica-universities-network", {"figure": "175", "modality": CONCEPT + "modality/intention"}),
    ("047", "id:kazakhstan", {"aim": "Perkongsian untuk Keselamatan dan Pembangunan di Asia"}),
    ("049", "id:dushanbe", {"event": "cica-summit-5-2019"}),
    ("051", "id:president-of-kazakhstan", {"person": "kassym-jomart-tokayev"}),
    ("051", "id:ambassador-of-jordan-to-kazakhstan", {"person": "hamzeh-al-omari"}),
    ("052", '"2019"', {"subject": "cica-summit-5-2019", "date": "2019-06"}),
    ("053", '"2019"', {"subject": "cica-summit-5-2019", "date": "2019-06"}),
    ("060", '"منظمة التفاعل و وتداير بناء الثقة في أسيا"', {"thing": "cica", "language": "ar"}),
    ("060", '"Нұр-Сұлтан қаласында"', {"thing": "astana", "language": "kk"}),
    ("060", '"М.Тілеуберді"', {"thing": "mukhtar-tileuberdi", "language": "kk"}),
    ("060", '"dewan pakar"', {"thing": "cica-council-of-eminent-persons", "language": "ms"}),
    ("061", "id:kairat-sarybay", {"language": "ar", "name": "خيرت ساريباي"}),
    ("062", "id:cica", {"state": "jordan"}),
]
NOTHING = [
    ("039", '"Azerbaijan"'),  # named as the next chair, never as a member
    ("046", "id:cica-secretariat"),
    ("052", '"2016"'),
    ("060", '"АӨСШК-мен"'),  # a case that no article has
    ("062", "id:organization-of-turkic-states"),
]


def asked(snapshot: Snapshot, number: str, value: str) -> list[Row]:
    """Return the rows of query *number* with *value* as its parameter, IRIs of entities abbreviated."""
    text = EXAMPLES[number].text
    start, end = parameter(EXAMPLES[number]).span("value")
    solutions = snapshot.store.query(text[:start] + value + text[end:])
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: shown(row[name]) for name in names} for row in solutions]


def parameter(example: Example) -> re.Match[str]:
    """Return where the parameter of *example* stands in its text."""
    (found,) = PARAMETER.finditer(example.text)
    return found


def shown(term: object) -> str:
    """Return an entity's slug, another IRI or a literal's text, and nothing for an unbound variable."""
    return term.value.removeprefix(ID) if isinstance(term, NamedNode | Literal) else ""


@pytest.mark.parametrize("example", WITH_PARAMETER, ids=lambda one: one.slug)
def test_parameter_is_the_first_line_of_the_pattern(example: Example) -> None:
    """A form can fill the parameter, and a reader finds the one line to change."""
    assert parameter(example).start("value") > 0
    assert example.text.count("VALUES") == 1


@pytest.mark.parametrize(("number", "value", "expected"), OTHERS)
def test_question_can_be_asked_of_something_else(
    snapshot: Snapshot, number: str, value: str, expected: Row
) -> None:
    """With another parameter the query gives what the articles say of that."""
    rows = asked(snapshot, number, value)
    assert any(expected.items() <= row.items() for row in rows), rows


@pytest.mark.parametrize(("number", "value"), NOTHING)
def test_what_no_article_says_stays_empty(snapshot: Snapshot, number: str, value: str) -> None:
    """With a parameter of which the articles say nothing of the kind, there is no row."""
    assert asked(snapshot, number, value) == []
