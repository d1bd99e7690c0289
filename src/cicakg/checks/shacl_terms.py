"""The terms of SHACL that the shapes may use."""

from __future__ import annotations

from typing import Final

from cicakg.vocab import PREFIXES

# SHACL Core and SHACL-SPARQL (https://www.w3.org/TR/shacl/), and the SPARQL targets of
# SHACL Advanced Features (https://www.w3.org/TR/shacl-af/).
_NAMES: Final = (
    "NodeShape PropertyShape Violation Warning Info Literal IRI BlankNode BlankNodeOrIRI",
    "BlankNodeOrLiteral IRIOrLiteral targetClass targetNode targetObjectsOf targetSubjectsOf target",
    "SPARQLTarget select prefixes declare prefix namespace property path inversePath alternativePath",
    "zeroOrMorePath oneOrMorePath zeroOrOnePath severity message deactivated name description order",
    "group PropertyGroup defaultValue class datatype nodeKind minCount maxCount minExclusive",
    "maxExclusive minInclusive maxInclusive minLength maxLength pattern flags languageIn uniqueLang",
    "equals disjoint lessThan lessThanOrEquals not and or xone node qualifiedValueShape",
    "qualifiedMinCount qualifiedMaxCount qualifiedValueShapesDisjoint closed ignoredProperties",
    "hasValue in sparql SPARQLConstraint ask shapesGraph",
)

SHACL_TERMS: Final = frozenset(PREFIXES["sh"] + name for line in _NAMES for name in line.split())

_REFUSED: Final = ("js", "JS", "rule", "entailment", "shapesGraph", "Rule", "SPARQLRule", "TripleRule")


def is_refused_feature(iri: str) -> bool:
    """Whether *iri* is a term of SHACL by which shapes fetch, run or add something.

    Those are SHACL-JS (https://www.w3.org/TR/shacl-js/), rules and entailment, and shapes kept elsewhere.
    """
    name = iri.removeprefix(PREFIXES["sh"])
    return name != iri and (name in _REFUSED or name.startswith(("js", "JS")))
