"""The facts of a finding as a line: ``other: <#c57> data/articles/2021/…:120:1 · number: 6``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from cicakg.checks.facts import MORE
from cicakg.checks.isolation import isolated_sentence
from cicakg.checks.renderers.places import file_address, kept, shown_path
from cicakg.checks.renderers.view import View
from cicakg.checks.templates import fact_name
from cicakg.model import Fact, Finding
from cicakg.terminal import isolated, safe

_BETWEEN = " · "


def fact_lines(finding: Finding, view: View) -> Iterator[str]:
    """Yield a line for each row of the facts of *finding*; it runs from left to right."""
    for _, row in groupby(finding.facts, key=lambda one: one.row):
        groups = groupby(row, key=lambda one: one.name)
        yield _BETWEEN.join(_named(name, list(same), view) for name, same in groups)


def facts_text(finding: Finding, view: View) -> str:
    """Return the facts of *finding* in one line, in brackets; empty where there are none."""
    lines = "; ".join(fact_lines(finding, view))
    return f"({lines})" if lines else ""


def facts_json(finding: Finding, view: View) -> list[dict[str, object]]:
    """Return the facts of *finding* for programs."""
    return [_json(one, view) for one in finding.facts]


def facts_sarif(finding: Finding, view: View) -> list[dict[str, object]]:
    """Return the facts of *finding* that stand somewhere, as SARIF's related locations (3.27.22)."""
    return [
        {
            "id": number,
            "physicalLocation": {
                "artifactLocation": {"uri": file_address(one.file, view.here)},
                "region": {"startLine": one.position.line, "startColumn": one.position.column},
            },
            "message": {"text": f"{fact_name(one.name, view.language)}: {safe(one.value)}"},
        }
        for number, one in enumerate(finding.facts, start=1)
        if one.file is not None and one.position is not None
    ]


def _named(name: str, facts: Sequence[Fact], view: View) -> str:
    shown = isolated_sentence(fact_name(name, view.language), view.language)
    values = ", ".join(_value(one, view) for one in facts)
    return f"+{values}" if name == MORE else f"{shown}: {values}"


def _value(fact: Fact, view: View) -> str:
    value = fact.value if fact.value.isascii() else isolated(fact.value)
    if fact.file is None or fact.position is None:
        return kept(value)
    place = f"{shown_path(fact.file, view.here)}:{fact.position.line}:{fact.position.column}"
    return f"{kept(value)} {safe(place)}"


def _json(fact: Fact, view: View) -> dict[str, object]:
    place: dict[str, object] = {}
    if fact.file is not None and fact.position is not None:
        place = {
            "file": shown_path(fact.file, view.here),
            "line": fact.position.line,
            "column": fact.position.column,
        }
    return {"name": fact.name, "value": fact.value, "iri": fact.iri or None, "row": fact.row, **place}
