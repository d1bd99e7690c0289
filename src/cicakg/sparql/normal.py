"""One text for queries that differ in layout only, so that what was kept for one answers the other."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_LONGEST: Final = 64 * 1024  # beyond it a query is compared as it stands: looking costs more than it saves
_LINE_ENDS: Final = frozenset("\r\n#")
# What may be an IRI with an apostrophe in it, or "less than" before a string: only the engine can say.
_AMBIGUOUS: Final = re.compile(r"<[^<>\"{}|^`\\\x00-\x20']*'")


@cache
def _parts() -> re.Pattern[str]:
    # First what stays as it stands: words, strings, IRIs, escaped characters, single spaces between them.
    # The group as a whole is not possessive: Python before 3.11.5 loses what such a group has caught.
    return re.compile(
        r"((?:[^'\"<\#\\ \t\r\n]++"
        r"|[ \n](?![ \t\r\n\#])"
        r"|<[^<>'\"{}|^`\\\x00-\x20]*+>"
        r"|'''(?:'{0,2}(?:[^'\\]|\\.))*+'''"
        r'|"""(?:"{0,2}(?:[^"\\]|\\.))*+"""'
        r"|'(?:[^'\\\n\r]|\\[^\n\r])*+'"
        r'|"(?:[^"\\\n\r]|\\[^\n\r])*+"'
        r"|\\.)+)"
        r"|(?:[ \t\r\n]++|\#[^\r\n]*+)++",
        re.DOTALL,
    )


def normalise(query: str) -> str:
    """Return *query* with every run of spaces and comments as one space, or one line break where it held
    one.

    Two queries with the same text thus made are the same query (SPARQL 1.1, sections 4 and 19.8: white
    space and comments only separate). It may tell apart queries that are the same, never the other way: a
    line break is kept as one, and no space is put in or taken out where there was none or one.
    """
    if len(query) > _LONGEST or _AMBIGUOUS.search(query):
        return query
    return _parts().sub(_join, query).strip(" \n")


def _join(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1]
    return "\n" if not _LINE_ENDS.isdisjoint(found[0]) else " "
