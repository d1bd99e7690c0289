"""The rules that SHACL cannot state.

About files, spelling, text. What a finding of theirs says, and how to mend it, is in words/en.toml. The other
rules stand in the shapes themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cicakg.checks.rules import Rule, described_rule
from cicakg.checks.shape_catalogue import SHAPE_CATALOGUE
from cicakg.model import Severity

_VIOLATION: Final = Severity.VIOLATION
_WARNING: Final = Severity.WARNING

TURTLE_SYNTAX: Final = described_rule(
    "turtle-syntax",
    _VIOLATION,
    "A file is Turtle 1.1 in UTF-8.",
    "A file that cannot be read says nothing, and everything that refers to it would look wrong.",
    '<#c01> a cica:Claim\n    cica:modality modality:fact .   # the ";" after cica:Claim is missing',
)
FILE_NAME: Final = described_rule(
    "file-name",
    _VIOLATION,
    "An article's file is articles/<year>/<year>-<lang>-<slug>.ttl, an entity file is named for its kind.",
    "The file's name is the article's IRI and the name of its graph; nobody could find it by any other.",
    "data/articles/2020/kk-handover.ttl",
)
FILE_BASE: Final = described_rule(
    "file-base",
    _VIOLATION,
    "The @base of an article's file is the article's IRI, which its name gives.",
    "With another base every <#c01> and <#char=0,9> of the file names something in another article.",
    "@base <https://w3id.org/cicakg/article/2020-kk-chairmanship> .   # in 2020-kk-chairmanship-handover.ttl",
)
FILE_GRAPH: Final = described_rule(
    "file-graph",
    _VIOLATION,
    "An article's file describes its named graph: a cica:AnnotationSet whose dcterms:subject is the article.",
    "Who annotated the article, when and by which guideline is said of the graph, and would be lost.",
    "<https://w3id.org/cicakg/graph/other> a cica:AnnotationSet ; dcterms:subject <> .",
)
SUBJECT_PLACE: Final = described_rule(
    "subject-place",
    _VIOLATION,
    "A file describes only what is its own: the article, its claims and quotations; or entities.",
    "A claim in another article's file would cite the wrong article and be lost when that file is changed.",
    'id:cica skos:prefLabel "CICA"@en .   # in an article\'s file',
)
SUBJECT_ONCE: Final = described_rule(
    "subject-once",
    _VIOLATION,
    "Every subject is written once, with all its statements in one block.",
    "Two blocks with one number are usually two claims; in one graph they run together into one.",
    "<#c01> a cica:Claim ; … .\n<#c01> a cica:Claim ; … .",
)
SUBJECT_COLUMN: Final = described_rule(
    "subject-column",
    _WARNING,
    "Every subject begins at column 1.",
    "A reader, and a search for '^<#c', finds each block by its first column.",
    "    <#c01> a cica:Claim ; … .",
)
ENTITY_KIND: Final = described_rule(
    "entity-kind",
    _VIOLATION,
    "An entity stands in the file of its kind: a cica:Person in people.ttl, and so on.",
    "The next annotator looks for it there, does not find it, and adds it a second time.",
    "id:astana a cica:Place .   # in people.ttl",
)
ENTITY_FACT: Final = described_rule(
    "entity-fact",
    _VIOLATION,
    "What is known of an entity is a claim with evidence in an article's file, never a plain statement.",
    "A fact in an entity file has no source, and nobody could say which article it came from.",
    "id:cica a cica:Organization ; cica:memberCount 27 .",
)
BLANK_NODE: Final = described_rule(
    "blank-node",
    _VIOLATION,
    "Nothing in data/ is a blank node.",
    "A blank node cannot be cited, and makes two exports of the same data differ.",
    "<#c01> cica:evidence [ oa:start 0 ; oa:end 9 ] .",
)
PREFIX_IRI: Final = described_rule(
    "prefix-iri",
    _VIOLATION,
    "A prefix that the project uses means the same in every file.",
    "A slip in one declaration makes every name that uses it a different term, silently.",
    "@prefix cica: <https://w3id.org/cicakg/ontology/> .",
)
UNKNOWN_TERM: Final = described_rule(
    "unknown-term",
    _VIOLATION,
    "Every predicate and class is declared in the ontology or is one of the standard terms in use here.",
    "A misspelt term passes every shape, because no shape looks at it, and no query ever finds it.",
    "<#c01> cica:evidense <#char=0,9> .",
)
UNKNOWN_ENTITY: Final = described_rule(
    "unknown-entity",
    _VIOLATION,
    "Every entity and concept that is used is described in data/entities/ or ontology/concepts.ttl.",
    "A misspelt IRI is a second, empty entity, and what is said of it is lost to every query.",
    "<#c01> rdf:subject id:cika .",
)
LITERAL_FORM: Final = described_rule(
    "literal-form",
    _VIOLATION,
    "A literal's text fits its datatype.",
    "An engine cannot compare or sort it, and drops it without a word.",
    'cica:asOf "2020-13-45"^^xsd:date',
)
LITERAL_CANONICAL: Final = described_rule(
    "literal-canonical",
    _VIOLATION,
    "A number, truth value or time is written in its canonical form.",
    "The store keeps only the canonical form, so file and endpoint would give different answers.",
    'rdf:object "1.50"^^xsd:decimal',
)
LABEL_TAG: Final = described_rule(
    "label-tag",
    _VIOLATION,
    "A language tag is valid and in its standard form (BCP 47, as langcodes standardises it).",
    "Two tags for one language split its labels, and a reader of either sees only half.",
    '"Қазақстан"@kk-Cyrl',
)
LABEL_HYGIENE: Final = described_rule(
    "label-hygiene",
    _VIOLATION,
    "A text is in NFC, without invisible direction or control characters, outer white space or tatweel.",
    "It looks the same on the page and is found by no search.",
    'skos:prefLabel " CICA"@en',
)
EXCEPTION_FORM: Final = described_rule(
    "exception-form",
    _VIOLATION,
    "data/exceptions.toml lists accepted findings: [[accepted]] with code, file, reason, perhaps focus.",
    "An exception that cannot be read accepts nothing, and one without a reason cannot be judged later.",
    '[[accepted]]\ncode = "span-length"\nfile = "data/articles/2020/2020-kk-handover.ttl"',
)
EXCEPTION_UNUSED: Final = described_rule(
    "exception-unused",
    _VIOLATION,
    "An accepted finding that no longer occurs is taken off the list.",
    "It would hide the same fault if it came back.",
    '[[accepted]]   # for a span that was mended long ago\ncode = "span-length"',
)
TEXT_MISSING: Final = described_rule(
    "text-missing",
    _WARNING,
    "With --texts, the folder holds <dcterms:identifier>.txt for every article.",
    "Spans that nobody compared with the text may be wrong.",
    'dcterms:identifier "004_040f14561247e724"   # and no 004_040f14561247e724.txt',
)
TEXT_DIGEST: Final = described_rule(
    "text-digest",
    _VIOLATION,
    "cica:digest is the SHA-256 of the text's bytes.",
    "If the text is not the one that was annotated, every span may point to other words.",
    'cica:digest "sha256:0000…"',
)
TEXT_LENGTH: Final = described_rule(
    "text-length",
    _VIOLATION,
    "cica:textLength is the number of code points of the text.",
    "The bounds of every span are checked against it by those who do not have the text.",
    "cica:textLength 2800   # of a text of 2853 code points",
)
SPAN_EDGES: Final = described_rule(
    "span-edges",
    _WARNING,
    "A span begins and ends with a whole word, without outer white space or a sentence's punctuation.",
    "A span that is a little off was counted wrongly and may be wrong elsewhere too.",
    "cica:evidence <#char=119,134>   # character 119 is the space before the word",
)
SPAN_CLUSTER: Final = described_rule(
    "span-cluster",
    _VIOLATION,
    "A span does not part a letter from its marks.",
    "The words shown for it would begin or end with a broken character.",
    "cica:evidence <#char=0,7>   # character 7 is a vowel mark on letter 6",
)
OWN_WORDS: Final = described_rule(
    "own-words",
    _WARNING,
    "Glosses, comments and assessments are in the annotator's own words.",
    "The article's text belongs to its publisher and may not be shipped with the data.",
    'cica:gloss "…six or more words just as in the article…"@ms',
)

CATALOGUE: Final[Mapping[str, Rule]] = {
    one.code: one
    for one in (
        TURTLE_SYNTAX,
        FILE_NAME,
        FILE_BASE,
        FILE_GRAPH,
        SUBJECT_PLACE,
        SUBJECT_ONCE,
        SUBJECT_COLUMN,
        ENTITY_KIND,
        ENTITY_FACT,
        BLANK_NODE,
        PREFIX_IRI,
        UNKNOWN_TERM,
        UNKNOWN_ENTITY,
        LITERAL_FORM,
        LITERAL_CANONICAL,
        LABEL_TAG,
        LABEL_HYGIENE,
        EXCEPTION_FORM,
        EXCEPTION_UNUSED,
        TEXT_MISSING,
        TEXT_DIGEST,
        TEXT_LENGTH,
        SPAN_EDGES,
        SPAN_CLUSTER,
        OWN_WORDS,
        *SHAPE_CATALOGUE.values(),
    )
}

TEXT_RULES: Final = frozenset({TEXT_MISSING, TEXT_DIGEST, TEXT_LENGTH, SPAN_EDGES, SPAN_CLUSTER, OWN_WORDS})
"""The rules that can fire only where the articles' texts are at hand."""
