"""The rules the shapes themselves are held to, before they judge the data.

A faulty shape seldom fails: it looks at nothing, and the data conform. What a finding says, and how to mend
it, is in words/en.toml.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cicakg.checks.rules import Rule, described_rule
from cicakg.model import Severity

_VIOLATION: Final = Severity.VIOLATION
_WARNING: Final = Severity.WARNING

SHAPE_UNDEFINED: Final = described_rule(
    "shape-undefined",
    _VIOLATION,
    "A shape that another shape uses is described in shapes/.",
    "Everything conforms to a shape that nobody described, so a misspelt name lets all data pass.",
    "rule:ClaimSubject sh:node rule:NamdThing .",
)
SHAPE_RECURSIVE: Final = described_rule(
    "shape-recursive",
    _VIOLATION,
    "No shape uses itself, directly or through others.",
    "SHACL leaves open what a circle of shapes means: each engine says something else, or ends.",
    "rule:Office sh:node rule:Office .",
)
SHAPE_UNUSED: Final = described_rule(
    "shape-unused",
    _VIOLATION,
    "Every shape has a target, or is used by a shape that has one.",
    "A shape that nothing leads to is never looked at, and what it forbids passes.",
    'rule:ClaimSubject a sh:NodeShape ; sh:nodeKind sh:IRI ; rule:code "claim-subject" .',
)
SHAPE_LIST: Final = described_rule(
    "shape-list",
    _VIOLATION,
    "Where a shape needs a list there is one that can be read to its end.",
    "One engine reads a broken list as empty, another never comes back.",
    "[] sh:in rule:list . rule:list rdf:first 1 ; rdf:rest rule:list .",
)
SHAPE_TARGET: Final = described_rule(
    "shape-target",
    _VIOLATION,
    "A target names a class, a property or a thing that there can be in the data.",
    "A target that matches nothing is no error to any engine: the data conform, whatever they say.",
    "rule:ClaimSubject sh:targetClass cica:Claims .",
)
SHAPE_PATH: Final = described_rule(
    "shape-path",
    _VIOLATION,
    "A path is built as SHACL says and made of properties that there can be in the data.",
    "Along a misspelt property there are no values, and whatever is asked of values holds.",
    "[] sh:path dcterms:titel ; sh:maxCount 1 .",
)
SHAPE_CODE: Final = described_rule(
    "shape-code",
    _VIOLATION,
    "A shape with a target has one rule:code of its own, which is its name in kebab case.",
    "By its code people find the rule, accept a finding and speak of both.",
    'rule:ClaimSubject rule:code "Claim_Subject" .',
)
SHAPE_RECORD: Final = described_rule(
    "shape-record",
    _VIOLATION,
    "A rule has sh:message, rule:what, rule:why, rule:example and rule:fix once in English, and sh:severity.",
    "Whoever meets a finding has nothing but these words to understand it by.",
    'rule:ClaimSubject sh:message "Wird nicht gefunden."@de .',
)
SHAPE_CASE: Final = described_rule(
    "shape-case",
    _VIOLATION,
    "A rule has a failing and a passing case in tests/cases, where there is such a folder.",
    "A rule that nobody saw fire may never fire.",
    'rule:ClaimSubject rule:code "claim-subject" .   # and no tests/cases/claim-subject/fail.ttl',
)
SHAPE_REFUSED: Final = described_rule(
    "shape-refused",
    _VIOLATION,
    "Shapes use nothing that fetches, runs or adds something: imports, scripts, rules, entailment.",
    "None of it is ever followed here, so a check that relies on it would not take place.",
    "<> owl:imports <https://example.org/shapes.ttl> .",
)
SHAPE_CONSTRAINT: Final = described_rule(
    "shape-constraint",
    _VIOLATION,
    "A constraint has a value of the right kind, stands where it has an effect, and agrees with the others.",
    "Engines pass over a constraint they cannot use, and one that contradicts another can never be met.",
    "[] sh:path rdf:subject ; sh:minCount 2 ; sh:maxCount 1 .",
)
SHAPE_PATTERN: Final = described_rule(
    "shape-pattern",
    _VIOLATION,
    "A regular expression is one by XPath, with the flags there are, and means the same to every engine.",
    "An engine that cannot read a pattern ends, or takes it to match nothing.",
    '[] sh:path dcterms:identifier ; sh:pattern "[0-9" .',
)
SHAPE_PATTERN_RISK: Final = described_rule(
    "shape-pattern-risk",
    _VIOLATION,
    "A regular expression matches any text in one way only, as far as it repeats something.",
    "One that can divide a text in many ways tries them all: fifty characters can take longer than a year.",
    '[] sh:path skos:prefLabel ; sh:pattern "^([A-Za-z]+ ?)+$" .',
)
SHAPE_PREFIXES: Final = described_rule(
    "shape-prefixes",
    _VIOLATION,
    "The sh:prefixes of a query lead to declarations, each with one sh:prefix and one sh:namespace.",
    "A prefix that means something else than its reader thinks makes the query look for what is not there.",
    '[] sh:prefixes rule:Prefix ; sh:select "…" .   # it is called rule:Prefixes',
)
SHAPE_QUERY_SYNTAX: Final = described_rule(
    "shape-query-syntax",
    _VIOLATION,
    "The query of a shape is a SELECT query of SPARQL 1.1.",
    "A query that cannot be read is never asked.",
    '[] sh:select "SELECT ?this WHERE { ?this cica:modality }" .',
)
SHAPE_QUERY_REACH: Final = described_rule(
    "shape-query-reach",
    _VIOLATION,
    "The query of a shape reads the data that are checked and nothing else: no FROM, SERVICE or GRAPH.",
    "A shape must not fetch a page or read a file of whoever checks; and what is checked has no graphs.",
    '[] sh:select "SELECT ?this FROM <https://example.org/> WHERE { ?this a ?kind }" .',
)
SHAPE_QUERY_FORM: Final = described_rule(
    "shape-query-form",
    _VIOLATION,
    "The query of a shape hands on ?this and keeps to what SHACL allows where $this is bound beforehand.",
    "Beyond that each engine answers something else, most often nothing.",
    '[] sh:sparql [ sh:select "SELECT $this WHERE { ?s ?p $this MINUS { $this a ?kind } }" ] .',
)
SHAPE_LOCAL: Final = described_rule(
    "shape-local",
    _VIOLATION,
    "A shape outside corpus-*.ttl depends only on what is reached from its node from subject to object.",
    "What it said of a node is kept until one of the nodes reached changes; otherwise it would be wrong.",
    '[] sh:select "SELECT ?this { ?this a cica:Quotation . ?other cica:quotedIn ?this }" .',
)

SHAPE_CATALOGUE: Final[Mapping[str, Rule]] = {
    one.code: one
    for one in (
        SHAPE_UNDEFINED,
        SHAPE_RECURSIVE,
        SHAPE_UNUSED,
        SHAPE_LIST,
        SHAPE_TARGET,
        SHAPE_PATH,
        SHAPE_CODE,
        SHAPE_RECORD,
        SHAPE_CASE,
        SHAPE_REFUSED,
        SHAPE_CONSTRAINT,
        SHAPE_PATTERN,
        SHAPE_PATTERN_RISK,
        SHAPE_PREFIXES,
        SHAPE_QUERY_SYNTAX,
        SHAPE_QUERY_REACH,
        SHAPE_QUERY_FORM,
        SHAPE_LOCAL,
    )
}
