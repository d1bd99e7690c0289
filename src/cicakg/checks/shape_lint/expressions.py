"""The regular expressions of shapes and of their queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, QuerySolutions, Store

from cicakg.checks.rules import Rule
from cicakg.checks.shape_catalogue import SHAPE_PATTERN, SHAPE_PATTERN_RISK
from cicakg.checks.shape_lint.regexes import TooManyPlacesError, backtracks, is_readable_by_python
from cicakg.checks.shape_lint.shape_files import SH, Said, ShapeFiles
from cicakg.model import Finding
from cicakg.sparql.tokens import Token, TokenKind
from cicakg.turtle.escapes import string_value

_FLAGS: Final = frozenset("smixq")
_PATTERN_AT: Final = {"REGEX": 1, "REPLACE": 1}
_FLAGS_AT: Final = {"REGEX": 2, "REPLACE": 3}
_LONGEST: Final = 5_000


def pattern_findings(files: ShapeFiles) -> Iterator[Finding]:
    """Yield the patterns of sh:pattern that are none, or can take for ever."""
    for one in files.triples:
        if one.predicate == SH + "flags" and set(one.text) - _FLAGS:
            yield one.at_object(SHAPE_PATTERN, "flags", flags=one.value)
        if one.predicate != SH + "pattern":
            continue
        flags = "".join(flag.text for flag in files.of(one.subject, SH + "flags"))
        if not isinstance(one.value, Literal) or one.value.language is not None:
            yield one.at_object(SHAPE_PATTERN, "text")
            continue
        fault = _fault_of(one.text, flags)
        if fault is not None:
            yield one.at_object(*fault)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of REGEX or REPLACE in a query: its pattern and its flags, where they are written out."""

    pattern: Token | None
    flags: Token | None


def query_pattern_findings(said: Said, words: list[Token]) -> Iterator[Finding]:
    """Yield the patterns that are none, or can take for ever, in the query *said*; *words* are its tokens."""
    for place, word in enumerate(words):
        if word.is_word(*_PATTERN_AT):
            yield from _of_call(said, _call(words, place))


def _of_call(said: Said, call: Call) -> Iterator[Finding]:
    flags = string_value(call.flags.text) if call.flags else ""
    if call.flags and set(flags) - _FLAGS:
        yield said.within(SHAPE_PATTERN, call.flags.start, "flags", flags=call.flags.text)
    if call.pattern is None:
        return
    fault = _fault_of(string_value(call.pattern.text), flags)
    if fault is not None:
        rule, case = fault
        yield said.within(rule, call.pattern.start, case)


def _call(words: list[Token], place: int) -> Call:
    """Return the call whose name is the token at *place*."""
    arguments: list[list[Token]] = [[]]
    depth = 0
    for word in words[place + 1 :]:
        if word.kind is TokenKind.MARK and word.text in "()":
            depth += 1 if word.text == "(" else -1
            if depth == 0:
                break
        if depth == 1 and word.text == ",":
            arguments.append([])
        elif not (depth == 1 and word.text == "("):
            arguments[-1].append(word)
    name = words[place].text.upper()
    return Call(_string(arguments, _PATTERN_AT[name]), _string(arguments, _FLAGS_AT[name]))


def _string(arguments: list[list[Token]], number: int) -> Token | None:
    """Return the argument *number* where it is one string and nothing else."""
    if number >= len(arguments) or len(arguments[number]) != 1:
        return None
    token = arguments[number][0]
    return token if token.kind is TokenKind.STRING else None


def _fault_of(pattern: str, flags: str) -> tuple[Rule, str] | None:
    """Return the rule that *pattern* breaks and in which case, ``None`` where it is sound.

    It has to be one for pyoxigraph, which reads patterns as XPath has them, and for Python, as pySHACL does.
    """
    if "q" in flags:  # it is a text
        return None
    if len(pattern) > _LONGEST:
        return SHAPE_PATTERN_RISK, "size"
    found = Store().query(f"SELECT (REGEX('', {Literal(pattern)}) AS ?found) {{}}")
    is_pattern = isinstance(found, QuerySolutions) and next(found)["found"] is not None
    if not is_pattern or not is_readable_by_python(pattern):
        return SHAPE_PATTERN, ""
    try:
        return (SHAPE_PATTERN_RISK, "") if backtracks(pattern, ignores_case="i" in flags) else None
    except TooManyPlacesError:
        return SHAPE_PATTERN_RISK, "size"
