"""Faults planted in the toy repository are found, by their code, at their exact line and column."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from toy_repository import Toy

from cicakg.checks.catalogue import CATALOGUE, TEXT_RULES
from cicakg.checks.shape_catalogue import SHAPE_CATALOGUE
from cicakg.model import Severity


@dataclass(frozen=True)
class Plant:
    """A fault: in the file *name*, *old* becomes *new*; the finding *code* stands at *mark*, or at line 1."""

    code: str
    name: str
    old: str
    new: str
    mark: str = ""
    has_texts: bool = False


PLACES = "data/entities/places.ttl"
PEOPLE = "data/entities/people.ttl"
OWN = "يوم 3 مايو 2031، وقالت رئيسته"
LABEL = '"Aminah Yusof"@en'

PLANTS = [
    Plant("turtle-syntax", "ms", "modality:plan ;", "modality:plan", "\n    cica:evidence <#char=156,204>"),
    Plant("file-base", "ms", "article/2031-ms", "article/2030-ms", "<https://w3id.org/cicakg/article/2030-ms"),
    Plant("file-graph", "ms", "dcterms:subject <>", "dcterms:subject <#>", "<#>"),
    Plant("file-graph", "ms", "a cica:AnnotationSet", "a cica:Article", "<> ;"),
    Plant("subject-place", "ms", "<#c07> a", "<2031-ar-river-council#c07> a", "<2031-ar-river-council#c07>"),
    Plant("subject-place", "ms", "<#c01> a", "id:old-town rdfs:seeAlso <> .\n<#c01> a", "id:old-town rdfs"),
    Plant("subject-place", PEOPLE, "id:aminah-yusof", "cica:x a cica:Person .\nid:aminah-yusof", "cica:x"),
    Plant("subject-once", "ms", "<#c02> a", "<#c01> a cica:Claim .\n<#c02> a", "<#c01> a cica:Claim ."),
    Plant("subject-column", "ms", "<#c05> a", "  <#c05> a", "<#c05> a"),
    Plant("entity-kind", PEOPLE, "a cica:Person", "a cica:Place", "cica:Place"),
    Plant("entity-fact", PEOPLE, "a cica:Person ;", "a cica:Person ; cica:place id:old-town ;", "cica:place"),
    Plant("blank-node", "ms", "cica:evidence <#char=94,109>", "cica:evidence [ a cica:Span ]", "[ a"),
    Plant("prefix-iri", "ms", "http://purl.org/dc/terms/", "http://purl.org/dc/", "@prefix dcterms:"),
    Plant("unknown-term", "ms", "rdf:predicate cica:place", "rdf:predicate cica:plase", "cica:plase"),
    Plant("unknown-term", "ms", "cica:asOf", "cica:asof", "cica:asof"),
    Plant("unknown-term", "ms", "dcterms:issued", "dcterms:date", "dcterms:date"),
    Plant("unknown-term", "ms", "<#c03> a cica:Claim", "<#c03> a cica:claim", "cica:claim"),
    Plant("unknown-term", PEOPLE, "a cica:Person", "a skos:Collection", "skos:Collection"),
    Plant("unknown-entity", "ms", "rdf:object id:old-town", "rdf:object id:old-tawn", "id:old-tawn"),
    Plant("unknown-entity", "ar", "modality:opinion", "modality:praise", "modality:praise"),
    Plant("literal-form", "ms", '"2031-05-03"^^', '"2031-13-03"^^', '"2031-13-03"'),
    Plant("literal-canonical", "ms", "rdf:object 12", "rdf:object 012", "012 ;"),
    Plant("literal-canonical", "ms", "rdf:object 12", 'rdf:object "12"^^xsd:int', '"12"^^xsd:int'),
    Plant("label-tag", PEOPLE, LABEL, '"Әмина"@kk-Cyrl', '"Әмина"'),
    Plant("label-tag", PEOPLE, LABEL, '"Aminah"@english', '"Aminah"@english'),
    Plant("label-tag", "ar", 'dcterms:language "ar"', 'dcterms:language "ar-Arab"', '"ar-Arab"'),
    Plant("label-hygiene", PEOPLE, LABEL, '" Aminah Yusof"@en', '" Aminah'),
    Plant("label-hygiene", PEOPLE, LABEL, '"Aminah\u200f Yusof"@en', '"Aminah\u200f'),
    Plant("label-hygiene", PEOPLE, LABEL, '"Ámi\u0301nah"@en', '"Ámi'),
    Plant("label-hygiene", PEOPLE, '"أمينة يوسف"@ar', '"أميـنة يوسف"@ar', '"أميـنة'),
    Plant("text-digest", "ms", "sha256:d0fc", "sha256:0000", '"sha256:0000', has_texts=True),
    Plant("text-length", "ms", "cica:textLength 2", "cica:textLength 32", "32", has_texts=True),
    Plant("text-missing", "ms", "00a1", "00a3", '"900_00000000000000a3"', has_texts=True),
    Plant("span-edges", "ms", "<#char=94,109>", "<#char=93,109>", "<#char=93,109>", has_texts=True),
    Plant("span-edges", "ms", "<#char=94,109>", "<#char=94,110>", "<#char=94,110>", has_texts=True),
    Plant("span-edges", "ms", "<#char=94,109>", "<#char=95,109>", "<#char=95,109>", has_texts=True),
    Plant("span-cluster", "ar", "<#char=38,86>", "<#char=0,4>", "<#char=0,4>", has_texts=True),
    Plant("own-words", "ar", '"it went well"@en', f'"{OWN}"@ar', f'"{OWN}', has_texts=True),
]  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS, ids=lambda one: f"{one.code} {one.new.split()[-1]}")
def test_a_planted_fault_is_found_where_it_stands(toy: Toy, plant: Plant) -> None:
    """The finding has the rule's code and severity, and stands at the exact line and column of the fault."""
    toy.replace(plant.name, plant.old, plant.new)
    found = toy.findings(plant.has_texts)
    places = [(one.file, one.position.line, one.position.column) for one in found if one.code == plant.code]
    line, column = _expected(toy, plant)
    assert (toy.path(plant.name), line, column) in places, found
    assert {one.severity for one in found if one.code == plant.code} == {CATALOGUE[plant.code].severity}


