"""Level 1, literals: valid for their datatype, and written as the store keeps them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from cicakg.checks.catalogue import LITERAL_CANONICAL, LITERAL_FORM
from cicakg.checks.vocabulary import shorten
from cicakg.corpus import SourceFile
from cicakg.model import Finding
from cicakg.vocab import PREFIXES, RDF_PREDICATE

_XSD: Final = PREFIXES["xsd"]
_ANY: Final = re.compile("", re.DOTALL)
_MONTH: Final = "(?:0[1-9]|1[0-2])"
# Forms that are valid and canonical at a glance (https://www.w3.org/TR/xmlschema11-2/); others are looked at.
_PLAIN: Final = {
    NamedNode(_XSD + "string"): _ANY,
    NamedNode(PREFIXES["rdf"] + "langString"): _ANY,
    NamedNode(_XSD + "integer"): re.compile(r"0\Z|-?[1-9][0-9]{0,16}\Z"),
    NamedNode(_XSD + "boolean"): re.compile(r"true\Z|false\Z"),
    NamedNode(_XSD + "date"): re.compile(rf"[1-9][0-9]{{3}}-{_MONTH}-(?:0[1-9]|1[0-9]|2[0-8])\Z"),
    NamedNode(_XSD + "gYearMonth"): re.compile(rf"[1-9][0-9]{{3}}-{_MONTH}\Z"),
    NamedNode(_XSD + "gYear"): re.compile(r"[1-9][0-9]{3}\Z"),
}
_MONTHS: Final = 12
_CALENDAR: Final = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?(?:T.*)?")
_CALENDAR_TYPES: Final = frozenset({"xsd:date", "xsd:dateTime", "xsd:gYearMonth"})
# A value of each datatype, as a reader's example.
_FORMS: Final = {
    "xsd:boolean": "true",
    "xsd:date": "2020-09-24",
    "xsd:dateTime": "2020-09-24T09:30:00Z",
    "xsd:dateTimeStamp": "2020-09-24T09:30:00Z",
    "xsd:dayTimeDuration": "P2DT3H",
    "xsd:decimal": "0.5",
    "xsd:double": "1.5E3",
    "xsd:duration": "P2Y6M",
    "xsd:float": "1.5E3",
    "xsd:gDay": "---24",
    "xsd:gMonth": "--09",
    "xsd:gMonthDay": "--09-24",
    "xsd:gYear": "2020",
    "xsd:gYearMonth": "2020-09",
    "xsd:int": "27",
    "xsd:integer": "27",
    "xsd:nonNegativeInteger": "27",
    "xsd:positiveInteger": "27",
    "xsd:time": "09:30:00",
    "xsd:yearMonthDuration": "P2Y6M",
}


def literal_findings(file: SourceFile) -> Iterator[Finding]:
    """Yield the typed literals of *file* that are not valid, or that the store would change."""
    for number, statement in enumerate(file.document.statements):
        literal = statement.object
        if not isinstance(literal, Literal) or is_plain(literal):
            continue
        stored = as_stored(literal)
        if is_valid(literal) and stored == literal:
            continue
        one = file.document.triples[number]
        focus = str(getattr(statement.subject, "value", ""))
        if not is_valid(literal):
            case, values = _what_is_wrong(literal)
            yield LITERAL_FORM.case_finding(file.path, one.object, focus, case, values)
            continue
        yield LITERAL_CANONICAL.finding(
            file.path,
            one.object,
            focus,
            case="write",
            literal=_shown(literal),
            stored=_shown(stored),
            written=_written(stored),
        )


def _what_is_wrong(literal: Literal) -> tuple[str, dict[str, str]]:
    """Return why *literal* does not fit its datatype: the case of the rule, and what fills its sentences."""
    datatype = shorten(literal.datatype.value)
    values = {"literal": _shown(literal), "datatype": datatype}
    parts = _CALENDAR.fullmatch(literal.value) if datatype in _CALENDAR_TYPES else None
    if parts is not None and not 1 <= int(parts["month"]) <= _MONTHS:
        return "month", {**values, "month": parts["month"]}
    if parts is not None and parts["day"] and int(parts["year"]):
        days = calendar.monthrange(int(parts["year"]), int(parts["month"]))[1]
        if not 1 <= int(parts["day"]) <= days:
            month = f"{parts['year']}-{parts['month']}"
            return "day", {**values, "day": parts["day"], "month": month, "days": str(days)}
    form = _FORMS.get(datatype)
    return ("form", {**values, "form": form}) if form else ("", values)


def is_plain(literal: Literal) -> bool:
    """Whether *literal* is at a glance valid and what the store keeps."""
    form = _PLAIN.get(literal.datatype)
    return form is not None and form.match(literal.value) is not None


def is_valid(literal: Literal) -> bool:
    """Whether the text of *literal* fits its datatype, as XPath's constructor functions see it.

    (https://www.w3.org/TR/xpath-functions/#casting). A datatype that has no such function fits everything.
    """
    query = f"SELECT (<{literal.datatype.value}>({Literal(literal.value)}) AS ?value) WHERE {{}}"
    try:
        rows = Store().query(query)
    except RuntimeError:
        return True
    return isinstance(rows, QuerySolutions) and any(row["value"] is not None for row in rows)


def as_stored(literal: Literal) -> Literal:
    """Return what comes back when *literal* is put into the store."""
    store = Store()
    store.add(Quad(RDF_PREDICATE, RDF_PREDICATE, literal))
    stored = next(iter(store)).object
    if not isinstance(stored, Literal):
        raise TypeError("the store returned no literal")
    return stored


def _shown(literal: Literal) -> str:
    return f'"{literal.value}"^^{shorten(literal.datatype.value)}'


def _written(literal: Literal) -> str:
    datatype = literal.datatype
    is_bare = datatype in (NamedNode(_XSD + "integer"), NamedNode(_XSD + "boolean"))
    return literal.value if is_bare else _shown(literal)
