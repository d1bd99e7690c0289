"""Mends the list of accepted findings: an entry that accepts nothing goes, a code is spelt rightly."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Final

from cicakg.checks.catalogue import CATALOGUE
from cicakg.checks.remedies.context import Context
from cicakg.checks.remedies.names import nearest_names
from cicakg.checks.remedies.statements import replacement, whole_lines
from cicakg.checks.remedies.titles import titled
from cicakg.corpus import read_source
from cicakg.errors import CicakgError
from cicakg.model import FileKind, Finding, Remedy
from cicakg.turtle import TurtleFault

_HEADING: Final = re.compile(r"^[ \t]*\[", re.MULTILINE)
_ENTRY: Final = re.compile(r"[ \t]*\[\[\s*accepted\s*\]\][^\r\n]*")
_FOLLOWING: Final = re.compile(r"(?:\r\n|\n|\r)(?![ \t]*(?:\[|#|\r|\n|$))[^\r\n]*")
_CODE: Final = re.compile(r"""^[ \t]*code[ \t]*=[ \t]*(["'])(.*?)\1""", re.MULTILINE)


def unused(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the list without the entry; safe where what it names is still there, and so was mended.

    What is not there any more may have been renamed, and its entry with it.
    """
    found = _entry(finding, context)
    if found is None:
        return
    start, end, entry = found
    first, last = whole_lines(context.source.text, start, end)
    is_safe = _is_there(context, entry.get("file", ""), entry.get("focus", ""))
    yield titled("delete-entry", (replacement(context.source, first, last, ""),), is_safe)


def _entry(finding: Finding, context: Context) -> tuple[int, int, dict[str, str]] | None:
    """Return where the entry at the finding begins and ends, and its values; ``None`` if it is not plain.

    An entry is plain where its heading and the lines below it, up to an empty line, a comment or the next
    heading, are TOML by themselves.
    """
    text = context.source.text
    start = context.source.offset_of(finding.position)
    heading = _ENTRY.match(text, start)
    if heading is None:
        return None
    end = heading.end()
    while (line := _FOLLOWING.match(text, end)) is not None:
        end = line.end()
    try:
        tables = tomllib.loads(text[start:end]).get("accepted")
    except tomllib.TOMLDecodeError:
        return None
    if not isinstance(tables, list) or len(tables) != 1:
        return None
    values = tables[0]
    return (start, end, values) if {"code", "file", "reason"} <= {*values} else None


def _is_there(context: Context, name: str, focus: str) -> bool:
    """Whether the file *name* is there and, if a *focus* is named, describes it."""
    if not name or not focus:
        return bool(name) and (context.folder.root / name).is_file()
    try:
        file = read_source(context.folder.root / name, FileKind.ARTICLE)
    except (CicakgError, TurtleFault):
        return False
    return any(getattr(one.triple.subject, "value", None) == focus for one in file.document.triples)


def misspelt_code(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the rules whose codes are nearest to one that there is not."""
    start = context.source.offset_of(finding.position)
    following = _HEADING.search(context.source.text, start + 1)
    found = _CODE.search(
        context.source.text, start, following.start() if following else len(context.source.text)
    )
    if found is None or found[2] not in finding.message:
        return
    for code in nearest_names(found[2], sorted({*CATALOGUE, *context.background.codes})):
        yield titled("write", (replacement(context.source, *found.span(2), code),), text=code)


REMEDIES: Final = {"exception-unused": unused, "exception-form": misspelt_code}
