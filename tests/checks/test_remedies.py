"""Faults planted in the toy repository, each with the remedy that leads back to what stood there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pytest
from toy_repository import Toy

from cicakg.checks.mending import edited
from cicakg.checks.remedies import Contexts, remedies
from cicakg.model import Finding, Remedy
from cicakg.paths import DatasetFolder

ORGANIZATIONS: Final = "data/entities/organizations.ttl"
PEOPLE: Final = "data/entities/people.ttl"
PLACES: Final = "data/entities/places.ttl"


@dataclass(frozen=True)
class Planted:
    """A fault: the rule it breaks, the file, what stands there, what is planted, and if it needs texts."""

    code: str
    file: str
    right: str
    wrong: str
    has_texts: bool = False

    def __str__(self) -> str:
        """Return what pytest calls the case."""
        return f"{self.code}: {self.wrong!r:.40}"


SAFE: Final = (
    Planted("span-form", "ms", "<#char=38,93>", "<#char=038,093>"),
    Planted("span-missing", "ms", "<#char=38,93>", "<#char=38-93>"),
    Planted("span-order", "ms", "<#char=111,154>", "<#char=154,111>", has_texts=True),
    Planted("span-edges", "ms", "<#char=111,154>", "<#char=110,154>", has_texts=True),
    Planted("text-length", "ms", "textLength 270", "textLength 271", has_texts=True),
    Planted("article-length", "ms", "textLength 270", 'textLength "270"'),
    Planted("literal-canonical", "ms", "rdf:object 12", "rdf:object 012"),
    Planted("claim-range", "ms", "rdf:object 12", 'rdf:object "12"'),
    Planted("asof-form", "ms", 'cica:asOf "2031-05-04"^^xsd:date', 'cica:asOf "2031-05-04"'),
    Planted("literal-form", "ms", 'cica:asOf "2031-05-04"^^xsd:date', 'cica:asOf "2031-5-4"^^xsd:date'),
    Planted("date-form", "ms", 'rdf:object "2031-05-03"^^xsd:date', 'rdf:object "2031-05-03"'),
    Planted("label-tag", "ms", 'Kota Lama"@ms', 'Kota Lama"@MS'),
    Planted("label-tag", PLACES, '"Kota Lama"@ms', '"Kota Lama"@ms-Latn'),
    Planted("label-tag", PLACES, '"Kota Lama"@ms', '"Kota Lama"@msa'),
    Planted("label-hygiene", PLACES, '"المدينة القديمة"', '"\u200fالمدينة القديمة"'),
    Planted("label-hygiene", PLACES, '"Kota Lama"', '" Kota Lama\\u00A0"'),
    Planted("label-hygiene", PEOPLE, '"أمينة يوسف"', '"ا\u0654مينة يوسف"'),
    Planted("label-repeated", PEOPLE, '@ms .', '@ms ; skos:altLabel "Aminah Yusof"@en .'),
    Planted("claim-negated", "ms", "<#char=216,252> .", "<#char=216,252> ;\n    cica:negated false ."),
    Planted("claim-negated", "ms", "rdf:object 12 ;\n", "rdf:object 12 ;\n    cica:negated false ;\n"),
    Planted("prefix-iri", "ms", "<https://w3id.org/cicakg/ontology#>", "<https://w3id.org/cicakg/ontology/>"),
    Planted("file-base", "ms", "@base <https://w3id.org/cicakg/article/2031-ms-river", "@base <https://w3id.org/cicakg/article/2031-ms-rivr"),
    Planted("file-graph", "ms", "graph/2031-ms-river-council", "graph/2031-ms-river-councl"),
    Planted("file-graph", "ms", "dcterms:subject <>", "dcterms:subject <#article>"),
    Planted("subject-column", "ms", "\n<#c02> a", "\n  <#c02> a"),
    Planted("turtle-syntax", "ms", "@prefix modality: <https://w3id.org/cicakg/concept/modality/> .\n", ""),
    Planted("turtle-syntax", "ms", "@base <https://w3id.org/cicakg/article/2031-ms-river-council> .\n", ""),
    Planted("unknown-entity", "ms", "rdf:object id:old-town", "rdf:object id:Old_Town"),
    Planted("unknown-term", "ms", "cica:textLength", "cica:TextLength"),
    Planted("article-title", "ms", 'Kota Lama"@ms', 'Kota Lama"'),
    Planted("article-identifier", "ms", '"900_00000000000000a1"', '"900_00000000000000a1.txt"'),
    Planted("article-digest", "ms", '"sha256:d0fcb6', '"SHA256:D0FCB6'),
    Planted("entity-class", "data/entities/events.ttl", "a cica:Meeting ", "a cica:Meeting , cica:Event "),
    Planted("set-guideline", "ms", "guideline/1>", "guideline/v1>"),
    Planted("set-licence", "ms", "<https://creativecommons.org/licenses/by/4.0/>", '"https://creativecommons.org/licenses/by/4.0/"'),
)  # fmt: skip

TO_CHOOSE: Final = (
    Planted("unknown-entity", "ms", "rdf:object id:old-town", "rdf:object id:oldtwon"),
    Planted("unknown-entity", "ms", "rdf:object id:old-town", "rdf:object id:kota-lama"),
    Planted("unknown-entity", "ms", "rdf:object id:old-town", "rdf:object id:المدينة-القديمة"),
    Planted("unknown-entity", "ms", "cica:modality modality:plan", "cica:modality modality:plans"),
    Planted("unknown-term", "ms", "cica:evidence", "cica:evidense"),
    Planted("unknown-term", "ms", "a cica:Article", "a cica:Artikel"),
    Planted("unknown-term", "ms", "rdf:predicate cica:chairedBy", "rdf:predicate cica:chairdBy"),
    Planted("span-order", "ms", "<#char=111,154>", "<#char=154,111>"),
    Planted("span-bounds", "ms", "<#char=255,269>", "<#char=255,2690>", has_texts=True),
    Planted("span-edges", "ms", "<#char=111,154>", "<#char=111,155>", has_texts=True),
    Planted("span-edges", "ms", "<#char=111,154>", "<#char=112,152>", has_texts=True),
    Planted("span-overlap", "ms", "<#char=14,36>", "<#char=14,36>, <#char=14,30>"),
    Planted("label-language", PLACES, '"Kota Lama"@ms', '"Kota Lama"'),
    Planted("label-script", PLACES, '"المدينة القديمة"@ar', '"المدينة القديمة"@en'),
    Planted("label-hygiene", PLACES, '"المدينة', '"الـمدينة'),
    Planted("label-tag", PLACES, '"المدينة القديمة"@ar', '"المدينة القديمة"@arab'),
    Planted("date-form", "ms", '"2031-05-03"^^xsd:date', '"2031-05-03T00:00:00"^^xsd:dateTime'),
    Planted("claim-modality", "ms", "modality:plan", "modality:plan , modality:fact"),
    Planted("claim-home", "ms", "<#char=216,252>", "<https://w3id.org/cicakg/article/2031-ar-river-council#char=216,252>"),
    Planted("claim-iri", "ms", "<#c06>", "<#c6>"),
    Planted("subject-once", "ms", "<#c07>", "<#c06>"),
    Planted("subject-place", "ms", "<#c06>", "<https://w3id.org/cicakg/article/2031-ar-river-council#c06>"),
    Planted("article-language", "ms", '    dcterms:language "ms" ;\n', ""),
    Planted("article-name", "ms", 'dcterms:language "ms"', 'dcterms:language "ar"'),
    Planted("turtle-syntax", "ms", 'rdf:object 12 ;', 'rdf:object 12'),
    Planted("turtle-syntax", "ms", "cica:modality modality:fact ;", "cica:modality modalty:fact ;"),
    Planted("blank-node", "ms", "<#char=216,252>", "[ oa:start 216 ; oa:end 252 ]"),
)  # fmt: skip


def planted(toy: Toy, fault: Planted) -> bytes:
    """Plant *fault* in *toy* and return what the file held before."""
    before = toy.path(fault.file).read_bytes()
    if "oa:" in fault.wrong:
        toy.replace(fault.file, "@prefix rdf:", "@prefix oa: <http://www.w3.org/ns/oa#> .\n@prefix rdf:")
        before = toy.path(fault.file).read_bytes()
    toy.replace(fault.file, fault.right, fault.wrong)
    return before


def found(toy: Toy, fault: Planted) -> tuple[Finding, tuple[Remedy, ...]]:
    """Return the finding of the planted *fault*, and its remedies."""
    report = toy.check(has_texts=fault.has_texts)
    (finding, *_) = [one for one in report.findings if one.code == fault.code]
    contexts = Contexts(DatasetFolder(toy.root), (), toy.texts if fault.has_texts else None)
    return finding, remedies(finding, contexts.of(finding.file))


def mended(toy: Toy, fault: Planted, remedy: Remedy) -> bytes:
    """Return what the file with the *fault* holds after *remedy*."""
    return edited(toy.path(fault.file).read_bytes(), remedy.edits)


@pytest.mark.parametrize("fault", SAFE, ids=str)
def test_the_safe_remedy_leads_back(toy: Toy, fault: Planted) -> None:
    """Where one thing only can be meant, there is one safe remedy, and after it the file is as it was."""
    before = planted(toy, fault)
    _, mends = found(toy, fault)
    (safe,) = [one for one in mends if one.is_safe]
    assert safe == mends[0]
    assert mended(toy, fault, safe).decode() == before.decode()


@pytest.mark.parametrize("fault", TO_CHOOSE, ids=str)
def test_what_was_meant_is_among_the_remedies(toy: Toy, fault: Planted) -> None:
    """Where several things can be meant, none is safe, and one of at most four gives what stood there; after
    each of them the finding is gone.
    """
    before = planted(toy, fault)
    finding, mends = found(toy, fault)
    assert not any(one.is_safe for one in mends)
    assert 1 <= len(mends) <= 4
    after = [mended(toy, fault, one) for one in mends]
    assert before.decode() in [one.decode() for one in after]
    for content in after:
        toy.path(fault.file).write_bytes(content)
        assert finding not in toy.check(has_texts=fault.has_texts).findings
