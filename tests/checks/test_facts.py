"""What a reader of a finding is told beside its sentence: the other claim and its place, a date, a class."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import NamedNode, Store, Triple
from shape_cases import CASES, SHAPES, background, case, derived
from toy_repository import Toy

from cicakg.checks.engines.asking import solutions_of
from cicakg.checks.engines.fast import FastEngine
from cicakg.checks.engines.plan import query_text
from cicakg.checks.engines.port import DataGraph
from cicakg.checks.engines.shapes_graph import sh
from cicakg.checks.facts import MORE, MOST_ROWS, MOST_VALUES, with_facts
from cicakg.checks.locate import Locator
from cicakg.checks.memory import Memory
from cicakg.checks.renderers import FORMATS, View
from cicakg.checks.report import check
from cicakg.checks.shape_rules import shape_rules_of
from cicakg.checks.shapes import findings_of, shapes_graph
from cicakg.checks.templates import LANGUAGES, templates
from cicakg.corpus import SourceFile
from cicakg.errors import CicakgError
from cicakg.model import Fact, FileKind, Finding
from cicakg.paths import DatasetFolder
from cicakg.turtle import TurtleDocument, read_turtle
from cicakg.vocab import PREFIXES

BASE: Final = "https://w3id.org/cicakg/article/2020-en-case"
DOCUMENTS: Final = tuple(read_turtle(path.read_bytes()) for path in sorted(SHAPES.glob("*.ttl")))

# What stands in tests/cases/<code>/fail.ttl, fail-2.ttl and, of the things and meetings, in background.ttl.
EXPECTED: Final = {
    "article-bounds": {("earliest", "2020-06-01")},
    "article-twice": {("other", "article:2020-en-case")},
    "asof-missing": {("issued", "2020-06-15")},
    "attribution-agent": {("class", "cica:Meeting")},
    "chair-overlap": {
        ("other", "<#c02>"),
        ("chairmanship", "id:toy-chair-a"),
        ("from", "2016"),
        ("until", "2018-06-15"),
    },
    "claim-domain": {("class", "cica:Person"), ("saidOf", "cica:Meeting")},
    "claim-duplicate": {("other", "<#c01>")},
    "claim-object": {("has", "id:aland"), ("has", "id:berland")},
    "conflict-accepted": {("other", "<#c01>")},
    "conflict-symmetric": {("other", "<#c02>")},
    "conflict-unflagged": {("other", "<#c01>"), ("gives", "27")},
    "date-order": {("other", "<#c01>"), ("start", "2018-05")},
    "deprecated-used": {("instead", "id:toytown")},
    "document-adoption": {("other", "<#c01>"), ("start", "2020-09-01")},
    "external-id-shared": {("other", "id:toy-topic-a")},
    "fact-date": {("issued", "2020-06-15")},
    "label-homonym": {("other", "id:toy-topic-a")},
    "label-per-language": {("label", "commerce@en"), ("label", "business@en")},
    "membership-overlap": {("other", "<#c03>"), ("role", "role:observer"), ("holder", "id:aland")},
    "negation-clash": {("other", "<#c01>")},
    "ordinal-order": {
        ("start", "2014"),
        ("other", "<#c01>"),
        ("meeting", "id:toy-meeting-1"),
        ("otherNumber", "5"),
        ("otherStart", "2016-03"),
    },
    "ordinal-unique": {("other", "<#c01>"), ("meeting", "id:toy-meeting-1"), ("series", "id:toy-series")},
    "place-homonym": {("state", "id:aland")},
    "plan-date": {("issued", "2020-06-15")},
    "quoted-attribution": {("quotation", "<#q1>"), ("speaker", "id:jane-roe")},
    "replaces-sound": {("other", "<#c01>"), ("subject", "id:toy-chair-a"), ("predicate", "cica:startDate")},
    "span-bounds": {("length", "1000")},
    "span-excluded": {("passage", "<#char=0,31>")},
    "span-length": {("length", "401")},
    "span-overlap": {("other", "<#char=39,60>"), ("shared", "1")},
    "succession-order": {
        ("other", "<#c01>"),
        ("before", "id:toy-chair-b"),
        ("beforeStart", "2016-05"),
        ("after", "id:toy-chair-a"),
        ("afterStart", "2014"),
    },
    "succession-unique": {("other", "<#c01>"), ("before", "id:toy-chair-a"), ("after", "id:toy-chair-b")},
    "tenure-role": {("tenure", "id:toy-chair-a"), ("class", "cica:Chairmanship")},
}


def judged(
    files: list[SourceFile], shapes: tuple[TurtleDocument, ...], behind: tuple[Triple, ...] = ()
) -> list[Finding]:
    """Return the findings of *shapes* in *files*, with their facts."""
    triples = [*behind, *(one for file in files for one in file.document.statements)]
    data, graph, locator = DataGraph([*triples, *derived(triples)]), shapes_graph(shapes), Locator(files)
    found = findings_of(
        FastEngine().results(data, graph), shape_rules_of(shapes), locator, Path("nowhere.ttl")
    )
    return with_facts(found, (graph,), lambda: data.store, locator)


def findings_in(code: str) -> list[Finding]:
    """Return the findings of the failing case of the rule *code*, with their facts."""
    paths = [*case(code, "fail").files]
    if not re.search("^<> a cica:Article", paths[0].read_text(encoding="utf-8"), re.MULTILINE):
        paths.append(CASES / "header.ttl")
    files = [
        SourceFile(one, FileKind.ARTICLE, NamedNode(BASE), read_turtle(one.read_bytes(), BASE))
        for one in paths
    ]
    return judged(files, DOCUMENTS, tuple(one.triple for one in background()))


def line_of(fact: Fact) -> str:
    """Return the line of the file where *fact* stands, from its place on."""
    assert fact.file is not None
    assert fact.position is not None
    line = fact.file.read_text(encoding="utf-8").splitlines()[fact.position.line - 1]
    return line[fact.position.column - 1 :]


@pytest.mark.parametrize("code", EXPECTED)
def test_a_finding_names_the_other_half(code: str) -> None:
    """What a rule compares is named, and what stands in a file of the case is named with its place."""
    (finding,) = findings_in(code)
    assert {(one.name, one.value) for one in finding.facts} == EXPECTED[code]
    for one in finding.facts:
        if one.value.startswith("<#"):
            assert line_of(one).startswith(one.value)


def test_a_claim_of_another_article_is_named_with_its_own_file() -> None:
    """A name such as <#c01> says nothing without the file: the two claims are in two."""
    (finding,) = findings_in("conflict-unflagged")
    other = next(one for one in finding.facts if one.name == "other")
    assert (finding.file.name, other.file and other.file.name) == ("fail-2.ttl", "fail.ttl")
    assert other.iri == f"{BASE}#c01"


