"""The rules that SHACL cannot state.

About files, spelling, text. The other rules stand in the shapes themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cicakg.checks.rules import Rule
from cicakg.model import Severity

_VIOLATION: Final = Severity.VIOLATION
_WARNING: Final = Severity.WARNING

TURTLE_SYNTAX: Final = Rule(
    "turtle-syntax",
    _VIOLATION,
    "{fault}",
    "A file is Turtle 1.1 in UTF-8.",
    "A file that cannot be read says nothing, and everything that refers to it would look wrong.",
    '<#c01> a cica:Claim\n    cica:modality modality:fact .   # the ";" after cica:Claim is missing',
    "Correct the file where the finding points, by the grammar at https://www.w3.org/TR/turtle/.",
)
FILE_NAME: Final = Rule(
    "file-name",
    _VIOLATION,
    "{problem}",
    "An article's file is articles/<year>/<year>-<lang>-<slug>.ttl, an entity file is named for its kind.",
    "The file's name is the article's IRI and the name of its graph; nobody could find it by any other.",
    "data/articles/2020/kk-handover.ttl",
    "Rename the file to <year>-<lang>-<words-in-ascii>.ttl, in the folder of that year.",
)
FILE_BASE: Final = Rule(
    "file-base",
    _VIOLATION,
    "The file's @base is {base}, its name says <{expected}>.",
    "The @base of an article's file is the article's IRI, which its name gives.",
    "With another base every <#c01> and <#char=0,9> of the file names something in another article.",
    "@base <https://w3id.org/cicakg/article/2020-kk-chairmanship> .   # in 2020-kk-chairmanship-handover.ttl",
    "Write the @base that the file's name says, or rename the file.",
)
FILE_GRAPH: Final = Rule(
    "file-graph",
    _VIOLATION,
    "The file does not describe its own graph <{graph}> as a cica:AnnotationSet about <{article}>.",
    "An article's file describes its named graph: a cica:AnnotationSet whose dcterms:subject is the article.",
    "Who annotated the article, when and by which guideline is said of the graph, and would be lost.",
    "<https://w3id.org/cicakg/graph/other> a cica:AnnotationSet ; dcterms:subject <> .",
    "Describe the graph that the file's name says, with dcterms:subject <>.",
)
SUBJECT_PLACE: Final = Rule(
    "subject-place",
    _VIOLATION,
    "{subject} is not described in this file: {reason}.",
    "A file describes only what is its own: the article, its claims and quotations; or entities.",
    "A claim in another article's file would cite the wrong article and be lost when that file is changed.",
    'id:cica skos:prefLabel "CICA"@en .   # in an article\'s file',
    "Move the statement to the file it belongs to, or correct the subject's IRI.",
)
SUBJECT_ONCE: Final = Rule(
    "subject-once",
    _VIOLATION,
    "{subject} is described a second time; the first is at {first}.",
    "Every subject is written once, with all its statements in one block.",
    "Two blocks with one number are usually two claims; in one graph they run together into one.",
    "<#c01> a cica:Claim ; … .\n<#c01> a cica:Claim ; … .",
    "Number the second claim anew, or bring both blocks together.",
)
SUBJECT_COLUMN: Final = Rule(
    "subject-column",
    _WARNING,
    "{subject} does not begin at the beginning of its line.",
    "Every subject begins at column 1.",
    "A reader, and a search for '^<#c', finds each block by its first column.",
    "    <#c01> a cica:Claim ; … .",
    "Begin the block at the beginning of a line.",
)
ENTITY_KIND: Final = Rule(
    "entity-kind",
    _VIOLATION,
    "{subject} is a {kind}, which does not belong in {name}.",
    "An entity stands in the file of its kind: a cica:Person in people.ttl, and so on.",
    "The next annotator looks for it there, does not find it, and adds it a second time.",
    "id:astana a cica:Place .   # in people.ttl",
    "Move the entity to the file of its kind, or correct its class.",
)
ENTITY_FACT: Final = Rule(
    "entity-fact",
    _VIOLATION,
    "{predicate} states a fact about {subject}, but an entity file holds only types, labels and identifiers.",
    "What is known of an entity is a claim with evidence in an article's file, never a plain statement.",
    "A fact in an entity file has no source, and nobody could say which article it came from.",
    "id:cica a cica:Organization ; cica:memberCount 27 .",
    "Write it as a claim, with its evidence, in the file of the article that says it.",
)
BLANK_NODE: Final = Rule(
    "blank-node",
    _VIOLATION,
    "A node without an IRI stands here.",
    "Nothing in data/ is a blank node.",
    "A blank node cannot be cited, and makes two exports of the same data differ.",
    "<#c01> cica:evidence [ oa:start 0 ; oa:end 9 ] .",
    "Give it an IRI: a span is <#char=0,9>, a claim <#c01>, a quotation <#q1>.",
)
PREFIX_IRI: Final = Rule(
    "prefix-iri",
    _VIOLATION,
    "The prefix {prefix}: is declared as <{iri}>, everywhere else it is <{expected}>.",
    "A prefix that the project uses means the same in every file.",
    "A slip in one declaration makes every name that uses it a different term, silently.",
    "@prefix cica: <https://w3id.org/cicakg/ontology/> .",
    "Write the declaration as in the other files.",
)
UNKNOWN_TERM: Final = Rule(
    "unknown-term",
    _VIOLATION,
    "{term} is not {kind}.",
    "Every predicate and class is declared in the ontology or is one of the standard terms in use here.",
    "A misspelt term passes every shape, because no shape looks at it, and no query ever finds it.",
    "<#c01> cica:evidense <#char=0,9> .",
    "Correct the spelling, or declare the term in ontology/cica.ttl.",
)
UNKNOWN_ENTITY: Final = Rule(
    "unknown-entity",
    _VIOLATION,
    "{entity} is not described anywhere.",
    "Every entity and concept that is used is described in data/entities/ or ontology/concepts.ttl.",
    "A misspelt IRI is a second, empty entity, and what is said of it is lost to every query.",
    "<#c01> rdf:subject id:cika .",
    "Correct the IRI, or describe the entity in the file of its kind.",
)
LITERAL_FORM: Final = Rule(
    "literal-form",
    _VIOLATION,
    "{literal} is not a valid {datatype}.",
    "A literal's text fits its datatype.",
    "An engine cannot compare or sort it, and drops it without a word.",
    'cica:asOf "2020-13-45"^^xsd:date',
    "Correct the value, or give it the datatype it has the form of.",
)
LITERAL_CANONICAL: Final = Rule(
    "literal-canonical",
    _VIOLATION,
    "The store would change {literal} to {stored}.",
    "A number, truth value or time is written in its canonical form.",
    "The store keeps only the canonical form, so file and endpoint would give different answers.",
    'rdf:object "1.50"^^xsd:decimal',
    "Write the form the store keeps.",
)
LABEL_TAG: Final = Rule(
    "label-tag",
    _VIOLATION,
    "The language tag {tag} is {problem}.",
    "A language tag is valid and in its standard form (BCP 47, as langcodes standardises it).",
    "Two tags for one language split its labels, and a reader of either sees only half.",
    '"Қазақстан"@kk-Cyrl',
    "Write the standard tag.",
)
LABEL_HYGIENE: Final = Rule(
    "label-hygiene",
    _VIOLATION,
    "The text has {problem}.",
    "A text is in NFC, without invisible direction or control characters, outer white space or tatweel.",
    "It looks the same on the page and is found by no search.",
    'skos:prefLabel " CICA"@en',
    "Remove the character, or write the text in NFC.",
)
EXCEPTION_FORM: Final = Rule(
    "exception-form",
    _VIOLATION,
    "{problem}",
    "data/exceptions.toml lists accepted findings: [[accepted]] with code, file, reason, perhaps focus.",
    "An exception that cannot be read accepts nothing, and one without a reason cannot be judged later.",
    '[[accepted]]\ncode = "span-length"\nfile = "data/articles/2020/2020-kk-handover.ttl"',
    "Write code, file and reason as texts in quotation marks.",
)
EXCEPTION_UNUSED: Final = Rule(
    "exception-unused",
    _VIOLATION,
    "The accepted finding {accepted} in {name} does not occur any more.",
    "An accepted finding that no longer occurs is taken off the list.",
    "It would hide the same fault if it came back.",
    '[[accepted]]   # for a span that was mended long ago\ncode = "span-length"',
    "Delete the entry from data/exceptions.toml.",
)
TEXT_MISSING: Final = Rule(
    "text-missing",
    _WARNING,
    "The text {name} is not in the folder, so no span of this article could be verified.",
    "With --texts, the folder holds <dcterms:identifier>.txt for every article.",
    "Spans that nobody compared with the text may be wrong.",
    'dcterms:identifier "004_040f14561247e724"   # and no 004_040f14561247e724.txt',
    "Put the article's text there under its identifier, or correct dcterms:identifier.",
)
TEXT_DIGEST: Final = Rule(
    "text-digest",
    _VIOLATION,
    "The text has the digest {found}, the annotation another.",
    "cica:digest is the SHA-256 of the text's bytes.",
    "If the text is not the one that was annotated, every span may point to other words.",
    'cica:digest "sha256:0000…"',
    "Restore the text that was annotated, or verify every span against the new one and write its digest.",
)
TEXT_LENGTH: Final = Rule(
    "text-length",
    _VIOLATION,
    "The text has {found} code points, the annotation says {said}.",
    "cica:textLength is the number of code points of the text.",
    "The bounds of every span are checked against it by those who do not have the text.",
    "cica:textLength 2800   # of a text of 2853 code points",
    "Write the number found.",
)
SPAN_EDGES: Final = Rule(
    "span-edges",
    _WARNING,
    "The span {problem}.",
    "A span begins and ends with a whole word, without outer white space or a sentence's punctuation.",
    "A span that is a little off was counted wrongly and may be wrong elsewhere too.",
    "cica:evidence <#char=119,134>   # character 119 is the space before the word",
    "Count again: the offsets are code points from 0, the end is not included.",
)
SPAN_CLUSTER: Final = Rule(
    "span-cluster",
    _VIOLATION,
    "The span cuts a character in two {place}: U+{code} belongs to the one before it.",
    "A span does not part a letter from its marks.",
    "The words shown for it would begin or end with a broken character.",
    "cica:evidence <#char=0,7>   # character 7 is a vowel mark on letter 6",
    "Move the offset to the end of the letter with its marks.",
)
OWN_WORDS: Final = Rule(
    "own-words",
    _WARNING,
    "{count} words in a row are the article's own: {words}.",
    "Glosses, comments and assessments are in the annotator's own words.",
    "The article's text belongs to its publisher and may not be shipped with the data.",
    'cica:gloss "…six or more words just as in the article…"@ms',
    "Say it in other words.",
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
    )
}

TEXT_RULES: Final = frozenset({TEXT_MISSING, TEXT_DIGEST, TEXT_LENGTH, SPAN_EDGES, SPAN_CLUSTER, OWN_WORDS})
"""The rules that can fire only where the articles' texts are at hand."""
