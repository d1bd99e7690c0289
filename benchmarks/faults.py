"""The faults a benchmark plants in its corpora: at every level of the check, each by rule, place and node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Echo = tuple[str, str]
"""A rule, and the node it speaks of, as in a :class:`Fault`."""


@dataclass(frozen=True)
class Fault:
    """A kind of fault: in the toy file *place*, *old* becomes *new*; the finding stands at *mark*.

    *place* is ``ms`` for the Malay article, else the name of an entity file. *focus* is what the finding is
    about: a fragment of the article's IRI, or an entity as ``id:…``. *echoes* are what the shapes say beside
    the finding: the check holds them back, a SHACL engine alone does not. Only where it *is_seen* do they see
    the fault itself.
    """

    code: str
    place: str
    old: str
    new: str
    mark: str
    focus: str = ""
    echoes: tuple[Echo, ...] = ()
    is_seen: bool = True


def _file(place: str, code: str, edit: tuple[str, str], mark: str, focus: str = "", *echoes: Echo) -> Fault:
    """Return a fault of the file itself, which shapes see by their *echoes* only."""
    return Fault(code, place, *edit, mark, focus, echoes, is_seen=False)


def _shape(place: str, code: str, edit: tuple[str, str], mark: str, focus: str = "") -> Fault:
    return Fault(code, place, *edit, mark, focus)


_C01: Final = "<#c01> a cica:Claim ;\n"
_SAME: Final = """<#c08> a cica:Claim ;
    rdf:subject id:river-council ; rdf:predicate cica:memberCount ; rdf:object 12 ;
    cica:modality modality:fact ;
    cica:asOf "2031-05-04"^^xsd:date ;
    cica:evidence <#char=216,252> .

"""
_QUOTATION: Final = """<#q1> a cica:Quotation ;
    cica:speaker id:aminah-yusof ;
    cica:quotationForm <https://w3id.org/cicakg/concept/quotation-form/direct> ;
    cica:gloss "She is pleased."@en ;
    cica:evidence <#char=111,154> .

"""
_END: Final = """<#c08> a cica:Claim ;
    rdf:subject id:river-council-first-session ; rdf:predicate cica:endDate ;
    rdf:object "2031-05-02"^^xsd:date ;
    cica:modality modality:fact ;
    cica:evidence <#char=94,109> .

"""
_IDLE: Final = 'id:idle-town a cica:Place ;\n    skos:prefLabel "Idle Town"@en .\n\n'

FAULTS: Final = (
    # Vocabulary, tags, literals and layout (_file), single nodes and the whole corpus (_shape), by turns.
    _file("ms", "label-tag", ('"@ms', '"@MS'), '"Majlis'),
    _shape("ms", "span-order", ("<#char=94,109>", "<#char=109,94>"), "<#char=109,94>", "#c04"),
    _shape("ms", "claim-modality", ("cica:modality modality:plan ;", ""), "<#c06> a", "#c06"),
    _shape(
        "places", "entity-unused", ("id:new-town a", f"{_IDLE}id:new-town a"), "id:idle-town", "id:idle-town"
    ),
    _file("ms", "literal-canonical", ("rdf:object 12", "rdf:object 012"), "012 ;", "#c07"),
    _shape("ms", "article-digest", ('"sha256:', '"md5:'), '"md5:'),
    _shape("ms", "asof-missing", ('cica:asOf "2031-05-04"^^xsd:date ;', ""), "cica:memberCount", "#c07"),
    _shape("ms", "quotation-unused", (_C01, _QUOTATION + _C01), "<#q1> a", "#q1"),
    _file(
        "ms",
        "unknown-entity",
        ("object id:old-town", "object id:old-tawn"),
        "id:old-tawn",
        "#c03",
        ("entity-described", "#c03"),
    ),
    _shape("ms", "count-value", ("rdf:object 12 ;", "rdf:object -12 ;"), "-12 ;", "#c07"),
    _shape("places", "entity-label", ('"New Town"@en , ', ""), 'skos:prefLabel "Kota Baharu', "id:new-town"),
    _shape("ms", "claim-duplicate", (_C01, _SAME + _C01), "<#c08> a", "#c08"),
    _file(
        "ms",
        "unknown-term",
        ("predicate cica:chairedBy", "predicate cica:chairdBy"),
        "cica:chairdBy",
        "#c05",
        ("claim-term", "#c05"),
    ),
    _shape("ms", "span-bounds", ("<#char=94,109>", "<#char=269,300>"), "<#char=269,300>", "#c04"),
    _shape("ms", "claim-negated", ("cica:asOf", "cica:negated false ; cica:asOf"), "false ; cica:a", "#c07"),
    _shape("ms", "date-order", (_C01, _END + _C01), '"2031-05-02"', "#c08"),
    _file("ms", "subject-column", ("<#c05> a", "  <#c05> a"), "<#c05> a", "#c05"),
    _shape(
        "ms", "claim-quotation", ("cica:asOf", "cica:quotedIn <#c06> ; cica:asOf"), "<#c06> ; cica:a", "#c07"
    ),
    _shape("ms", "article-length", ("cica:textLength 270 ;", ""), "<> a"),
    _file("ms", "label-hygiene", ('"Majlis Sungai', '" Majlis Sungai'), '" Majlis'),
    _shape(
        "people", "label-script", ('"أمينة يوسف"@ar', '"Amina Yusuf"@ar'), '"Amina Yusuf', "id:aminah-yusof"
    ),
    _file(
        "ms",
        "literal-form",
        ('"2031-05-03"^^', '"2031-13-03"^^'),
        '"2031-13-03"',
        "#c04",
        ("date-form", "#c04"),
        ("fact-date", "#c04"),
    ),
    _shape("ms", "span-excluded", ("<#char=216,252>", "<#char=216,260>"), "<#char=216,260>", "#c07"),
    _shape(
        "ms",
        "set-guideline",
        ("    dcterms:conformsTo <https://w3id.org/cicakg/guideline/1> ;\n", ""),
        "<https://w3id.org/cicakg/graph",
        "graph",
    ),
    _file(
        "ms",
        "subject-once",
        ("<#c02> a", "<#c01> a cica:Claim .\n\n<#c02> a"),
        "<#c01> a cica:Claim .",
        "#c01",
    ),
    _shape("ms", "span-overlap", ("<#char=14,36>", "<#char=14,40>"), "<#char=14,40>", "#c03"),
    _shape(
        "ms",
        "attribution-missing",
        (
            "modality:fact ;\n    cica:evidence <#char=111,154>",
            "modality:opinion ;\n    cica:evidence <#char=111,154>",
        ),
        "modality:opinion",
        "#c05",
    ),
)
"""Planted in turn, so that each stretch of them holds several levels."""

UNREADABLE: Final = Fault(
    "turtle-syntax", "ms", "modality:plan ;", "modality:plan", "\n    cica:evidence <#char=156,204>"
)
"""A fault after which a file cannot be read at all; shapes that need the whole corpus are then not asked."""
