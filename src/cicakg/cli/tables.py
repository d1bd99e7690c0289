"""Query results as a table on a terminal."""

from __future__ import annotations

from typing import BinaryIO, Final

import click
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    parse_query_results,
)
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cicakg.terminal import isolated, safe
from cicakg.vocab import PREFIXES

_STRING: Final = PREFIXES["xsd"] + "string"


def print_solutions(results: BinaryIO) -> None:
    """Print SPARQL JSON *results* of a SELECT as a table with one column a variable and a line that
    counts the rows.
    """
    solutions = parse_query_results(results, format=QueryResultsFormat.JSON)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError("these are not solutions")
    names = [variable.value for variable in solutions.variables]
    table = Table(*names, box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    count = 0
    for solution in solutions:
        table.add_row(*(_cell(solution, name) for name in names))
        count += 1
    Console(highlight=False).print(table)
    click.echo(f"{count} {'row' if count == 1 else 'rows'}", err=True)


def print_boolean(results: BinaryIO) -> None:
    """Print the answer of an ASK as a word."""
    answer = parse_query_results(results, format=QueryResultsFormat.JSON)
    if not isinstance(answer, QueryBoolean):
        raise TypeError("this is not a boolean")
    click.echo("yes" if answer else "no")


def _cell(solution: QuerySolution, name: str) -> Text:
    value = solution[name]
    return Text("") if value is None else Text(short_form(value))


def short_form(value: object) -> str:
    """Return *value* as a person reads it: IRIs with a prefix where one is known, literals isolated,
    their tag or type behind.
    """
    if isinstance(value, NamedNode):
        return _abbreviated(value.value)
    if not isinstance(value, Literal):
        return str(value)
    text = isolated(value.value)
    if value.language:
        return f"{text}@{value.language}"
    if value.datatype.value == _STRING:
        return text
    return safe(value.value)


def _abbreviated(iri: str) -> str:
    """The prefixed name of *iri*, by the longest namespace that fits."""
    fitting = [
        (len(base), prefix) for prefix, base in PREFIXES.items() if iri.startswith(base) and iri != base
    ]
    if not fitting:
        return f"<{iri}>"
    length, prefix = max(fitting)
    return f"{prefix}:{iri[length:]}"
