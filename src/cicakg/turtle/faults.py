"""What can be wrong with a Turtle file, in sentences for the person who wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from cicakg.model import Position

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "dot": (
        "A statement is not closed here.",
        "Put '.' at its end, ';' before a further predicate or ',' before a further object.",
    ),
    "prefix": (
        "The prefix {prefix} is not declared.",
        "Declare it at the top of the file, '@prefix {prefix} <…> .', or correct its spelling.",
    ),
    "end-of-file": (
        "The file ends inside a literal or an IRI.",
        "Close it with its quotation mark or '>'.",
    ),
    "end": (
        "The file ends inside a statement.",
        "Close the last statement with '.', and every '[' and '(' in it.",
    ),
    "line-break": (
        "The text that begins here runs over the end of its line.",
        'Close it with its quotation mark on this line, or enclose it in """…""".',
    ),
    "open-text": (
        "The text that begins here is never closed.",
        "Close it with the quotation marks that it begins with.",
    ),
    "relative-iri": (
        "A relative IRI stands here, but the file has no @base.",
        "Write '@base <…> .' at the top of the file, or the full IRI.",
    ),
    "iri-character": (
        "The character '{found}' may not stand in an IRI.",
        "Remove it or percent-encode it.",
    ),
    "subject": (
        "A statement cannot begin with {found}.",
        "Begin it with an IRI or a prefixed name, and see whether the statement before it should end later.",
    ),
    "predicate": (
        "{found} cannot be a predicate.",
        "Write an IRI, a prefixed name or 'a' here.",
    ),
    "object": (
        "{found} cannot be an object.",
        "Write an IRI, a prefixed name, a literal in quotation marks, a number, or true or false here.",
    ),
    "escape": (
        "The escape sequence {found} does not exist in Turtle.",
        "Write '\\\\' for a backslash, or one of \\t \\n \\r \\\" \\' \\uXXXX.",
    ),
    "datatype": (
        "After ^^ stands {found} and not the IRI of a datatype.",
        "Write a datatype such as xsd:date behind ^^.",
    ),
    "prefix-declaration": (
        "The prefix declaration is not complete.",
        "Write '@prefix name: <IRI> .', with the colon and the angle brackets.",
    ),
    "base-declaration": (
        "The base declaration is not complete.",
        "Write '@base <IRI> .', with the angle brackets.",
    ),
    "incomplete": (
        "A number or a name is not complete here.",
        "Write a number with its digits, a name with its prefix and colon, a text in quotation marks.",
    ),
    "term-beginning": (
        "A term cannot begin with {found}.",
        "Write an IRI in '<…>', a prefixed name, or a text in quotation marks; remove what is left over.",
    ),
    "percent": (
        "The percent sign in {found} begins no percent-encoded byte.",
        "Write two hexadecimal digits behind it, or %25 for the percent sign itself.",
    ),
    "language-tag": (
        "The language tag behind '@' is not well formed.",
        "Write a tag such as @kk or @kk-Latn: subtags have one to eight letters or digits.",
    ),
    "encoding": (
        "The byte 0x{byte} here is not UTF-8.",
        "Save the file as UTF-8 and restore the characters that were lost.",
    ),
    "too-long": (
        "What stands here is longer than 16 MB.",
        "An annotation is no place for a text: keep it in a file of its own and name it.",
    ),
    "newer": (
        "This is RDF 1.2, which rdflib and the shapes cannot read.",
        "Write it in Turtle 1.1: a statement about a statement is a cica:Claim.",
    ),
    "too-deep": (
        "Brackets nest more than {depth} deep.",
        "Give the inner nodes IRIs and describe them in statements of their own.",
    ),
    "other": (
        "This is not Turtle: {report}.",
        "Correct it by the grammar at https://www.w3.org/TR/turtle/.",
    ),
}
"""What can be wrong with a file (a case, its message, its fix), with the names of what is filled in."""

# What pyoxigraph says, and which case that is; a named group of the pattern fills the sentences.
_PATTERNS: Final[tuple[tuple[str, str], ...]] = (
    (r"A dot is expected at the end of statements", "dot"),
    (r"The prefix (?P<prefix>.*:) has not been declared", "prefix"),
    (r"Unexpected end of file", "end-of-file"),
    (r"Unexpected end", "end"),
    (r"Line jumps are not allowed in string literals.*", "line-break"),
    (r"No scheme found in an absolute IRI", "relative-iri"),
    (r"Invalid IRI code point '(?P<found>.*)'", "iri-character"),
    (r"(?P<found>.*) is not a valid subject or graph name", "subject"),
    (r"(?P<found>.*) is not a valid predicate", "predicate"),
    (r"(?P<found>.*) is not a valid RDF object", "object"),
    (r"Unexpected escape character '(?P<found>.*)'", "escape"),
    (r"Expecting a datatype IRI after \^\^, found (?P<found>.*)", "datatype"),
    (r"The PREFIX .*", "prefix-declaration"),
    (r"The BASE .*", "base-declaration"),
    (r"(?:An integer|A double exponent|A blank node ID) .* be empty|Unexpected character .*", "incomplete"),
    (r"(?P<found>.*) is not allowed at the beginning of an? .*", "term-beginning"),
    (r"Invalid IRI percent encoding '(?P<found>.*)'", "percent"),
    (r"A language code .*|A subtag .*|If the `x` subtag .*|The language tag .*", "language-tag"),
)


class TurtleFault(Exception):  # noqa: N818 - it is a fault of the file, not of the program
    """A file is not Turtle: where, what is wrong (``message``) and what to do (``fix``).

    ``case`` is the name of the two sentences in :data:`SENTENCES`, ``values`` what is filled in.
    """

    def __init__(self, position: Position, case: str, **values: str) -> None:
        message, fix = (sentence.format(**values) for sentence in SENTENCES[case])
        super().__init__(f"{position.line}:{position.column}: {message} {fix}")
        self.position = position
        self.message = message
        self.fix = fix
        self.case = case
        self.values: Mapping[str, str] = values


class UnreadableTokenError(Exception):
    """At ``offset`` stands something our grammar does not have."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"no token at offset {offset}")
        self.offset = offset


class PositionsDisagreeError(Exception):
    """Our positions and the judge's triples differ: a fault of this program, never of the file."""


_PLACE: Final = re.compile(r"^Parser error (?:at|between) line [^:]*: ")


def case_of(report: str) -> tuple[str, dict[str, str]]:
    """Return the case, and the values that fill its sentences, for what pyoxigraph reports."""
    cause = _PLACE.sub("", report).strip()
    for pattern, case in _PATTERNS:
        found = re.fullmatch(pattern, cause, re.DOTALL)
        if found:
            return case, {name: (one or "").replace("\n", " ") for name, one in found.groupdict().items()}
    return "other", {"report": cause.replace("\n", " ").rstrip(".")}