def _expected(toy: Toy, plant: Plant) -> tuple[int, int]:
    line, column = toy.place(plant.name, plant.mark)
    if plant.code == "prefix-iri":
        return line, 1
    return line, column


SHAPE_PLANTS = [
    Plant("span-form", "ms", "<#char=94,109>", "<#char=094,109>", "<#char=094,109>"),
    Plant("span-order", "ms", "<#char=94,109>", "<#char=109,94>", "<#char=109,94>"),
    Plant("span-bounds", "ms", "<#char=94,109>", "<#char=94,1090>", "<#char=94,1090>"),
    Plant("label-script", PEOPLE, '"أمينة يوسف"@ar', '"Amina Yusuf"@ar', '"Amina Yusuf"'),
    Plant("article-digest", "ms", '"sha256:', '"md5:', '"md5:'),
]


@pytest.mark.parametrize("plant", SHAPE_PLANTS, ids=lambda one: one.code)
def test_a_fault_found_by_a_shape_is_placed_exactly(toy: Toy, plant: Plant) -> None:
    """A SHACL result stands at the object of its triple; that of a span where its IRI is cited."""
    toy.replace(plant.name, plant.old, plant.new)
    found = [one for one in toy.findings() if one.code == plant.code]
    line, column = toy.place(plant.name, plant.mark)
    assert [(one.file, one.position.line, one.position.column) for one in found] == [
        (toy.path(plant.name), line, column)
    ]


def test_every_rule_of_the_catalogue_has_a_planted_fault() -> None:
    """No rule without a case that breaks it; the rest are tested by name in the files beside this one."""
    elsewhere = {"file-name", "exception-form", "exception-unused", *SHAPE_CATALOGUE}
    assert set(CATALOGUE) == {one.code for one in PLANTS} | elsewhere


def test_the_toy_repository_is_clean(toy: Toy) -> None:
    """Every rule passes on data that keeps them all, texts included."""
    assert toy.findings(has_texts=True) == []