def names_asked() -> dict[str, set[str]]:
    """Return the names of the facts that each file of shapes asks for."""
    found = {}
    for path in SHAPES.glob("*.ttl"):
        text = path.read_text(encoding="utf-8")
        heads = re.findall(r'rule:facts \[[^"]*"""\s*SELECT (?:DISTINCT )?([^{]*?) WHERE', text)
        found[path.name] = {name for head in heads for name in re.findall(r"\?(\w+)", head)}
    return found


def test_every_fact_has_words_and_no_words_are_left_over() -> None:
    """A reader of any language sees a word, not the name of a variable."""
    asked = set().union(*names_asked().values())
    assert len(asked) > 30
    for language in LANGUAGES:
        assert {
            one.removeprefix("facts/") for one in templates(language) if one.startswith("facts/")
        } == asked


def test_every_query_for_facts_can_be_asked() -> None:
    """None is broken where no case of its rule would tell."""
    graph = shapes_graph(DOCUMENTS)
    node = NamedNode("http://localhost/it")
    asked = [one for one in graph.triples if one.predicate.value.endswith("shapes#facts")]
    assert len(asked) > 60
    for one in asked:
        (text,) = graph.texts(one.object, sh("select"))
        given = {"this": node, "value": node} if "$value" in text.value else {"this": node}
        assert list(solutions_of(Store(), query_text(graph, one.object, text.value), given)) == []


# The mechanism, on shapes of its own

