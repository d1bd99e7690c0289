"""What can be wrong with a Turtle file, in sentences for the person who wrote it."""

from __future__ import annotations

import re
from typing import Final

from cicakg.model import Position


class TurtleFault(Exception):  # noqa: N818 - it is a fault of the file, not of the program
    """A file is not Turtle: where, what is wrong (``message``) and what to do (``fix``)."""

    def __init__(self, position: Position, message: str, fix: str) -> None:
        super().__init__(f"{position.line}:{position.column}: {message} {fix}")
        self.position = position
        self.message = message
        self.fix = fix


class UnreadableTokenError(Exception):
    """At ``offset`` stands something our grammar does not have."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"no token at offset {offset}")
        self.offset = offset


class PositionsDisagreeError(Exception):
    """Our positions and the judge's triples differ: a fault of this program, never of the file."""


# What pyoxigraph says (left) and what we say; the groups of the pattern fill the sentences.
_PLAIN: Final[tuple[tuple[str, str, str], ...]] = (
    (
        r"A dot is expected at the end of statements",
        "A statement is not closed here.",
        "Put '.' at its end, ';' before a further predicate or ',' before a further object.",
    ),
    (
        r"The prefix (.*:) has not been declared",
        "The prefix {0} is not declared.",
        "Declare it at the top of the file, '@prefix {0} <…> .', or correct its spelling.",
    ),
    (
        r"Unexpected end of file",
        "The file ends inside a literal or an IRI.",
        "Close it with its quotation mark or '>'.",
    ),
    (
        r"Unexpected end",
        "The file ends inside a statement.",
        "Close the last statement with '.', and every '[' and '(' in it.",
    ),
    (
        r"Line jumps are not allowed in string literals.*",
        "A literal in single quotation marks runs over the end of the line.",
        'Close it on this line, or enclose it in """…""".',
    ),
    (
        r"No scheme found in an absolute IRI",
        "A relative IRI stands here, but the file has no @base.",
        "Write '@base <…> .' at the top of the file, or the full IRI.",
    ),
    (
        r"Invalid IRI code point '(.*)'",
        "The character '{0}' may not stand in an IRI.",
        "Remove it or percent-encode it.",
    ),
    (
        r"(.*) is not a valid subject or graph name",
        "A statement cannot begin with {0}.",
        "Begin it with an IRI or a prefixed name, and see whether the statement before it should end later.",
    ),
    (
        r"(.*) is not a valid predicate",
        "{0} cannot be a predicate.",
        "Write an IRI, a prefixed name or 'a' here.",
    ),
    (
        r"(.*) is not a valid RDF object",
        "{0} cannot be an object.",
        "Write an IRI, a prefixed name, a literal in quotation marks, a number, or true or false here.",
    ),
    (
        r"Unexpected escape character '(.*)'",
        "The escape sequence {0} does not exist in Turtle.",
        "Write '\\\\' for a backslash, or one of \\t \\n \\r \\\" \\' \\uXXXX.",
    ),
    (
        r"Expecting a datatype IRI after \^\^, found (.*)",
        "After ^^ stands {0} and not the IRI of a datatype.",
        "Write a datatype such as xsd:date behind ^^.",
    ),
    (
        r"The PREFIX .*",
        "The prefix declaration is not complete.",
        "Write '@prefix name: <IRI> .', with the colon and the angle brackets.",
    ),
    (
        r"The BASE .*",
        "The base declaration is not complete.",
        "Write '@base <IRI> .', with the angle brackets.",
    ),
    (
        r"(?:An integer|A double exponent|A blank node ID) .* be empty|Unexpected character .*",
        "A number or a name is not complete here.",
        "Write a number with its digits, a name with its prefix and colon, a text in quotation marks.",
    ),
    (
        r"(.*) is not allowed at the beginning of an? .*",
        "A term cannot begin with {0}.",
        "Write an IRI in '<…>', a prefixed name, or a text in quotation marks; remove what is left over.",
    ),
    (
        r"Invalid IRI percent encoding '(.*)'",
        "The percent sign in {0} begins no percent-encoded byte.",
        "Write two hexadecimal digits behind it, or %25 for the percent sign itself.",
    ),
    (
        r"A language code .*|A subtag .*|If the `x` subtag .*|The language tag .*",
        "The language tag behind '@' is not well formed.",
        "Write a tag such as @kk or @kk-Latn: subtags have one to eight letters or digits.",
    ),
)

_PLACE: Final = re.compile(r"^Parser error (?:at|between) line [^:]*: ")


def plain_sentences(report: str) -> tuple[str, str]:
    """Return what is wrong and what to do, for what pyoxigraph reports."""
    cause = _PLACE.sub("", report).strip()
    for pattern, message, fix in _PLAIN:
        found = re.fullmatch(pattern, cause, re.DOTALL)
        if found:
            groups = [(one or "").replace("\n", " ") for one in found.groups()]
            return message.format(*groups), fix.format(*groups)
    sentence = cause.replace("\n", " ").rstrip(".")
    return f"This is not Turtle: {sentence}.", "Correct it by the grammar at https://www.w3.org/TR/turtle/."