def test_the_rules_about_texts_need_texts(toy: Toy) -> None:
    """Without texts no rule about them fires, whatever the annotation says."""
    toy.replace("ms", '"sha256:', '"sha256:0')
    codes = {one.code for one in toy.findings()}
    assert not codes & {one.code for one in TEXT_RULES}


def test_one_stray_character_is_one_message(toy: Toy) -> None:
    """An article that cannot be read is one violation: nothing else is said of it or because of it."""
    toy.replace("ms", "modality:plan ;", "modality:plan ,")
    violations = [one for one in toy.findings() if one.severity is Severity.VIOLATION]
    assert [one.code for one in violations] == ["turtle-syntax"]


def test_a_broken_entity_file_is_one_message(toy: Toy) -> None:
    """What refers to the entities of a file that cannot be read is not reported as unknown."""
    toy.replace(PLACES, "a cica:Place ;", "a cica:Place")
    report = toy.check()
    assert [one.code for one in report.findings] == ["turtle-syntax"]
    assert [dict(note.values)["names"] for note in report.notes] == ["places.ttl"]


def test_a_broken_shape_file_is_one_message(toy: Toy) -> None:
    """Shapes that cannot be read are a finding in their file, and say so."""
    toy.write("shapes/broken.ttl", "<x> a")
    report = toy.check()
    assert [(one.code, one.file.name) for one in report.findings] == [("turtle-syntax", "broken.ttl")]
    assert report.notes


@pytest.mark.parametrize("old", ["sh:minCount", "cica:evidence"])
def test_a_misspelt_term_in_a_shape_is_found(toy: Toy, old: str) -> None:
    """A typo in a shape silences it in every engine, so it is a finding in the shapes' file."""
    toy.replace("shapes/claim.ttl", old, old[:-1] + "x")
    found = toy.findings()
    assert [(one.code, one.file.name) for one in found] == [("unknown-term", "claim.ttl")]
    assert old in found[0].fix


def test_what_fails_one_level_is_not_shown_to_the_next(toy: Toy) -> None:
    """A claim with a misspelt term is not reported on by the shapes, though they would find something."""
    toy.replace("ms", "cica:asOf", "cica:asof")
    assert {one.code for one in toy.findings()} == {"unknown-term"}
    toy.replace("ms", "cica:asof", "rdfs:seeAlso")
    codes = {one.code for one in toy.findings()}
    assert codes
    assert "unknown-term" not in codes


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("data/articles/2031/river.ttl", "form"),
        ("data/articles/2031/2030-ms-x.ttl", "folder"),
        ("data/entities/rivers.ttl", "kind"),
    ],
)
def test_a_wrong_file_name_is_found(toy: Toy, name: str, word: str) -> None:
    """The name of a file says what is in it, and is at fault as a whole: line 1, column 1."""
    toy.write(name, "")
    found = [one for one in toy.findings() if one.code == "file-name"]
    assert [(one.file, one.position.line, one.position.column) for one in found] == [(toy.path(name), 1, 1)]
    assert word in found[0].message


def test_a_term_misspelt_twice_is_one_finding(toy: Toy) -> None:
    """Each misspelt term is reported once for each file, where it stands first."""
    toy.replace("ms", "cica:ordinal", "cica:ordnal")
    toy.replace("ms", "cica:chairedBy", "cica:ordnal")
    assert [one.code for one in toy.findings()] == ["unknown-term"]


def test_a_suggestion_names_the_nearest_term(toy: Toy) -> None:
    """A misspelt term or entity comes with the nearest that exists."""
    toy.replace("ms", "rdf:object id:old-town", "rdf:object id:old-tawn")
    found = [one for one in toy.findings() if one.code == "unknown-entity"]
    assert "id:old-town" in found[0].fix


def test_a_title_keeps_the_spelling_of_its_article(toy: Toy) -> None:
    """A tatweel in an article's title is what the article has; in a label it is a fault."""
    toy.replace("ar", 'dcterms:title "مجلسُ', 'dcterms:title "مجـلسُ')
    assert toy.findings() == []
