"""Mends a date: the datatype its text has the form of, zeros where they are missing, two in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from cicakg.checks.remedies.context import Context
from cicakg.checks.remedies.edits import object_replaced, object_written, rewriting, triple_of, triples_of
from cicakg.checks.remedies.literals import literal_of, malformed
from cicakg.checks.remedies.titles import titled
from cicakg.checks.remedies.writing import XSD, written_literal
from cicakg.model import Finding, Remedy
from cicakg.vocab import term

_YEAR: Final = re.compile(r"[0-9]{4}")
_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_DAY: Final = re.compile(r"([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})(T00:00:00(?:\.0+)?Z?)?")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[-./]([0-9]{1,2})[-./]([0-9]{4})")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED: Final = re.compile(rf"(?:([0-9]{{1,2}}) )?((?i:{'|'.join(_MONTHS)})[a-z]*)\.? ([0-9]{{4}})")
_DATES: Final = frozenset(XSD + one for one in ("date", "gYearMonth", "gYear", "dateTime"))
_EARLIEST: Final = term("cica:earliest")
_LATEST: Final = term("cica:latest")


def dated(text: str) -> Literal | None:
    """Return the day, month or year that *text* can only be read as, ``None`` where that is not decided."""
    if _YEAR.fullmatch(text):
        return Literal(text, datatype=NamedNode(XSD + "gYear"))
    if (month := _MONTH.fullmatch(text)) is not None:
        is_month = 1 <= int(month[2]) <= 12
        value = f"{month[1]}-{int(month[2]):02}"
        return Literal(value, datatype=NamedNode(XSD + "gYearMonth")) if is_month else None
    if (day := _DAY.fullmatch(text)) is not None:
        return _day(int(day[1]), int(day[2]), int(day[3]))
    if (named := _NAMED.fullmatch(text)) is not None:
        return _named(named[1], named[2], named[3])
    day = _DAY_FIRST.fullmatch(text)
    is_decided = day is not None and int(day[1]) > 12
    return _day(int(day[3]), int(day[2]), int(day[1])) if day is not None and is_decided else None


def _named(day: str | None, month: str, year: str) -> Literal | None:
    number = _MONTHS.index(month[:3].lower()) + 1
    if day is not None:
        return _day(int(year), number, int(day))
    return Literal(f"{year}-{number:02}", datatype=NamedNode(XSD + "gYearMonth"))


def _day(year: int, month: int, number: int) -> Literal | None:
    try:
        return Literal(date(year, month, number).isoformat(), datatype=NamedNode(XSD + "date"))
    except ValueError:
        return None


def as_date(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the date as its text has the form of it.

    Safe where it is a plain text or number, or a date of its own datatype with zeros missing: then nothing
    was said of its precision but by its form.
    """
    literal = literal_of(finding, context)
    mended = None if literal is None else dated(literal.value)
    if literal is None or mended is None:
        return
    is_decided = literal.datatype == mended.datatype or literal.datatype.value not in _DATES
    text = written_literal(context, mended, context.source.offset_of(finding.position))
    yield from rewriting(context, finding.position, text, is_safe=is_decided and _is_in_order(literal.value))


def _is_in_order(text: str) -> bool:
    return re.fullmatch(r"[0-9]{4}(?:-[0-9]{1,2}){0,2}", text) is not None


def malformed_literal(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the form a malformed date, number or truth value is meant in."""
    literal = literal_of(finding, context)
    if literal is not None and literal.datatype.value in _DATES:
        yield from as_date(finding, context)
    else:
        yield from malformed(finding, context)


def article_date(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the right form of the one date of the article that is malformed."""
    for predicate in (term("dcterms:issued"), _EARLIEST, _LATEST):
        for one in triples_of(context, finding.focus, predicate):
            literal = one.triple.object
            mended = dated(literal.value) if isinstance(literal, Literal) else None
            if mended is not None and mended != literal:
                text = written_literal(context, mended, context.source.offset_of(one.object))
                yield from rewriting(context, one.object, text)


def exchanged_bounds(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the two bounds of an article's date exchanged."""
    one = triple_of(finding, context)
    if one is None:
        return
    earliest = triples_of(context, finding.focus, _EARLIEST)
    latest = triples_of(context, finding.focus, _LATEST)
    if len(earliest) == len(latest) == 1:
        first, last = earliest[0].object, latest[0].object
        edits = (
            *object_replaced(context, first, object_written(context, last)),
            *object_replaced(context, last, object_written(context, first)),
        )
        yield titled("exchange-dates", edits)


REMEDIES: Final = {
    "asof-form": as_date,
    "date-form": as_date,
    "literal-form": malformed_literal,
    "article-date": article_date,
    "article-bounds": exchanged_bounds,
}