SHAPE = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rule: <https://w3id.org/cicakg/shapes#> .
@prefix e: <http://localhost/> .
rule:Own a sh:PropertyShape ; sh:targetSubjectsOf e:bad ; sh:path e:bad ; sh:in () ; sh:message "Bad."@en ;
    rule:code "own" ; rule:fix "Mend it."@en ;
    rule:facts [ sh:select \"\"\"%s\"\"\" ] .
"""


def facts_of(query: str, *said: str) -> list[tuple[Fact, ...]]:
    """Return the facts of each finding of a shape with the facts *query* about what is *said* of e:it."""
    text = "@prefix e: <http://localhost/> .\n" + "\n".join(f"{one} ." for one in said)
    file = SourceFile(Path("a.ttl"), FileKind.ARTICLE, NamedNode(BASE), read_turtle(text.encode()))
    return [one.facts for one in judged([file], (read_turtle((SHAPE % query).encode()),))]


PREFIX = "PREFIX e: <http://localhost/> "


def test_values_that_differ_in_one_thing_are_one_row() -> None:
    """The classes a property takes are a list, beside the class that stands there."""
    query = PREFIX + "SELECT $this ?is ?takes WHERE { $this e:is ?is ; e:takes ?takes }"
    (facts,) = facts_of(query, 'e:it e:bad 1 ; e:is "x" ; e:takes "b" , "a"')
    assert [(one.name, one.value, one.row) for one in facts] == [
        ("is", "x", 0),
        ("takes", "a", 0),
        ("takes", "b", 0),
    ]


def test_rows_stay_together_and_only_a_few_are_shown() -> None:
    """Of many pairs the first are shown, by their numbers, and how many more there are is said."""
    query = PREFIX + "SELECT $this ?n ?name WHERE { $this e:has ?x . ?x e:n ?n ; e:name ?name }"
    said = [f'e:it e:has e:x{n} . e:x{n} e:n {n} ; e:name "n{n}"' for n in (10, 2, 1, 30, 4)]
    (facts,) = facts_of(query, "e:it e:bad 1", *said)
    rows = [[(one.name, one.value) for one in facts if one.row == row] for row in range(MOST_ROWS + 1)]
    assert rows[:2] == [[("n", "1"), ("name", "n1")], [("n", "2"), ("name", "n2")]]
    assert rows[-1] == [(MORE, "2")]


def test_of_a_long_list_the_first_are_shown() -> None:
    """A list is cut as well, and says so."""
    query = PREFIX + "SELECT $this ?has WHERE { $this e:has ?has }"
    (facts,) = facts_of(
        query, "e:it e:bad 1 ; e:has " + " , ".join(str(one) for one in range(MOST_VALUES + 3))
    )
    assert [one.value for one in facts] == [*map(str, range(MOST_VALUES)), "3"]
    assert facts[-1].name == MORE


def test_the_value_at_fault_is_asked_about() -> None:
    """$value is the value of the result; where a result has none, a query that needs it is not asked."""
    query = PREFIX + "SELECT $this $value ?twice WHERE { $this e:bad $value BIND(2 * $value AS ?twice) }"
    found = facts_of(query, "e:it e:bad 1 , 4")
    assert [(one.name, one.value) for facts in found for one in facts] == [("twice", "2"), ("twice", "8")]


def test_a_query_for_facts_reaches_nothing_but_the_data() -> None:
    """A query that would read something else is refused, as everywhere in the shapes."""
    with pytest.raises(CicakgError) as refused:
        facts_of("SELECT $this ?x FROM <http://localhost/g> WHERE { $this ?p ?x }", "e:it e:bad 1")
    assert refused.value.code == "shape-query"


# In a whole check


def facts_in(toy: Toy, memory: Memory | None = None, seconds: float | None = None) -> list[tuple[str, str]]:
    """Return the facts of the one finding in the toy repository."""
    (finding,) = check(DatasetFolder(toy.root), seconds=seconds, memory=memory).findings
    return [(one.name, one.value) for one in finding.facts]


def test_a_check_tells_facts_in_a_child_process_and_again(toy: Toy) -> None:
    """With a time limit the shapes run in a child; with a memory, results are kept and facts asked anew."""
    toy.replace("ms", "<#char=94,109>", "<#char=94,1090>")
    length = re.search(r"cica:textLength (\d+)", toy.path("ms").read_text(encoding="utf-8"))
    assert length is not None
    memory = Memory()
    expected = [("length", length[1])]
    assert facts_in(toy, memory) == expected
    assert facts_in(toy, memory) == expected
    assert facts_in(toy, seconds=60) == expected


def test_facts_are_asked_only_of_what_is_reported(toy: Toy) -> None:
    """Nothing is asked about a finding that the reader of the report does not see."""
    toy.replace("ms", "<#char=94,109>", "<#char=94,1090>")
    graph = shapes_graph(DOCUMENTS)
    (finding,) = toy.findings()
    found = with_facts([finding], (graph,), lambda: pytest.fail("asked"), Locator(()), lambda _: False)
    assert [one.facts for one in found] == [finding.facts]


def test_the_standard_report_has_results_only(toy: Toy) -> None:
    """Facts are the tool's own: the SHACL report is the same without them."""
    toy.replace("ms", "<#char=94,109>", "<#char=94,1090>")
    text = FORMATS["turtle"](toy.check(), View(toy.root))
    assert PREFIXES["sh"] in text
    assert "length" not in text.replace("textLength", "")


def test_a_literal_is_shown_with_its_language() -> None:
    """Two labels that differ in their tag only would look the same."""
    query = PREFIX + "SELECT $this ?has WHERE { $this e:has ?has }"
    (facts,) = facts_of(query, 'e:it e:bad 1 ; e:has "x"@en , "x"@ms')
    assert [one.value for one in facts] == ["x@en", "x@ms"]
